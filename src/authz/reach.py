"""The rows that a viewer can see: every query starts on this page.

The tables below decide: rows follow their assignee, and statistics follow credit. Tables without
assignees have no reach, and their grant alone decides. A viewer without the grant reaches nothing.
"""

from collections.abc import Callable

import msgspec

from authz.gates import Standing, grant_bit
from authz.grant import Grant
from authz.viewer import Central, MyRole, Viewer
from models.statement import NEVER, Statement, either, one_of
from models.vocabulary import Privacy


class Reach(msgspec.Struct, frozen=True):
    """Rows of one table in one account: all of them, or those whose column has one of the values."""

    table: str
    account_id: str | None
    column: str = ""
    values: tuple[str, ...] | None = None

    def where(self, alias: str) -> Statement:
        """The condition under which the row of an alias is within reach."""
        if self.account_id is None:
            return NEVER
        account = Statement(f"{alias}.account_id = ?", (self.account_id,))
        if self.values is None:
            return account
        return account & one_of(f"{alias}.{self.column}", self.values)

    @property
    def parts(self) -> "tuple[Reach, ...]":
        """The same reach as several, of which a row is in at most one, so that an index serves each."""
        return (self,)


class Collaborators(Reach, frozen=True):
    """Collaborators of an account, without those who became its owner. Their rows remain for their sales."""

    def where(self, alias: str) -> Statement:
        """The condition that a collaborator is within reach and has not ended."""
        if self.account_id is None:
            return NEVER
        return super().where(alias) & Statement(
            "NOT EXISTS (SELECT 1 FROM ended_seats e"
            f" WHERE e.account_id = {alias}.account_id AND e.id = {alias}.id)"
        )


class EndedCredit(Reach, frozen=True):
    """The sales credited to former collaborators and to one of the teams in `values`."""

    def stamped(self, alias: str) -> Statement:
        """The condition on the credited team alone."""
        return one_of(f"{alias}.credit_team_id", self.values or ())

    def where(self, alias: str) -> Statement:
        """The condition under which a sale is credited so."""
        ended = Statement(
            f"{alias}.account_id = ? AND {alias}.credit_id IN"
            " (SELECT e.id FROM ended_seats e WHERE e.account_id = ?)",
            (self.account_id, self.account_id),
        )
        return ended & self.stamped(alias)


class Credited(Reach, frozen=True):
    """Sales by credit: to the collaborators in `values`, and to former collaborators in one of `teams`."""

    teams: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Reach, ...]:
        """The sales credited to `values`, and those of former collaborators. No one is both."""
        current = Reach(self.table, self.account_id, self.column, self.values)
        if self.values is None or not self.teams:
            return (current,)
        return current, EndedCredit(self.table, self.account_id, "credit_team_id", self.teams)

    def where(self, alias: str) -> Statement:
        """The condition under which a sale counts."""
        parts = [part.where(alias) for part in self.parts]
        return parts[0] if len(parts) == 1 else either(parts)


Assignees = frozenset[str] | None  # None: any assignee, or none


def _everyone(_viewer: Viewer) -> Assignees:
    return None


def _own(viewer: Viewer) -> Assignees:
    return viewer.own


def _own_and_led(viewer: Viewer) -> Assignees:
    return viewer.own | viewer.led


def _own_and_shared(viewer: Viewer) -> Assignees:
    return viewer.own | viewer.shared_with


def _own_led_and_shared(viewer: Viewer) -> Assignees:
    return viewer.own | viewer.led | viewer.shared_with


Rule = Callable[[Viewer], Assignees]

# role × teams on × the account's privacy
ROWS: dict[tuple[MyRole, bool, Privacy], Rule] = {
    (MyRole.OWNER, False, Privacy.OWN): _everyone,
    (MyRole.OWNER, False, Privacy.SHARED): _everyone,
    (MyRole.OWNER, True, Privacy.OWN): _everyone,
    (MyRole.OWNER, True, Privacy.SHARED): _everyone,
    (MyRole.ADMIN, False, Privacy.OWN): _everyone,
    (MyRole.ADMIN, False, Privacy.SHARED): _everyone,
    (MyRole.ADMIN, True, Privacy.OWN): _everyone,
    (MyRole.ADMIN, True, Privacy.SHARED): _everyone,
    (MyRole.TEAM_LEAD, False, Privacy.OWN): _own,
    (MyRole.TEAM_LEAD, False, Privacy.SHARED): _everyone,
    (MyRole.TEAM_LEAD, True, Privacy.OWN): _own_led_and_shared,
    (MyRole.TEAM_LEAD, True, Privacy.SHARED): _own_led_and_shared,
    (MyRole.USER, False, Privacy.OWN): _own,
    (MyRole.USER, False, Privacy.SHARED): _everyone,
    (MyRole.USER, True, Privacy.OWN): _own_and_shared,
    (MyRole.USER, True, Privacy.SHARED): _own_and_shared,
}

# role × teams on: privacy makes no difference
STATISTICS: dict[tuple[MyRole, bool], Rule] = {
    (MyRole.OWNER, False): _everyone,
    (MyRole.OWNER, True): _everyone,
    (MyRole.ADMIN, False): _everyone,
    (MyRole.ADMIN, True): _everyone,
    (MyRole.TEAM_LEAD, False): _own,
    (MyRole.TEAM_LEAD, True): _own_and_led,
    (MyRole.USER, False): _own,
    (MyRole.USER, True): _own,
}

# role × teams on: the rows that the viewer can assign to someone else, and the possible assignees
ASSIGNABLE: dict[tuple[MyRole, bool], Rule] = {
    (MyRole.OWNER, False): _everyone,
    (MyRole.OWNER, True): _everyone,
    (MyRole.ADMIN, False): _everyone,
    (MyRole.ADMIN, True): _everyone,
    (MyRole.TEAM_LEAD, False): lambda _viewer: frozenset(),
    (MyRole.TEAM_LEAD, True): lambda viewer: viewer.led,
    (MyRole.USER, False): lambda _viewer: frozenset(),
    (MyRole.USER, True): lambda _viewer: frozenset(),
}

# role × teams on: the teams whose members the viewer can list; `assignees` follows the same roles
TEAMS: dict[tuple[MyRole, bool], Rule] = {
    (MyRole.OWNER, False): _everyone,
    (MyRole.OWNER, True): _everyone,
    (MyRole.ADMIN, False): _everyone,
    (MyRole.ADMIN, True): _everyone,
    (MyRole.TEAM_LEAD, False): lambda _viewer: frozenset(),
    (MyRole.TEAM_LEAD, True): lambda viewer: viewer.teams_led,
    (MyRole.USER, False): lambda _viewer: frozenset(),
    (MyRole.USER, True): lambda _viewer: frozenset(),
}


def _assigned(table: str, viewer: Viewer, assignees: Assignees, column: str = "assignee_id") -> Reach:
    assert viewer.central is not None
    values = None if assignees is None else tuple(sorted(assignees))
    return Reach(table, viewer.central.account_id, column, values)


def _denied(viewer: Viewer, bit: int) -> bool:
    return viewer.central is None or viewer.role is None or not viewer.mask & bit


def _ruled(
    table: str, viewer: Viewer, bit: int, rule: Callable[[MyRole, Central], Rule], column: str = "assignee_id"
) -> Reach:
    if viewer.central is None or viewer.role is None or _denied(viewer, bit):
        return Reach(table, None)
    return _assigned(table, viewer, rule(viewer.role, viewer.central)(viewer), column)


def rows(viewer: Viewer, table: str, grant: Grant) -> Reach:
    """The rows of a table that follow their assignee and that a grant opens to a viewer."""
    return _ruled(table, viewer, grant_bit(grant), lambda role, at: ROWS[role, at.teams_on, at.privacy])


def sales(viewer: Viewer) -> Reach:
    """The sales that a viewer can see."""
    return rows(viewer, "sales", Grant.SEARCH_SALES)


def statistics(viewer: Viewer, grant: Grant) -> Reach:
    """The sales that a viewer's report adds up, by credit. The report's grant opens them.

    A lead's are their own, those of the current members of the teams they lead, and those credited to a
    former collaborator in a team they lead. So a report of a past period does not change when someone leaves.
    """
    return _credited(viewer, grant_bit(grant))


def counted_sales(viewer: Viewer) -> Reach:
    """The sales that any of a viewer's reports adds up, for lists of the sales within reach."""
    return _credited(viewer, grant_bit(Grant.SEARCH_SALES))


def credited_sales(viewer: Viewer) -> Reach:
    """The sales whose credit a viewer can see: those that their reports add up, if they can split reports."""
    return _credited(viewer, Standing.LEAD)


def _credited(viewer: Viewer, bit: int) -> Reach:
    if _denied(viewer, bit):
        return Reach("sales", None)
    assert viewer.central is not None
    assert viewer.role is not None
    credited = STATISTICS[viewer.role, viewer.central.teams_on](viewer)
    values = None if credited is None else tuple(sorted(credited))
    led = tuple(sorted(viewer.teams_led))
    return Credited("sales", viewer.central.account_id, "credit_id", values, led)


def assignable_sales(viewer: Viewer) -> Reach:
    """The sales that a viewer can assign to someone."""
    return _ruled("sales", viewer, Standing.LEAD, lambda role, at: ASSIGNABLE[role, at.teams_on])


def assignees(viewer: Viewer) -> Reach:
    """The collaborators to whom a viewer can assign a row, while they are active."""
    if _denied(viewer, Standing.LEAD):
        return Collaborators("collaborators", None)
    assert viewer.central is not None
    assert viewer.role is not None
    found = ASSIGNABLE[viewer.role, viewer.central.teams_on](viewer)
    values = None if found is None else tuple(sorted(found))
    return Collaborators("collaborators", viewer.central.account_id, "id", values)


def teams(viewer: Viewer) -> Reach:
    """The teams whose members a viewer can list: all for the owner and admins, those they lead for a lead."""
    return _ruled("teams", viewer, Standing.LEAD, lambda role, at: TEAMS[role, at.teams_on], "id")


def _whole(table: str, viewer: Viewer, bit: int) -> Reach:
    if _denied(viewer, bit):
        return Reach(table, None)
    assert viewer.central is not None
    return Reach(table, viewer.central.account_id)


def _collaborators(viewer: Viewer, bit: int) -> Reach:
    return Collaborators("collaborators", _whole("collaborators", viewer, bit).account_id)


def people(viewer: Viewer) -> Reach:
    """All collaborators, for the owner and admins."""
    return _collaborators(viewer, Standing.ADMIN)


def known_people(viewer: Viewer) -> Reach:
    """The people that a viewer can look up by id: everyone for the owner and admins, assignees for a lead."""
    return people(viewer) if viewer.mask & Standing.ADMIN else assignees(viewer)


def team_places(viewer: Viewer) -> Reach:
    """The team memberships that a viewer can know of: those of the people whom they can look up."""
    known = known_people(viewer)
    return Reach("team_members", known.account_id, "collaborator_id", known.values)


def own_collaborator(viewer: Viewer) -> Reach:
    """The viewer's own collaborator row. The owner has none."""
    if _denied(viewer, Standing.IN_CENTRAL):
        return Reach("collaborators", None)
    return _assigned("collaborators", viewer, viewer.own, "id")


def source_codes(viewer: Viewer) -> Reach:
    """The codes whose sales are assigned as they arrive, for the owner and admins."""
    return _whole("source_codes", viewer, Standing.ADMIN)


def collaborators(viewer: Viewer) -> Reach:
    """The collaborators, for viewers with the grant of the collaborators center."""
    return _collaborators(viewer, grant_bit(Grant.ACCESS_COLLABORATORS_CENTER))


def invitations(viewer: Viewer) -> Reach:
    """The invitations, for viewers with the grant of the collaborators center."""
    return _whole("invitations", viewer, grant_bit(Grant.ACCESS_COLLABORATORS_CENTER))


def profiles(viewer: Viewer) -> Reach:
    """The profiles, for viewers with the grant of the collaborators center."""
    return _whole("profiles", viewer, grant_bit(Grant.ACCESS_COLLABORATORS_CENTER))


def products(viewer: Viewer) -> Reach:
    """The products."""
    return _whole("products", viewer, grant_bit(Grant.VIEW_PRODUCTS))


def offers(viewer: Viewer) -> Reach:
    """The offers."""
    return _whole("offers", viewer, grant_bit(Grant.VIEW_PRODUCTS))


def intake(viewer: Viewer) -> Reach:
    """The marketplace's messages, for the owner and admins."""
    return _whole("intake_events", viewer, Standing.ADMIN)


def audit(viewer: Viewer) -> Reach:
    """The audit log, for the owner and admins."""
    return _whole("audit_entries", viewer, Standing.ADMIN)


def own_tokens(viewer: Viewer, account_id: str | None = None) -> Reach:
    """The viewer's own personal access tokens, for the selected central or for another account."""
    home = account_id or (viewer.central.account_id if viewer.central else None)
    if home is None or viewer.user_id is None:
        return Reach("access_tokens", None)
    return Reach("access_tokens", home, "user_id", (viewer.user_id,))


def collaborator_tokens(viewer: Viewer) -> Reach:
    """Personal access tokens for this central, for the owner and admins. See `OF_COLLABORATORS`."""
    return _whole("access_tokens", viewer, Standing.ADMIN)


OF_COLLABORATORS = "collaborator_id IS NOT NULL"


def owner_details(viewer: Viewer) -> Reach:
    """The details of the account that only the owner can see."""
    return _whole("owner_details", viewer, Standing.OWNER)


def transfers(viewer: Viewer) -> Reach:
    """The account's transfers, for the owner."""
    return _whole("transfers", viewer, Standing.OWNER)


def offered_to(viewer: Viewer) -> Reach:
    """The transfers that are offered to the viewer."""
    if viewer.central is None:
        return Reach("transfers", None)
    return _assigned("transfers", viewer, viewer.own, "collaborator_id")


def tool_rows(viewer: Viewer, table: str, grant: Grant) -> Reach:
    """The rows that a tool works with. They have no assignee, so the tool's grant alone decides."""
    return _whole(table, viewer, grant_bit(grant))

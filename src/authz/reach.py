"""The rows that a viewer can see: every query starts on this page.

The tables below decide: rows follow their assignee, and statistics follow credit. Tables without
assignees have no reach, and their grant alone decides. A viewer without the grant reaches nothing.

A token can be narrowed to some products. Rows of others do not exist for it, in lists as in statistics, and
`authz.narrowing` says which grants it can have: what cannot be divided by product is closed to it.
"""

from collections.abc import Callable

from authz.gates import Standing, grant_bit
from authz.grant import Grant
from authz.viewer import Central, MyRole, Viewer
from authz.within import Collaborators, Credited, Reach
from models.tables.delivery import ReceiverKind
from models.vocabulary import Privacy

__all__ = ["Collaborators", "Credited", "Reach"]

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


def _standing(viewer: Viewer, bit: int) -> tuple[MyRole, Central] | None:
    """The role in the central where the viewer's gates include a bit; None if nothing is within reach."""
    if viewer.central is None or viewer.role is None or not viewer.mask & bit:
        return None
    return viewer.role, viewer.central


def _values(found: Assignees) -> tuple[str, ...] | None:
    return None if found is None else tuple(sorted(found))


def rows(viewer: Viewer, table: str, grant: Grant) -> Reach:
    """The rows of a table that follow their assignee and that a grant opens to a viewer."""
    standing = _standing(viewer, grant_bit(grant))
    if standing is None:
        return Reach(table, None)
    role, central = standing
    found = ROWS[role, central.teams_on, central.privacy](viewer)
    return Reach(table, central.account_id, "assignee_id", _values(found), viewer.products)


def sales(viewer: Viewer) -> Reach:
    """The sales that a viewer can see."""
    return rows(viewer, "sales", Grant.SEARCH_SALES)


def statistics(viewer: Viewer, grant: Grant, table: str = "sales") -> Reach:
    """The sales, or other rows with a credit, that a viewer's report adds up. The report's grant opens them.

    A lead's are their own, those of the current members of the teams they lead, and those credited to a
    former collaborator in a team they lead. So a report of a past period does not change when someone leaves.
    """
    return _credited(viewer, grant_bit(grant), table)


def counted_sales(viewer: Viewer) -> Reach:
    """The sales that any of a viewer's reports adds up, for lists of the sales within reach."""
    return _credited(viewer, grant_bit(Grant.SEARCH_SALES))


def credited_sales(viewer: Viewer) -> Reach:
    """The sales whose credit a viewer can see: those that their reports add up, if they can split reports."""
    return _credited(viewer, Standing.LEAD)


def _credited(viewer: Viewer, bit: int, table: str = "sales") -> Reach:
    standing = _standing(viewer, bit)
    if standing is None:
        return Reach(table, None)
    role, central = standing
    found = STATISTICS[role, central.teams_on](viewer)
    led = tuple(sorted(viewer.teams_led))
    return Credited(
        table, central.account_id, "credit_id", _values(found), products=viewer.products, teams=led
    )


def assignable_sales(viewer: Viewer) -> Reach:
    """The sales that a viewer can assign to someone."""
    return assignable(viewer, "sales")


def assignable(viewer: Viewer, table: str) -> Reach:
    """The rows of a table that a viewer can assign to someone."""
    return _led(Reach, table, viewer, ASSIGNABLE, "assignee_id")


def assignees(viewer: Viewer) -> Reach:
    """The collaborators to whom a viewer can assign a row, while they are active, and whom they can look up.

    Everyone for the owner and admins, the members of the teams that they lead for a lead.
    """
    return _led(Collaborators, "collaborators", viewer, ASSIGNABLE, "id")


def teams(viewer: Viewer) -> Reach:
    """The teams whose members a viewer can list: all for the owner and admins, those they lead for a lead."""
    return _led(Reach, "teams", viewer, TEAMS, "id")


def _led(
    kind: type[Reach], table: str, viewer: Viewer, rules: dict[tuple[MyRole, bool], Rule], column: str
) -> Reach:
    standing = _standing(viewer, Standing.LEAD)
    if standing is None:
        return kind(table, None)
    role, central = standing
    values = _values(rules[role, central.teams_on](viewer))
    return kind(table, central.account_id, column, values, viewer.products)


def _whole(table: str, viewer: Viewer, bit: int) -> Reach:
    standing = _standing(viewer, bit)
    return Reach(table, standing[1].account_id if standing is not None else None, products=viewer.products)


def _collaborators(viewer: Viewer, bit: int) -> Reach:
    found = _whole("collaborators", viewer, bit).account_id
    return Collaborators("collaborators", found, products=viewer.products)


def people(viewer: Viewer) -> Reach:
    """All collaborators, for the owner and admins."""
    return _collaborators(viewer, Standing.ADMIN)


def team_places(viewer: Viewer) -> Reach:
    """The team memberships that a viewer can know of: those of the people whom they can look up."""
    known = assignees(viewer)
    return Reach("team_members", known.account_id, "collaborator_id", known.values)


def own_collaborator(viewer: Viewer) -> Reach:
    """The viewer's own collaborator row. The owner has none."""
    standing = _standing(viewer, Standing.IN_CENTRAL)
    home = standing[1].account_id if standing is not None else None
    return Reach("collaborators", home, "id", _values(viewer.own))


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
    if viewer.user_id is None:
        return Reach("access_tokens", None)
    return Reach("access_tokens", account_id or viewer.account_id, "user_id", (viewer.user_id,))


def collaborator_tokens(viewer: Viewer) -> Reach:
    """Personal access tokens for this central, for the owner and admins. See `OF_COLLABORATORS`."""
    return _whole("access_tokens", viewer, Standing.ADMIN)


OF_COLLABORATORS = "collaborator_id IS NOT NULL"


def api_credentials(viewer: Viewer) -> Reach:
    """The credentials of machines, whoever created them."""
    return _whole("api_credentials", viewer, grant_bit(Grant.MANAGE_API_CREDENTIALS))


def own_api_credentials(viewer: Viewer) -> Reach:
    """Those that the viewer created."""
    found = api_credentials(viewer)
    if found.account_id is None or viewer.user_id is None:
        return Reach("api_credentials", None)
    return Reach("api_credentials", found.account_id, "user_id", (viewer.user_id,))


def webhooks(viewer: Viewer) -> Reach:
    """The endpoints of webhooks, whoever is responsible for them."""
    return _whole("webhook_endpoints", viewer, grant_bit(Grant.MANAGE_API_AND_NOTIFICATIONS))


def deliveries(viewer: Viewer) -> Reach:
    """What was sent, or waits to be sent, to the account's webhooks."""
    return _deliveries(viewer, Grant.MANAGE_API_AND_NOTIFICATIONS, ReceiverKind.WEBHOOK)


def integrations(viewer: Viewer) -> Reach:
    """The integrations, whoever entered their addresses."""
    return _whole("integrations", viewer, grant_bit(Grant.MANAGE_INTEGRATIONS))


def integration_deliveries(viewer: Viewer) -> Reach:
    """What was sent, or waits to be sent, to the account's integrations."""
    return _deliveries(viewer, Grant.MANAGE_INTEGRATIONS, ReceiverKind.INTEGRATION)


def _deliveries(viewer: Viewer, grant: Grant, kind: ReceiverKind) -> Reach:
    whole = _whole("deliveries", viewer, grant_bit(grant))
    return Reach("deliveries", whole.account_id, "receiver_kind", (kind.value,))


def targets(viewer: Viewer) -> Reach:
    """The outside addresses of tools, for the owner."""
    return _whole("targets", viewer, Standing.OWNER)


def owner_details(viewer: Viewer) -> Reach:
    """The details of the account that only the owner can see."""
    return _whole("owner_details", viewer, Standing.OWNER)


def transfers(viewer: Viewer) -> Reach:
    """The account's transfers, for the owner."""
    return _whole("transfers", viewer, Standing.OWNER)


def offered_to(viewer: Viewer) -> Reach:
    """The transfers that are offered to the viewer."""
    return Reach("transfers", viewer.account_id, "collaborator_id", _values(viewer.own))


def tool_rows(viewer: Viewer, table: str, gate: Grant | Standing) -> Reach:
    """The rows that a tool works with. They have no assignee, so the tool's gate alone decides."""
    return _whole(table, viewer, int(gate) if isinstance(gate, Standing) else grant_bit(gate))

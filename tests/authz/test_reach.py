"""Reach as a truth table: who sees whose rows, and whose rows a report adds up.

The tables are written out by hand. Each line is one kind of viewer; each column is whom a row is assigned to
or, in statistics, credited to:

own            the viewer
member-OWN     a fellow of a team that the viewer belongs to, whose privacy is OWN
member-SHARED  a fellow of a team that the viewer belongs to, whose privacy is SHARED
lead-OWN       a fellow of a team that the viewer is marked as a lead of, whose privacy is OWN
lead-SHARED    a fellow of a team that the viewer is marked as a lead of, whose privacy is SHARED
stranger       someone in no team of the viewer's
nobody         no one
"""

import inspect
import itertools
import sqlite3
from dataclasses import dataclass

import pytest
from msgspec import structs

import make
from actions.commerce.opportunities import found as opportunities
from actions.commerce.subscriptions import found as subscriptions
from authz import reach, work
from authz.gates import EVERYTHING, Standing, grant_bit
from authz.grant import Grant
from authz.identity import identify, viewer_of
from authz.reach import Credited, Reach
from authz.viewer import SIGNED_OUT, MyRole, Viewer
from authz.viewer_row import Row
from models import database
from models.statement import Statement
from models.vocabulary import Privacy, Role

# fmt: off
SALES = """
role       teams  privacy | own  member-OWN  member-SHARED  lead-OWN  lead-SHARED  stranger  nobody
OWNER      off    OWN     | yes  yes         yes            yes       yes          yes       yes
OWNER      off    SHARED  | yes  yes         yes            yes       yes          yes       yes
OWNER      on     OWN     | yes  yes         yes            yes       yes          yes       yes
OWNER      on     SHARED  | yes  yes         yes            yes       yes          yes       yes
ADMIN      off    OWN     | yes  yes         yes            yes       yes          yes       yes
ADMIN      off    SHARED  | yes  yes         yes            yes       yes          yes       yes
ADMIN      on     OWN     | yes  yes         yes            yes       yes          yes       yes
ADMIN      on     SHARED  | yes  yes         yes            yes       yes          yes       yes
TEAM_LEAD  off    OWN     | yes  -           -              -         -            -         -
TEAM_LEAD  off    SHARED  | yes  yes         yes            yes       yes          yes       yes
TEAM_LEAD  on     OWN     | yes  -           yes            yes       yes          -         -
TEAM_LEAD  on     SHARED  | yes  -           yes            yes       yes          -         -
USER       off    OWN     | yes  -           -              -         -            -         -
USER       off    SHARED  | yes  yes         yes            yes       yes          yes       yes
USER       on     OWN     | yes  -           yes            -         yes          -         -
USER       on     SHARED  | yes  -           yes            -         yes          -         -
"""

STATISTICS = """
role       teams  privacy | own  member-OWN  member-SHARED  lead-OWN  lead-SHARED  stranger  nobody
OWNER      off    OWN     | yes  yes         yes            yes       yes          yes       yes
OWNER      off    SHARED  | yes  yes         yes            yes       yes          yes       yes
OWNER      on     OWN     | yes  yes         yes            yes       yes          yes       yes
OWNER      on     SHARED  | yes  yes         yes            yes       yes          yes       yes
ADMIN      off    OWN     | yes  yes         yes            yes       yes          yes       yes
ADMIN      off    SHARED  | yes  yes         yes            yes       yes          yes       yes
ADMIN      on     OWN     | yes  yes         yes            yes       yes          yes       yes
ADMIN      on     SHARED  | yes  yes         yes            yes       yes          yes       yes
TEAM_LEAD  off    OWN     | yes  -           -              -         -            -         -
TEAM_LEAD  off    SHARED  | yes  -           -              -         -            -         -
TEAM_LEAD  on     OWN     | yes  -           -              yes       yes          -         -
TEAM_LEAD  on     SHARED  | yes  -           -              yes       yes          -         -
USER       off    OWN     | yes  -           -              -         -            -         -
USER       off    SHARED  | yes  -           -              -         -            -         -
USER       on     OWN     | yes  -           -              -         -            -         -
USER       on     SHARED  | yes  -           -              -         -            -         -
"""

# whose rows one may assign, and to whom; `leading`: where the viewer leads a team, as its member
ASSIGNABLE = """
role       teams  privacy | own      member-OWN  member-SHARED  lead-OWN  lead-SHARED  stranger  nobody
OWNER      off    OWN     | yes      yes         yes            yes       yes          yes       yes
OWNER      off    SHARED  | yes      yes         yes            yes       yes          yes       yes
OWNER      on     OWN     | yes      yes         yes            yes       yes          yes       yes
OWNER      on     SHARED  | yes      yes         yes            yes       yes          yes       yes
ADMIN      off    OWN     | yes      yes         yes            yes       yes          yes       yes
ADMIN      off    SHARED  | yes      yes         yes            yes       yes          yes       yes
ADMIN      on     OWN     | yes      yes         yes            yes       yes          yes       yes
ADMIN      on     SHARED  | yes      yes         yes            yes       yes          yes       yes
TEAM_LEAD  off    OWN     | -        -           -              -         -            -         -
TEAM_LEAD  off    SHARED  | -        -           -              -         -            -         -
TEAM_LEAD  on     OWN     | leading  -           -              yes       yes          -         -
TEAM_LEAD  on     SHARED  | leading  -           -              yes       yes          -         -
USER       off    OWN     | -        -           -              -         -            -         -
USER       off    SHARED  | -        -           -              -         -            -         -
USER       on     OWN     | -        -           -              -         -            -         -
USER       on     SHARED  | -        -           -              -         -            -         -
"""

# the teams that one may look into; `stranger`: a team that the viewer is not in
TEAMS = """
role       teams  privacy | member-OWN  member-SHARED  lead-OWN  lead-SHARED  stranger
OWNER      off    OWN     | yes         yes            yes       yes          yes
OWNER      off    SHARED  | yes         yes            yes       yes          yes
OWNER      on     OWN     | yes         yes            yes       yes          yes
OWNER      on     SHARED  | yes         yes            yes       yes          yes
ADMIN      off    OWN     | yes         yes            yes       yes          yes
ADMIN      off    SHARED  | yes         yes            yes       yes          yes
ADMIN      on     OWN     | yes         yes            yes       yes          yes
ADMIN      on     SHARED  | yes         yes            yes       yes          yes
TEAM_LEAD  off    OWN     | -           -              -         -            -
TEAM_LEAD  off    SHARED  | -           -              -         -            -
TEAM_LEAD  on     OWN     | -           -              yes       yes          -
TEAM_LEAD  on     SHARED  | -           -              yes       yes          -
USER       off    OWN     | -           -              -         -            -
USER       off    SHARED  | -           -              -         -            -
USER       on     OWN     | -           -              -         -            -
USER       on     SHARED  | -           -              -         -            -
"""
# fmt: on

Kind = tuple[str, str, str]  # role, teams, privacy
TIES = ("member-OWN", "member-SHARED", "lead-OWN", "lead-SHARED")


def _table(text: str) -> dict[Kind, dict[str, str]]:
    head, *lines = text.strip().splitlines()
    columns = head.split("|")[1].split()
    table = {}
    for line in lines:
        kind, cells = line.split("|")
        role, teams, privacy = kind.split()
        table[role, teams, privacy] = dict(zip(columns, cells.split(), strict=True))
    return table


TABLES = {
    "sales": _table(SALES),
    "rows": _table(SALES),
    "statistics": _table(STATISTICS),
    "worked": _table(STATISTICS),
    "subscriptions": _table(SALES),
    "subscription requests": _table(SALES),
    "subscriptions counted": _table(STATISTICS),
    "subscriptions assignable": _table(ASSIGNABLE),
    "opportunities": _table(SALES),
    "opportunities worked": _table(STATISTICS),
    "opportunities counted": _table(STATISTICS),
    "opportunities assignable": _table(ASSIGNABLE),
    "assignable": _table(ASSIGNABLE),
    "assignable sales": _table(ASSIGNABLE),
    "assignees": _table(ASSIGNABLE),
    "teams": _table(TEAMS),
}
ROLES = ("OWNER", "ADMIN", "TEAM_LEAD", "USER")
KINDS = list(itertools.product(ROLES, ("off", "on"), ("OWN", "SHARED")))
REPORT = Grant.VIEW_REVENUE_REPORT
GRANTS = (Grant.SEARCH_SALES, REPORT, Grant.MANAGE_SUBSCRIPTIONS, Grant.VIEW_PURCHASE_RECOVERY_REPORT)
ASSIGNED = ("sales", "subscriptions", "subscription_requests", "opportunities")
"""The tables of rows that follow their assignee."""
REACHES = {
    "sales": reach.sales,
    "rows": lambda viewer: reach.rows(viewer, "sales", REPORT),
    "statistics": lambda viewer: reach.statistics(viewer, REPORT),
    "worked": lambda viewer: work.worked(viewer, "sales", REPORT),
    "assignable": lambda viewer: reach.assignable(viewer, "sales"),
    "assignable sales": reach.assignable_sales,
    "assignees": reach.assignees,
    "teams": reach.teams,
}
# rows of other tables that follow their assignee and their credit like sales
LIKE_SALES = {
    "subscriptions": subscriptions.subscriptions,
    "subscription requests": subscriptions.subscription_requests,
    "subscriptions counted": lambda viewer: reach.statistics(viewer, REPORT, "subscriptions"),
    "subscriptions assignable": lambda viewer: reach.assignable(viewer, "subscriptions"),
    "opportunities": opportunities.opportunities,
    "opportunities worked": opportunities.own_work,
    "opportunities counted": lambda viewer: reach.statistics(viewer, REPORT, "opportunities"),
    "opportunities assignable": lambda viewer: reach.assignable(viewer, "opportunities"),
}


def _named(kind: Kind) -> str:
    role, teams, privacy = kind
    return f"{role}, teams {teams}, privacy {privacy}"


by_kind = pytest.mark.parametrize("kind", KINDS, ids=_named)
by_table = pytest.mark.parametrize("what", [*REACHES, *LIKE_SALES])


def test_the_tables_have_a_line_for_every_kind_of_viewer():
    assert len(KINDS) == 16
    for table in TABLES.values():
        assert list(table) == KINDS


# Every kind of viewer in every constellation of teams, judged without a server


@dataclass(frozen=True)
class Office:
    """A viewer of one kind, and what they are in the first and in the second team, if anything."""

    kind: Kind
    ties: tuple[str, ...]

    def __str__(self) -> str:
        return f"{_named(self.kind)}; {' and '.join(self.ties) or 'no team'}"

    @property
    def people(self) -> dict[str | None, list[str]]:
        """Whom rows are assigned to, and the ties that each has with the viewer."""
        first, second = self.ties[:1], self.ties[1:]
        return {
            "me": ["own"],
            "fellow of the first team": [*first] or ["stranger"],
            "fellow of the second team": [*second] or ["stranger"],
            "fellow of both teams": [*first, *second] or ["stranger"],
            "stranger": ["stranger"],
            None: ["nobody"],
        }

    @property
    def teams(self) -> dict[str, list[str]]:
        """The account's teams, and the tie that the viewer has with each."""
        ties = [*self.ties, "stranger", "stranger"]
        return {"first": [ties[0]], "second": [ties[1]], "other": ["stranger"]}

    def viewer(self, *grants: Grant) -> Viewer:
        """The viewer, from rows like those of the database's statement."""
        role, teams, privacy = self.kind
        row = Row(
            chosen=None,
            standings=None,
            lineage=None,
            user_id="user",
            session_id="session",
            token_id=None,
            name="Ana",
            email="ana@example.com",
            locale="pt",
            account_id="here",
            account_name="Account",
            owner_id="user" if role == "OWNER" else "owner",
            edition="EXPERT",
            teams_on=teams == "on",
            privacy=privacy,
            timezone="UTC",
            currency="BRL",
            collaborator_id=None if role == "OWNER" else "me",
            role=role,
            grants=[grant.value for grant in grants or GRANTS],
        )
        members = [
            row._replace(
                team_id=team,
                leads=tie.startswith("lead"),
                team_privacy=tie.split("-")[1],
                member_id=member,
            )
            for team, tie in zip(("first", "second"), self.ties, strict=False)
            for member in ("me", f"fellow of the {team} team", "fellow of both teams")
        ]
        return viewer_of(members or [row])


OFFICES = {
    role: [
        Office(kind, ties)
        for kind in KINDS
        if kind[0] == role
        for ties in [
            (),
            *((tie,) for tie in TIES if role != "OWNER"),
            *(pair for pair in itertools.product(TIES, TIES) if role != "OWNER"),
        ]
    ]
    for role in ROLES
}
by_role = pytest.mark.parametrize("role", ROLES)


def _expected(what: str, office: Office) -> set[str | None]:
    """What the table of that name says: in reach by any of the ties."""
    line = TABLES[what][office.kind]
    leading = any(tie.startswith("lead") for tie in office.ties)
    open_cells = {"yes", "leading"} if leading else {"yes"}
    found = {
        name
        for name, ties in (office.teams if what == "teams" else office.people).items()
        if any(line[tie] in open_cells for tie in ties)
    }
    return found - {None} if what == "assignees" else found


@pytest.fixture(scope="module")
def rows():
    """One row of each table for each person and team; and the same again in another account."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE sales (account_id, assignee_id, credit_id, credit_team_id)")
    for table in ASSIGNED[1:]:  # rows like those of sales
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM sales")
    connection.execute("CREATE TABLE ended_seats (account_id, id)")
    connection.execute("CREATE TABLE collaborators (account_id, id)")
    connection.execute("CREATE TABLE teams (account_id, id)")
    office = Office(KINDS[0], ())
    for person in office.people:
        # one that the person works on and one that counts for the person: never the same
        for row in ((person, "apart", None), ("apart", person, None)):
            connection.execute("INSERT INTO sales VALUES ('here', ?, ?, ?), ('elsewhere', ?, ?, ?)", row * 2)
        if person is not None:
            connection.execute("INSERT INTO collaborators VALUES ('here', ?)", (person,))
    connection.execute("INSERT INTO collaborators VALUES ('elsewhere', 'someone else')")
    connection.execute("INSERT INTO ended_seats VALUES ('here', 'gone'), ('elsewhere', 'stranger')")
    for team in [*office.teams, None]:
        connection.execute(
            "INSERT INTO sales VALUES ('here', 'gone', 'gone', ?1), ('elsewhere', 'gone', 'gone', ?1)",
            (team,),
        )
    for team in office.teams:
        connection.execute("INSERT INTO teams VALUES ('here', ?), ('elsewhere', ?)", (team, f"their {team}"))
    yield connection
    connection.close()


def _found(rows: sqlite3.Connection, within: Reach) -> list[str | None]:
    column, other = "id", ""
    if within.table in ASSIGNED:
        column, other = "assignee_id", " AND x.credit_id = 'apart'"
    if isinstance(within, Credited):
        column, other = "credit_id", " AND x.assignee_id = 'apart'"
    condition = within.where("x")
    query = f"SELECT x.{column} FROM {within.table} x WHERE ({condition.text}){other}"
    return [value for (value,) in rows.execute(query, condition.params)]


def _disagreements(rows: sqlite3.Connection, what: str, *roles: str) -> list[Office]:
    """The offices whose viewer reaches anything else than the table says, or anything twice."""
    return [
        office
        for role in roles or ROLES
        for office in OFFICES[role]
        if sorted(_found(rows, (REACHES | LIKE_SALES)[what](office.viewer())), key=str)
        != sorted(_expected(what, office), key=str)
    ]


def _teams_of_ended_memberships(rows: sqlite3.Connection, office: Office) -> list[str | None]:
    """The teams whose stamp brings what counts for someone who is gone into the viewer's statistics."""
    found = []
    for part in reach.statistics(office.viewer(), REPORT).parts:
        condition = part.where("x")
        query = f"SELECT x.credit_team_id FROM sales x WHERE ({condition.text}) AND x.credit_id = 'gone'"
        found += [team for (team,) in rows.execute(query, condition.params)]
    return sorted(found, key=str)


@by_role
def test_what_counts_for_an_ended_membership_is_its_leads_by_the_stamp(role, rows):
    expected = {}
    for office in OFFICES[role]:
        led = [name for name, (tie,) in office.teams.items() if tie.startswith("lead")]
        everyone = role in ("OWNER", "ADMIN")
        leads = office.kind[:2] == ("TEAM_LEAD", "on")
        expected[office] = sorted([*office.teams, None] if everyone else led if leads else [], key=str)

    assert {office: _teams_of_ended_memberships(rows, office) for office in expected} == expected


@by_role
@by_table
def test_a_viewer_reaches_exactly_what_the_table_says(what, role, rows):
    assert _disagreements(rows, what, role) == []


@by_role
def test_statistics_and_assigning_never_go_beyond_the_rows_in_reach(role, rows):
    for office in OFFICES[role]:
        visible = set(_found(rows, reach.sales(office.viewer())))
        for what in ("statistics", "assignable sales"):
            assert set(_found(rows, REACHES[what](office.viewer()))) <= visible, (what, office)


@by_role
def test_rows_of_every_table_are_assigned_by_the_rule_of_sales(role, rows):
    for office in OFFICES[role]:
        sales, others = (
            reach.assignable_sales(office.viewer()),
            reach.assignable(office.viewer(), "subscriptions"),
        )
        assert (others.table, others.account_id, others.column, others.values) == (
            *("subscriptions", sales.account_id, sales.column, sales.values),
        )


def test_a_lead_of_no_team_assigns_nothing(rows):
    viewer = Office(("TEAM_LEAD", "on", "OWN"), ("member-SHARED",)).viewer()

    assert viewer.mask & Standing.LEAD
    assert _found(rows, reach.assignable_sales(viewer)) == []
    assert _found(rows, reach.teams(viewer)) == []


# A table with a fault in it must be noticed, or the tests above show nothing

WRONG = {
    "everyone": lambda viewer: None,
    "nothing": lambda viewer: frozenset(),
    "own": lambda viewer: viewer.own,
    "led": lambda viewer: viewer.led,
    "shared": lambda viewer: viewer.shared_with,
    "own and led": lambda viewer: viewer.own | viewer.led,
    "own and shared": lambda viewer: viewer.own | viewer.shared_with,
    "own, led and shared": lambda viewer: viewer.own | viewer.led | viewer.shared_with,
}
FAULTS = {
    "sales": {
        ("OWNER", "on"): ["own", "nothing"],
        ("OWNER", "off"): ["own", "nothing"],
        ("ADMIN", "on"): ["own", "nothing", "own, led and shared"],
        ("ADMIN", "off"): ["own", "nothing"],
        ("TEAM_LEAD", "off", "OWN"): ["everyone", "nothing"],
        ("TEAM_LEAD", "off", "SHARED"): ["own", "nothing"],
        ("TEAM_LEAD", "on"): ["everyone", "nothing", "own", "led", "shared", "own and led", "own and shared"],
        ("USER", "off", "OWN"): ["everyone", "nothing"],
        ("USER", "off", "SHARED"): ["own", "nothing"],
        ("USER", "on"): ["everyone", "nothing", "own", "shared"],
    },
    "statistics": {
        ("OWNER", "on"): ["own"],
        ("OWNER", "off"): ["own"],
        ("ADMIN", "on"): ["own"],
        ("ADMIN", "off"): ["own"],
        ("TEAM_LEAD", "off"): ["everyone", "nothing"],
        ("TEAM_LEAD", "on"): ["everyone", "nothing", "own", "led", "own and shared", "own, led and shared"],
        ("USER", "off"): ["everyone", "nothing"],
        ("USER", "on"): ["everyone", "nothing", "own and shared"],
    },
    "assignable sales": {
        ("OWNER", "on"): ["nothing", "led"],
        ("OWNER", "off"): ["nothing", "led"],
        ("ADMIN", "on"): ["nothing", "led"],
        ("ADMIN", "off"): ["nothing", "led"],
        ("TEAM_LEAD", "on"): ["everyone", "nothing", "own and led", "own, led and shared"],
    },
}
RULES = {
    "sales": reach.ROWS,
    "statistics": reach.STATISTICS,
    "assignable sales": reach.ASSIGNABLE,
    "teams": reach.TEAMS,
}


def _entries(what: str, *key: str) -> list[tuple]:
    """The entries of a rule table that a key of FAULTS is about."""
    role, teams, *privacy = key
    return [
        entry
        for entry in RULES[what]
        if entry[:2] == (MyRole[role], teams == "on") and (not privacy or entry[2:] == (Privacy[privacy[0]],))
    ]


SEEDED = [
    pytest.param(what, entry, wrong, id=f"{what}: {' '.join(map(str, entry))} reads {wrong}")
    for what, faults in FAULTS.items()
    for key, wrongs in faults.items()
    for entry in _entries(what, *key)
    for wrong in wrongs
]


@pytest.mark.parametrize(("what", "entry", "wrong"), SEEDED)
def test_a_wrong_rule_is_noticed_and_only_where_it_stands(what, entry, wrong, rows, monkeypatch):
    monkeypatch.setitem(RULES[what], entry, WRONG[wrong])

    noticed = _disagreements(rows, what)

    assert noticed
    role, teams_on, *privacy = entry
    for office in noticed:
        assert office.kind[:2] == (role.name, "on" if teams_on else "off")
        assert not privacy or office.kind[2] == privacy[0].name


def test_two_entries_that_change_places_are_noticed(rows, monkeypatch):
    own = (MyRole.USER, False, Privacy.OWN)
    shared = (MyRole.USER, False, Privacy.SHARED)
    swapped = {own: reach.ROWS[shared], shared: reach.ROWS[own]}
    for entry, rule in swapped.items():
        monkeypatch.setitem(reach.ROWS, entry, rule)

    assert {office.kind for office in _disagreements(rows, "sales")} == {
        ("USER", "off", "OWN"),
        ("USER", "off", "SHARED"),
    }


@by_kind
@pytest.mark.parametrize("what", RULES)
def test_a_rule_that_is_missing_is_an_error_and_never_an_open_door(what, kind, monkeypatch):
    role, teams, privacy = kind
    entry = (MyRole[role], teams == "on", Privacy[privacy])
    monkeypatch.delitem(RULES[what], entry if what == "sales" else entry[:2])
    viewer = structs.replace(Office(kind, ()).viewer(), mask=EVERYTHING)

    with pytest.raises(KeyError):
        REACHES[what](viewer)


@by_kind
def test_a_mask_with_every_bit_lets_no_user_assign_and_widens_no_rows(kind, rows):
    office = Office(kind, () if kind[0] == "OWNER" else ("member-SHARED", "lead-OWN"))
    viewer = structs.replace(office.viewer(), mask=EVERYTHING)

    for what in ("sales", "statistics", "assignable sales", "assignees", "teams"):
        assert set(_found(rows, REACHES[what](viewer))) == _expected(what, office)


# The grant stands before the reach


@by_kind
def test_without_the_grant_no_row_is_in_reach(kind, rows):
    viewer = Office(kind, ()).viewer(REPORT)

    assert bool(_found(rows, reach.sales(viewer))) is (kind[0] == "OWNER")


@by_kind
def test_a_report_is_opened_by_its_own_grant_alone(kind, rows):
    viewer = Office(kind, ()).viewer(Grant.SEARCH_SALES)

    assert bool(_found(rows, reach.statistics(viewer, REPORT))) is (kind[0] == "OWNER")
    assert bool(_found(rows, reach.statistics(viewer, Grant.VIEW_CUSTOMERS_REPORT))) is (kind[0] == "OWNER")


# what has no assignee: who reaches it without its grant, and who with it
WHOLE = {
    "people": (None, {"OWNER", "ADMIN"}, {"OWNER", "ADMIN"}),
    "audit": (None, {"OWNER", "ADMIN"}, {"OWNER", "ADMIN"}),
    "collaborators": (
        Grant.ACCESS_COLLABORATORS_CENTER,
        {"OWNER"},
        {"OWNER", "ADMIN", "TEAM_LEAD", "USER"},
    ),
    "invitations": (Grant.ACCESS_COLLABORATORS_CENTER, {"OWNER"}, {"OWNER", "ADMIN", "TEAM_LEAD", "USER"}),
    "profiles": (Grant.ACCESS_COLLABORATORS_CENTER, {"OWNER"}, {"OWNER", "ADMIN", "TEAM_LEAD", "USER"}),
    "products": (Grant.VIEW_PRODUCTS, {"OWNER"}, {"OWNER", "ADMIN", "TEAM_LEAD", "USER"}),
    "offers": (Grant.VIEW_PRODUCTS, {"OWNER"}, {"OWNER", "ADMIN", "TEAM_LEAD", "USER"}),
    "intake": (None, {"OWNER", "ADMIN"}, {"OWNER", "ADMIN"}),
    "source_codes": (None, {"OWNER", "ADMIN"}, {"OWNER", "ADMIN"}),
    "collaborator_tokens": (None, {"OWNER", "ADMIN"}, {"OWNER", "ADMIN"}),
    "owner_details": (None, {"OWNER"}, {"OWNER"}),
    "transfers": (None, {"OWNER"}, {"OWNER"}),
    "tool_rows": (Grant.MANAGE_TRACKING_PIXEL, {"OWNER"}, {"OWNER", "ADMIN", "TEAM_LEAD", "USER"}),
    **dict.fromkeys(
        ("webhooks", "deliveries"),
        (Grant.MANAGE_API_AND_NOTIFICATIONS, {"OWNER"}, {"OWNER", "ADMIN", "TEAM_LEAD", "USER"}),
    ),
    **dict.fromkeys(
        ("integrations", "integration_deliveries"),
        (Grant.MANAGE_INTEGRATIONS, {"OWNER"}, {"OWNER", "ADMIN", "TEAM_LEAD", "USER"}),
    ),
    "targets": (None, {"OWNER"}, {"OWNER"}),
    "api_credentials": (
        Grant.MANAGE_API_CREDENTIALS,
        {"OWNER"},
        {"OWNER", "ADMIN", "TEAM_LEAD", "USER"},
    ),
}
FOUND_BY = {"tool_rows": lambda viewer: reach.tool_rows(viewer, "tool_versions", Grant.MANAGE_TRACKING_PIXEL)}
TABLE_OF = {
    "tool_rows": "tool_versions",
    "api_credentials": "api_credentials",
    "webhooks": "webhook_endpoints",
    "deliveries": "deliveries",
    "integrations": "integrations",
    "integration_deliveries": "deliveries",
    "targets": "targets",
    "people": "collaborators",
    "audit": "audit_entries",
    "collaborators": "collaborators",
    "invitations": "invitations",
    "profiles": "profiles",
    "products": "products",
    "offers": "offers",
    "intake": "intake_events",
    "source_codes": "source_codes",
    "collaborator_tokens": "access_tokens",
    "owner_details": "owner_details",
    "transfers": "transfers",
}
# rows of the viewer's own, and rows that follow one of the tables
OTHERS = {
    *("own_tokens", "own_api_credentials", "own_collaborator", "offered_to", "team_places"),
    *("counted_sales", "credited_sales"),
}


@by_kind
@pytest.mark.parametrize("noun", WHOLE)
def test_what_has_no_assignee_is_reached_whole_or_not_at_all(noun, kind):
    grant, without, with_it = WHOLE[noun]
    others = [other for other in Grant if other is not grant]
    everything = Statement("x.account_id = ?", ("here",))
    nothing = Statement("1 = 0")

    for grants, reached_by in [(others, without), (list(Grant), with_it)]:
        found = (FOUND_BY.get(noun) or getattr(reach, noun))(Office(kind, ()).viewer(*grants))
        assert found.table == TABLE_OF[noun]
        whole = everything
        if found.table == "collaborators":
            ended = "SELECT 1 FROM ended_seats e WHERE e.account_id = x.account_id AND e.id = x.id"
            whole = everything & Statement(f"NOT EXISTS ({ended})")
        if found.table == "deliveries":
            receiver = "INTEGRATION" if noun == "integration_deliveries" else "WEBHOOK"
            whole = everything & Statement("x.receiver_kind = ?", (receiver,))
        assert found.where("x") == (whole if kind[0] in reached_by else nothing)


def test_every_reach_stands_in_a_table():
    found = {
        name
        for module in (reach, work)
        for name, value in vars(module).items()
        if inspect.isfunction(value) and not name.startswith("_") and value.__module__ == module.__name__
    }

    assert found == {name.replace(" ", "_") for name in REACHES} | WHOLE.keys() | OTHERS


NOWHERE = {
    "signed out": SIGNED_OUT,
    "in no central": Viewer(user_id="user", mask=int(Standing.SIGNED_IN)),
    "in no central, with every bit": Viewer(user_id="user", role=MyRole.OWNER, mask=EVERYTHING),
    "without a role, with every bit": structs.replace(
        Office(KINDS[0], ()).viewer(), role=None, mask=EVERYTHING
    ),
    "the owner, with no bit": structs.replace(Office(KINDS[0], ()).viewer(), mask=0),
}


@pytest.mark.parametrize("viewer", NOWHERE.values(), ids=NOWHERE)
@pytest.mark.parametrize("noun", [*REACHES, *WHOLE])
def test_who_stands_nowhere_reaches_nothing(noun, viewer):
    find = REACHES.get(noun) or FOUND_BY.get(noun) or getattr(reach, noun)

    assert find(viewer).where("x").text == "1 = 0"


def test_a_collaborator_outside_of_the_central_has_no_row_of_their_own():
    inside = Office(KINDS[-1], ()).viewer()
    outside = structs.replace(inside, mask=EVERYTHING & ~Standing.IN_CENTRAL)

    assert reach.own_collaborator(inside).values == ("me",)
    assert reach.own_collaborator(outside).where("x").text == "1 = 0"


def test_the_credentials_of_ones_own_need_the_grant():
    holder, other = (Office(KINDS[-1], ()).viewer(*grants) for grants in ([Grant.MANAGE_API_CREDENTIALS], []))

    assert reach.own_api_credentials(holder).values == (holder.user_id,)
    assert reach.own_api_credentials(other).where("x").text == "1 = 0"


def test_credit_is_read_in_a_second_part_where_there_are_teams_alone():
    mine = Reach("sales", "here", "credit_id", ("me",))

    assert Credited("sales", "here", "credit_id", ("me",)).parts == (mine,)
    assert len(Credited("sales", "here", "credit_id", ("me",), teams=("north",)).parts) == 2
    assert len(Credited("sales", "here", "credit_id", None, teams=("north",)).parts) == 1


def test_lists_by_credit_need_the_grant_for_sales_and_a_lead_to_split_them():
    by_grant = {grant: Office(KINDS[-1], ()).viewer(grant) for grant in (Grant.SEARCH_SALES, REPORT)}
    splits = {kind for kind in KINDS if reach.credited_sales(Office(kind, ()).viewer()).account_id}

    assert reach.counted_sales(by_grant[Grant.SEARCH_SALES]).values == ("me",)
    assert reach.counted_sales(by_grant[REPORT]).where("x").text == "1 = 0"
    assert splits == {
        kind for kind in KINDS if kind[0] in ("OWNER", "ADMIN") or kind[:2] == ("TEAM_LEAD", "on")
    }


def test_what_is_offered_is_offered_to_the_viewer_and_not_to_whom_they_lead():
    lead = Office(("TEAM_LEAD", "on", "OWN"), ("lead-OWN",)).viewer()

    assert reach.offered_to(lead) == Reach("transfers", "here", "collaborator_id", ("me",))
    assert reach.own_collaborator(lead) == Reach("collaborators", "here", "id", ("me",))


def test_a_reach_without_values_holds_no_row():
    assert Reach("sales", "here", "assignee_id", ()).where("s").text == "s.account_id = ? AND 1 = 0"


# The same tables, on rows of a database


async def _references(within: Reach, column: str = "reference") -> list[str]:
    query = Statement(f"SELECT x.{column} FROM {within.table} x WHERE ") + within.where("x")
    return sorted(row[column] for row in await database.read(query))


async def _company(kind: Kind, grants=GRANTS):
    """An account with one person, sale, subscription and opportunity for each column; and the viewer's token."""
    role, teams, privacy = kind
    boss = await make.user()
    account = await make.account(
        boss, teams_on=teams == "on", edition="EXPERT", privacy=Privacy[privacy], name=_named(kind)
    )
    profile = await make.profile(account, list(grants))
    collaborators = {
        column: await make.collaborator(account, profile, name=column) for column in [*TIES, "stranger"]
    }
    mine = await make.user()
    collaborators["own"] = await make.collaborator(
        account, profile, Role.USER if role == "OWNER" else Role[role], mine, name="own"
    )
    for tie in TIES:
        place, team_privacy = tie.split("-")
        await make.team(
            account,
            [collaborators[tie], *([collaborators["own"]] if place == "member" else [])],
            [collaborators["own"]] if place == "lead" else [],
            Privacy[team_privacy],
            name=tie,
        )
    await make.team(account, [collaborators["stranger"]], name="stranger")
    product = await make.product(account)
    for column, collaborator in {**collaborators, "nobody": None}.items():
        await _assigned(account, product, collaborator, column)
    token = await make.session(boss if role == "OWNER" else mine)
    return account, collaborators, token, mine


async def _assigned(account, product, collaborator, name: str) -> None:
    """A sale, a subscription and an opportunity of a name, assigned to one person."""
    await make.sale(account, product, collaborator, reference=name)
    await make.subscription(account, collaborator, code=name, product_id=product["id"])
    await make.opportunity(account, collaborator, title=name)


def _cells(what: str, kind: Kind) -> list[str]:
    line = TABLES[what][kind]
    return sorted(column for column, cell in line.items() if cell != "-")


@by_kind
async def test_a_database_gives_exactly_the_rows_of_the_table(database_url, kind):
    account, _, token, mine = await _company(kind)
    elsewhere = await make.account(mine)
    theirs = await make.collaborator(elsewhere, name="theirs")
    await _assigned(elsewhere, await make.product(elsewhere), theirs, "theirs")

    viewer = await identify(token, account["id"])

    assert viewer.role is MyRole[kind[0]]
    for what in ("sales", "statistics", "assignable sales"):
        assert await _references(REACHES[what](viewer)) == _cells(what, kind), what
    for what in LIKE_SALES.keys() - {"subscription requests"}:
        column = "code" if what.startswith("subscriptions") else "title"
        assert await _references(LIKE_SALES[what](viewer), column) == _cells(what, kind), what
    people = [column for column in _cells("assignees", kind) if column != "nobody"]
    assert await _references(reach.assignees(viewer), "name") == people
    assert await _references(reach.teams(viewer), "name") == _cells("teams", kind)


@by_kind
async def test_a_database_gives_nothing_without_the_grant(database_url, kind):
    account, _, token, _ = await _company(kind, grants=[Grant.VIEW_PRODUCTS])

    viewer = await identify(token, account["id"])

    everything = _cells("sales", kind) if kind[0] == "OWNER" else []
    assert await _references(reach.sales(viewer)) == everything
    assert await _references(reach.statistics(viewer, REPORT)) == everything


async def test_a_stamp_brings_only_an_ended_memberships_credit_into_a_leads_statistics(database_url):
    account, collaborators, token, _ = await _company(("TEAM_LEAD", "on", "OWN"))
    led = await make.team(account, [], [collaborators["own"]])
    gone = await make.ended_seat(account)
    await make.sale(
        account, assignee=collaborators["stranger"], team_id=led["id"], reference="stranger, stamped"
    )
    await make.sale(account, credit_id=gone["id"], credit_team_id=led["id"], reference="gone, stamped")
    await make.sale(account, credit_id=gone["id"], reference="gone")

    viewer = await identify(token, account["id"])

    assert led["id"] in viewer.teams_led
    assert not {"stranger, stamped", "gone, stamped", "gone"} & set(await _references(reach.sales(viewer)))
    counted = await _references(reach.statistics(viewer, REPORT))
    assert [item for item in counted if "gone" in item or "stamped" in item] == ["gone, stamped"]


async def test_who_left_a_team_takes_the_rows_along(database_url):
    account, collaborators, token, _ = await _company(("TEAM_LEAD", "on", "OWN"))

    await _change(
        "DELETE FROM team_members WHERE account_id = ? AND collaborator_id = ?",
        account["id"],
        collaborators["lead-OWN"]["id"],
    )

    viewer = await identify(token, account["id"])
    assert await _references(reach.sales(viewer)) == ["lead-SHARED", "member-SHARED", "own"]


async def test_a_suspended_fellows_rows_stay_in_the_leads_reach(database_url):
    account, collaborators, token, _ = await _company(("TEAM_LEAD", "on", "OWN"))

    await _change(
        "UPDATE collaborators SET suspended_at = ? WHERE id = ?",
        database.now(),
        collaborators["lead-OWN"]["id"],
    )

    viewer = await identify(token, account["id"])
    assert "lead-OWN" in await _references(reach.sales(viewer))


async def test_a_fellow_of_two_led_teams_is_counted_once(database_url):
    account, collaborators, token, _ = await _company(("TEAM_LEAD", "on", "OWN"))
    await make.team(account, [collaborators["lead-OWN"]], [collaborators["own"]], Privacy.SHARED)

    viewer = await identify(token, account["id"])

    found = await _references(reach.statistics(viewer, REPORT))
    assert found == ["lead-OWN", "lead-SHARED", "own"]


async def test_teams_of_an_account_that_is_not_expert_count_for_nothing(database_url):
    account, _, token, _ = await _company(("TEAM_LEAD", "on", "OWN"))

    await _change("UPDATE accounts SET edition = ? WHERE id = ?", "STANDARD", account["id"])

    viewer = await identify(token, account["id"])
    assert await _references(reach.sales(viewer)) == ["own"]
    assert await _references(reach.assignable_sales(viewer)) == []


async def test_a_grant_opens_its_rows_on_a_database(database_url):
    account, _, token, _ = await _company(("USER", "on", "OWN"), grants=[Grant.VIEW_PRODUCTS])
    product = await make.product(account, name="Course")
    await make.offer(account, product, code="course")

    viewer = await identify(token, account["id"])

    assert viewer.mask & grant_bit(Grant.VIEW_PRODUCTS)
    assert "Course" in await _references(reach.products(viewer), "name")
    assert await _references(reach.offers(viewer), "code") == ["course"]
    assert await _references(reach.people(viewer), "name") == []


async def _change(text: str, *values: object) -> None:
    async def work() -> None:
        await database.write(text, values)

    await database.transact(work)

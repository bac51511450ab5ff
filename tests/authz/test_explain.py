"""The smallest changes that reverse a judgement, of collaborators that no database holds."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from authz.explain import Case, Change, Kind, Subject, Team, changed, smallest
from authz.gates import grant_bit
from authz.grant import Grant
from authz.viewer import Membership
from models.vocabulary import Privacy, Role

SALES = Grant.SEARCH_SALES.value
ACCOUNT = {
    "id": "account",
    "name": "Aurora",
    "owner_id": "owner",
    "edition": "STANDARD",
    "timezone": "UTC",
    "currency": "EUR",
}
SUBJECT = Subject(
    account=ACCOUNT, collaborator_id="collaborator", user_id="user", profile="Support", role=Role.USER,
    grants=frozenset({SALES}), teams={}, places={}, privacy=Privacy.OWN, teams_on=False,
)  # fmt: skip


def _has_sales(case: Case) -> bool:
    return bool(case.subject.viewer().mask & grant_bit(Grant.SEARCH_SALES))


def _changes(subject: Subject) -> list[list[str]]:
    return [[change.kind.value for change in item] for item in smallest(Case(subject), [SALES], _has_sales)]


@pytest.mark.parametrize(
    ("barred", "kinds"),
    [
        ({"suspended": True}, ["RESTORE"]),
        ({"not_begun": True}, ["START_NOW"]),
        ({"ended": True, "suspended": True}, ["RESTORE", "EXTEND"]),
        ({"lacks_factor": True}, ["SET_UP_TWO_FACTOR"]),
        ({"closed": True, "suspended": True, "not_begun": True, "ended": True}, ["REOPEN", "RESTORE", "START_NOW", "EXTEND"]),
    ],
)  # fmt: skip
def test_a_barred_collaborator_with_the_grant_needs_only_what_lets_it_in(
    barred: dict[str, bool], kinds: list[str]
) -> None:
    assert _changes(replace(SUBJECT, **barred)) == [kinds]


def test_a_barred_collaborator_without_the_grant_needs_both() -> None:
    subject = replace(SUBJECT, suspended=True, grants=frozenset())

    assert smallest(Case(subject), [SALES], _has_sales) == [
        (Change(Kind.RESTORE), Change(Kind.ADD_GRANT, grant=SALES))
    ]


def test_a_grant_is_suggested_however_much_else_is_needed() -> None:
    barred = {"closed": True, "suspended": True, "not_begun": True, "lacks_factor": True}
    subject = replace(SUBJECT, **barred, grants=frozenset())

    assert _changes(subject) == [["REOPEN", "RESTORE", "START_NOW", "SET_UP_TWO_FACTOR", "ADD_GRANT"]]


def test_a_case_about_no_row_has_none_to_assign() -> None:
    assert not Case(SUBJECT).assignable


def test_two_grants_are_too_many_beside_much_else() -> None:
    barred = {"closed": True, "suspended": True, "not_begun": True, "lacks_factor": True}
    grants = [SALES, Grant.VIEW_PRODUCTS.value]
    subject = replace(SUBJECT, **barred, grants=frozenset())

    assert smallest(Case(subject), grants, lambda case: case.subject.grants == frozenset(grants)) == []


@pytest.mark.parametrize("barred", ["closed", "suspended", "not_begun", "ended", "lacks_factor"])
def test_whoever_is_barred_stands_in_no_central(barred: str) -> None:
    assert SUBJECT.viewer().collaborator_id == "collaborator"
    assert SUBJECT.viewer().account_id == "account"
    assert replace(SUBJECT, **{barred: True}).viewer().central is None


@pytest.mark.parametrize(
    ("kind", "leads"), [(Kind.JOIN_TEAM, False), (Kind.LEAD_TEAM, True), (Kind.LEAVE_TEAM, None)]
)
def test_a_place_in_a_team_is_with_its_members_and_apart_from_other_teams(
    kind: Kind, leads: bool | None
) -> None:
    teams = _north() | {"south": Team("South", Privacy.SHARED, frozenset({"friend"}))}
    places = {"south": True, **({"north": True} if leads is None else {})}
    subject = replace(
        SUBJECT, teams=teams, places=places, teams_on=True, account=ACCOUNT | {"edition": "EXPERT"}
    )

    viewer = changed(Case(subject), Change(kind, team_id="north")).subject.viewer()

    south = Membership("south", True, Privacy.SHARED, frozenset({"collaborator", "friend"}))
    members = frozenset({"collaborator", "fellow"})
    north = [] if leads is None else [Membership("north", leads, Privacy.OWN, members)]
    assert set(viewer.memberships) == {south, *north}


def test_an_open_collaborator_is_closed_by_one_change() -> None:
    assert sorted(_changes(SUBJECT)) == [["REMOVE_GRANT"], ["SUSPEND"]]


def _north(privacy: Privacy = Privacy.OWN) -> dict[str, Team]:
    return {"north": Team("North", privacy, frozenset({"fellow"}))}


def _is_shared(case: Case) -> bool:
    return case.subject.teams["north"].privacy is Privacy.SHARED


def _leads(case: Case) -> bool:
    return case.subject.places.get("north", False)


@pytest.mark.parametrize(
    ("subject", "is_open", "kind"),
    [
        ({"privacy": Privacy.OWN}, lambda case: case.subject.privacy is Privacy.SHARED, Kind.SHARE_ACCOUNT),
        ({"privacy": Privacy.SHARED}, lambda case: case.subject.privacy is Privacy.SHARED, Kind.UNSHARE_ACCOUNT),
        ({}, lambda case: case.assignee == "collaborator", Kind.ASSIGN),
        ({"teams": _north()}, _is_shared, Kind.SHARE_TEAM),
        ({"teams": _north(Privacy.SHARED)}, _is_shared, Kind.UNSHARE_TEAM),
        ({"teams": _north()}, lambda case: "north" in case.subject.places, Kind.JOIN_TEAM),
        ({"teams": _north(), "places": {"north": False}}, lambda case: "north" in case.subject.places, Kind.LEAVE_TEAM),
        ({"teams": _north(), "places": {"north": False}, "role": Role.TEAM_LEAD}, _leads, Kind.LEAD_TEAM),
    ],
)  # fmt: skip
def test_a_row_is_opened_and_closed_by_each_thing_that_decides_it(
    subject: dict[str, Any], is_open: Callable[[Case], bool], kind: Kind
) -> None:
    case = Case(replace(SUBJECT, **subject), assignee="fellow", assignable=True)
    team = "north" if kind.value.endswith("_TEAM") else None

    assert smallest(case, [], is_open) == [(Change(kind, team_id=team),)]
    assert smallest(replace(case, assignable=False), [], is_open) == []


@pytest.mark.parametrize(
    ("subject", "assignee", "is_open"),
    [
        ({"teams": _north()}, "stranger", _is_shared),
        ({"teams": _north(), "places": {"north": False}, "role": Role.USER}, "fellow", _leads),
        ({}, "collaborator", lambda case: case.assignee == "collaborator"),
    ],
    ids=["a team without the assignee", "to lead as a user", "what is theirs already"],
)
def test_what_would_change_nothing_is_not_suggested(
    subject: dict[str, Any], assignee: str, is_open: Callable[[Case], bool]
) -> None:
    case = Case(replace(SUBJECT, **subject), assignee=assignee, assignable=True)
    roles = {change.role for together in smallest(case, [], is_open) for change in together} - {None}

    assert roles <= {Role.TEAM_LEAD}
    assert bool(smallest(case, [], is_open)) == bool(roles)


@pytest.mark.parametrize("edition", ["STANDARD", "EXPERT"])
@pytest.mark.parametrize("teams_on", [False, True])
def test_teams_count_where_they_are_on_and_included(*, teams_on: bool, edition: str) -> None:
    subject = replace(SUBJECT, teams_on=teams_on, account=ACCOUNT | {"edition": edition})

    assert subject.teams_count == (teams_on and edition == "EXPERT")
    switched = smallest(Case(subject), [], lambda case: case.subject.teams_on)
    kind = Kind.TEAMS_OFF if teams_on else Kind.TEAMS_ON
    assert switched == ([(Change(kind),)] if edition == "EXPERT" else [])


@pytest.mark.parametrize(("lacks", "suggested"), [(1, True), (4, True), (5, False)])
def test_four_changes_together_are_the_most_that_are_suggested(lacks: int, *, suggested: bool) -> None:
    grants = [grant.value for grant in Grant][:lacks]
    case = Case(replace(SUBJECT, grants=frozenset()))

    found = smallest(case, grants, lambda case: case.subject.grants == frozenset(grants))
    assert found == [tuple(Change(Kind.ADD_GRANT, grant=grant) for grant in grants)] * suggested

"""The smallest changes that reverse a judgement, of collaborators that no database holds."""

from dataclasses import replace

import pytest

from authz.explain import Case, Change, Kind, Subject, smallest
from authz.gates import grant_bit
from authz.grant import Grant
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
    return bool(case.subject.viewer().mask & grant_bit(Grant.SEARCH_SALES)) and not case.subject.barred


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


def test_an_open_collaborator_is_closed_by_one_change() -> None:
    assert sorted(_changes(SUBJECT)) == [["REMOVE_GRANT"], ["SUSPEND"]]

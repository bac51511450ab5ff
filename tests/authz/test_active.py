"""Who is active: the rule for rows and the condition for statements agree, at each edge of the dates."""

import sqlite3
from itertools import product

import pytest

from authz.active import active, is_active, is_active_collaborator, within_dates
from models import database

NOW = 1_700_000_000_000
COLUMNS = ("suspended_at", "starts_at", "ends_at")
TIMES = (None, NOW - 1, NOW, NOW + 1)
# not suspended, even later; begun, even at this moment; and not over, even at this moment
ACTIVE = {(None, starts_at, ends_at) for starts_at in (None, NOW - 1, NOW) for ends_at in (None, NOW + 1)}


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "now", lambda: NOW)


def test_a_row_is_active_that_has_begun_is_not_over_and_not_suspended() -> None:
    rows = list(product(TIMES, repeat=3))

    assert {row for row in rows if is_active(*row)} == ACTIVE
    assert {row for row in rows if is_active_collaborator(dict(zip(COLUMNS, row, strict=True)))} == ACTIVE
    assert {row for row in rows if within_dates(*row[1:], NOW)} == {
        (suspended_at, *dates) for suspended_at in TIMES for _, *dates in ACTIVE
    }


def test_a_statement_finds_the_rows_that_are_active() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE collaborators (suspended_at, starts_at, ends_at)")
    connection.executemany("INSERT INTO collaborators VALUES (?, ?, ?)", product(TIMES, repeat=3))
    condition = active("c")

    found = connection.execute(f"SELECT * FROM collaborators c WHERE {condition.text}", condition.params)

    assert sorted(found, key=str) == sorted(ACTIVE, key=str)
    connection.close()

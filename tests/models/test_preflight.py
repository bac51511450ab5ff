"""What a database must be capable of before anything is created."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from models.preflight import Unavailable, require_database


def _without_fts5(*args: Any, **kwargs: Any) -> sqlite3.Connection:
    """A connection as of a SQLite that was built without FTS5: its list of modules is hidden by a shorter one."""
    connection = sqlite3.Connection(*args, **kwargs)
    connection.execute(
        "CREATE TEMP TABLE pragma_module_list AS SELECT name FROM main.pragma_module_list WHERE name <> 'fts5'"
    )
    return connection


async def test_sqlite_without_an_index_of_words_is_named_before_a_file_is_created(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "new.sqlite3"
    monkeypatch.setattr(sqlite3, "connect", _without_fts5)

    with pytest.raises(Unavailable) as refused:
        await require_database(f"sqlite:///{file}")

    assert str(refused.value) == (
        f"Python's SQLite {sqlite3.sqlite_version} was built without FTS5, which Debian's and python.org's have."
    )
    assert not file.exists()


async def test_the_sqlite_of_these_tests_has_an_index_of_words(tmp_path: Path) -> None:
    await require_database(f"sqlite:///{tmp_path / 'new.sqlite3'}")

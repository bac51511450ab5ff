"""Only the user of the server opens its SQLite files."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import database


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def _write(file: Path) -> set[int]:
    async with database.connected(f"sqlite:///{file}"):
        await database.transact(lambda: database.write("CREATE TABLE IF NOT EXISTS t (n)"))
        found = list(file.parent.glob(f"{file.name}*"))
        assert len(found) > 1, "a file stands beside it"
        return {_mode(one) for one in found}


@pytest.mark.usefixtures("open_umask")
async def test_new_files_and_their_folder_are_private_under_an_open_umask(tmp_path: Path) -> None:
    (tmp_path / "control").touch()
    assert _mode(tmp_path / "control") == 0o666
    file = tmp_path / "data" / "centrals.sqlite3"
    assert await _write(file) == {0o600}
    assert _mode(file.parent) == 0o700


@pytest.mark.usefixtures("open_umask")
async def test_an_older_file_that_others_could_read_is_narrowed(tmp_path: Path) -> None:
    file = tmp_path / "centrals.sqlite3"
    file.touch(mode=0o644)
    assert await _write(file) == {0o600}

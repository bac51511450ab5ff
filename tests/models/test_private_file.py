"""Only the user of the server opens its SQLite files, and what was acknowledged is on the disk."""

import os
import shutil
import sqlite3
import stat
import subprocess
from pathlib import Path

import pytest

import databases
from models.configuration import configuration
from zygote import launcher


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _migrated(file: Path) -> None:
    """Run `centrals migrate` as a user whose umask shuts no one out."""
    environment = {"PATH": os.environ["PATH"]}  # data/centrals.sqlite3 is where the database is by default
    done = subprocess.run(
        [*launcher(), "migrate"],
        env=environment, cwd=file.parents[1], umask=0, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(file) as opened:
        assert opened.execute("SELECT COUNT(*) FROM sales").fetchone() == (0,)
    opened.close()


def test_a_new_file_and_its_folder_are_private_under_an_open_umask(tmp_path: Path) -> None:
    file = tmp_path / "data" / "centrals.sqlite3"

    _migrated(file)

    assert ({_mode(path) for path in file.parent.iterdir()}, _mode(file.parent)) == ({0o600}, 0o700)


async def test_an_older_file_that_others_could_read_is_narrowed_and_its_folder_stays(
    tmp_path: Path, shared_folder: Path
) -> None:
    file = tmp_path / "data" / "centrals.sqlite3"
    file.parent.mkdir()
    file.parent.chmod(0o755)
    shutil.copyfile(await databases.migrated_file(shared_folder), file)
    lock = file.with_name(f"{file.name}-migrating")
    lock.touch()
    for path in (file, lock):
        path.chmod(0o644)

    _migrated(file)

    assert (_mode(file), _mode(lock), _mode(file.parent)) == (0o600, 0o600, 0o755)


@pytest.mark.parametrize("synchronous", ["FULL", "NORMAL"])
def test_a_transaction_is_on_the_disk_before_it_is_acknowledged_unless_less_is_wanted(
    synchronous: str,
) -> None:
    wanted = {} if synchronous == "FULL" else {"synchronous": synchronous}

    created = configuration("sqlite:///data/centrals.sqlite3", **wanted)

    assert created["connections"]["default"]["credentials"]["synchronous"] == synchronous

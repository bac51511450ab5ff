"""What runs on PostgreSQL in `make test`, and what judges `authz`, is there to run."""

from pathlib import Path

import pytest

from databases import DAILY_ON_POSTGRES, ON_POSTGRES_TOO, runs_on_postgres
from judges import ACTS
from judging import OWN_TESTS

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("place", sorted({*ON_POSTGRES_TOO, *DAILY_ON_POSTGRES}))
def test_each_place_on_the_list_is_there(place: str) -> None:
    path, _, test = place.partition("::")

    assert (ROOT / path).exists()
    assert f"def {test.partition('[')[0]}(" in (ROOT / path).read_text() if test else True


@pytest.mark.parametrize("place", sorted({*ACTS, *OWN_TESTS}))
def test_what_judges_authz_is_there(place: str) -> None:
    assert (ROOT / place).exists()


def test_a_place_is_a_folder_a_module_a_test_or_a_case_of_it() -> None:
    assert runs_on_postgres("tests/races/test_races.py::test_a_race[postgres]")
    assert not runs_on_postgres("tests/races_of_others/test_races.py::test_a_race[postgres]")
    assert not runs_on_postgres("tests/graph/test_access_here.py::test_access[postgres]")


def test_what_is_tried_daily_is_part_of_what_is_tried_there() -> None:
    race = "tests/graph/test_versions.py::test_of_writes_from_one_version_at_once_one_is_done[postgres-team]"
    stale = "tests/graph/test_versions.py::test_a_repeated_write[postgres]"

    assert runs_on_postgres(race, daily=True)
    assert runs_on_postgres(stale)
    assert not runs_on_postgres(stale, daily=True)
    assert all(
        any(place.startswith(there) or there.startswith(place) for there in ON_POSTGRES_TOO)
        for place in DAILY_ON_POSTGRES
    )

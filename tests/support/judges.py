"""Which tests judge `authz`, and in which of them every branch of it runs, or `make test` fails.

All other tests run unmeasured, since measuring costs them more than a third of their time: it slows each line
of Python, wherever it stands. pytest-cov's own switch, the marker `no_cover`, leaves a worker measured, for it
has two measurements there and stops one.
"""

import os

import pytest
from coverage import Coverage

_GRAPH = (
    "access_explained",
    "child_tokens",
    "invitation_states",
    "people_sessions",
    "people_tokens",
    "profiles",
    "report_schedules",
    "membership_tokens",
    "memberships",
    "switcher",
    "transfer",
)
# acts that `authz` lets through or not; its own tests judge it on both databases
ACTS = tuple(f"tests/graph/test_{name}.py" for name in _GRAPH)
# what long judges run of `authz` runs in these of their tests, too; the others judge it unmeasured
_ENOUGH = {
    "tests/graph/test_access_explained.py": tuple(f"turns_it_over[sqlite-{seed}]" for seed in range(8)),
    "tests/graph/test_child_tokens.py": (
        "test_rows_of_other_products_do_not_exist_for_a_narrowed_token[sqlite]",
    ),
    "tests/graph/test_memberships.py": (),
    "tests/graph/test_transfer.py": ("test_an_offer_that_were_not_checked_would_be_noticed[sqlite]",),
}


def judges(nodeid: str) -> bool:
    """Whether a test is one of them."""
    return nodeid.startswith("tests/authz/") or (nodeid.startswith(ACTS) and "postgres" not in nodeid)


def is_measured(nodeid: str) -> bool:
    """Whether a test is among those in which every branch runs."""
    enough = _ENOUGH.get(nodeid.partition("::")[0])
    return judges(nodeid) and (enough is None or nodeid.endswith(enough))


def measure(config: pytest.Config, *, wanted: bool) -> None:
    """Measure coverage from now on or not, where pytest was started with `--cov`."""
    plugin = config.pluginmanager.getplugin("_cov")
    if plugin is None or plugin.cov_controller is None or wanted == (Coverage.current() is not None):
        return
    if wanted:
        plugin.cov_controller.cov.start()
    else:
        stop()


def stop() -> None:
    """Measure no more."""
    while measurement := Coverage.current():
        measurement.stop()


if "PYTEST_XDIST_WORKER" in os.environ:
    stop()  # the process that the workers work for imports the same, measured

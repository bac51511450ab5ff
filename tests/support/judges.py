"""Which tests judge `authz`: every branch of it runs in them, or `make test` fails.

All other tests run unmeasured, since measuring costs them a third of their time.
"""

_GRAPH = (
    "access_explained",
    "invitation_states",
    "people_sessions",
    "people_tokens",
    "profiles",
    "seat_tokens",
    "seats",
    "switcher",
    "transfer",
)
# acts that `authz` lets through or not; its own tests judge it on both databases
ACTS = tuple(f"tests/graph/test_{name}.py" for name in _GRAPH)


def judges(nodeid: str) -> bool:
    """Whether a test is one of them."""
    return nodeid.startswith("tests/authz/") or (nodeid.startswith(ACTS) and "postgres" not in nodeid)

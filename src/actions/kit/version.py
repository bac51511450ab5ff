"""Versions: only callers who read the current version of an object can replace it as a whole."""

from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement

_ANY = Statement("1 = 1")


def conflict() -> Refusal:
    """The refusal of a write that is based on an older version."""
    return Refusal(ErrorCode.VERSION_CONFLICT, "version_conflict", ("expectedVersion",))


async def advance(within: Reach, row_id: str, expected: int | None = None) -> None:
    """Increment a row's version in the statement that compares it.

    If the version is not the expected one, the mutation is refused, and all its writes with it.
    """
    changed = await database.write(
        Statement(f"UPDATE {within.table} AS r SET version = version + 1 WHERE r.id = ? AND ", (row_id,))
        + (_ANY if expected is None else Statement("r.version = ?", (expected,)))
        & within.where("r")
    )
    if not changed and expected is not None:
        raise conflict()


async def advance_account(viewer: Viewer, expected: int | None = None) -> None:
    """Increment the version of the viewer's account in the same way. It covers all settings."""
    assert viewer.central is not None
    changed = await database.write(
        Statement("UPDATE accounts SET version = version + 1 WHERE id = ?", (viewer.central.account_id,))
        & (_ANY if expected is None else Statement("version = ?", (expected,)))
    )
    if not changed:
        raise conflict()


async def advance_teams_of(account_id: str, collaborator_id: str) -> None:
    """Increment the versions of a collaborator's teams before they leave the teams or stop leading them."""
    await database.write(
        "UPDATE teams SET version = version + 1 WHERE account_id = ? AND id IN"
        " (SELECT m.team_id FROM team_members m WHERE m.account_id = ? AND m.collaborator_id = ?)",
        (account_id, account_id, collaborator_id),
    )

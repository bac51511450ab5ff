"""When a collaborator was last in a central. Requests never wait for this to be stored."""

import asyncio
import logging
from contextvars import Context

from authz.viewer import Viewer
from models import database

AT_MOST_EVERY_MS = 5 * 60_000
_log = logging.getLogger("centrals")
_noting: dict[str, "asyncio.Task[None]"] = {}


def note_last_seen(viewer: Viewer) -> None:
    """Record soon that a collaborator is in the central, at most once in 5 minutes for each collaborator."""
    collaborator, central = viewer.collaborator_id, viewer.central
    if collaborator is None or central is None or collaborator in _noting:
        return
    if viewer.last_seen_at is not None and viewer.last_seen_at > database.now() - AT_MOST_EVERY_MS:
        return
    # outside the request's context: not in its transaction, and not counted among its statements
    task = asyncio.get_running_loop().create_task(_noted(central.account_id, collaborator), context=Context())
    _noting[collaborator] = task
    task.add_done_callback(lambda _task: _noting.pop(collaborator, None))


async def _noted(account_id: str, collaborator_id: str) -> None:
    try:
        await database.transact(lambda: _note(account_id, collaborator_id))
    except Exception as fault:
        _log.info("not noted as seen", extra={"kind": type(fault).__qualname__})


async def _note(account_id: str, collaborator_id: str) -> None:
    now = database.now()
    await database.write(
        "UPDATE collaborators SET last_seen_at = ? WHERE account_id = ? AND id = ?"
        " AND (last_seen_at IS NULL OR last_seen_at <= ?)",
        (now, account_id, collaborator_id, now - AT_MOST_EVERY_MS),
    )

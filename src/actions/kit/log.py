"""The entries of the logs: an account's own, and that of people outside any account."""

from typing import Any

import msgspec
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from actions.kit.access import note_access
from actions.kit.call import Call
from actions.kit.chain import append, append_of_people
from actions.kit.rates import network_of
from authz import reach
from authz.gates import COMMAND_LINE
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement

_refusals = FixedWindowRateLimiter(MemoryStorage())
_REFUSALS_LOGGED = RateLimitItemPerMinute(60)


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One field before and after.

    `field` is its coordinate in the schema, whose gate decides who can read it.
    """

    field: str
    before: Any
    after: Any
    count: int | None = None  # the number of objects, if it is not the one object of the entry


class Entry(msgspec.Struct, frozen=True):
    """What an entry records of a mutation: its name, its object, and the gate that allowed it."""

    act: str
    object_type: str
    object_id: str | None
    let_by: str | None


async def log_done(call: Call, entry: Entry, viewer: Viewer, changes: tuple[Change, ...] = ()) -> None:
    """Log what a viewer did, in the transaction that does it."""
    await _write(call, entry, viewer, None, changes)


async def log_refusal(call: Call, entry: Entry, refusal: Refusal) -> None:
    """Log a refusal, in the same way if the object does not exist; at most 60 a minute for each caller."""
    caller = call.viewer.user_id or network_of(call.address)
    if await _refusals.hit(_REFUSALS_LOGGED, caller):
        await database.transact(lambda: _write(call, entry, call.viewer, refusal.code))


async def log_operator(
    operator: Call, act: str, object_type: str, object_id: str | None = None, changes: tuple[Change, ...] = ()
) -> None:
    """Log what was done at the command line, in the transaction that does it."""
    await log_done(operator, Entry(act, object_type, object_id, COMMAND_LINE), operator.viewer, changes)
    note_access(operator.viewer, object_id if object_type == "User" else None)


async def _write(
    call: Call, entry: Entry, viewer: Viewer, code: ErrorCode | None, changes: tuple[Change, ...] = ()
) -> None:
    row: dict[str, Any] = {
        "id": database.new_id(),
        "user_id": viewer.user_id,
        "user_name": viewer.name or None,
        "act": entry.act,
        "object_type": entry.object_type,
        "object_id": entry.object_id[:80] if entry.object_id else None,
        "let_by": entry.let_by,
        "refusal": code.value if code else None,
        "changes": msgspec.to_builtins(changes),
        "request_id": call.request_id,
        "address": call.address,
        "at": database.now(),
    }
    if viewer.central is not None:
        row |= {"account_id": viewer.central.account_id} | await _token(viewer)
        await append(call.chain_key, row)
    else:
        await append_of_people(call.chain_key, row)


async def _token(viewer: Viewer) -> dict[str, Any]:
    """The personal access token that someone acts with, as the log names it."""
    if viewer.token_id is None:
        return {}
    rows = await database.read(
        Statement("SELECT k.name FROM access_tokens k WHERE k.id = ? AND ", (viewer.token_id,))
        + reach.own_tokens(viewer).where("k")
    )
    return {"token_id": viewer.token_id, "token_name": rows[0]["name"]}

"""How every act is done: judged again, written, logged and remembered in one transaction."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any

import msgspec
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter
from msgspec.structs import replace
from tortoise.exceptions import IntegrityError

from actions.kit.chain import append
from authz import reach
from authz.gates import COMMAND_LINE, DOORS, Standing, grants_in
from authz.identity import NoSuchCentral, judged_again
from authz.refusal import ErrorCode, Refusal, Unauthenticated
from authz.viewer import SIGNED_OUT, Viewer
from models import database
from models.statement import Statement

REPLAY_MS = 24 * 3_600_000
_LONGEST_KEY = 100
_refused = FixedWindowRateLimiter(MemoryStorage())
_REFUSED_RATE = RateLimitItemPerMinute(60)


class Caller(msgspec.Struct, frozen=True):
    """Who asks, and from where, as the log keeps it."""

    viewer: Viewer
    request_id: str
    address: str | None = None
    chain_key: bytes = b""

    @property
    def as_nobody(self) -> "Caller":
        """The same request, whoever makes it: for acts that tell themselves who it is."""
        return replace(self, viewer=SIGNED_OUT)

    @property
    def alone(self) -> "Caller":
        """The same person, in no central: for what people do to themselves, which no account logs."""
        return replace(self, viewer=replace(self.viewer, central=None, role=None))


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """One field before and after; `field` is its coordinate in the schema: its gate decides who reads."""

    field: str
    before: Any
    after: Any
    count: int | None = None  # of how many things, where it is not the one that the act is about


class Done(msgspec.Struct, frozen=True):
    """What an act did: the id of what it answers about, if that is one thing, and what it changed."""

    object_id: str
    changes: tuple[Change, ...] = ()
    by: Viewer | None = None  # who it was, where only the act itself tells


class Act(msgspec.Struct, frozen=True):
    """One call of a mutation: its name, its gate, what it is about, and the client's key for it."""

    name: str
    gate: int
    object_type: str | None = None
    object_id: str | None = None
    key: str | None = None
    asked: dict[str, Any] = {}

    @property
    def let_by(self) -> str | None:
        """The grant or standing that opens the act, by name."""
        grants = grants_in(self.gate)
        if grants:
            return grants[0].value
        return Standing(self.gate).name if self.gate else None

    @property
    def digest(self) -> str:
        """What tells one input from another."""
        return sha256(msgspec.json.encode(self.asked, order="deterministic")).hexdigest()


class OperatorAct(Act, frozen=True):
    """An act of whoever runs the server, by the command line: no gate opens it."""

    @property
    def let_by(self) -> str | None:
        """What the log shows in place of a grant or standing."""
        return COMMAND_LINE


_WHILE_CLOSED = {
    "reopenAccount": True,
    "exportAuditLog": True,
    "endAccessToken": True,
    "createAccessToken": False,
}


def done_while_closed(name: str, gate: int) -> bool:
    """Whether an act is done in a closed account: what people do to themselves is, and little else."""
    return _WHILE_CLOSED.get(name, not gate & ~DOORS)


async def perform(caller: Caller, act: Act, work: Callable[[Viewer], Awaitable[Done]]) -> str:
    """Do an act once and tell the id of what it is about; raises `Refusal`, which is logged too."""
    try:
        return await _once(caller, act, work)
    except Refusal as refusal:
        await log_refusal(caller, act, refusal)
        raise


async def _once(caller: Caller, act: Act, work: Callable[[Viewer], Awaitable[Done]]) -> str:
    if act.key is not None and not (1 <= len(act.key) <= _LONGEST_KEY and act.key.isprintable()):
        raise Refusal(ErrorCode.BAD_INPUT, "key_length", ("idempotencyKey",))
    try:
        return await database.transact(lambda: _held(caller, act, work))
    except IntegrityError:
        if act.key is None:
            raise
        # the same key was written by a twin of this request: its answer stands
        return await database.transact(lambda: _held(caller, act, work))


async def _held(caller: Caller, act: Act, work: Callable[[Viewer], Awaitable[Done]]) -> str:
    try:
        viewer = await judged_again(caller.viewer)
    except Unauthenticated as ended:
        raise Refusal(ErrorCode.SESSION_ENDED, "session_ended") from ended
    except NoSuchCentral as shut:
        raise Refusal(ErrorCode.FORBIDDEN, "not_any_more") from shut
    if act.gate and not viewer.mask & act.gate:
        raise Refusal(ErrorCode.FORBIDDEN, "not_any_more")
    if viewer.central is not None and viewer.central.closed and not done_while_closed(act.name, act.gate):
        raise Refusal(ErrorCode.ACCOUNT_CLOSED, "account_closed")
    known = await _replayed(viewer, act)
    if known is not None:
        return known
    done = await work(viewer)
    about = replace(act, object_id=act.object_id or done.object_id or None)
    await _log(caller, about, done.by or viewer, changes=done.changes)
    await remember(viewer, act, done.object_id)
    return done.object_id


async def _replayed(viewer: Viewer, act: Act) -> str | None:
    if act.key is None or viewer.central is None:
        return None
    rows = await database.read(
        "SELECT input_digest, object_id, created_at FROM idempotency_keys"
        " WHERE account_id = ? AND user_id = ? AND act = ? AND key = ?",
        (viewer.central.account_id, viewer.user_id, act.name, act.key),
    )
    if not rows:
        return None
    if rows[0]["created_at"] < database.now() - REPLAY_MS:
        await database.write(
            "DELETE FROM idempotency_keys WHERE account_id = ? AND user_id = ? AND act = ? AND key = ?",
            (viewer.central.account_id, viewer.user_id, act.name, act.key),
        )
        return None
    if rows[0]["input_digest"] != act.digest:
        raise Refusal(ErrorCode.IDEMPOTENCY_CONFLICT, "key_reused", ("idempotencyKey",))
    return str(rows[0]["object_id"])


async def remember(viewer: Viewer, act: Act, object_id: str) -> None:
    """Keep what an act in the viewer's central was about, for whoever repeats its key."""
    if act.key is None or viewer.central is None:
        return
    await database.insert(
        "idempotency_keys",
        {
            "id": database.new_id(),
            "account_id": viewer.central.account_id,
            "user_id": viewer.user_id,
            "act": act.name,
            "key": act.key,
            "input_digest": act.digest,
            "object_id": object_id,
            "created_at": database.now(),
        },
    )


@asynccontextmanager
async def refusals_logged(caller: Caller, act: Act) -> AsyncIterator[None]:
    """Log a refusal of what is judged before the act's transaction, and let it through."""
    try:
        yield
    except Refusal as refusal:
        await log_refusal(caller, act, refusal)
        raise


async def log_refusal(caller: Caller, act: Act, refusal: Refusal) -> None:
    """One entry for a refused act, the same whether or not its object exists; at most 60 a minute each."""
    who = caller.viewer.user_id or caller.address or "nobody"
    if await _refused.hit(_REFUSED_RATE, who):
        await database.transact(lambda: _log(caller, act, caller.viewer, refusal=refusal.code))


async def log_operator(act: OperatorAct, operator: Caller, changes: tuple[Change, ...] = ()) -> None:
    """Log what was done by the command line, in the transaction that does it."""
    await _log(operator, act, operator.viewer, changes=changes)


async def _log(
    caller: Caller,
    act: Act,
    viewer: Viewer,
    *,
    changes: tuple[Change, ...] = (),
    refusal: ErrorCode | None = None,
) -> None:
    entry = {
        "id": database.new_id(),
        "user_id": viewer.user_id,
        "user_name": viewer.name or None,
        "act": act.name,
        "object_type": act.object_type,
        "object_id": act.object_id[:80] if act.object_id else None,
        "let_by": act.let_by,
        "refusal": refusal.value if refusal else None,
        "changes": msgspec.to_builtins(changes),
        "request_id": caller.request_id,
        "address": caller.address,
        "at": database.now(),
    }
    if viewer.central is not None:
        entry |= {"account_id": viewer.central.account_id} | await _token(viewer)
        await append(caller.chain_key, entry)
    else:
        entry["changes"] = msgspec.json.encode(changes).decode()
        await database.insert("user_entries", entry)


async def _token(viewer: Viewer) -> dict[str, Any]:
    """The personal access token that someone acts by, as the log tells it."""
    if viewer.token_id is None:
        return {}
    rows = await database.read(
        Statement("SELECT k.name FROM access_tokens k WHERE k.id = ? AND ", (viewer.token_id,))
        + reach.own_tokens(viewer).where("k")
    )
    return {"token_id": viewer.token_id, "token_name": rows[0]["name"]}

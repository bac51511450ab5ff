"""Mutations. Each is declared once, and performed in one transaction: judged again, written and logged."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import msgspec
from tortoise.exceptions import IntegrityError

from actions.kit.access import note_access
from actions.kit.call import Call
from actions.kit.idempotency import remember, replayed, require_valid_key
from actions.kit.log import Change, Entry, log_done, log_refusal
from authz.gates import DOORS, Standing, grant_bit
from authz.grant import Grant
from authz.identity import NoSuchCentral, judged_again
from authz.refusal import ErrorCode, Refusal, Unauthenticated
from authz.viewer import Viewer
from models import database


class Done(msgspec.Struct, frozen=True):
    """What a mutation did: the id of its object, if there is one, and what it changed."""

    object_id: str
    changes: tuple[Change, ...] = ()
    by: Viewer | None = None  # the caller, if only the work itself identifies them


Work = Callable[[Viewer], Awaitable[Done]]


class Mutation(msgspec.Struct, frozen=True):
    """What is true of every call of a mutation."""

    name: str
    gate: Grant | Standing | None
    """Its gate. For viewers without it, the mutation does not exist. None if anyone can call it."""
    object_type: str
    """The kind of object that its entries in the log are about."""
    codes: tuple[ErrorCode, ...] = ()
    """The codes that it can be refused with, besides those that follow from its other properties."""
    replays: bool = False
    """Whether it takes an idempotency key."""
    outside: bool = False
    """Whether it is performed outside any central, as what people do to themselves is."""
    alone: bool = False
    """Whether it must be the only mutation of its operation: it hashes a password or sends mail."""
    changes_access: bool = True
    """Whether it can change what someone sees. If so, open subscriptions are judged again after it."""
    while_closed: bool | None = None
    """Whether it works in a closed account. By default, mutations that need neither a grant nor a rank do."""

    @property
    def bit(self) -> int:
        """The bit of its gate; 0 for none."""
        if self.gate is None:
            return 0
        return int(self.gate) if isinstance(self.gate, Standing) else grant_bit(self.gate)

    @property
    def works_while_closed(self) -> bool:
        """Whether it is performed in a closed account."""
        return not self.bit & ~DOORS if self.while_closed is None else self.while_closed

    @property
    def error_codes(self) -> tuple[ErrorCode, ...]:
        """Every code that it can be refused with, in alphabetical order."""
        codes = set(self.codes)
        if self.replays:
            codes |= {ErrorCode.IDEMPOTENCY_CONFLICT, ErrorCode.BAD_INPUT}
        if self.gate is not None:
            codes.add(ErrorCode.SESSION_ENDED)
        if self.gate is not None and not self.outside:
            codes.add(ErrorCode.FORBIDDEN)
        if not self.works_while_closed:
            codes.add(ErrorCode.ACCOUNT_CLOSED)
        return tuple(sorted(codes))

    async def perform(self, call: Call, work: Work, about: str | None = None) -> str:
        """Do the work once and return the id of the object that it is about.

        Raises `Refusal`, which is logged, too, under the id of what the call is about, if it names one.
        """
        call = self._placed(call)
        async with self.refusals_logged(call, about):
            require_valid_key(call)
            try:
                return await database.transact(lambda: self._once(call, work, about))
            except IntegrityError:
                if call.key is None:
                    raise
                # a concurrent request wrote the same key: its result counts
                return await database.transact(lambda: self._once(call, work, about))

    @asynccontextmanager
    async def refusals_logged(self, call: Call, about: str | None = None) -> AsyncIterator[None]:
        """Log a refusal and raise it again, even if it comes before the transaction."""
        try:
            yield
        except Refusal as refusal:
            await log_refusal(self._placed(call), self._entry(about), refusal)
            raise

    async def _once(self, call: Call, work: Work, about: str | None) -> str:
        viewer = await self._judge(call.viewer)
        known = await replayed(viewer, self.name, call)
        if known is not None:
            return known
        done = await work(viewer)
        await log_done(call, self._entry(about or done.object_id or None), done.by or viewer, done.changes)
        if self.changes_access:
            note_access(done.by or viewer)
        await remember(viewer, self.name, call, done.object_id)
        return done.object_id

    async def _judge(self, viewer: Viewer) -> Viewer:
        try:
            viewer = await judged_again(viewer)
        except Unauthenticated as ended:
            raise Refusal(ErrorCode.SESSION_ENDED, "session_ended") from ended
        except NoSuchCentral as denied:
            raise Refusal(ErrorCode.FORBIDDEN, "not_any_more") from denied
        if self.bit and not viewer.mask & self.bit:
            raise Refusal(ErrorCode.FORBIDDEN, "not_any_more")
        if viewer.central is not None and viewer.central.closed and not self.works_while_closed:
            raise Refusal(ErrorCode.ACCOUNT_CLOSED, "account_closed")
        return viewer

    def _placed(self, call: Call) -> Call:
        if self.gate is None:
            return call.signed_out
        return call.outside if self.outside else call

    def _entry(self, object_id: str | None) -> Entry:
        let_by = None
        if self.gate is not None and self.gate is not Standing.NO_TOKEN:
            let_by = self.gate.name
        return Entry(self.name, self.object_type, object_id, let_by)

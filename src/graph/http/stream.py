"""One subscription of one client. It takes events from the feed, and judges access again for each of them.

The events are read first, then the results, and finally the credential is judged again. The results are sent
only if the viewer is still the one that they were read for. So nothing that happened after a revocation is
sent, however the two overlap.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable
from typing import Protocol, TypeVar

import msgspec
from msgspec.structs import replace

from authz.identity import NoSuchCentral
from authz.refusal import Unauthenticated
from authz.viewer import Viewer
from engine.document import RejectedOperation
from engine.execute import Engine
from engine.live import deliver
from engine.plan.planner import PreparedOperation
from graph.http.admission import Admission
from graph.http.live import Live
from graph.http.request import GraphQLRequest
from graph.http.response import (
    GraphQLResponse,
    bounded,
    expired,
    internal,
    no_central,
    rejected,
    result_payload,
    unauthenticated,
    unavailable,
)
from graph.kit.access_digest import access_digest
from graph.kit.context import Context, Serving
from graph.kit.following import Following, LiveEvent, LogPosition
from models import changes, database
from models.changes import ChangeKind, ChangeRow
from models.feed import Follower, LogEnded
from telemetry.faults import log_fault
from telemetry.figures import STREAM_EVENTS

T = TypeVar("T")
_log = logging.getLogger("centrals.request")

MOST_EVENTS = 50
"""The number of events that one statement reads."""
SWEEP_SECONDS = 30.0
"""The seconds after which a stream without events is judged again, because access can end by time alone."""
_WHOLE = 1 << 31
_MOST_CHANGES = 5
_ATTEMPTS = 4


class StreamEnd(Exception):
    """A stream cannot go on: the reason, and the response for its client."""

    def __init__(self, reason: str, response: GraphQLResponse) -> None:
        super().__init__(reason)
        self.reason = reason
        self.response = response


class Handler(Protocol):
    """What runs the operations of streams."""

    engine: Engine
    admission: Admission
    live: Live
    serving: Serving

    def context(self, request: GraphQLRequest, viewer: Viewer, request_id: str) -> Context:
        """What the resolvers of a request get."""
        ...

    async def within_time(self, work: Awaitable[T]) -> T:
        """The result of work that may take as long as a request."""
        ...

    async def judged(self, request: GraphQLRequest) -> Viewer:
        """The viewer that a request's credential identifies now."""
        ...


class StreamRequest(msgspec.Struct, frozen=True):
    """The request for a stream. Its operation was admitted for a cost, which each event costs, too."""

    handler: Handler
    request: GraphQLRequest
    client: str
    cost: int
    request_id: str


class Stream:
    """A subscription, with its position in the log."""

    def __init__(self, of: StreamRequest, viewer: Viewer, prepared: PreparedOperation) -> None:
        self._handler, self._request, self.request_id = of.handler, of.request, of.request_id
        self._client, self._cost = of.client, of.cost
        self._budget = of.handler.admission.budget
        self._most = max(1, min(MOST_EVENTS, self._budget.per_minute // (4 * max(1, of.cost))))
        self._viewer = replace(viewer, last_seen_at=None)
        self._prepared = prepared
        self._live = of.handler.live
        self._variables = msgspec.json.encode(of.request.variables, order="deterministic")
        self._kind = ChangeKind.ACCESS
        self._after: LogPosition | None = None
        self._digest = ""
        self.sent = 0

    @property
    def viewer(self) -> Viewer:
        """The viewer, as judged last."""
        return self._viewer

    @property
    def name(self) -> str | None:
        """The operation's name."""
        return self._prepared.name

    async def opened(self) -> GraphQLResponse:
        """The stream if its operation and its start cursor are valid, or else the errors."""
        following = Following()
        context = self._context(following, self._viewer)
        results = await deliver(self._handler.engine, self._prepared, self._request.variables, context)
        if results:
            result = results[0]
            payload, status = result_payload(result, context), 400 if result.never_ran else 200
            return GraphQLResponse(self.request_id, payload, status, request_error=result.never_ran)
        assert following.kind is not None
        self._kind = following.kind
        if self._kind is ChangeKind.ACCESS:
            self._digest = following.after[0] if following.after else access_digest(self._viewer)
        elif following.after is not None:
            self._after = LogPosition(*following.after)
            if not await changes.reaches_back_to(self._account_id, self._after.position - 1):
                return expired(self.request_id)
        return GraphQLResponse(self.request_id, {}, stream=self)

    async def payloads(self) -> AsyncGenerator[bytes, None]:
        """What to send for each event, as JSON; raises `StreamEnd`."""
        user_id = self._viewer.user_id
        assert user_id is not None
        async with self._live.feed.following(self._account_id, user_id) as (follower, newest):
            if self._after is None:
                self._after = LogPosition(newest[self._account_id], _WHOLE)
            follower.wake(access=True)  # it may have changed since the check, or since the cursor
            while True:
                for payload in await self._retried(follower):
                    self.sent += 1
                    STREAM_EVENTS.add(self._kind.value)
                    yield payload

    async def _retried(self, follower: Follower) -> list[bytes]:
        """Try again if the database is unavailable for a moment.

        Nothing is lost, because events are in the log.
        """
        for attempt in range(_ATTEMPTS):
            try:
                return await self._next(follower)
            except StreamEnd:
                raise
            except Exception as error:
                if attempt == _ATTEMPTS - 1 and isinstance(error, database.Outage):
                    raise StreamEnd("unavailable", unavailable(self.request_id)) from error
                if attempt == _ATTEMPTS - 1:
                    log_fault(self.request_id, error)
                    raise StreamEnd("fault", internal(self.request_id)) from error
                _log.warning("stream waits", extra={"kind": type(error).__qualname__})
                await asyncio.sleep(attempt + 1)
        raise AssertionError

    async def _next(self, follower: Follower) -> list[bytes]:
        """Wait for events, and return the payloads to send, which can be none."""
        if follower.access_changed:
            follower.access_changed = False
            await self._judge()
            if self._kind is ChangeKind.ACCESS:
                return await self._changed_access()
        events, place = await self._happened()
        if place == self._after:
            if not await follower.wait(SWEEP_SECONDS):
                follower.access_changed = True
            return []
        if events and (seconds := self._budget.charge(self._client, self._cost * len(events))):
            await follower.wait(seconds)  # a client without budget gets them later
            return []
        payloads = await self._results(events) if events else []
        self._after = place
        return payloads

    async def _happened(self) -> tuple[tuple[LiveEvent, ...], LogPosition]:
        """The next events of the stream's kind, and the place after them."""
        assert self._after is not None
        position, number = self._after.position, self._after.number
        try:
            start = position if number == _WHOLE else position - 1
            rows = await self._live.feed.rows(self._account_id, start)
        except LogEnded as error:
            raise StreamEnd("expired", expired(self.request_id)) from error
        events: list[LiveEvent] = []
        place = self._after
        for row in rows:
            place = self._take(row, number + 1 if row.position == position else 0, events)
            if place.number != _WHOLE or len(events) == self._most:
                break
        return tuple(events), place

    def _take(self, row: ChangeRow, first: int, events: list[LiveEvent]) -> LogPosition:
        """Add a transaction's events as far as there is room, and return the place after them."""
        ids = row.changes.get(self._kind, ())
        for number in range(first, len(ids)):
            events.append(LiveEvent(LogPosition(row.position, number), ids[number], row.at))
            if len(events) == self._most and number + 1 < len(ids):
                return events[-1].place
        return LogPosition(row.position, _WHOLE)

    async def _results(self, events: tuple[LiveEvent, ...]) -> list[bytes]:
        """The payloads of events, read for the viewer that is judged after the reading."""
        for _ in range(_MOST_CHANGES):
            viewer = self._viewer
            key = (viewer, self._prepared.identity, self._variables, events[0], events[-1])
            found = await self._live.results.result(key, lambda: self._read(viewer, events))  # noqa: B023
            await self._judge()
            if self._viewer == viewer:
                return found
        raise StreamEnd("unsettled", internal(self.request_id))

    async def _read(self, viewer: Viewer, events: tuple[LiveEvent, ...]) -> list[bytes]:
        handler = self._handler
        context = self._context(Following(events), viewer)
        work = deliver(handler.engine, self._prepared, self._request.variables, context)
        most = handler.serving.response_bytes
        return [
            bounded(GraphQLResponse(self.request_id, result_payload(result, context)), most)
            for result in await handler.within_time(work)
        ]

    async def _changed_access(self) -> list[bytes]:
        digest = access_digest(self._viewer)
        if digest == self._digest:
            return []
        assert self._after is not None
        found = await self._results((LiveEvent(self._after, "", database.now()),))
        self._digest = access_digest(self._viewer)
        return found

    async def _judge(self) -> None:
        """Judge the credential, and validate the document on its schema. Raises `StreamEnd`."""
        try:
            viewer = await self._handler.judged(self._request)
        except Unauthenticated as error:
            raise StreamEnd("unauthenticated", unauthenticated(self.request_id)) from error
        except NoSuchCentral as error:
            raise StreamEnd("no_central", no_central(self.request_id)) from error
        if viewer == self._viewer:
            return
        request, engine = self._request, self._handler.engine
        if engine.scopes.key(viewer.mask) != self._prepared.mask:
            prepared = engine.prepare(request.query, request.operation_name, viewer.mask, request.variables)
            if isinstance(prepared, RejectedOperation):
                response = rejected(self.request_id, prepared, viewer, withheld=request.withheld)
                raise StreamEnd("denied", response)
            self._prepared = prepared
        self._viewer = viewer

    def _context(self, following: Following, viewer: Viewer) -> Context:
        context = self._handler.context(self._request, viewer, self.request_id)
        context.following = following
        return context

    @property
    def _account_id(self) -> str:
        assert self._viewer.central is not None
        return self._viewer.central.account_id

"""From a request to its response, over any transport: identify the viewer, check and run the operation."""

import asyncio
import time
from collections.abc import Awaitable
from functools import lru_cache
from hashlib import blake2b
from typing import TypeVar

import strawberry
from graphql import DocumentNode

from actions.identity.sessions.last_seen import note_last_seen
from actions.kit.allowance import CallsSpent, count_call
from actions.kit.rates import network_of
from actions.membership.tokens.access_token import note_use
from authz.catalog import LOCALES
from authz.identity import NoSuchCentral
from authz.presumed import forget, identify_and_remember, presumed
from authz.refusal import Unauthenticated
from authz.viewer import SIGNED_OUT, Viewer
from engine.cost import HEAVY
from engine.document import RejectedOperation, root_fields
from engine.execute import Engine
from engine.limits import Limits
from engine.plan.planner import PreparedOperation
from engine.rows.cursor import Seal
from engine.rules import Features
from graph.http.admission import Admission, Batch, TooMuch
from graph.http.deadline import Deadline
from graph.http.documents import Documents, UnknownDocument, UntrustedDocument, require_allowed
from graph.http.live import Live
from graph.http.observation import finish, note_executed, note_prepared
from graph.http.request import GraphQLRequest
from graph.http.response import (
    GraphQLResponse,
    bounded,
    internal,
    no_central,
    refusal,
    rejected,
    result_payload,
    unauthenticated,
    unavailable,
    unknown_document,
)
from graph.http.stream import Stream, StreamRequest
from graph.kit.context import Context, Serving
from graph.kit.errors import RequestError
from graph.schema import weights
from graph.viewer.types import CENTRAL
from models import database
from telemetry.faults import log_fault
from telemetry.request import OperationRecord, current_operation
from telemetry.request import request_id as current_request_id

BEGINS_SESSION = ("signIn", "startPasskeySignIn", "completeSignIn", "refreshSession")
T = TypeVar("T")


class GraphQLHandler:
    """Runs operations on one schema."""

    def __init__(self, schema: strawberry.Schema, serving: Serving, limits: Limits | None = None) -> None:
        self.serving = serving
        features = Features(introspection=serving.introspection, suggestions=serving.suggestions)
        self.engine = Engine(
            schema, limits or Limits(cost=serving.cost_per_operation), weights(), features=features
        )
        self.seal = Seal(serving.secret_key, serving.previous_keys)
        self.admission = Admission(serving.cost_per_minute)
        self.documents = Documents(self.engine.scopes, trusted_only=serving.trusted_documents)
        self.live = Live()
        self._deadline = Deadline(serving.request_seconds)

    async def handle(self, request: GraphQLRequest) -> GraphQLResponse:
        """The response, whatever happens. For an internal error, it contains only the request's id."""
        request_id = current_request_id()
        started = time.perf_counter()
        viewer: Viewer = SIGNED_OUT
        operation = OperationRecord()
        token = current_operation.set(operation)
        try:
            handle = self._handle_with_access if self.serving.show_access else self._handle
            viewer, response = await self._deadline.within(handle(request, request_id))
        except (TimeoutError, database.TooSlow):
            response = refusal(request_id, RequestError.TIMEOUT, "The operation took too long.", 503)
        except database.Outage:
            response = unavailable(request_id)
        except Exception as error:
            log_fault(request_id, error)
            response = internal(request_id)
        finally:
            current_operation.reset(token)
        finish(operation, response.payload, viewer, started)
        return response

    async def handle_batch(self, requests: list[GraphQLRequest]) -> list[GraphQLResponse]:
        """The responses to several requests, run one after the other with shared limits and one deadline."""
        batch = Batch(self.engine.limits)
        end = time.monotonic() + self.serving.request_seconds
        responses: list[GraphQLResponse] = []
        for request in requests:
            request.batch = batch
            await asyncio.sleep(0)  # a new document can take all of the processor, and others wait for it
            if time.monotonic() < end:
                responses.append(await self.handle(request))
            else:
                text = "The operations before took too long."
                responses.append(refusal(current_request_id(), RequestError.TIMEOUT, text, 503))
        return responses

    async def _handle_with_access(
        self, request: GraphQLRequest, request_id: str
    ) -> tuple[Viewer, GraphQLResponse]:
        """The response, with the viewer's open gates, how it was executed, and the number of statements."""
        with database.observed() as statements:
            viewer, response = await self._handle(request, request_id)
        gates = self.engine.scopes.key(viewer.mask).to_bytes(16)
        response.payload.setdefault("extensions", {})["access"] = {
            "gates": blake2b(gates, digest_size=8).hexdigest(),
            "execution": response.execution,
            "statements": len(statements),
        }
        return viewer, response

    async def _handle(self, request: GraphQLRequest, request_id: str) -> tuple[Viewer, GraphQLResponse]:
        try:
            await self.documents.find(request)
            found = await self._handle_presumed(request, request_id)
            if found is not None:
                return found
            viewer = await self.viewer(request)
            await self.documents.find_by_digest(request, viewer)
        except UnknownDocument:
            return SIGNED_OUT, unknown_document(request_id, automatic=_is_automatic(request))
        except UntrustedDocument:
            text = "Only trusted documents are answered here. Send the documentId of one."
            return SIGNED_OUT, refusal(request_id, RequestError.UNTRUSTED_DOCUMENT, text, 403)
        except Unauthenticated:
            return SIGNED_OUT, unauthenticated(request_id)
        except NoSuchCentral:
            return SIGNED_OUT, no_central(request_id)
        note_use(viewer)
        note_last_seen(viewer)
        return viewer, await self._operate(request, viewer, request_id)

    async def _handle_presumed(
        self, request: GraphQLRequest, request_id: str
    ) -> tuple[Viewer, GraphQLResponse] | None:
        """The response to a known query, whose statements also check the viewer.

        None if that is not possible.
        """
        central = _central(request)
        found = presumed(request.token, central)
        if found is None:
            return None
        viewer, premise = found
        require_allowed(request.trusted, viewer)
        if viewer.allowances:
            return None  # counting is a write, which the premise does not cover
        if not self.documents.remembers(request, viewer):
            return None
        if not self.engine.knows_query(request.query, request.operation_name, viewer.mask):
            return None
        try:
            with database.Premised(premise):
                response = await self._operate(request, viewer, request_id)
                holds = await database.settled(premise)
        except database.Refuted:
            holds = False
        if not holds:
            assert request.token is not None
            forget(request.token, central)
            return None
        note_use(viewer)
        note_last_seen(viewer)
        return viewer, response

    async def viewer(self, request: GraphQLRequest) -> Viewer:
        """The viewer who makes the request.

        With a bad credential, a sign-in or a refresh counts as signed out.
        """
        if request.token is None:
            return SIGNED_OUT
        try:
            viewer = await identify_and_remember(request.token, _central(request))
        except (Unauthenticated, NoSuchCentral):
            if request.lacks_text:
                await self.documents.find_by_digest(request)
            if not self._begins_session(request):
                raise
            return SIGNED_OUT
        require_allowed(request.trusted, viewer)
        return viewer

    async def count_call(self, viewer: Viewer) -> None:
        """Count a call of a narrowed token. Raises `TooMuch`."""
        try:
            await count_call(viewer)
        except CallsSpent as spent:
            text = f"This token can make {spent.most:,} calls a day."
            raise TooMuch(text, {"calls": spent.most}, spent.seconds) from spent

    def _begins_session(self, request: GraphQLRequest) -> bool:
        """Whether an operation signs in or refreshes, which a bad credential must not prevent."""
        text = request.query
        if not any(name in text for name in BEGINS_SESSION):
            return False
        if not self.admission.may_parse(self.engine, text, _network(request)):
            return False
        document = self.engine.parse(text)
        return isinstance(document, DocumentNode) and any(
            name in BEGINS_SESSION for name in root_fields(document, request.operation_name)
        )

    async def _operate(self, request: GraphQLRequest, viewer: Viewer, request_id: str) -> GraphQLResponse:
        try:
            await self.count_call(viewer)
            return await self._admit(request, viewer, request_id)
        except TooMuch as much:
            code = RequestError.RATE_LIMITED
            response = refusal(request_id, code, much.text, 429, much.allowed, **much.more)
            response.retry_after = much.seconds
            return response

    async def _admit(self, request: GraphQLRequest, viewer: Viewer, request_id: str) -> GraphQLResponse:
        client = viewer.user_id or _network(request)
        prepared = self.engine.cached(request.query, request.operation_name, viewer.mask)
        if prepared is None:
            prepared = self.admission.charge_document(
                self.engine, request.query, client
            ) or self.engine.prepare(request.query, request.operation_name, viewer.mask, request.variables)
        if isinstance(prepared, RejectedOperation):
            return rejected(request_id, prepared, viewer, withheld=request.withheld)
        note_prepared(prepared)
        if request.read_only and prepared.is_mutation:
            text = "Mutations are sent with POST."
            response = refusal(request_id, RequestError.BAD_REQUEST, text, 405)
            response.headers["allow"] = "POST"
            return response
        cost = self.admission.charge_operation(self.engine, prepared, request.variables, client)
        if isinstance(cost, RejectedOperation):
            return rejected(request_id, cost, viewer)
        if request.batch is not None and (too_much := request.batch.admit(prepared.cost, cost)):
            return rejected(request_id, too_much, viewer)
        await self.documents.register(request, viewer)
        if prepared.is_subscription:
            return await self._open_stream(request, viewer, request_id, (prepared, cost, client))
        if cost < HEAVY:
            response = await self._run(request, viewer, request_id, prepared)
        else:
            async with self.admission.turn(viewer.user_id, _network(request)):
                response = await self._run(request, viewer, request_id, prepared)
        if request.shows_cost:
            report = self.admission.report(self.engine, cost, client)
            response.payload.setdefault("extensions", {})["cost"] = report
        if request.shows_absent and not request.withheld:
            response.payload.setdefault("extensions", {})["absent"] = prepared.absent(request.variables)
        return response

    async def _open_stream(
        self,
        request: GraphQLRequest,
        viewer: Viewer,
        request_id: str,
        admitted: tuple[PreparedOperation, int, str],
    ) -> GraphQLResponse:
        """A response with a stream, or with the subscription's errors."""
        prepared, cost, client = admitted
        if not request.streams:
            text = "A subscription is sent over WebSocket, or with `Accept: text/event-stream`."
            return refusal(request_id, RequestError.BAD_REQUEST, text, 400)
        stream = Stream(StreamRequest(self, request, client, cost, request_id), viewer, prepared)
        return await stream.opened()

    async def within_time(self, work: Awaitable[T]) -> T:
        """The result of work that can take as long as a request."""
        return await self._deadline.within(work)

    async def judged(self, request: GraphQLRequest) -> Viewer:
        """The viewer that a request's credential identifies now, in the request's central."""
        assert request.token is not None
        return await self.live.judge(request.token, _central(request))

    def encoded(self, response: GraphQLResponse) -> bytes:
        """The payload as JSON. If it is too long, it becomes an error."""
        return bounded(response, self.serving.response_bytes)

    def context(self, request: GraphQLRequest, viewer: Viewer, request_id: str) -> Context:
        """What the resolvers of a request get."""
        return Context(
            viewer=viewer,
            serving=self.serving,
            seal=self.seal,
            whole=self.engine.scopes.schema,
            engine=self.engine,
            request_id=request_id,
            locale=viewer.locale if viewer.user_id else request.locale,
            address=request.address,
            agent=request.agent,
            refresh_cookie=request.refresh_cookie,
            device_cookie=request.device_cookie,
            cross_site=request.cross_site,
            challenge_cookie=request.challenge_cookie,
        )

    async def _run(
        self, request: GraphQLRequest, viewer: Viewer, request_id: str, prepared: PreparedOperation
    ) -> GraphQLResponse:
        context = self.context(request, viewer, request_id)
        result = await self.engine.run(prepared, request.variables, context)
        payload, before = result_payload(result, context), result.never_ran
        if context.retry_after is not None:
            payload["extensions"] = {"retryAfter": context.retry_after}
        status = 400 if before else 200
        note_executed(compiled=result.compiled, reason=result.reason)
        execution = "compiled" if result.compiled else f"standard: {result.reason}"
        return GraphQLResponse(
            request_id,
            payload,
            status,
            request_error=before,
            cookies=context.cookies,
            execution=execution,
            compressible=prepared.is_query,
            repeated=prepared.is_introspection,
            retry_after=context.retry_after,
        )


def _central(request: GraphQLRequest) -> str | None:
    return None if request.central is None else request.central.removeprefix(CENTRAL)


def _is_automatic(request: GraphQLRequest) -> bool:
    return request.document is not None and request.document.digest is not None


def _network(request: GraphQLRequest) -> str:
    return network_of(request.address)


def language(header: str) -> str:
    """The first language of an Accept-Language header that has messages, or else English."""
    return _language(header[:200])


@lru_cache(maxsize=256)
def _language(header: str) -> str:
    for part in header.split(","):
        tag = part.split(";")[0].strip().lower().split("-")[0]
        if tag in LOCALES:
            return tag
    return "en"

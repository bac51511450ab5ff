"""From a request to its response, over any transport: identify the viewer, check the operation, run it."""

import time
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import msgspec
import strawberry
from graphql import DocumentNode, GraphQLError, OperationType

from actions.kit.rates import network_of
from actions.sessions.last_seen import note_last_seen
from actions.tokens.access_token import note_use
from authz.catalog import LOCALES
from authz.identity import NoSuchCentral, identify
from authz.refusal import Refusal, Unauthenticated
from authz.viewer import SIGNED_OUT, Viewer
from engine.cost import HEAVY
from engine.document import RejectedOperation, root_fields
from engine.execute import Engine
from engine.limits import Limits
from engine.plan.planner import PreparedOperation
from engine.rows.connection import PaginationError
from engine.rows.cursor import Seal
from engine.rules import Features
from graph.http.admission import Admission, TooMuch
from graph.http.deadline import Deadline
from graph.http.observation import finish, note_executed, note_prepared
from graph.kit.context import Context, Serving
from graph.kit.errors import RequestError
from graph.kit.messages import message
from graph.schema import weights
from graph.sessions.mutations import ACCESS_COOKIE
from graph.viewer.types import CENTRAL
from models import database
from telemetry.faults import log_fault
from telemetry.request import OperationRecord, current_operation, note_error
from telemetry.request import request_id as current_request_id


class GraphQLRequest(msgspec.Struct):
    """A request for one operation, as a transport read it."""

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    token: str | None = None
    token_in_cookie: bool = False
    refresh_cookie: str | None = None
    device_cookie: str | None = None
    central: str | None = None
    locale: str = "en"
    address: str | None = None
    agent: str = ""
    read_only: bool = False
    shows_cost: bool = False
    shows_absent: bool = False


class GraphQLResponse(msgspec.Struct):
    """What is sent back. `request_error` marks an operation that was rejected before it ran."""

    request_id: str
    payload: dict[str, Any]
    status: int = 200
    request_error: bool = False
    cookies: list[tuple[str, str, int]] = []
    allow: str | None = None
    retry_after: int | None = None
    execution: str | None = None


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
        self._deadline = Deadline(serving.request_seconds)

    async def handle(self, request: GraphQLRequest) -> GraphQLResponse:
        """The response, whatever happens. Of an internal error it tells only the request's id."""
        request_id = current_request_id()
        started = time.perf_counter()
        viewer: Viewer = SIGNED_OUT
        operation = OperationRecord()
        token = current_operation.set(operation)
        try:
            handle = self._handle_with_access if self.serving.show_access else self._handle
            viewer, response = await self._deadline.within(handle(request, request_id))
        except (TimeoutError, database.TooSlow):
            response = _refusal(request_id, RequestError.TIMEOUT, "The operation took too long.", 503)
        except Exception as error:
            log_fault(request_id, error)
            response = _internal(request_id)
        finally:
            current_operation.reset(token)
        finish(operation, response.payload, viewer, started)
        return response

    async def _handle_with_access(
        self, request: GraphQLRequest, request_id: str
    ) -> tuple[Viewer, GraphQLResponse]:
        """The response, with the set of gates, the way of execution and the number of statements it took."""
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
            viewer = await self.viewer(request)
        except Unauthenticated:
            text = "The credential is bad, expired or revoked."
            response = _refusal(request_id, RequestError.UNAUTHENTICATED, text, 401)
            if request.token_in_cookie:
                response.cookies.append((ACCESS_COOKIE, "", 0))
            return SIGNED_OUT, response
        except NoSuchCentral:
            text = "There is no such central, or you may not enter it."
            return SIGNED_OUT, _refusal(request_id, RequestError.NOT_FOUND, text, 404)
        note_use(viewer)
        note_last_seen(viewer)
        return viewer, await self._operate(request, viewer, request_id)

    async def viewer(self, request: GraphQLRequest) -> Viewer:
        """Who makes the request. `refreshSession` ignores the access credential, which may have expired."""
        if "refreshSession" in request.query and self.admission.may_parse(
            self.engine, request.query, _network(request)
        ):
            document = self.engine.parse(request.query)
            if isinstance(document, DocumentNode):
                root = root_fields(document, request.operation_name)
                if root == (OperationType.MUTATION, {"refreshSession"}):
                    return SIGNED_OUT
        if request.token is None:
            return SIGNED_OUT
        if request.central is None:
            return await identify(request.token, None)
        return await identify(request.token, request.central.removeprefix(CENTRAL))

    async def _operate(self, request: GraphQLRequest, viewer: Viewer, request_id: str) -> GraphQLResponse:
        try:
            return await self._admit(request, viewer, request_id)
        except TooMuch as much:
            code = RequestError.RATE_LIMITED
            response = _refusal(request_id, code, much.text, 429, much.allowed, **much.more)
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
            return _rejected(request_id, prepared)
        note_prepared(prepared)
        if request.read_only and not prepared.is_query:
            text = "Mutations are sent with POST."
            response = _refusal(request_id, RequestError.BAD_REQUEST, text, 405)
            response.allow = "POST"
            return response
        cost = self.admission.charge_operation(self.engine, prepared, request.variables, client)
        if isinstance(cost, RejectedOperation):
            return _rejected(request_id, cost)
        if cost < HEAVY:
            response = await self._run(request, viewer, request_id, prepared)
        else:
            async with self.admission.turn(viewer.user_id, _network(request)):
                response = await self._run(request, viewer, request_id, prepared)
        if request.shows_cost:
            report = self.admission.report(self.engine, cost, client)
            response.payload.setdefault("extensions", {})["cost"] = report
        if request.shows_absent:
            response.payload.setdefault("extensions", {})["absent"] = prepared.absent(request.variables)
        return response

    def encoded(self, response: GraphQLResponse) -> bytes:
        """The payload as JSON; one that is too long becomes an error."""
        content = encoded(response.payload)
        most = self.serving.response_bytes
        if len(content) <= most:
            return content
        text = f"The response has {len(content):,} bytes; at most {most:,} are allowed. Ask for less at once."
        code = RequestError.RESPONSE_TOO_LARGE
        note_error(code.value, "operation")
        refusal = _refusal(response.request_id, code, text, response.status, {"bytes": most})
        return encoded({"data": None, **refusal.payload})

    def context(self, request: GraphQLRequest, viewer: Viewer, request_id: str) -> Context:
        """What the resolvers of a request get."""
        return Context(
            viewer=viewer,
            serving=self.serving,
            seal=self.seal,
            whole=self.engine.scopes.schema,
            request_id=request_id,
            locale=viewer.locale if viewer.user_id else request.locale,
            address=request.address,
            agent=request.agent,
            refresh_cookie=request.refresh_cookie,
            device_cookie=request.device_cookie,
        )

    async def _run(
        self, request: GraphQLRequest, viewer: Viewer, request_id: str, prepared: PreparedOperation
    ) -> GraphQLResponse:
        context = self.context(request, viewer, request_id)
        result = await self.engine.run(prepared, request.variables, context)
        payload: dict[str, Any] = {}
        before = result.never_ran
        if not before:
            payload["data"] = result.data
        if result.errors:
            payload["errors"] = [_error(error, context, before=before) for error in result.errors]
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
            retry_after=context.retry_after,
        )


def _rejected(request_id: str, rejected: RejectedOperation) -> GraphQLResponse:
    errors = []
    for error in rejected.errors:
        extensions: dict[str, Any] = {"code": rejected.code.value}
        if rejected.allowed:
            extensions["allowed"] = rejected.allowed
        errors.append({"message": error.message, **_locations(error), "extensions": extensions})
    return GraphQLResponse(request_id, {"errors": errors}, status=400, request_error=True)


def _network(request: GraphQLRequest) -> str:
    return network_of(request.address)


def _refusal(
    request_id: str,
    code: RequestError,
    text: str,
    status: int,
    allowed: dict[str, int] | None = None,
    **more: Any,
) -> GraphQLResponse:
    extensions: dict[str, Any] = {"code": code.value, **more}
    if allowed:
        extensions["allowed"] = allowed
    return GraphQLResponse(
        request_id, {"errors": [{"message": text, "extensions": extensions}]}, status=status
    )


def _internal(request_id: str) -> GraphQLResponse:
    extensions = {"code": RequestError.INTERNAL.value, "requestId": request_id}
    errors = [{"message": "Something went wrong on our side.", "extensions": extensions}]
    return GraphQLResponse(request_id, {"errors": errors}, status=500)


def _locations(error: GraphQLError) -> dict[str, Any]:
    if not error.locations:
        return {}
    return {"locations": [{"line": location.line, "column": location.column} for location in error.locations]}


def _error(error: GraphQLError, context: Context, *, before: bool) -> dict[str, Any]:
    """An error as its client sees it: an internal error is masked and logged."""
    extensions: dict[str, Any]
    cause = error.original_error
    if before:
        text, extensions = error.message, {"code": RequestError.BAD_INPUT.value}
    elif isinstance(cause, Refusal):
        text = message(cause.message, context.locale, **cause.words)
        extensions = {"code": cause.code.value, **({"field": list(cause.field)} if cause.field else {})}
    elif isinstance(cause, PaginationError):
        text = str(cause)
        extensions = {"code": RequestError.BAD_INPUT.value, "field": [cause.argument]}
    elif isinstance(cause, database.Unstorable):
        text = "A text holds characters that no text can hold."
        extensions = {"code": RequestError.BAD_INPUT.value}
    elif isinstance(cause, database.TooSlow):
        text, extensions = "The operation took too long.", {"code": RequestError.TIMEOUT.value}
    elif _says_its_code(error):
        text, extensions = error.message, dict(error.extensions or {})
    elif isinstance(cause, GraphQLError) and cause.nodes:
        # raised by graphql-core for a place in the document: an argument that a variable sets to null
        text, extensions = error.message, {"code": RequestError.BAD_INPUT.value}
    else:
        log_fault(context.request_id, cause or error)
        text = "Something went wrong on our side."
        extensions = {"code": RequestError.INTERNAL.value, "requestId": context.request_id}
    entry: dict[str, Any] = {"message": text, **_locations(error), "extensions": extensions}
    if error.path is not None:
        entry["path"] = error.path
    return entry


def _says_its_code(error: GraphQLError) -> bool:
    """Whether an error was raised for the client; execution wraps it once more, with its path."""
    ours = error.original_error is None or isinstance(error.original_error, GraphQLError)
    return ours and (error.extensions or {}).get("code") in RequestError.__members__


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


def encoded(payload: dict[str, Any]) -> bytes:
    """A payload as JSON."""
    return msgspec.json.encode(payload)

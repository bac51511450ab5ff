"""From a request to its answer, whichever transport brought it: who asks, what may be asked, what is told."""

import logging
import time
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import msgspec
import strawberry
from graphql import DocumentNode, GraphQLError, OperationType
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from actions.sessions.last_seen import note_seen
from actions.tokens.access_token import note_use
from authz.catalog import LOCALES
from authz.identity import NoSuchCentral, identify
from authz.refusal import Refusal, Unauthenticated
from authz.viewer import SIGNED_OUT, Viewer
from engine.execute import Engine, Refused, root_fields
from engine.limits import Limits
from engine.plan.planner import Prepared
from engine.rows.connection import PageFault
from engine.rows.cursor import Seal
from graph.http.deadline import Deadline
from graph.kit.context import Context, Serving
from graph.kit.errors import RequestError
from graph.kit.fault_log import log_fault
from graph.kit.messages import message
from graph.sessions.mutations import ACCESS_COOKIE
from graph.viewer.types import CENTRAL
from models import database

_log = logging.getLogger("centrals.request")


class Asked(msgspec.Struct):
    """One request for an operation, as a transport read it."""

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    token: str | None = None
    token_in_cookie: bool = False
    refresh_cookie: str | None = None
    central: str | None = None
    locale: str = "en"
    address: str | None = None
    agent: str = ""
    read_only: bool = False


class Answer(msgspec.Struct):
    """What goes back. A request fault is an operation that was understood, and refused before it ran."""

    request_id: str
    payload: dict[str, Any]
    status: int = 200
    request_fault: bool = False
    cookies: list[tuple[str, str, int]] = []
    allow: str | None = None
    execution: str | None = None


class Conversation:
    """Answers operations on one schema."""

    def __init__(self, schema: strawberry.Schema, serving: Serving, limits: Limits | None = None) -> None:
        self.serving = serving
        self.engine = Engine(schema, limits or Limits())
        self.seal = Seal(serving.secret_key)
        self._deadline = Deadline(serving.request_seconds)
        self._new_texts = FixedWindowRateLimiter(MemoryStorage())
        self._new_texts_rate = RateLimitItemPerMinute(serving.new_documents_per_minute)

    async def answer(self, asked: Asked) -> Answer:
        """The answer, whatever happens; what it says of a fault of ours is only the request's id."""
        request_id = database.new_id()
        started = time.perf_counter()
        viewer: Viewer = SIGNED_OUT
        try:
            answering = self._answer_openly if self.serving.show_access else self._answer
            viewer, answer = await self._deadline.within(answering(asked, request_id))
        except (TimeoutError, database.TooSlow):
            answer = _refusal(request_id, RequestError.TIMEOUT, "The operation took too long.", 503)
        except Exception as fault:
            log_fault(request_id, fault)
            answer = _internal(request_id)
        _note(answer, viewer, time.perf_counter() - started)
        return answer

    async def _answer_openly(self, asked: Asked, request_id: str) -> tuple[Viewer, Answer]:
        """The answer, with what it took: the set of gates, the way of execution, the number of statements."""
        with database.observed() as statements:
            viewer, answer = await self._answer(asked, request_id)
        gates = self.engine.scopes.key(viewer.mask).to_bytes(16)
        answer.payload["extensions"] = {
            "access": {
                "gates": blake2b(gates, digest_size=8).hexdigest(),
                "execution": answer.execution,
                "statements": len(statements),
            }
        }
        return viewer, answer

    async def _answer(self, asked: Asked, request_id: str) -> tuple[Viewer, Answer]:
        try:
            viewer = await self.viewer(asked)
        except Unauthenticated:
            words = "The credential is bad, expired or revoked."
            answer = _refusal(request_id, RequestError.UNAUTHENTICATED, words, 401)
            if asked.token_in_cookie:
                answer.cookies.append((ACCESS_COOKIE, "", 0))
            return SIGNED_OUT, answer
        except NoSuchCentral:
            words = "There is no such central, or you may not enter it."
            return SIGNED_OUT, _refusal(request_id, RequestError.NOT_FOUND, words, 404)
        note_use(viewer)
        note_seen(viewer)
        return viewer, await self._operate(asked, viewer, request_id)

    async def viewer(self, asked: Asked) -> Viewer:
        """Who asks. `refreshSession` alone is not judged by the access credential, which may have ended."""
        document = self.engine.parse(asked.query) if "refreshSession" in asked.query else None
        if isinstance(document, DocumentNode):
            root = root_fields(document, asked.operation_name)
            if root == (OperationType.MUTATION, {"refreshSession"}):
                return SIGNED_OUT
        if asked.token is None:
            return SIGNED_OUT
        if asked.central is None:
            return await identify(asked.token, None)
        return await identify(asked.token, asked.central.removeprefix(CENTRAL))

    async def _operate(self, asked: Asked, viewer: Viewer, request_id: str) -> Answer:
        prepared = self.engine.known(asked.query, asked.operation_name, viewer.mask)
        if prepared is None:
            who = viewer.user_id or asked.address or "nobody"
            if not await self._new_texts.hit(self._new_texts_rate, who):
                allowed = self._new_texts_rate.amount
                words = (
                    f"Too many different documents: {allowed} a minute are allowed. Send values as variables."
                )
                return _refusal(request_id, RequestError.RATE_LIMITED, words, 429, {"perMinute": allowed})
            prepared = self.engine.prepare(asked.query, asked.operation_name, viewer.mask)
        if isinstance(prepared, Refused):
            return _refused(request_id, prepared)
        if asked.read_only and not prepared.is_query:
            words = "Mutations are sent with POST."
            answer = _refusal(request_id, RequestError.BAD_REQUEST, words, 405)
            answer.allow = "POST"
            return answer
        return await self._run(asked, viewer, request_id, prepared)

    async def _run(self, asked: Asked, viewer: Viewer, request_id: str, prepared: Prepared) -> Answer:
        context = Context(
            viewer=viewer,
            serving=self.serving,
            seal=self.seal,
            whole=self.engine.scopes.schema,
            request_id=request_id,
            locale=viewer.locale if viewer.user_id else asked.locale,
            address=asked.address,
            agent=asked.agent,
            refresh_cookie=asked.refresh_cookie,
        )
        outcome = await self.engine.run(prepared, asked.variables, context)
        payload: dict[str, Any] = {}
        before = outcome.never_ran
        if not before:
            payload["data"] = outcome.data
        if outcome.errors:
            payload["errors"] = [_told(error, context, before=before) for error in outcome.errors]
        status = 400 if before else 200
        execution = "compiled" if outcome.compiled else f"standard: {outcome.reason}"
        return Answer(
            request_id,
            payload,
            status,
            request_fault=before,
            cookies=context.cookies,
            execution=execution,
        )


def _note(answer: Answer, viewer: Viewer, seconds: float) -> None:
    """Log an answer; the record is made here, for `info` would look for the line that called it."""
    if not _log.isEnabledFor(logging.INFO):
        return
    told = {
        "request_id": answer.request_id,
        "status": answer.status,
        "codes": [one.get("extensions", {}).get("code") for one in answer.payload.get("errors", ())],
        "user_id": viewer.user_id,
        "account_id": viewer.central.account_id if viewer.central else None,
        "milliseconds": round(seconds * 1000, 1),
    }
    _log.handle(_log.makeRecord(_log.name, logging.INFO, __file__, 0, "operation", (), None, extra=told))


def _refused(request_id: str, refused: Refused) -> Answer:
    errors = []
    for error in refused.errors:
        extensions: dict[str, Any] = {"code": refused.fault.value}
        if refused.allowed:
            extensions["allowed"] = refused.allowed
        errors.append({"message": error.message, **_places(error), "extensions": extensions})
    return Answer(request_id, {"errors": errors}, status=400, request_fault=True)


def _refusal(
    request_id: str, code: RequestError, words: str, status: int, allowed: dict[str, int] | None = None
) -> Answer:
    extensions: dict[str, Any] = {"code": code.value}
    if allowed:
        extensions["allowed"] = allowed
    return Answer(request_id, {"errors": [{"message": words, "extensions": extensions}]}, status=status)


def _internal(request_id: str) -> Answer:
    extensions = {"code": RequestError.INTERNAL.value, "requestId": request_id}
    errors = [{"message": "Something went wrong on our side.", "extensions": extensions}]
    return Answer(request_id, {"errors": errors}, status=500)


def _places(error: GraphQLError) -> dict[str, Any]:
    if not error.locations:
        return {}
    return {"locations": [{"line": place.line, "column": place.column} for place in error.locations]}


def _told(error: GraphQLError, context: Context, *, before: bool) -> dict[str, Any]:
    """An error in the caller's words where it is the caller's; masked, and logged, where it is ours."""
    extensions: dict[str, Any]
    cause = error.original_error
    if before:
        words, extensions = error.message, {"code": RequestError.BAD_INPUT.value}
    elif isinstance(cause, Refusal):
        words = message(cause.message, context.locale, **cause.words)
        extensions = {"code": cause.code.value, **({"field": list(cause.field)} if cause.field else {})}
    elif isinstance(cause, PageFault):
        words = str(cause)
        extensions = {"code": RequestError.BAD_INPUT.value, "field": [cause.argument]}
    elif isinstance(cause, database.Unstorable):
        words = "A text holds characters that no text can hold."
        extensions = {"code": RequestError.BAD_INPUT.value}
    elif isinstance(cause, database.TooSlow):
        words, extensions = "The operation took too long.", {"code": RequestError.TIMEOUT.value}
    elif _says_its_code(error):
        words, extensions = error.message, dict(error.extensions or {})
    elif isinstance(cause, GraphQLError) and cause.nodes:
        # graphql-core's own, about a place in the caller's document: null for an argument, by a variable
        words, extensions = error.message, {"code": RequestError.BAD_INPUT.value}
    else:
        log_fault(context.request_id, cause or error)
        words = "Something went wrong on our side."
        extensions = {"code": RequestError.INTERNAL.value, "requestId": context.request_id}
    told: dict[str, Any] = {"message": words, **_places(error), "extensions": extensions}
    if error.path is not None:
        told["path"] = error.path
    return told


def _says_its_code(error: GraphQLError) -> bool:
    """Whether an error was raised for the caller; executing wraps it once more, with its path."""
    ours = error.original_error is None or isinstance(error.original_error, GraphQLError)
    return ours and (error.extensions or {}).get("code") in RequestError.__members__


def language(header: str) -> str:
    """The first language of an Accept-Language header that messages come in; English without one."""
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

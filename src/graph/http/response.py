"""Responses: results and errors as clients see them, over any transport."""

from collections.abc import Sequence
from typing import Any

import msgspec
from graphql import GraphQLError

from authz.refusal import Refusal
from authz.viewer import Viewer
from engine.document import RejectedOperation, RequestErrorCode
from engine.execute import OperationResult
from engine.rows.connection import PaginationError
from graph.kit.context import Context
from graph.kit.errors import RequestError
from graph.kit.messages import message, shortened
from models import database
from telemetry.faults import log_fault
from telemetry.request import note_error

_NOT_VALID = GraphQLError("The document is not valid on your schema: it selects what you do not have.")
STREAMS_RETRY_SECONDS = 5
"""When to try again above the number of streams or connections: the time that the others last is unknown."""
_UNAVAILABLE = (
    "The database is not available now. Try again; repeated with its idempotencyKey, a mutation is carried"
    " out once."
)


_HINTS = {
    False: "The request has no credential. Most of the schema exists only for those who are signed in.",
    True: "The request names no central. Most of the schema exists only in one: send the header X-Central"
    " with an id of viewer.centrals.",
}


class GraphQLResponse(msgspec.Struct):
    """What is sent back. `request_error` marks an operation that was rejected before it ran."""

    request_id: str
    payload: Any
    status: int = 200
    request_error: bool = False
    cookies: list[tuple[str, str, int]] = []
    headers: dict[str, str] = {}
    retry_after: int | None = None
    execution: str | None = None
    compressible: bool = False
    """Whether it contains no secret, whose value the length of a compressed response could reveal."""
    repeated: bool = False
    """Whether the same response is sent again and again, so that it is compressed once."""
    stream: Any = None
    """The stream after the response, if the operation is a subscription."""


def result_payload(result: OperationResult, context: Context) -> dict[str, Any]:
    """The payload of a result, without data if the operation was rejected before it ran."""
    if not result.errors:
        return {"data": result.data}
    payload: dict[str, Any] = {}
    if not result.never_ran:
        payload["data"] = result.data
    payload["errors"] = [error_entry(error, context, before=result.never_ran) for error in result.errors]
    return payload


def hint(viewer: Viewer) -> dict[str, str]:
    """What a request lacks if its document is not valid, whatever the document says."""
    return {} if viewer.central else {"hint": _HINTS[viewer.user_id is not None]}


def rejected(
    request_id: str, rejected: RejectedOperation, viewer: Viewer, *, withheld: bool = False
) -> GraphQLResponse:
    """A rejection. If the document's text is withheld, the errors repeat nothing from it."""
    errors = []
    not_valid = rejected.code is RequestErrorCode.VALIDATION
    more = hint(viewer) if not_valid else {}
    for error in (_NOT_VALID,) if withheld and not_valid else rejected.errors:
        extensions: dict[str, Any] = {"code": rejected.code.value, **more}
        if rejected.allowed:
            extensions["allowed"] = rejected.allowed
        errors.append({"message": shortened(error.message), **_locations(error), "extensions": extensions})
    return GraphQLResponse(request_id, {"errors": errors}, status=400, request_error=True)


def unknown_document(request_id: str, *, automatic: bool) -> GraphQLResponse:
    """The response to an unknown name of a document, as clients of automatic persisted queries expect it."""
    code = RequestError.PERSISTED_QUERY_NOT_FOUND
    if automatic:
        return refusal(request_id, code, "PersistedQueryNotFound", 200)
    response = refusal(request_id, code, "There is no trusted document with this documentId.", 400)
    response.request_error = True
    return response


def refusal(
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


def internal(request_id: str) -> GraphQLResponse:
    extensions = {"code": RequestError.INTERNAL.value, "requestId": request_id}
    errors = [{"message": "Something went wrong on our side.", "extensions": extensions}]
    return GraphQLResponse(request_id, {"errors": errors}, status=500)


def unauthenticated(request_id: str) -> GraphQLResponse:
    """The response to a credential that identifies no one."""
    text = "The credential is bad, expired or revoked."
    return refusal(request_id, RequestError.UNAUTHENTICATED, text, 401)


def unavailable(request_id: str) -> GraphQLResponse:
    """The response while the database is unreachable, full or read-only."""
    response = refusal(request_id, RequestError.UNAVAILABLE, _UNAVAILABLE, 503)
    response.retry_after = 1
    return response


def no_central(request_id: str) -> GraphQLResponse:
    """The same response to a central that the viewer cannot enter and to one that does not exist."""
    text = "There is no such central, or you may not enter it."
    return refusal(request_id, RequestError.NOT_FOUND, text, 404)


def too_many_streams(most: int) -> GraphQLResponse:
    """The response to a subscription above the number that a client can have at once."""
    text = f"Too many subscriptions at once; at most {most:,} are allowed."
    more = {"retryAfter": STREAMS_RETRY_SECONDS}
    response = refusal("", RequestError.RATE_LIMITED, text, 429, {"subscriptions": most}, **more)
    response.retry_after = STREAMS_RETRY_SECONDS
    return response


def expired(request_id: str) -> GraphQLResponse:
    """The response to a subscription's cursor that is so old that later events are no longer stored."""
    text = "The cursor is too old: events are stored for 24 hours. Fetch the data and subscribe again."
    return refusal(request_id, RequestError.CURSOR_EXPIRED, text, 400)


def _locations(error: GraphQLError) -> dict[str, Any]:
    if not error.locations:
        return {}
    return {"locations": [{"line": location.line, "column": location.column} for location in error.locations]}


def error_entry(error: GraphQLError, context: Context, *, before: bool) -> dict[str, Any]:
    """An error as the client sees it. Internal errors are masked and logged."""
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
    elif isinstance(cause, database.Outage):
        text, extensions = _UNAVAILABLE, {"code": RequestError.UNAVAILABLE.value}
    elif _says_its_code(error):
        text, extensions = error.message, dict(error.extensions or {})
    elif isinstance(cause, GraphQLError) and cause.nodes:
        # raised by graphql-core with a place in the document: an argument that a variable sets to null
        text, extensions = error.message, {"code": RequestError.BAD_INPUT.value}
    else:
        log_fault(context.request_id, cause or error)
        text = "Something went wrong on our side."
        extensions = {"code": RequestError.INTERNAL.value, "requestId": context.request_id}
    entry: dict[str, Any] = {"message": shortened(text), **_locations(error), "extensions": extensions}
    if error.path is not None:
        entry["path"] = error.path
    return entry


def _says_its_code(error: GraphQLError) -> bool:
    """Whether an error was raised for the client. Execution wraps it in another one with its path."""
    ours = error.original_error is None or isinstance(error.original_error, GraphQLError)
    return ours and (error.extensions or {}).get("code") in RequestError.__members__


def encoded(payload: Any) -> bytes:
    """A payload as JSON."""
    return msgspec.json.encode(payload)


def bounded(response: GraphQLResponse, most: int) -> bytes:
    """The payload of a response as JSON, or an error if it exceeds the largest number of bytes."""
    content = encoded(response.payload)
    if len(content) <= most:
        return content
    text = f"The response has {len(content):,} bytes; at most {most:,} are allowed. Ask for less at once."
    code = RequestError.RESPONSE_TOO_LARGE
    note_error(code.value, "operation")
    shorter = refusal(response.request_id, code, text, response.status, {"bytes": most})
    return encoded({"data": None, **shorter.payload})


def together(responses: Sequence[GraphQLResponse], most: int) -> GraphQLResponse:
    """One response for a batch, limited to the length of a single response."""
    contents: list[msgspec.Raw] = []
    for response in responses:
        content = bounded(response, most)
        most = max(0, most - len(content))
        contents.append(msgspec.Raw(content))
    statuses = {response.status for response in responses}
    waits = [response.retry_after for response in responses if response.retry_after is not None]
    return GraphQLResponse(
        responses[0].request_id,
        contents,
        status=statuses.pop() if len(statuses) == 1 else 200,
        request_error=all(response.request_error for response in responses),
        cookies=[cookie for response in responses for cookie in response.cookies],
        retry_after=max(waits, default=None),
        compressible=all(response.compressible for response in responses),
    )

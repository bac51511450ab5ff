"""The audit log as a file of any length: all of it, or the entries that match a filter."""

import csv
import functools
import io
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date
from typing import Any

import msgspec
from graphql import GraphQLSchema
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from strawberry import ID

from actions.kit.call import Call
from actions.kit.mutation import Done, Mutation
from authz import reach
from authz.gates import Standing
from authz.identity import NoSuchCentral
from authz.refusal import Refusal, Unauthenticated
from authz.viewer import Viewer
from engine.rows.select import Selection, beyond
from engine.rows.select import page as select_page
from graph.audit.types import (
    NEWEST,
    AuditFilter,
    AuditObjectInput,
    actor_id,
    find_entries,
    object_named,
    shown_changes,
)
from graph.http.body import BadRequest
from graph.http.endpoint import credential, headers_of, same_site
from graph.http.export_limit import Download, Exports, TooManyExports
from graph.http.handler import GraphQLHandler, language
from graph.http.request import GraphQLRequest
from graph.identity.sessions.mutations import ACCESS_COOKIE
from graph.kit.errors import RequestError
from graph.kit.messages import message
from graph.kit.period import PeriodInput
from graph.kit.scalars import Date, write_time
from models import database
from telemetry.request import note_caller, note_code, note_error, request_id

EXPORT_AUDIT_LOG = Mutation("exportAuditLog", Standing.ADMIN, "Account", while_closed=True)
_PAGE = 500
_COLUMNS = (
    *("id", "sequence", "at", "user_id", "user_name", "token_id", "token_name", "act", "object_type"),
    *("object_id", "let_by", "refusal", "request_id", "address", "changes", "digest"),
)
_NAMES = (
    *("id", "sequence", "at", "actor", "userName", "tokenId", "tokenName", "act", "objectType"),
    *("objectId", "letBy", "refusal", "requestId", "address", "changes", "digest"),
)
_FILTERS = {"actor", "act", "objectType", "objectId", "refused", "from", "to"}
# characters that start a formula in a spreadsheet; the wide ones do so in some languages
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


class AccessEnded(Exception):
    """The viewer lost access during an export, which is then cut short."""


def audit_export(handler: GraphQLHandler) -> Route:
    """The route of the export. For viewers who cannot read the log, it does not exist."""

    exports = Exports()

    async def export(request: Request) -> Response:
        if request.method != "GET":
            raise HTTPException(404)
        try:
            graphql_request = _graphql_request(request)
            same_site(headers_of(request.scope), graphql_request, handler)
            viewer = await handler.viewer(graphql_request)
            if not viewer.mask & Standing.ADMIN:
                raise HTTPException(404)
            write = _FORMATS[_format(request.query_params)]
            filter_ = _filter(request.query_params)
            return await _export(handler, exports, graphql_request, viewer, filter_, write)
        except Unauthenticated:
            return _unauthenticated(graphql_request, secure=handler.serving.secure_cookies)
        except NoSuchCentral as error:
            raise HTTPException(404) from error
        except BadRequest as bad:
            return _failed(RequestError.BAD_REQUEST.value, bad.message, bad.status)
        except Refusal as refusal:
            return _refused(refusal, graphql_request.locale)
        except database.TooSlow:
            return _failed(RequestError.TIMEOUT.value, "The export took too long.", 503)
        except database.Outage:
            return _failed(RequestError.UNAVAILABLE.value, "The database is not available now.", 503)

    return Route("/export/audit", export, methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])


def _graphql_request(request: Request) -> GraphQLRequest:
    token, in_cookie = credential(headers_of(request.scope), request.cookies)
    return GraphQLRequest(
        query="",
        token=token,
        token_in_cookie=in_cookie,
        central=request.headers.get("x-central") or request.query_params.get("central"),
        locale=language(request.headers.get("accept-language", "")),
        address=request.client.host if request.client else None,
    )


def _format(parameters: QueryParams) -> str:
    unknown = set(parameters) - _FILTERS - {"format", "central"}
    if unknown:
        raise BadRequest(400, f"There is no parameter {min(unknown)[:40]!r}.")
    found = parameters.get("format", "csv")
    if found not in _FORMATS:
        raise BadRequest(400, "format is csv or jsonl.")
    return found


def _filter(parameters: QueryParams) -> AuditFilter:
    refused = parameters.get("refused")
    if refused not in (None, "true", "false"):
        raise BadRequest(400, "refused is true or false.")
    if ("from" in parameters) != ("to" in parameters):
        raise BadRequest(400, "from and to come together.")
    if "objectId" in parameters and "objectType" not in parameters:
        raise BadRequest(400, "objectId comes with objectType.")
    object_type = parameters.get("objectType")
    return AuditFilter(
        actor=ID(parameters["actor"]) if "actor" in parameters else None,
        act=parameters.getlist("act") or None,
        object=None
        if object_type is None
        else AuditObjectInput(type=object_type, id=parameters.get("objectId")),
        refused=None if refused is None else refused == "true",
        period=PeriodInput(from_=_day(parameters["from"]), to=_day(parameters["to"]))
        if "from" in parameters
        else None,
    )


def _day(text: str) -> Date:
    try:
        if len(text) == len("2026-01-31"):
            return Date(date.fromisoformat(text))
    except ValueError:
        pass
    raise BadRequest(400, "from and to are dates as 2026-01-31.")


async def _export(
    handler: GraphQLHandler,
    exports: Exports,
    graphql_request: GraphQLRequest,
    viewer: Viewer,
    filter_: AuditFilter,
    write: "Writer",
) -> Response:
    find_entries(viewer, filter_)  # a bad filter is refused before the export is logged as done
    assert viewer.user_id is not None
    assert viewer.central is not None
    note_caller(viewer.user_id, viewer.central.account_id)
    call = Call(viewer, request_id(), graphql_request.address, handler.serving.chain_key)
    async with EXPORT_AUDIT_LOG.refusals_logged(call):
        await exports.begin(viewer.user_id, viewer.central.account_id)
    release = functools.partial(exports.end, viewer.user_id)
    try:
        download = await _start_download(handler, graphql_request, call, filter_, write)
    except BaseException:
        release()
        raise
    download.release = release
    return download


async def _start_download(
    handler: GraphQLHandler,
    graphql_request: GraphQLRequest,
    call: Call,
    filter_: AuditFilter,
    write: "Writer",
) -> Download:
    async def nothing(current: Viewer) -> Done:
        assert current.central is not None
        return Done(current.central.account_id)

    try:
        await EXPORT_AUDIT_LOG.perform(call, nothing)
    except Refusal as refusal:
        raise HTTPException(404) from refusal
    pages = _pages(handler, graphql_request, filter_)
    first = await anext(pages)
    media_type, ending, opening, lines = write

    async def content() -> AsyncIterator[bytes]:
        yield opening() + lines(first)
        async for rows in pages:
            yield lines(rows)

    name = f"audit-{write_time(database.now())[:10]}.{ending}"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "vary": "Authorization, Cookie, X-Central",
    }
    return Download(content(), media_type=media_type, headers=headers)


async def _pages(
    handler: GraphQLHandler, graphql_request: GraphQLRequest, filter_: AuditFilter
) -> AsyncIterator[list[dict[str, Any]]]:
    """The entries in pages, newest first. Each page is read with the viewer's access at that time."""
    position: tuple[Any, ...] | None = None
    while True:
        viewer = await _current_viewer(handler, graphql_request)
        found = find_entries(viewer, filter_)
        after = beyond((NEWEST,), position, reverse=False) if position is not None else None
        columns = tuple(f"r.{name} AS {name}" for name in _COLUMNS)
        statement = select_page(
            Selection("audit_entries", columns),
            reach.audit(viewer),
            found.where,
            (NEWEST,),
            after=after,
            reverse=False,
            limit=_PAGE,
            dialect=database.dialect(),
        )
        rows = await database.read(statement)
        schema = handler.engine.scopes.scoped(viewer.mask)._schema
        yield [_entry(row, schema, viewer) for row in rows]
        if len(rows) < _PAGE:
            return
        position = (rows[-1]["at"], rows[-1]["id"])


async def _current_viewer(handler: GraphQLHandler, graphql_request: GraphQLRequest) -> Viewer:
    try:
        viewer = await handler.viewer(graphql_request)
    except (Unauthenticated, NoSuchCentral) as over:
        raise AccessEnded from over
    if not viewer.mask & Standing.ADMIN:
        raise AccessEnded
    return viewer


def _entry(row: Any, schema: GraphQLSchema, viewer: Viewer) -> dict[str, Any]:
    values = [row[name] for name in _COLUMNS]
    entry = dict(zip(_NAMES, values, strict=True))
    entry["id"] = f"entry_{entry['id']}"
    entry["at"] = write_time(entry["at"])
    entry["actor"] = actor_id(entry["actor"], entry["letBy"])
    entry["tokenId"] = object_named("AccessToken", entry["tokenId"])
    entry["objectId"] = object_named(entry["objectType"], entry["objectId"])
    entry["changes"] = [
        {"field": change.field, "before": change.before, "after": change.after, "count": change.count}
        for change in shown_changes(row["changes"], schema, viewer.mask)
    ]
    return entry


def _csv(rows: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([[_cell(value) for value in row] for row in rows])
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    """The text of a cell, escaped so that no spreadsheet reads it as a formula."""
    if value is None:
        return ""
    text = msgspec.json.encode(value).decode() if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv_lines(entries: Sequence[dict[str, Any]]) -> bytes:
    return _csv([tuple(entry.values()) for entry in entries])


def _json_lines(entries: Sequence[dict[str, Any]]) -> bytes:
    return b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries)


def _csv_opening() -> bytes:
    return "\ufeff".encode() + _csv(
        [_NAMES]
    )  # without the byte order mark, spreadsheets guess another encoding


def _json_opening() -> bytes:
    return b""


Writer = tuple[str, str, Callable[[], bytes], Callable[[Sequence[dict[str, Any]]], bytes]]
_FORMATS: dict[str, Writer] = {
    "csv": ("text/csv; charset=utf-8", "csv", _csv_opening, _csv_lines),
    "jsonl": ("application/jsonl; charset=utf-8", "jsonl", _json_opening, _json_lines),
}


def _failed(code: str, text: str, status: int, **more: Any) -> Response:
    note_code(code)
    note_error(code, "export")
    return JSONResponse({"errors": [{"message": text, "extensions": {"code": code, **more}}]}, status)


def _refused(refusal: Refusal, locale: str) -> Response:
    text = message(refusal.message, locale, **refusal.words)
    if not isinstance(refusal, TooManyExports):
        return _failed(refusal.code.value, text, 400)
    response = _failed(refusal.code.value, text, 429, allowed=refusal.allowed)
    response.headers["retry-after"] = str(refusal.seconds)
    return response


def _unauthenticated(graphql_request: GraphQLRequest, *, secure: bool) -> Response:
    response = _failed(RequestError.UNAUTHENTICATED.value, "The credential is bad, expired or revoked.", 401)
    response.headers["www-authenticate"] = "Bearer"
    if graphql_request.token_in_cookie:
        response.delete_cookie(ACCESS_COOKIE, secure=secure, httponly=True, samesite="strict")
    return response

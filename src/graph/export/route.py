"""What exports have in common: who can have one, how often, and how its pages become a file."""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actions.kit.call import Call
from actions.kit.mutation import Done, Mutation
from authz.identity import NoSuchCentral
from authz.refusal import Refusal, Unauthenticated
from authz.viewer import Viewer
from graph.export.download import Download
from graph.export.formats import FORMATS, Format, Table
from graph.export.limit import Exports, TooManyExports
from graph.export.reader import AccessEnded, ReadFault, RequestReader, started
from graph.http.admission import TooMuch
from graph.http.body import BadRequest, require_few_values
from graph.http.documents import UntrustedDocument
from graph.http.endpoint import same_site
from graph.http.handler import GraphQLHandler, language
from graph.http.headers import cookies_of, credential, headers_of
from graph.http.request import GraphQLRequest
from graph.identity.sessions.mutations import ACCESS_COOKIE
from graph.kit.errors import RequestError
from graph.kit.messages import message
from graph.kit.scalars import write_time
from models import database
from telemetry.request import note_caller, note_code, note_error, request_id


class Source(NamedTuple):
    """What a route exports. The log shows each export under the name of `mutation`, whose gate it needs.

    `table` finds the table that parameters describe. It raises `BadRequest`, a `Refusal`, or a 404 where the
    viewer has no such table.
    """

    path: str
    mutation: Mutation
    parameters: Collection[str]
    formats: Collection[str]
    table: Callable[[RequestReader, QueryParams, str], Awaitable[Table]]
    own_formats: Mapping[str, Format] = {}
    """The formats that no other route has."""


def export_route(handler: GraphQLHandler, exports: Exports, source: Source) -> Route:
    """The route of an export. For viewers without its gate, it does not exist."""

    async def export(request: Request) -> Response:
        if request.method != "GET":
            raise HTTPException(404)
        try:
            graphql_request = _graphql_request(request)
            same_site(headers_of(request.scope), graphql_request, handler)
            viewer = await handler.viewer(graphql_request)
            await handler.count_call(viewer)
            if not viewer.mask & source.mutation.bit:
                raise HTTPException(404)
            file_format = _format(request.query_params, source)
            reader = RequestReader(handler, graphql_request, source.mutation.bit)
            table = functools.partial(source.table, reader, request.query_params, file_format.ending)
            find = functools.partial(_while_connected, request, table)
            return await _export(exports, reader, viewer, source.mutation, find, file_format)
        except (NoSuchCentral, UntrustedDocument) as error:
            raise HTTPException(404) from error
        except BadRequest as bad:
            return _bad(bad)
        except (Unauthenticated, AccessEnded, TooMuch, Refusal, database.Outage) as error:
            return _failure(error, graphql_request, secure=handler.serving.secure_cookies)
        except database.TooSlow:
            return failed(RequestError.TIMEOUT.value, "The export took too long.", 503)

    return Route(source.path, export, methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])


def _bad(bad: BadRequest) -> Response:
    if isinstance(bad, ReadFault):
        return failed(RequestError.INTERNAL.value, bad.message, bad.status, requestId=request_id())
    return failed(RequestError.BAD_REQUEST.value, bad.message, bad.status)


def _failure(error: Exception, request: GraphQLRequest, *, secure: bool) -> Response:
    """The response to an export that did not begin."""
    match error:
        case Unauthenticated():
            return _unauthenticated(request, secure=secure)
        case AccessEnded():
            raise HTTPException(404) from error
        case TooMuch():
            return _too_much(error.text, error.allowed, error.seconds)
        case Refusal():
            return _refused(error, request.locale)
    return failed(RequestError.UNAVAILABLE.value, "The database is not available now.", 503)


def _graphql_request(request: Request) -> GraphQLRequest:
    token, in_cookie = credential(headers_of(request.scope), cookies_of(request.scope))
    return GraphQLRequest(
        query="",
        token=token,
        token_in_cookie=in_cookie,
        central=request.headers.get("x-central") or request.query_params.get("central"),
        locale=language(request.headers.get("accept-language", "")),
        address=request.client.host if request.client else None,
    )


def _format(parameters: QueryParams, source: Source) -> Format:
    unknown = set(parameters) - set(source.parameters) - {"format", "central"}
    if unknown:
        raise BadRequest(400, f"There is no parameter {min(unknown)[:40]!r}.")
    found = parameters.get("format", "csv")
    if found not in source.formats:
        *others, last = source.formats
        raise BadRequest(400, f"format is {', '.join(others)} or {last}.")
    return source.own_formats.get(found) or FORMATS[found]


async def _export(
    exports: Exports,
    reader: RequestReader,
    viewer: Viewer,
    act: Mutation,
    find: Callable[[], Awaitable[Table]],
    file_format: Format,
) -> Response:
    """The download, whose first page is read once the limit allows it."""
    assert viewer.user_id is not None
    assert viewer.central is not None
    note_caller(viewer.user_id, viewer.central.account_id)
    call = Call(viewer, request_id(), reader.request.address, reader.handler.serving.chain_key)
    async with act.refusals_logged(call):
        await exports.begin(viewer.user_id, viewer.central.account_id)
    release = functools.partial(exports.end, viewer.user_id)
    try:
        download = await _start_download(call, act, await find(), file_format)
    except BaseException:
        release()
        raise
    download.release = release
    return download


async def _while_connected(request: Request, find: Callable[[], Awaitable[Table]]) -> Table:
    """The table, unless the client disconnects: then its statement ends, as the download would."""
    finding = asyncio.ensure_future(find())
    gone = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait((finding, gone), return_when=asyncio.FIRST_COMPLETED)
        if not finding.done():
            raise HTTPException(499)  # nobody receives it
        return finding.result()
    finally:
        finding.cancel()
        gone.cancel()
        await asyncio.gather(finding, gone, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _start_download(call: Call, act: Mutation, table: Table, file_format: Format) -> Download:
    async def nothing(current: Viewer) -> Done:
        assert current.central is not None
        return Done(current.central.account_id, table.changes)

    try:
        await act.perform(call, nothing)
    except Refusal as refusal:
        raise HTTPException(404) from refusal
    content = file_format.content(table._replace(pages=await started(table.pages)))
    name = f"{table.name}-{write_time(database.now())[:10]}.{file_format.ending}"
    disposition = "inline" if file_format.inline else "attachment"
    headers = {
        **file_format.headers,
        "content-disposition": f'{disposition}; filename="{name}"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "vary": "Authorization, Cookie, X-Central",
    }
    return Download(content, media_type=file_format.media_type, headers=headers)


def failed(code: str, text: str, status: int, **more: Any) -> Response:
    """An error as the API writes it."""
    note_code(code)
    note_error(code, "export")
    return JSONResponse({"errors": [{"message": text, "extensions": {"code": code, **more}}]}, status)


def _refused(refusal: Refusal, locale: str) -> Response:
    text = message(refusal.message, locale, **refusal.words)
    if not isinstance(refusal, TooManyExports):
        return failed(refusal.code.value, text, 400)
    return _too_much(text, refusal.allowed, refusal.seconds)


def _too_much(text: str, allowed: dict[str, int], seconds: int) -> Response:
    response = failed(RequestError.RATE_LIMITED.value, text, 429, allowed=allowed)
    response.headers["retry-after"] = str(seconds)
    return response


def _unauthenticated(graphql_request: GraphQLRequest, *, secure: bool) -> Response:
    response = failed(RequestError.UNAUTHENTICATED.value, "The credential is bad, expired or revoked.", 401)
    response.headers["www-authenticate"] = "Bearer"
    if graphql_request.token_in_cookie:
        response.delete_cookie(ACCESS_COOKIE, secure=secure, httponly=True, samesite="strict")
    return response


def json_parameter(parameters: Mapping[str, str], name: str) -> Any:
    """A parameter that is an input of the API, as JSON; None without it."""
    text = parameters.get(name)
    if text is None:
        return None
    try:
        content = text.encode()
        require_few_values(content)
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadRequest(400, f"{name} is JSON, as the API takes it.") from error


def chosen_columns(visible: Sequence[str], chosen: str | None) -> tuple[str, ...]:
    """The columns that a parameter names among those that a viewer has; without it, all of them."""
    if chosen is None:
        return tuple(visible)
    wanted = tuple(dict.fromkeys(chosen.split(",")))
    for column in wanted:
        if column not in visible:
            raise BadRequest(400, f"There is no column {column[:60]!r}.")
    return wanted

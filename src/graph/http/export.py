"""What exports have in common: who can have one, how often, and how its pages become a file."""

import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from authz.identity import NoSuchCentral
from authz.refusal import Refusal, Unauthenticated
from authz.viewer import Viewer
from engine.document import RejectedOperation
from graph.http.body import BadRequest
from graph.http.endpoint import credential, headers_of, same_site
from graph.http.export_format import FORMATS, Format, Pages
from graph.http.export_limit import Download, Exports, TooManyExports
from graph.http.handler import GraphQLHandler, language
from graph.http.request import GraphQLRequest
from graph.identity.sessions.mutations import ACCESS_COOKIE
from graph.kit.errors import RequestError
from graph.kit.messages import message
from graph.kit.scalars import write_time
from models import database
from telemetry.request import note_caller, note_code, note_error, request_id

_LONGEST = 20_000


class AccessEnded(Exception):
    """The viewer lost access during an export, which is then cut short."""


class Table(NamedTuple):
    """A table to export: the name of its file, its columns, its pages, and what the log shows of it."""

    name: str
    columns: tuple[str, ...]
    pages: Pages
    changes: tuple[Change, ...] = ()


class Source(NamedTuple):
    """What a route exports. The log shows each export under the name of `mutation`, whose gate it needs.

    `table` finds the table that parameters describe. It raises `BadRequest`, a `Refusal`, or a 404 where the
    viewer has no such table.
    """

    path: str
    mutation: Mutation
    parameters: Collection[str]
    formats: Collection[str]
    table: Callable[["Reader", QueryParams, str], Awaitable[Table]]


class Reader:
    """The request for an export: each page is read with the viewer's access at that time."""

    def __init__(self, handler: GraphQLHandler, request: GraphQLRequest, bit: int) -> None:
        self.handler = handler
        self.request = request
        self._bit = bit

    async def viewer(self) -> Viewer:
        """The viewer now. Raises `AccessEnded` if they can no longer export."""
        try:
            viewer = await self.handler.viewer(self.request)
        except (Unauthenticated, NoSuchCentral) as over:
            raise AccessEnded from over
        if not viewer.mask & self._bit:
            raise AccessEnded
        return viewer


def export_route(handler: GraphQLHandler, exports: Exports, source: Source) -> Route:
    """The route of an export. For viewers without its gate, it does not exist."""

    async def export(request: Request) -> Response:
        if request.method != "GET":
            raise HTTPException(404)
        try:
            graphql_request = _graphql_request(request)
            same_site(headers_of(request.scope), graphql_request, handler)
            viewer = await handler.viewer(graphql_request)
            if not viewer.mask & source.mutation.bit:
                raise HTTPException(404)
            file_format = _format(request.query_params, source)
            reader = Reader(handler, graphql_request, source.mutation.bit)
            find = functools.partial(source.table, reader, request.query_params, file_format.ending)
            return await _export(exports, reader, viewer, source.mutation, find, file_format)
        except Unauthenticated:
            return _unauthenticated(graphql_request, secure=handler.serving.secure_cookies)
        except NoSuchCentral as error:
            raise HTTPException(404) from error
        except BadRequest as bad:
            return failed(RequestError.BAD_REQUEST.value, bad.message, bad.status)
        except Refusal as refusal:
            return _refused(refusal, graphql_request.locale)
        except database.TooSlow:
            return failed(RequestError.TIMEOUT.value, "The export took too long.", 503)
        except database.Outage:
            return failed(RequestError.UNAVAILABLE.value, "The database is not available now.", 503)

    return Route(source.path, export, methods=["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])


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


def _format(parameters: QueryParams, source: Source) -> Format:
    unknown = set(parameters) - set(source.parameters) - {"format", "central"}
    if unknown:
        raise BadRequest(400, f"There is no parameter {min(unknown)[:40]!r}.")
    found = parameters.get("format", "csv")
    if found not in source.formats:
        *others, last = source.formats
        raise BadRequest(400, f"format is {', '.join(others)} or {last}.")
    return FORMATS[found]


async def _export(
    exports: Exports,
    reader: Reader,
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


async def _start_download(call: Call, act: Mutation, table: Table, file_format: Format) -> Download:
    async def nothing(current: Viewer) -> Done:
        assert current.central is not None
        return Done(current.central.account_id, table.changes)

    try:
        await act.perform(call, nothing)
    except Refusal as refusal:
        raise HTTPException(404) from refusal
    content = file_format.content(table.columns, await started(table.pages))
    name = f"{table.name}-{write_time(database.now())[:10]}.{file_format.ending}"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "vary": "Authorization, Cookie, X-Central",
    }
    return Download(content, media_type=file_format.media_type, headers=headers)


async def started(pages: Pages) -> Pages:
    """The same pages, of which the first was read already: its errors are no broken download."""
    first = await anext(pages)

    async def all_pages() -> AsyncIterator[Any]:
        yield first
        async for page in pages:
            yield page

    return all_pages()


def failed(code: str, text: str, status: int, **more: Any) -> Response:
    """An error as the API writes it."""
    note_code(code)
    note_error(code, "export")
    return JSONResponse({"errors": [{"message": text, "extensions": {"code": code, **more}}]}, status)


def _refused(refusal: Refusal, locale: str) -> Response:
    text = message(refusal.message, locale, **refusal.words)
    if not isinstance(refusal, TooManyExports):
        return failed(refusal.code.value, text, 400)
    response = failed(refusal.code.value, text, 429, allowed=refusal.allowed)
    response.headers["retry-after"] = str(refusal.seconds)
    return response


def _unauthenticated(graphql_request: GraphQLRequest, *, secure: bool) -> Response:
    response = failed(RequestError.UNAUTHENTICATED.value, "The credential is bad, expired or revoked.", 401)
    response.headers["www-authenticate"] = "Bearer"
    if graphql_request.token_in_cookie:
        response.delete_cookie(ACCESS_COOKIE, secure=secure, httponly=True, samesite="strict")
    return response


def json_parameter(parameters: QueryParams, name: str) -> Any:
    """A parameter that is an input of the API, as JSON; None without it."""
    text = parameters.get(name)
    if text is None:
        return None
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError) as error:
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


def selection(columns: Iterable[str]) -> str:
    """The fields of some paths, as a document selects them."""
    tree: dict[str, Any] = {}
    for column in columns:
        level = tree
        for name in column.split("."):
            level = level.setdefault(name, {})
    return _written(tree)


def _written(tree: dict[str, Any]) -> str:
    return " ".join(f"{name} {{ {_written(below)} }}" if below else name for name, below in tree.items())


async def read_account(reader: Reader, viewer: Viewer, document: str, variables: dict[str, Any]) -> Any:
    """The account that an ordinary query returns. Raises `BadRequest` for what the API refuses."""
    handler = reader.handler
    prepared = handler.engine.prepare(document, None, viewer.mask, variables)
    if isinstance(prepared, RejectedOperation):
        raise BadRequest(400, prepared.errors[0].message)
    context = handler.context(reader.request, viewer, request_id())
    result = await handler.engine.run(prepared, variables, context)
    if result.errors:
        raise BadRequest(400, result.errors[0].message[:_LONGEST])
    return msgspec.json.decode(msgspec.json.encode(result.data))["account"]


def value_at(node: Any, column: str) -> Any:
    """The value at the path of a column."""
    for name in column.split("."):
        if node is None:
            return None
        node = node[name]
    return node

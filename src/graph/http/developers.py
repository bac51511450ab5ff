"""The documentation of the API for the signed-in: pages, and the schema as a file."""

import asyncio

from limits import RateLimitItemPerMinute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from actions.kit.rates import rates
from authz.centrals import enterable_centrals
from authz.gates import grant_bit
from authz.grant import Grant
from authz.identity import NoSuchCentral
from authz.refusal import Unauthenticated
from authz.viewer import Viewer
from graph.developers.documentation.changelog import visible_entries
from graph.developers.documentation.events import visible_events
from graph.developers.documentation.page import DOCS_PATH, SDL_PATH, Pages, choice
from graph.http.admission import TooMuch
from graph.http.body import BadRequest
from graph.http.compression import LEAST_BYTES, coding_of, compressed
from graph.http.documents import UntrustedDocument
from graph.http.endpoint import same_site
from graph.http.graphiql import POLICY
from graph.http.handler import GraphQLHandler
from graph.http.headers import cookies_of, credential, headers_of
from graph.http.request import GraphQLRequest
from graph.kit.sdl import sdl_of
from graph.viewer.types import CENTRAL
from models import database
from telemetry.request import note_caller

READS_A_MINUTE = 120
"""How many pages a person can read."""
_RATE = RateLimitItemPerMinute(READS_A_MINUTE)
_BIT = grant_bit(Grant.VIEW_API_DOCUMENTATION)
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "vary": "Accept-Encoding, Authorization, Cookie, X-Central",
    "x-content-type-options": "nosniff",
}


def developer_routes(handler: GraphQLHandler) -> list[Route]:
    """The routes. For viewers without the grant, they do not exist."""
    pages = _Pages(handler)
    return [
        Route(SDL_PATH, pages.schema, methods=["GET"]),
        Route(DOCS_PATH, pages.docs, methods=["GET"]),
        Route(DOCS_PATH + "/{name}", pages.docs, methods=["GET"]),
    ]


class _Pages:
    """Answers the requests for the documentation with what its reader has."""

    def __init__(self, handler: GraphQLHandler) -> None:
        self._handler = handler

    async def schema(self, request: Request) -> Response:
        """The viewer's schema as a file."""
        try:
            viewer = await self._reader(request)
        except Unauthenticated:
            return Response(None, 401, {**_HEADERS, "www-authenticate": "Bearer"})
        text = await sdl_of(self._handler.engine.scopes.scoped(viewer.mask))
        headers = {"content-disposition": 'attachment; filename="schema.graphql"'}
        return await _sent(request, text, "text/plain; charset=utf-8", headers)

    async def docs(self, request: Request) -> Response:
        """A page. Without a central, the reader chooses one; without a session, they sign in."""
        name = request.path_params.get("name")
        try:
            viewer = await self._reader(request, chooses=name is None)
        except Unauthenticated:
            return RedirectResponse("/graphql", 303, _HEADERS)
        if viewer.central is None:
            html: str | None = await _choice(viewer)
        else:
            html = await asyncio.to_thread(self._page, viewer, name)
        if html is None:
            raise HTTPException(404)
        return await _sent(request, html, "text/html; charset=utf-8")

    async def _reader(self, request: Request, *, chooses: bool = False) -> Viewer:
        """The viewer, if the documentation exists for them. Raises `Unauthenticated`."""
        sent = _graphql_request(request)
        try:
            same_site(headers_of(request.scope), sent, self._handler)
            viewer = await self._handler.viewer(sent)
            await self._handler.count_call(viewer)
        except TooMuch as much:
            raise HTTPException(429, headers={"retry-after": str(much.seconds)}) from much
        except BadRequest as bad:
            raise HTTPException(bad.status) from bad
        except (NoSuchCentral, UntrustedDocument) as error:
            raise HTTPException(404) from error
        except (database.Outage, database.TooSlow) as fault:
            raise HTTPException(503) from fault
        if viewer.user_id is None:
            raise Unauthenticated
        if not viewer.mask & _BIT and not (chooses and viewer.central is None):
            raise HTTPException(404)
        note_caller(viewer.user_id, viewer.account_id)
        if not await rates().hit(_RATE, "docs", viewer.user_id):
            wait = str(await rates().seconds_left(_RATE, "docs", viewer.user_id))
            raise HTTPException(429, headers={"retry-after": wait})
        return viewer

    def _page(self, viewer: Viewer, name: str | None) -> str | None:
        scopes = self._handler.engine.scopes
        schema = scopes.scoped(viewer.mask)._schema
        pages = Pages(schema, f"{CENTRAL}{viewer.account_id}")
        if name is not None:
            return pages.of_type(name)
        changes = visible_entries(schema, scopes.schema, viewer.mask)
        return pages.overview(changes, visible_events(schema, scopes.full))


async def _choice(viewer: Viewer) -> str:
    """The page of the centrals in which the viewer has the documentation."""
    centrals = await enterable_centrals(viewer)
    return choice(
        [
            (f"{CENTRAL}{central.account_id}", central.account_name)
            for central in centrals
            if central.grants & _BIT
        ]
    )


def _graphql_request(request: Request) -> GraphQLRequest:
    token, in_cookie = credential(headers_of(request.scope), cookies_of(request.scope))
    return GraphQLRequest(
        query="",
        token=token,
        token_in_cookie=in_cookie,
        central=request.headers.get("x-central") or request.query_params.get("central"),
        address=request.client.host if request.client else None,
    )


async def _sent(request: Request, text: str, media_type: str, more: dict[str, str] | None = None) -> Response:
    """The text, compressed as its reader wants it."""
    content, headers = text.encode(), {**_HEADERS, **(more or {})}
    coding = coding_of(request.headers.get("accept-encoding", "").encode())
    if coding is not None and len(content) >= LEAST_BYTES:
        content = await compressed(coding, content)
        headers["content-encoding"] = coding
    return Response(content, 200, headers, media_type)

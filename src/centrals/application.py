"""The ASGI application: its routes, what stands around them, and its beginning and end."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from actions.kit.chain import chain_key
from centrals.mail.worker import working
from centrals.settings import Settings, read_settings
from graph.http.audit_export import audit_export
from graph.http.endpoint import endpoint
from graph.http.graphiql import assets
from graph.http.handler import GraphQLHandler
from graph.http.link import LINK
from graph.http.openid import Provider
from graph.http.provider import provider_routes
from graph.kit.context import Serving
from graph.kit.fault_log import log_fault
from graph.schema import full_schema
from intake.route import INTAKE
from models import database
from models.collation import sort_key
from models.migrate import migrate, pending

_log = logging.getLogger("centrals")


class Masked:
    """Answers what no one else caught; the message of a fault is neither told nor logged."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass through; a fault before the answer began becomes one that names the request's id."""
        began = False

        async def send_onwards(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await self.app(scope, receive, send_onwards)
        except Exception as fault:
            if scope["type"] != "http" or began:
                raise
            request_id = database.new_id()
            log_fault(request_id, fault)
            response = JSONResponse({"code": "INTERNAL", "requestId": request_id}, status_code=500)
            await response(scope, receive, send)


async def _healthy(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _ready(request: Request) -> Response:
    try:
        await database.read("SELECT 1")
        missing = await pending(request.app.state.settings.database_url)
    except Exception as fault:
        _log.warning("not ready", extra={"kind": type(fault).__qualname__})
        return JSONResponse({"status": "no database"}, status_code=503)
    if missing:
        return JSONResponse({"status": "migrations missing"}, status_code=503)
    return JSONResponse({"status": "ready"})


async def _home(_request: Request) -> Response:
    return RedirectResponse("/graphql")


def handler_of(settings: Settings) -> GraphQLHandler:
    """The schema, served as the settings say."""
    serving = Serving(
        secret_key=settings.secret_key,
        chain_key=chain_key(settings.secret_key),
        public_url=settings.public_url,
        secure_cookies=settings.secure_cookies,
        allowed_origins=settings.allowed_origins,
        request_seconds=settings.request_seconds,
        new_documents_per_minute=settings.new_documents_per_minute,
        show_access=settings.show_access,
        provider_name=settings.oidc_name or None,
        allow_natural_persons=settings.allow_natural_persons,
    )
    return GraphQLHandler(full_schema(), serving)


def provider_of(settings: Settings) -> Provider | None:
    """The provider that one may sign in with, if the settings name one."""
    if not settings.oidc_issuer:
        return None
    return Provider(
        name=settings.oidc_name,
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret or None,
    )


def make_application(settings: Settings, *, connects: bool = True) -> Starlette:
    """The application; `connects=False` leaves the database to whoever runs it."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        if not connects:
            yield
            return
        await database.connect(
            settings.database_url, pool=settings.database_pool, statement_seconds=settings.statement_seconds
        )
        try:
            await migrate(settings.database_url)
            await asyncio.to_thread(
                sort_key, ""
            )  # reads the collation table, which no request should wait for
            async with working(settings.mail, settings.public_url):
                yield
        finally:
            await database.disconnect()

    middleware = [
        Middleware(Masked),
        Middleware(TrustedHostMiddleware, allowed_hosts=list(settings.allowed_hosts), www_redirect=False),
    ]
    if settings.allowed_origins:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=list(settings.allowed_origins),
                allow_credentials=True,
                allow_methods=["GET", "POST"],
                allow_headers=["authorization", "content-type", "x-central"],
                expose_headers=["x-request-id"],
            )
        )
    handler, provider = handler_of(settings), provider_of(settings)
    app = Starlette(
        routes=[
            endpoint(handler),
            *(provider_routes(handler.serving, provider) if provider else ()),
            audit_export(handler),
            INTAKE,
            LINK,
            *assets(),
            Route("/healthz", _healthy),
            Route("/readyz", _ready),
            Route("/", _home),
        ],
        middleware=middleware,
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.settings = settings
    return app


def application() -> Starlette:
    """The application of this process's environment: for uvicorn's `--factory`."""
    from centrals.logs import log_as_json

    log_as_json()
    return make_application(read_settings())

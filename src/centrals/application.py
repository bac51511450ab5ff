"""The ASGI application: its routes, its middleware, and its startup and shutdown."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from actions.kit.chain import chain_key, chain_people
from actions.kit.rates import rates, use_redis
from centrals.direct import Application
from centrals.hosts import TrustedHosts
from centrals.logs import configure_logs
from centrals.mail.prepare import preparing
from centrals.mail.worker import working as mailing
from centrals.metrics import Publisher, metrics_route, publishing
from centrals.outgoing.sink import SINK
from centrals.outgoing.worker import delivering
from centrals.requests import ObservedRequests
from centrals.retention.prune import pruning
from centrals.settings import Settings, read_settings
from centrals.work.worker import working
from graph.export.audit import AUDIT_EXPORT
from graph.export.calendar import calendar_route
from graph.export.limit import Exports
from graph.export.reports import REPORT_EXPORT
from graph.export.route import export_route
from graph.export.rows import ROW_EXPORT
from graph.export.unsubscribe import unsubscribe_route
from graph.http.developers import developer_routes
from graph.http.endpoint import endpoint
from graph.http.graphiql import assets
from graph.http.handler import GraphQLHandler
from graph.http.link import LINK
from graph.http.oauth import OAUTH
from graph.http.openid import Provider
from graph.http.provider import provider_routes
from graph.http.websocket import socket_route
from graph.kit.context import Serving
from graph.mcp.server import mcp_routes
from graph.schema import full_schema
from intake.endpoint.route import INTAKE
from models import database
from models.announcement import announcing
from models.collation import sort_key
from models.migrate import migrate, pending
from telemetry.sharing import SharedFolder

_log = logging.getLogger("centrals")
EXPORTS = (AUDIT_EXPORT, ROW_EXPORT, REPORT_EXPORT)


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
    """A handler that serves the schema as the settings say."""
    serving = Serving(
        secret_key=settings.secret_key,
        chain_key=chain_key(settings.secret_key),
        previous_keys=settings.previous_keys,
        previous_chain_keys=tuple(map(chain_key, settings.previous_keys)),
        public_url=settings.public_url,
        secure_cookies=settings.secure_cookies,
        allowed_origins=settings.allowed_origins,
        request_seconds=settings.request_seconds,
        response_bytes=settings.response_bytes,
        cost_per_operation=settings.cost_per_operation,
        cost_per_minute=settings.cost_per_minute,
        introspection=settings.introspection,
        suggestions=settings.suggestions,
        get_queries=settings.get_queries,
        batches=settings.batches,
        graphiql=settings.graphiql,
        trusted_documents=settings.trusted_documents,
        show_access=settings.show_access,
        provider_name=settings.oidc_name or None,
        allow_natural_persons=settings.allow_natural_persons,
        allow_private_targets=settings.allow_private_targets,
    )
    return GraphQLHandler(full_schema(), serving)


def provider_of(settings: Settings) -> Provider | None:
    """The OpenID Connect provider for sign-in, if the settings name one."""
    if not settings.oidc_issuer:
        return None
    return Provider(
        name=settings.oidc_name,
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret or None,
    )


def _traced(settings: Settings) -> contextlib.AbstractAsyncContextManager[None]:
    if not settings.observation.traces_endpoint:
        return contextlib.nullcontext()
    from centrals.tracing import tracing

    return tracing(settings.observation.traces_endpoint)


def make_application(settings: Settings, *, connects: bool = True) -> Starlette:
    """The application. With `connects=False`, the caller connects to the database."""
    handler, provider = handler_of(settings), provider_of(settings)
    shared = SharedFolder(settings.observation.metrics_folder)
    publisher = Publisher(handler.engine, shared)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        if not connects:
            yield
            return
        await database.connect(
            settings.database_url,
            pool=settings.database_pool,
            statement_seconds=settings.statement_seconds,
            synchronous=settings.sqlite_synchronous,
        )
        try:
            await migrate(settings.database_url)
            await chain_people(chain_key(settings.secret_key))
            await asyncio.to_thread(
                sort_key, ""
            )  # reads the collation table, which no request should wait for
            async with (
                mailing(settings.mail, settings.public_url, preparing(lambda: handler)),
                working(),
                delivering(lambda: handler, allow_private=settings.allow_private_targets),
                publishing(publisher if settings.observation.publishes else None),
                _traced(settings),
                pruning(settings.database_url, settings.retention),
                announcing(),
            ):
                yield
        finally:
            await rates().close()
            await database.disconnect()

    middleware = [
        Middleware(ObservedRequests, log_address=settings.observation.log_address),
        Middleware(TrustedHosts, allowed_hosts=list(settings.allowed_hosts)),
    ]
    if settings.allowed_origins:
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=list(settings.allowed_origins),
                allow_credentials=True,
                allow_methods=["GET", "HEAD", "POST"],
                allow_headers=["*"],  # clients send their names, versions and traces
                expose_headers=["content-disposition", "retry-after", "traceparent", "x-request-id"],
                max_age=7200,  # the longest time that browsers allow
            )
        )
    exports = Exports()
    app = Application(
        endpoint(handler),
        [
            socket_route(handler),
            *(provider_routes(handler.serving, provider) if provider else ()),
            *(export_route(handler, exports, source) for source in EXPORTS),
            unsubscribe_route(handler),
            calendar_route(handler),
            INTAKE,
            OAUTH,
            SINK,
            *developer_routes(handler),
            *mcp_routes(handler, settings.allowed_hosts),
            LINK,
            assets(),
            Route("/healthz", _healthy),
            Route("/readyz", _ready),
            metrics_route(settings.observation, publisher, shared),
            Route("/", _home),
        ],
        middleware=middleware,
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.settings = settings
    return app


def application() -> Starlette:
    """The application for this process's environment, for uvicorn's `--factory`."""
    from centrals.server import bound_connections

    settings = read_settings()
    configure_logs(settings.observation.log_level, settings.observation.log_format)
    use_redis(settings.redis_url)
    bound_connections(settings.connections, behind_proxy=bool(settings.trusted_proxies))
    return make_application(settings)

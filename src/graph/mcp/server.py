"""`/mcp`: what a viewer's schema has as tools for assistants and AI agents, over streamable HTTP.

Each request stands alone: no session is kept, so the viewer is identified, and their tools are found, for
each one. A call is a request for an operation like any other, with its limits, budgets and rules.

The SDK brings some fifteen packages, which a server without agents does not need. So it is the
extra `mcp`; without it, the address does not exist.
"""

import asyncio
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import msgspec
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from actions.documents.store import trusted_documents
from authz.identity import NoSuchCentral
from authz.refusal import Unauthenticated
from graph.http.documents import UntrustedDocument
from graph.http.handler import GraphQLHandler, language
from graph.http.headers import central_in_query, header_value, headers_of
from graph.http.request import GraphQLRequest
from graph.instance.types import instance
from graph.kit.errors import RequestError
from graph.mcp.tools import QUERY, Tool, tools_of, trusted_tools
from models import database
from telemetry.request import note_code

MCP_PATH = "/mcp"
PAGE = 50
"""How many tools a list has at once."""
_INSTRUCTIONS = (
    "Centrals: the business of digital sellers. The tools are what your token can do, and no more. A tool"
    " returns the short fields; send a document with `query` for others. In the result of a mutation,"
    " `errors` says why it was refused."
)


def mcp_routes(handler: GraphQLHandler, allowed_hosts: tuple[str, ...]) -> list[Route]:
    """The route, if the SDK is installed."""
    if find_spec("mcp") is None:
        return []
    return [Route(MCP_PATH, _Endpoint(handler, allowed_hosts), methods=["POST", "GET", "DELETE", "OPTIONS"])]


class _Endpoint:
    """Serves the protocol to whoever sends a token in the Authorization header. Cookies do not count."""

    def __init__(self, handler: GraphQLHandler, allowed_hosts: tuple[str, ...]) -> None:
        self._handler = handler
        self._server = _server(handler)
        public = urlsplit(handler.serving.public_url)
        hosts = {public.netloc, *allowed_hosts}
        self._hosts = sorted(hosts | {f"{host}:*" for host in hosts})
        self._origins = sorted({f"{public.scheme}://{public.netloc}", *handler.serving.allowed_origins})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one message. There is no stream to follow and no session to end: GET and DELETE are 405."""
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
        from mcp.server.transport_security import TransportSecuritySettings

        if scope["method"] != "POST":
            await _failed(405, "Use POST.", {"allow": "POST"})(scope, receive, send)
            return
        failure = await self._failure(_request(scope))
        if failure is not None:
            await failure(scope, receive, send)
            return
        manager = StreamableHTTPSessionManager(
            self._server,
            json_response=True,
            stateless=True,
            security_settings=TransportSecuritySettings(
                allowed_hosts=self._hosts, allowed_origins=self._origins
            ),
            max_request_body_size=self._handler.serving.body_bytes,
        )
        async with manager.run():  # one for each request, so that nothing outlives it
            await manager.handle_request(scope, receive, send)

    async def _failure(self, request: GraphQLRequest) -> JSONResponse | None:
        """The response to a request without a valid token; None if it has one."""
        try:
            if request.token is not None:
                await self._handler.judged(request)
                return None
        except (Unauthenticated, NoSuchCentral):
            pass
        except (database.Outage, database.TooSlow):
            return _failed(503, "The database is not available now.", {"retry-after": "1"})
        note_code(RequestError.UNAUTHENTICATED.value)
        text = "Send a valid token as Authorization: Bearer, and X-Central with that of a session."
        return _failed(401, text, {"www-authenticate": "Bearer"})


def _failed(status: int, text: str, headers: dict[str, str]) -> JSONResponse:
    return JSONResponse({"error": text}, status, headers | {"cache-control": "no-store"})


def _request(scope: Scope) -> GraphQLRequest:
    headers = headers_of(scope)
    kind, _, token = (header_value(headers, b"authorization") or "").partition(" ")
    client = scope.get("client")
    return GraphQLRequest(
        query="",
        token=token.strip() if kind.lower() == "bearer" and token.strip() else None,
        central=header_value(headers, b"x-central") or central_in_query(scope),
        locale=language(header_value(headers, b"accept-language") or ""),
        address=client[0] if client else None,
        agent=(header_value(headers, b"user-agent") or "")[:200],
    )


async def _tools(handler: GraphQLHandler, request: GraphQLRequest) -> dict[str, Tool]:
    """The tools of whoever sends a request: those of their schema or, where only trusted documents are
    answered, one for each of these."""
    viewer = await handler.judged(request)
    schema = handler.engine.scopes.scoped(viewer.mask)._schema
    if viewer.documents is None and not handler.documents.trusted_only:
        found = dict(await asyncio.to_thread(tools_of, schema))
        if not handler.serving.introspection:
            found.pop(QUERY)  # nobody could know what to ask
        return found
    documents = {
        document.name: document.text
        for document in await trusted_documents()
        if viewer.documents is None or document.name in viewer.documents
    }
    return await asyncio.to_thread(trusted_tools, schema, documents)


async def _called(
    handler: GraphQLHandler, request: GraphQLRequest, tool: Tool, arguments: dict[str, Any]
) -> Any:
    """The response to a call, as JSON."""
    if tool.text is None:
        request.query, request.variables = str(arguments.get("document", "")), arguments.get("variables")
    else:
        request.query, request.variables = tool.text, arguments
    request.trusted, request.withheld = tool.trusted, tool.trusted is not None
    response = await handler.handle(request)
    return msgspec.json.decode(handler.encoded(response))


def _server(handler: GraphQLHandler) -> Any:
    """The SDK's server, with the tools of whoever asks."""
    import mcp_types as types
    from mcp.server.lowlevel import Server
    from mcp.shared.exceptions import MCPError

    async def list_tools(context: Any, page: Any) -> Any:
        found = list((await _tools(handler, _request(context.request.scope))).values())
        cursor = page.cursor if page is not None else None
        start = int(cursor) if cursor and cursor.isascii() and cursor.isdigit() and len(cursor) < 9 else 0
        more = str(start + PAGE) if start + PAGE < len(found) else None
        shown = [
            types.Tool(
                name=tool.name,
                description=tool.description,
                input_schema=tool.input_schema,
                annotations=types.ToolAnnotations(read_only_hint=not tool.writes and tool.text is not None),
            )
            for tool in found[start : start + PAGE]
        ]
        return types.ListToolsResult(tools=shown, next_cursor=more)

    async def call_tool(context: Any, call: Any) -> Any:
        request = _request(context.request.scope)
        try:
            tool = (await _tools(handler, request)).get(call.name)
        except (Unauthenticated, NoSuchCentral, UntrustedDocument):
            tool = None
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, "There is no such tool.")
        payload = await _called(handler, request, tool, dict(call.arguments or {}))
        return types.CallToolResult(
            content=[types.TextContent(text=msgspec.json.encode(payload).decode())],
            structured_content=payload,
            is_error=_is_refused(payload),
        )

    return Server(
        "centrals",
        version=instance(None).version,
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _is_refused(payload: Any) -> bool:
    """Whether an operation failed, or a mutation of it was refused."""
    data = payload.get("data")
    fields = data.values() if isinstance(data, dict) else ()
    refused = any(isinstance(field, dict) and field.get("errors") for field in fields)
    return bool(payload.get("errors")) or refused

"""GraphQL over HTTP."""

from urllib.parse import urlsplit

from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from actions.kit.rates import network_of
from graph.http.body import BadRequest, Body, body_of_query, document_of, read_body
from graph.http.compression import LEAST_BYTES, RepeatedContents, coding_of, compressed
from graph.http.graphiql import page
from graph.http.handler import GraphQLHandler, language
from graph.http.headers import (
    JSON,
    LONGEST_LIST,
    RESPONSE,
    Headers,
    Media,
    central_in_query,
    cookies_of,
    credential,
    header_value,
    headers_of,
    is_json,
    response_media,
)
from graph.http.request import GraphQLRequest
from graph.http.response import GraphQLResponse, together
from graph.http.sse import HEADERS, MEDIA, as_events, serve_events
from graph.identity.sessions.mutations import (
    CHALLENGE_COOKIE,
    COOKIE_PATHS,
    DEVICE_COOKIE,
    REFRESH_COOKIE,
)
from graph.kit.errors import RequestError
from models import database
from telemetry.request import note_code, note_error

_NO_COOKIES: dict[str, str] = {}


class Endpoint:
    """Serves one path: GraphiQL for browsers, operations for everything else."""

    def __init__(self, handler: GraphQLHandler) -> None:
        self._handler = handler
        self._serving = handler.serving
        self._repeated = RepeatedContents()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request in plain ASGI: an operation can take less time than Starlette's own objects."""
        headers = headers_of(scope)
        if scope["method"] in ("GET", "HEAD") and self._serving.graphiql and _wants_page(scope):
            await page()(scope, receive, send)
            return
        events = MEDIA.encode() in headers.get(b"accept", b"")[:LONGEST_LIST].lower()
        media = JSON if events else response_media(headers.get(b"accept", b""))
        if media is None:
            await self._fail(BadRequest(406, f"Accept {RESPONSE} or {JSON}."), JSON, send)
            return
        try:
            requests = await self._read_requests(scope, receive, headers)
            for request in requests if isinstance(requests, list) else (requests,):
                same_site(headers, request, self._handler)
        except BadRequest as bad:
            await self._fail(bad, media, send)
            return
        except ClientDisconnect:
            return
        bodiless, coding = scope["method"] == "HEAD", coding_of(headers.get(b"accept-encoding", b""))
        if isinstance(requests, list):
            responses = await self._handler.handle_batch(requests)
            response = together(responses, self._serving.response_bytes - 100)
            await self._send(response, media, send, coding=coding)
            return
        requests.streams = events and not bodiless
        response = await self._handler.handle(requests)
        if requests.streams:
            await self._send_events(requests, response, receive, send)
        else:
            await self._send(response, media, send, bodiless=bodiless, coding=coding)

    async def _send_events(
        self, request: GraphQLRequest, response: GraphQLResponse, receive: Receive, send: Send
    ) -> None:
        """Send a stream, or a response as a stream of one event.

        Errors outside the operation are sent as JSON.
        """
        if response.stream is not None:
            network = network_of(request.address)
            instead = await serve_events(self._handler, response.stream, network, receive, send)
            if instead is not None:
                await self._send(instead, JSON, send)
        elif response.status in (200, 400):
            content = as_events(self._handler.encoded(response))
            headers = [*HEADERS, (b"content-length", b"%d" % len(content))]
            if response.retry_after is not None:
                headers.append((b"retry-after", b"%d" % response.retry_after))
            if response.cookies:
                headers += _set_cookies(response.cookies, secure=self._serving.secure_cookies)
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": content})
        else:
            await self._send(response, JSON, send)

    async def _fail(self, bad: BadRequest, media: Media, send: Send) -> None:
        errors = [{"message": bad.message, "extensions": {"code": RequestError.BAD_REQUEST.value}}]
        note_error(RequestError.BAD_REQUEST.value, "request")
        note_code(RequestError.BAD_REQUEST.value)
        response = GraphQLResponse("", {"errors": errors}, status=bad.status, headers=bad.headers)
        await self._send(response, media, send)

    async def _send(
        self,
        response: GraphQLResponse,
        media: Media,
        send: Send,
        *,
        bodiless: bool = False,
        coding: str | None = None,
    ) -> None:
        """Send the response. As plain JSON, a request error has status 200, as GraphQL over HTTP requires."""
        status = response.status
        if media == JSON and status == 400 and response.request_error:
            status = 200
        content = self._handler.encoded(response)
        headers = [*_HEADERS[media]]
        if coding is not None and response.compressible and len(content) >= LEAST_BYTES:
            compress = self._repeated.compressed if response.repeated else compressed
            content = await compress(coding, content)
            headers.append((b"content-encoding", coding.encode()))
        headers.append((b"content-length", b"%d" % len(content)))
        headers += [(name.encode(), value.encode()) for name, value in response.headers.items()]
        if response.retry_after is not None:
            headers.append((b"retry-after", b"%d" % response.retry_after))
        if status == 401:
            headers.append((b"www-authenticate", b"Bearer"))
        if response.cookies:
            headers += _set_cookies(response.cookies, secure=self._serving.secure_cookies)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if bodiless else content})

    async def _read_requests(
        self, scope: Scope, receive: Receive, headers: Headers
    ) -> GraphQLRequest | list[GraphQLRequest]:
        """The request for an operation, or a batch of them."""
        method = scope["method"]
        body: Body | list[Body]
        if method == "POST":
            _require_plain_json(headers)
            body = read_body(await _read_body(receive, self._serving.body_bytes))
        elif method in ("GET", "HEAD") and self._serving.get_queries:
            body = body_of_query(QueryParams(scope["query_string"]))
        else:
            allow = "GET, HEAD, POST" if self._serving.get_queries else "POST"
            raise BadRequest(
                405, "Use GET or POST." if self._serving.get_queries else "Use POST.", allow=allow
            )
        if isinstance(body, list):
            if not self._serving.batches:
                raise BadRequest(400, "Batches are turned off. Send one operation in each request.")
            return [self._request(operation, scope, headers) for operation in body]
        return self._request(body, scope, headers)

    def _request(self, body: Body, scope: Scope, headers: Headers) -> GraphQLRequest:
        text, document = document_of(body)
        cookies = cookies_of(scope) if b"cookie" in headers else _NO_COOKIES
        token, in_cookie = credential(headers, cookies)
        client = scope.get("client")
        return GraphQLRequest(
            query=text,
            document=document,
            operation_name=body.operationName,
            variables=body.variables,
            token=token,
            token_in_cookie=in_cookie,
            refresh_cookie=cookies.get(REFRESH_COOKIE),
            device_cookie=cookies.get(DEVICE_COOKIE),
            challenge_cookie=cookies.get(CHALLENGE_COOKIE),
            central=header_value(headers, b"x-central") or central_in_query(scope),
            locale=language(header_value(headers, b"accept-language") or ""),
            address=client[0] if client else None,
            agent=(header_value(headers, b"user-agent") or "")[:200],
            read_only=scope["method"] != "POST",
            shows_cost=body.asks_for("cost"),
            shows_absent=body.asks_for("absent"),
            cross_site=headers.get(b"sec-fetch-site") == b"cross-site",
        )


def endpoint(handler: GraphQLHandler) -> Route:
    """The route of the API."""
    methods = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"]
    return Route("/graphql", Endpoint(handler), methods=methods)


def _wants_page(scope: Scope) -> bool:
    accept = (header_value(headers_of(scope), b"accept") or "")[:LONGEST_LIST].lower()
    ranges = [part.split(";")[0].strip() for part in accept.split(",")]
    # with a query, it is a shared link in a browser, which names pages first; other clients want the response
    if "text/html" not in ranges:
        return False
    return ranges[0] == "text/html" or "query" not in QueryParams(scope["query_string"])


def _require_plain_json(headers: Headers) -> None:
    """Refuse a body that is compressed, or that is not JSON in UTF-8."""
    encoding = header_value(headers, b"content-encoding")
    if encoding is not None and encoding.strip().lower() not in ("", "identity"):
        text = "Compressed requests are not read. Send the body as it is."
        raise BadRequest(415, text, **{"accept-encoding": "identity"})
    if not is_json(headers.get(b"content-type", b"")):
        raise BadRequest(415, f"Send {JSON} in UTF-8.", accept=JSON)


async def _read_body(receive: Receive, most: int) -> bytes:
    """The body of a request; raises `BadRequest` if it is too long, and `ClientDisconnect`."""
    parts: list[bytes] = []
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part = message.get("body", b"")
        length += len(part)
        if length > most:
            raise BadRequest(413, f"The body is longer than {most:,} bytes.")
        parts.append(part)
        more = message.get("more_body", False)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def same_site(headers: Headers, request: GraphQLRequest, handler: GraphQLHandler) -> None:
    """Refuse cookies from pages of origins other than this server's and the allowed ones.

    The scheme is that of the public URL: behind a proxy that ends TLS, the request's own differs.
    """
    origin = header_value(headers, b"origin")
    if origin is None or not (request.token_in_cookie or request.refresh_cookie or request.challenge_cookie):
        return
    parts = urlsplit(handler.serving.public_url)
    own = {f"{parts.scheme}://{parts.netloc}", f"{parts.scheme}://{header_value(headers, b'host') or ''}"}
    if origin not in own | set(handler.serving.allowed_origins):
        raise BadRequest(403, "Cookies of this server are not taken from pages of another.")


_HEADERS: dict[Media, tuple[tuple[bytes, bytes], ...]] = {
    media: (
        (b"content-type", f"{media}; charset=utf-8".encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"vary", b"Accept, Accept-Encoding, Authorization, Cookie, X-Central"),
    )
    for media in (RESPONSE, JSON)
}


def _set_cookies(cookies: list[tuple[str, str, int]], *, secure: bool) -> list[tuple[bytes, bytes]]:
    """The Set-Cookie headers of cookies, each a name, a value and a time of expiry."""
    carrier = Response()
    for name, value, expires_at in cookies:
        seconds = max(0, (expires_at - database.now()) // 1000) if value else 0
        # the access token is sent to exports too, the refresh token to the API alone
        path = COOKIE_PATHS[name]
        carrier.set_cookie(
            name, value, max_age=seconds, path=path, secure=secure, httponly=True, samesite="strict"
        )
    return [header for header in carrier.raw_headers if header[0] == b"set-cookie"]

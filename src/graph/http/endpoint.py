"""GraphQL over HTTP."""

from email.message import Message
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from graph.http.graphiql import page
from graph.http.handler import Answer, Asked, Conversation, encoded, language
from graph.kit.errors import RequestError
from graph.sessions.mutations import ACCESS_COOKIE, COOKIE_PATHS, REFRESH_COOKIE
from models import database

Media = Literal["application/graphql-response+json", "application/json"]
Headers = dict[bytes, bytes]
RESPONSE: Media = "application/graphql-response+json"
JSON: Media = "application/json"
_NO_COOKIES: dict[str, str] = {}


class Body(msgspec.Struct):
    """What a request carries."""

    query: str
    operationName: str | None = None  # noqa: N815
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None


class BadRequest(Exception):
    """A request that GraphQL over HTTP does not allow: a status, and why."""

    def __init__(self, status: int, words: str, allow: str | None = None) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
        self.allow = allow


class Endpoint:
    """Answers at its path: GraphiQL to browsers, operations to whoever posts or asks for them."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._serving = conversation.serving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, in ASGI's own terms: an operation may cost less than Starlette's objects."""
        headers = headers_of(scope)
        if scope["method"] == "GET" and _wants_page(scope):
            await page()(scope, receive, send)
            return
        media = _media(headers.get(b"accept", b""))
        if media is None:
            await _failed(BadRequest(406, f"Accept {RESPONSE} or {JSON}."), JSON, send)
            return
        try:
            asked = await self._asked(scope, receive, headers)
            same_site(headers, asked, self._conversation)
        except BadRequest as bad:
            await _failed(bad, media, send)
            return
        except ClientDisconnect:
            return
        answer = await self._conversation.answer(asked)
        await _send(answer, media, send, secure=self._serving.secure_cookies)

    async def _asked(self, scope: Scope, receive: Receive, headers: Headers) -> Asked:
        method = scope["method"]
        if method == "POST":
            if not _is_json(headers.get(b"content-type", b"")):
                raise BadRequest(415, f"Send {JSON} in UTF-8.")
            body = _decoded(await _content(receive, self._serving.body_bytes), Body)
        elif method == "GET":
            body = _queried(QueryParams(scope["query_string"]))
        else:
            raise BadRequest(405, "Use GET or POST.", "GET, POST")
        cookies = HTTPConnection(scope).cookies if b"cookie" in headers else _NO_COOKIES
        token, in_cookie = credential(headers, cookies)
        client = scope.get("client")
        return Asked(
            query=body.query,
            operation_name=body.operationName,
            variables=body.variables,
            token=token,
            token_in_cookie=in_cookie,
            refresh_cookie=cookies.get(REFRESH_COOKIE),
            central=told(headers, b"x-central") or _named_in_address(scope),
            locale=language(told(headers, b"accept-language") or ""),
            address=client[0] if client else None,
            agent=(told(headers, b"user-agent") or "")[:200],
            read_only=method == "GET",
        )


def endpoint(conversation: Conversation) -> Route:
    """The route of the API."""
    methods = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"]
    return Route("/graphql", Endpoint(conversation), methods=methods)


def _wants_page(scope: Scope) -> bool:
    request = HTTPConnection(scope)
    ranges = [part.split(";")[0].strip() for part in request.headers.get("accept", "").lower().split(",")]
    return "text/html" in ranges and "query" not in request.query_params


@lru_cache(maxsize=256)
def _media(accept: bytes) -> Media | None:
    """The answer's media type, by the order of preference of the client."""
    if not accept.strip():
        return JSON
    wanted: list[tuple[float, Media]] = []
    for part in accept.decode("latin-1").lower().split(","):
        kind = Message()
        kind["content-type"] = part.strip()
        quality = kind.get_param("q")
        try:
            weight = float(str(quality)) if quality is not None else 1.0
        except ValueError:
            weight = 0.0
        name = part.split(";")[0].strip()
        if name == RESPONSE:
            wanted.append((weight, RESPONSE))
        elif name in (JSON, "application/*", "*/*"):
            wanted.append((weight, JSON))
    best = max(wanted, key=lambda one: one[0], default=None)
    return best[1] if best is not None and best[0] > 0 else None


@lru_cache(maxsize=256)
def _is_json(content_type: bytes) -> bool:
    """Whether a body is JSON in UTF-8."""
    kind = Message()
    kind["content-type"] = content_type.decode("latin-1")
    charset = str(kind.get_param("charset") or "utf-8").lower()
    return kind.get_content_type() == JSON and charset in ("utf-8", "utf8")


def headers_of(scope: Scope) -> Headers:
    """The request's headers, the first of each name; few of them are ever read."""
    return dict(reversed(scope["headers"]))


def told(headers: Headers, name: bytes) -> str | None:
    """What a header says."""
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def _named_in_address(scope: Scope) -> str | None:
    return QueryParams(scope["query_string"]).get("central") if scope["query_string"] else None


async def _content(receive: Receive, most: int) -> bytes:
    """The body of a request; raises `BadRequest` where it is too long, and `ClientDisconnect`."""
    parts: list[bytes] = []
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part = message.get("body", b"")
        length += len(part)
        if length > most:
            raise BadRequest(413, f"A request holds at most {most} bytes.")
        parts.append(part)
        more = message.get("more_body", False)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _queried(named: QueryParams) -> Body:
    query = named.get("query")
    if query is None:
        raise BadRequest(400, "A request names its query.")
    parts = {name: named.get(name) or None for name in ("variables", "extensions")}
    variables, extensions = (
        _decoded(text.encode("utf-8", "surrogatepass"), dict[str, Any] | None) if text else None
        for text in parts.values()
    )
    return Body(query, named.get("operationName") or None, variables, extensions)


def _decoded(content: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.MsgspecError as error:
        raise BadRequest(400, "The request is no JSON object with a query.") from error
    except (RecursionError, UnicodeDecodeError) as error:
        raise BadRequest(400, "The request is no JSON that can be read.") from error


def credential(headers: Headers, cookies: dict[str, str]) -> tuple[str | None, bool]:
    """The token presented, and whether a cookie brought it. An Authorization of another kind is a bad one."""
    header = told(headers, b"authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        return (token.strip() if scheme.lower() == "bearer" else ""), False
    cookie = cookies.get(ACCESS_COOKIE)
    return cookie, cookie is not None


def same_site(headers: Headers, asked: Asked, conversation: Conversation) -> None:
    """A cookie counts only for pages of this server, and of the origins that it was told of.

    The public address tells the scheme: behind a proxy that ends TLS, the request's own is another.
    """
    origin = told(headers, b"origin")
    if origin is None or not (asked.token_in_cookie or asked.refresh_cookie):
        return
    parts = urlsplit(conversation.serving.public_url)
    own = {f"{parts.scheme}://{parts.netloc}", f"{parts.scheme}://{told(headers, b'host') or ''}"}
    if origin not in own | set(conversation.serving.allowed_origins):
        raise BadRequest(403, "Cookies of this server are not taken from pages of another.")


async def _failed(bad: BadRequest, media: Media, send: Send) -> None:
    errors = [{"message": bad.words, "extensions": {"code": RequestError.BAD_REQUEST.value}}]
    answer = Answer(database.new_id(), {"errors": errors}, status=bad.status, allow=bad.allow)
    await _send(answer, media, send, secure=False)


_HEADERS: dict[Media, tuple[tuple[bytes, bytes], ...]] = {
    media: (
        (b"content-type", f"{media}; charset=utf-8".encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"vary", b"Accept, Authorization, Cookie, X-Central"),
    )
    for media in (RESPONSE, JSON)
}


async def _send(answer: Answer, media: Media, send: Send, *, secure: bool) -> None:
    """The answer in a media type: where it is plain JSON, an operation's own errors come with 200."""
    status = answer.status
    if media == JSON and status == 400 and answer.request_fault:
        status = 200
    content = encoded(answer.payload)
    headers = [
        *_HEADERS[media],
        (b"x-request-id", answer.request_id.encode()),
        (b"content-length", b"%d" % len(content)),
    ]
    if answer.allow:
        headers.append((b"allow", answer.allow.encode()))
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if answer.cookies:
        headers += _set_cookies(answer.cookies, secure=secure)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _set_cookies(cookies: list[tuple[str, str, int]], *, secure: bool) -> list[tuple[bytes, bytes]]:
    """The headers of cookies: name, value, and when each ends."""
    written = Response()
    for name, value, expires_at in cookies:
        seconds = max(0, (expires_at - database.now()) // 1000) if value else 0
        # the access token goes to exports too, the refresh token to nothing but the API
        path = COOKIE_PATHS[name]
        written.set_cookie(
            name, value, max_age=seconds, path=path, secure=secure, httponly=True, samesite="strict"
        )
    return [header for header in written.raw_headers if header[0] == b"set-cookie"]

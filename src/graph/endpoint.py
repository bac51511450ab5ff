"""GraphQL over HTTP."""

from email.message import Message
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from graph.answer import Answer, Asked, Conversation, encoded, language
from graph.errors import RequestError
from graph.playground import page
from graph.session import ACCESS_COOKIE, COOKIE_PATHS, REFRESH_COOKIE
from models import database

Media = Literal["application/graphql-response+json", "application/json"]
RESPONSE: Media = "application/graphql-response+json"
JSON: Media = "application/json"


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


def endpoint(conversation: Conversation) -> Route:
    """The route of the API, which shows GraphiQL to browsers."""

    async def graphql(request: Request) -> Response:
        headers = headers_of(request)
        if request.method == "GET" and _wants_page(request):
            return page()
        media = _media(headers.get("accept", ""))
        if media is None:
            return _failed(BadRequest(406, f"Accept {RESPONSE} or {JSON}."), JSON)
        try:
            asked = await _asked(request, headers, conversation.serving.body_bytes)
            same_site(headers, asked, conversation)
        except BadRequest as bad:
            return _failed(bad, media)
        except ClientDisconnect:
            return Response(status_code=400)
        return _response(await conversation.answer(asked), media, secure=conversation.serving.secure_cookies)

    return Route("/graphql", graphql, methods=["GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])


def _wants_page(request: Request) -> bool:
    ranges = [part.split(";")[0].strip() for part in request.headers.get("accept", "").lower().split(",")]
    return "text/html" in ranges and "query" not in request.query_params


@lru_cache(maxsize=256)
def _media(accept: str) -> Media | None:
    """The answer's media type, by the order of preference of the client."""
    if not accept.strip():
        return JSON
    wanted: list[tuple[float, Media]] = []
    for part in accept.lower().split(","):
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
def _is_json(content_type: str) -> bool:
    """Whether a body is JSON in UTF-8."""
    kind = Message()
    kind["content-type"] = content_type
    charset = str(kind.get_param("charset") or "utf-8").lower()
    return kind.get_content_type() == JSON and charset in ("utf-8", "utf8")


def headers_of(request: Request) -> dict[str, str]:
    """The request's headers, the first of each name."""
    return {name.decode("latin-1"): told.decode("latin-1") for name, told in reversed(request.headers.raw)}


async def _asked(request: Request, headers: dict[str, str], most: int) -> Asked:
    if request.method == "POST":
        if not _is_json(headers.get("content-type", "")):
            raise BadRequest(415, f"Send {JSON} in UTF-8.")
        body = await _posted(request, most)
    elif request.method == "GET":
        body = _queried(request)
    else:
        raise BadRequest(405, "Use GET or POST.", "GET, POST")
    cookies = request.cookies if "cookie" in headers else {}
    bearer, in_cookie = credential(headers, cookies)
    return Asked(
        query=body.query,
        operation_name=body.operationName,
        variables=body.variables,
        token=bearer,
        token_in_cookie=in_cookie,
        refresh_cookie=cookies.get(REFRESH_COOKIE),
        central=headers.get("x-central") or _named_in_address(request),
        locale=language(headers.get("accept-language", "")),
        address=request.client.host if request.client else None,
        agent=headers.get("user-agent", "")[:200],
        read_only=request.method == "GET",
    )


def _named_in_address(request: Request) -> str | None:
    return request.query_params.get("central") if request.scope["query_string"] else None


async def _posted(request: Request, most: int) -> Body:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > most:
            raise BadRequest(413, f"A request holds at most {most} bytes.")
    body: Body = _decoded(bytes(content), Body)
    return body


def _queried(request: Request) -> Body:
    told = request.query_params
    query = told.get("query")
    if query is None:
        raise BadRequest(400, "A request names its query.")
    parts = {name: told.get(name) or None for name in ("variables", "extensions")}
    variables, extensions = (
        _decoded(text.encode("utf-8", "surrogatepass"), dict[str, Any] | None) if text else None
        for text in parts.values()
    )
    return Body(query, told.get("operationName") or None, variables, extensions)


def _decoded(content: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.MsgspecError as error:
        raise BadRequest(400, "The request is no JSON object with a query.") from error
    except (RecursionError, UnicodeDecodeError) as error:
        raise BadRequest(400, "The request is no JSON that can be read.") from error


def credential(headers: dict[str, str], cookies: dict[str, str]) -> tuple[str | None, bool]:
    """The token presented, and whether a cookie brought it. An Authorization of another kind is a bad one."""
    header = headers.get("authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        return (token.strip() if scheme.lower() == "bearer" else ""), False
    cookie = cookies.get(ACCESS_COOKIE)
    return cookie, cookie is not None


def same_site(headers: dict[str, str], asked: Asked, conversation: Conversation) -> None:
    """A cookie counts only for pages of this server, and of the origins that it was told of.

    The public address tells the scheme: behind a proxy that ends TLS, the request's own is another.
    """
    origin = headers.get("origin")
    if origin is None or not (asked.token_in_cookie or asked.refresh_cookie):
        return
    parts = urlsplit(conversation.serving.public_url)
    own = {f"{parts.scheme}://{parts.netloc}", f"{parts.scheme}://{headers.get('host', '')}"}
    if origin not in own | set(conversation.serving.allowed_origins):
        raise BadRequest(403, "Cookies of this server are not taken from pages of another.")


def _failed(bad: BadRequest, media: Media) -> Response:
    errors = [{"message": bad.words, "extensions": {"code": RequestError.BAD_REQUEST.value}}]
    answer = Answer(database.new_id(), {"errors": errors}, status=bad.status, allow=bad.allow)
    return _response(answer, media, secure=False)


def _response(answer: Answer, media: Media, *, secure: bool) -> Response:
    """The answer in a media type: where it is plain JSON, an operation's own errors come with 200."""
    status = answer.status
    if media == JSON and status == 400 and answer.request_fault:
        status = 200
    headers = {
        "content-type": f"{media}; charset=utf-8",
        "x-request-id": answer.request_id,
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "vary": "Accept, Authorization, Cookie, X-Central",
    }
    if answer.allow:
        headers["allow"] = answer.allow
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    response = Response(encoded(answer.payload), status, headers)
    for name, value, expires_at in answer.cookies:
        seconds = max(0, (expires_at - database.now()) // 1000) if value else 0
        # the access token goes to exports too, the refresh token to nothing but the API
        path = COOKIE_PATHS[name]
        response.set_cookie(
            name, value, max_age=seconds, path=path, secure=secure, httponly=True, samesite="strict"
        )
    return response

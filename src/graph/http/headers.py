"""Reading the headers of a request, in time linear in their length.

The standard library's parsers of parameters and of quoted cookies take seconds for 60 KB of quotes or
backslashes, so none of them reads more than a client needs to send.
"""

from email.message import Message
from functools import lru_cache
from typing import Literal

from starlette.datastructures import QueryParams
from starlette.types import Scope

from graph.identity.sessions.mutations import ACCESS_COOKIE

Media = Literal["application/graphql-response+json", "application/json"]
Headers = dict[bytes, bytes]
RESPONSE: Media = "application/graphql-response+json"
JSON: Media = "application/json"
LONGEST_LIST = 1_000
"""The bytes that are read of a header that lists media types or codings."""
_LONGEST_TYPE = 200


def headers_of(scope: Scope) -> Headers:
    """The request's headers, the first of each name."""
    return dict(reversed(scope["headers"]))


def header_value(headers: Headers, name: bytes) -> str | None:
    """The value of a header, or none."""
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def cookies_of(scope: Scope) -> dict[str, str]:
    """The request's cookies as they were sent: none of this server's needs quotes."""
    found: dict[str, str] = {}
    for header, value in scope["headers"]:
        if header == b"cookie":
            for pair in value.decode("latin-1").split(";"):
                name, _, content = pair.partition("=")
                found[name.strip()] = content.strip()
    return found


def credential(headers: Headers, cookies: dict[str, str]) -> tuple[str | None, bool]:
    """The token, and whether it came in a cookie.

    Any Authorization scheme but Bearer counts as a bad token.
    """
    header = header_value(headers, b"authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        return (token.strip() if scheme.lower() == "bearer" else ""), False
    cookie = cookies.get(ACCESS_COOKIE)
    return cookie, cookie is not None


def central_in_query(scope: Scope) -> str | None:
    """The central in the URL's query, for transports that cannot set headers."""
    return QueryParams(scope["query_string"]).get("central") if scope["query_string"] else None


def response_media(accept: bytes) -> Media | None:
    """The media type of the response that the client prefers."""
    return _media(accept[:LONGEST_LIST])


@lru_cache(maxsize=256)
def _media(accept: bytes) -> Media | None:
    if not accept.strip():
        return JSON
    accepted: list[tuple[float, Media]] = []
    for part in accept.decode("latin-1").lower().split(","):
        content_type = Message()
        content_type["content-type"] = part.strip()
        quality = content_type.get_param("q")
        try:
            weight = float(str(quality)) if quality is not None else 1.0
        except ValueError:
            weight = 0.0
        name = part.split(";")[0].strip()
        if name == RESPONSE:
            accepted.append((weight, RESPONSE))
        elif name in (JSON, "application/*", "*/*"):
            accepted.append((weight, JSON))
    best = max(accepted, key=lambda choice: choice[0], default=None)
    return best[1] if best is not None and best[0] > 0 else None


def is_json(content_type: bytes) -> bool:
    """Whether a body is JSON in UTF-8."""
    return len(content_type) <= _LONGEST_TYPE and _is_json(content_type)


@lru_cache(maxsize=256)
def _is_json(content_type: bytes) -> bool:
    parsed = Message()
    parsed["content-type"] = content_type.decode("latin-1")
    charset = str(parsed.get_param("charset") or "utf-8").lower()
    return parsed.get_content_type() == JSON and charset in ("utf-8", "utf8")

"""The link of e-mails that ends others like them: `/u/{token}`, a page with a button, and its effect.

It ends a scheduled report, or the marketing e-mails of an account to one address.
"""

import base64
import hashlib
import hmac
import uuid
from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from actions.commerce.subscriptions.refused import refuse_marketing
from actions.kit.call import Call
from actions.schedules.schedule import unsubscribe
from authz.catalog import LOCALES
from authz.viewer import SIGNED_OUT
from graph.export.words import direction, word
from graph.http.handler import GraphQLHandler, language
from telemetry.request import request_id

UNSUBSCRIBE_PATH = "/u/"
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "vary": "Accept-Language",
}
_PAGE = """<!doctype html>
<html lang="{locale}" dir="{direction}">
<head><meta charset="utf-8"><title>{text}</title>
<meta name="viewport" content="width=device-width">
<style>body{{margin:15vh auto;max-width:32em;padding:0 1em;font-family:system-ui,sans-serif}}
button{{font:inherit;padding:.6em 1.2em}}</style></head>
<body><p>{text}</p>{form}</body></html>
"""


_ID_BYTES, _SEAL_BYTES, _DIGEST_BYTES = 16, 20, 32
_LENGTHS = (_ID_BYTES + _SEAL_BYTES, _ID_BYTES + _DIGEST_BYTES + _SEAL_BYTES)


def unsubscribe_token(secret: bytes, schedule_id: str) -> str:
    """The token of a schedule: its id with the server's seal."""
    return _token(secret, uuid.UUID(schedule_id).bytes)


def marketing_token(secret: bytes, subscription_id: str, digest: str) -> str:
    """The token of marketing e-mails to a subscriber: the subscription and the digest of the address."""
    return _token(secret, uuid.UUID(subscription_id).bytes + bytes.fromhex(digest))


def _token(secret: bytes, value: bytes) -> str:
    return base64.urlsafe_b64encode(value + _seal(secret, value)).decode().rstrip("=")


def _seal(secret: bytes, value: bytes) -> bytes:
    # values of different lengths are of different kinds, so a token of one kind is none of the other
    return hmac.new(secret, b"unsubscribe " + value, hashlib.sha256).digest()[:_SEAL_BYTES]


def _value_of(handler: GraphQLHandler, token: str) -> bytes | None:
    """What a token is for, if the server sealed it."""
    try:
        found = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    value, seal = found[:-_SEAL_BYTES], found[-_SEAL_BYTES:]
    keys = (handler.serving.secret_key, *handler.serving.previous_keys)
    if len(found) not in _LENGTHS or not any(hmac.compare_digest(seal, _seal(key, value)) for key in keys):
        return None
    return value


def unsubscribe_route(handler: GraphQLHandler) -> Route:
    """The route. A link scanner that opens the page changes nothing; the button or a mail program does."""

    async def answer(request: Request) -> Response:
        locale = language(request.headers.get("accept-language", ""))
        value = _value_of(handler, request.path_params["token"])
        if value is None:
            return _page(locale, "unknown!", status=404)
        row_id, digest = str(uuid.UUID(bytes=value[:_ID_BYTES])), value[_ID_BYTES:].hex()
        if request.method != "POST":
            return _page(locale, "marketing?" if digest else "stop?", button=True)
        if digest:
            ended = await refuse_marketing(row_id, digest)
        else:
            address = request.client.host if request.client else None
            call = Call(SIGNED_OUT, request_id(), address, handler.serving.chain_key)
            ended = await unsubscribe(call, row_id)
        if not ended:
            return _page(locale, "unknown!", status=404)
        return _page(locale, "ended!" if digest else "stopped!")

    return Route(UNSUBSCRIBE_PATH + "{token}", answer, methods=["GET", "POST"])


def _page(locale: str, text: str, *, button: bool = False, status: int = 200) -> Response:
    assert locale in LOCALES
    form = f'<form method="post"><button>{escape(word("stop!", locale))}</button></form>' if button else ""
    html = _PAGE.format(
        locale=locale, direction=direction(locale), text=escape(word(text, locale)), form=form
    )
    return Response(html, status, _HEADERS, "text/html; charset=utf-8")

"""The link of scheduled e-mails that ends them: `/u/{token}`, a page with a button, and its effect."""

import base64
import hashlib
import hmac
import uuid
from html import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

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


def unsubscribe_token(secret: bytes, schedule_id: str) -> str:
    """The token of a schedule: its id with the server's seal."""
    row = uuid.UUID(schedule_id).bytes
    return base64.urlsafe_b64encode(row + _seal(secret, row)).decode().rstrip("=")


def _seal(secret: bytes, row: bytes) -> bytes:
    return hmac.new(secret, b"unsubscribe " + row, hashlib.sha256).digest()[:20]


def _schedule_of(handler: GraphQLHandler, token: str) -> str | None:
    try:
        found = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    keys = (handler.serving.secret_key, *handler.serving.previous_keys)
    if len(found) != 36 or not any(hmac.compare_digest(found[16:], _seal(key, found[:16])) for key in keys):
        return None
    return str(uuid.UUID(bytes=found[:16]))


def unsubscribe_route(handler: GraphQLHandler) -> Route:
    """The route. A link scanner that opens the page changes nothing; the button or a mail program does."""

    async def answer(request: Request) -> Response:
        locale = language(request.headers.get("accept-language", ""))
        schedule_id = _schedule_of(handler, request.path_params["token"])
        if schedule_id is None:
            return _page(locale, "unknown!", status=404)
        if request.method != "POST":
            return _page(locale, "stop?", button=True)
        address = request.client.host if request.client else None
        call = Call(SIGNED_OUT, request_id(), address, handler.serving.chain_key)
        ended = await unsubscribe(call, schedule_id)
        return _page(locale, "stopped!" if ended else "unknown!", status=200 if ended else 404)

    return Route(UNSUBSCRIBE_PATH + "{token}", answer, methods=["GET", "POST"])


def _page(locale: str, text: str, *, button: bool = False, status: int = 200) -> Response:
    assert locale in LOCALES
    form = f'<form method="post"><button>{escape(word("stop!", locale))}</button></form>' if button else ""
    html = _PAGE.format(
        locale=locale, direction=direction(locale), text=escape(word(text, locale)), form=form
    )
    return Response(html, status, _HEADERS, "text/html; charset=utf-8")

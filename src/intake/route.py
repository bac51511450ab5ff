"""The intake's door: where a marketplace posts its messages."""

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from intake.receive import Receipt, receive

LARGEST_BODY = 1_048_576
_TOO_LARGE = Receipt(413, "TOO_LARGE", f"A message holds at most {LARGEST_BODY} bytes.")
_GONE = Receipt(400, "MALFORMED", "The message ended before its end.")


async def _receive(request: Request) -> Response:
    try:
        body = await _body(request)
    except ClientDisconnect:
        return _answer(_GONE)
    if body is None:
        return _answer(_TOO_LARGE)
    return _answer(await receive(request.path_params["intake_id"], _secret(request), body))


def _secret(request: Request) -> str | None:
    """The header, read as UTF-8: a server hands headers over as Latin-1."""
    told = request.headers.get("x-hotmart-hottok")
    return None if told is None else told.encode("latin-1").decode("utf-8", "replace")


async def _body(request: Request) -> bytes | None:
    """The body, or nothing where it is too large; read no further than that."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > LARGEST_BODY:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    return bytes(body)


def _answer(receipt: Receipt) -> Response:
    told = {"code": receipt.code} | ({"reason": receipt.reason} if receipt.reason else {})
    return Response(msgspec.json.encode(told), receipt.status, media_type="application/json")


INTAKE = Route("/intake/hotmart/{intake_id}", _receive, methods=["POST"])

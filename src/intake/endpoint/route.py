"""The intake's endpoint, to which a marketplace, or a tool in between, posts messages."""

from email.message import Message

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from intake.endpoint.body import BadBody, TooLarge, unpacked, utf8
from intake.endpoint.receive import REFUSED, Receipt, account_at, receive, take
from models import database
from telemetry.figures import INTAKE_MESSAGES
from telemetry.request import note_code

LARGEST_BODY = 1_048_576
_TOO_LARGE = Receipt(413, "TOO_LARGE", f"A message holds at most {LARGEST_BODY} bytes.")
_GONE = Receipt(400, "MALFORMED", "The message ended before its end.")
_PACKED = Receipt(415, "UNSUPPORTED_ENCODING", "A body may be compressed with gzip or deflate.")
_UNAVAILABLE = Receipt(503, "UNAVAILABLE", "The database is not available now. Send the message again.")
_READY = Receipt(200, "READY", "This address takes webhooks: send them by POST.")
_HEADERS = {_PACKED.code: {"Accept-Encoding": "gzip, deflate"}, _UNAVAILABLE.code: {"Retry-After": "1"}}


async def _answered(request: Request) -> Response:
    if request.method != "POST":
        return _response(_READY)
    try:
        receipt = await _received(request)
    except (database.TooSlow, database.Outage):
        receipt = _UNAVAILABLE
    note_code(receipt.code)
    for outcome, count in (receipt.messages or {receipt.code: 1}).items():
        INTAKE_MESSAGES.add(outcome, amount=count)
    return _response(receipt, _HEADERS.get(receipt.code))


async def _received(request: Request) -> Receipt:
    """Handle a request. If its header has a wrong secret, it is refused before the body is read."""
    address, secret = request.path_params["intake_id"].removesuffix("/"), _secret(request)
    account_id = None
    if secret is not None:
        account_id = await account_at(address, secret)
        if account_id is None:
            return REFUSED
    body = await _body(request)
    if isinstance(body, Receipt):
        return body
    if secret is None or account_id is None:
        return await receive(address, None, body)
    return await take(account_id, secret, body)


def _secret(request: Request) -> str | None:
    """The header as UTF-8: servers pass headers as Latin-1."""
    header = request.headers.get("x-hotmart-hottok")
    return None if header is None else header.encode("latin-1").decode("utf-8", "replace")


async def _body(request: Request) -> bytes | Receipt:
    """The body as plain UTF-8, or the response if there is none."""
    try:
        packed = await _read(request)
        body = unpacked(packed, request.headers.get("content-encoding", ""), LARGEST_BODY)
    except ClientDisconnect:
        return _GONE
    except LookupError:
        return _PACKED
    except TooLarge:
        return _TOO_LARGE
    except BadBody as fault:
        return Receipt(400, "MALFORMED", str(fault))
    return utf8(body, _charset(request.headers.get("content-type", "")))


async def _read(request: Request) -> bytes:
    """The raw body. If it is too large, the rest is not read."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > LARGEST_BODY:
        raise TooLarge
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise TooLarge
    return bytes(body)


def _charset(content_type: str) -> str:
    if "charset" not in content_type:
        return ""
    header = Message()
    header["content-type"] = content_type[:200]
    return header.get_content_charset("")


def _response(receipt: Receipt, headers: dict[str, str] | None = None) -> Response:
    said = {"code": receipt.code, "reason": receipt.reason, "messages": receipt.messages}
    content = msgspec.json.encode({name: value for name, value in said.items() if value is not None})
    return Response(content, receipt.status, headers, media_type="application/json")


INTAKE = Route("/intake/hotmart/{intake_id:path}", _answered, methods=["GET", "POST"])

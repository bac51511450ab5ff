"""The address at which machines get access tokens: `POST /oauth/token`, OAuth 2.0 client credentials."""

import base64
import binascii
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from limits import RateLimitItemPerMinute
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actions.developers.credentials.issue import InvalidClient, InvalidScope, IssuedToken, issue_token
from actions.kit.rates import network_of, rates
from models import database
from telemetry.request import note_code

TRIES_A_MINUTE = 60
"""How many requests a network can send, whether or not they get a token."""
_RATE = RateLimitItemPerMinute(TRIES_A_MINUTE)
_LARGEST_BODY = 8_192
_MOST_FIELDS = 20
_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
_FORM = "application/x-www-form-urlencoded"


class _Refused(Exception):
    """A request that gets no token: the code and the status of RFC 6749."""

    def __init__(self, code: str, text: str, status: int = 400, **headers: str) -> None:
        super().__init__(text)
        self.code, self.text, self.status = code, text, status
        self.headers = headers


async def _answered(request: Request) -> Response:
    try:
        issued = await _issued(request)
    except _Refused as refused:
        note_code(refused.code)
        content: dict[str, Any] = {"error": refused.code, "error_description": refused.text}
        return JSONResponse(content, refused.status, {**_HEADERS, **refused.headers})
    return JSONResponse(
        {
            "access_token": issued.token,
            "token_type": "Bearer",
            "expires_in": issued.seconds,
            "scope": " ".join(issued.grants),
        },
        headers=_HEADERS,
    )


async def _issued(request: Request) -> IssuedToken:
    network = network_of(request.client.host if request.client else None)
    if not await rates().hit(_RATE, "oauth", network):
        wait = str(await rates().seconds_left(_RATE, "oauth", network))
        raise _Refused("slow_down", "Too many requests. Try again later.", 429, **{"retry-after": wait})
    form = await _form(request)
    client_id, secret, by_header = _credential(request, form)
    if form.get("grant_type") != "client_credentials":
        raise _Refused("unsupported_grant_type", "The only grant type is client_credentials.")
    scope = tuple(form["scope"].split()) if form.get("scope") else None
    try:
        return await issue_token(client_id, secret, scope)
    except InvalidClient as invalid:
        ask = {"www-authenticate": 'Basic realm="centrals"'} if by_header else {}
        raise _Refused("invalid_client", "The credential is not valid.", 401, **ask) from invalid
    except InvalidScope as beyond:
        raise _Refused("invalid_scope", "The credential does not have all these grants.") from beyond
    except (database.TooSlow, database.Outage) as fault:
        text = "The database is not available now. Try again."
        raise _Refused("temporarily_unavailable", text, 503, **{"retry-after": "1"}) from fault


async def _form(request: Request) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise _Refused("invalid_request", f"Send the fields as {_FORM}.")
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST_BODY:
                raise _Refused("invalid_request", f"A body has at most {_LARGEST_BODY} bytes.", 413)
    except ClientDisconnect as gone:
        raise _Refused("invalid_request", "The body ended before its end.") from gone
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError as fault:
        raise _Refused("invalid_request", "The body is no form in UTF-8.") from fault
    form = dict(pairs)
    if len(form) != len(pairs):
        raise _Refused("invalid_request", "A field is sent twice.")
    return form


def _credential(request: Request, form: dict[str, str]) -> tuple[str, str, bool]:
    """The client's id and secret, and whether the header had them."""
    header = request.headers.get("authorization")
    if header is None:
        if not form.get("client_id") or not form.get("client_secret"):
            raise _Refused("invalid_request", "Send client_id and client_secret, or HTTP Basic.")
        return form["client_id"], form["client_secret"], False
    if "client_secret" in form:
        raise _Refused("invalid_request", "Send the credential once: as fields, or as HTTP Basic.")
    kind, _, encoded = header.partition(" ")
    try:
        name, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        kind = colon = name = secret = ""
    if kind.lower() != "basic" or not colon:
        raise _Refused("invalid_request", "The header is not HTTP Basic.")
    return unquote_plus(name), unquote_plus(secret), True


OAUTH = Route("/oauth/token", _answered, methods=["POST"])

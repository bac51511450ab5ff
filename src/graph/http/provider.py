"""Signing in with a provider: the redirect to it, and the callback that opens a session."""

import logging
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from actions.identity.sessions.challenge import Challenge
from actions.identity.sessions.session import SecondFactorNeeded, Tokens
from actions.identity.users.provider import VISIT_MS, Visit, Vouched, begin_visit, end_visit, sign_in_vouched
from actions.kit.call import Call
from authz.catalog import LOCALES
from authz.refusal import Refusal
from authz.viewer import SIGNED_OUT
from graph.http.handler import language
from graph.http.headers import cookies_of
from graph.http.openid import OpenID, Provider, ProviderError
from graph.identity.sessions.mutations import ACCESS_COOKIE, CHALLENGE_COOKIE, COOKIE_PATHS, REFRESH_COOKIE
from graph.kit.context import Serving
from models import database
from telemetry.faults import log_fault
from telemetry.request import note_code, note_error, request_id

START = "/sign-in/provider"
CALLBACK = "/sign-in/provider/back"
VISIT_COOKIE = "centrals_visit"
_HOME = "/graphql"
_LONGEST = 500

_log = logging.getLogger("centrals.provider")


def provider_routes(serving: Serving, provider: Provider) -> list[Route]:
    """The two routes that a browser goes through."""
    openid = OpenID(provider, serving.public_url + CALLBACK)

    async def start(request: Request) -> Response:
        return_to = _safe_target(request.query_params.get("return"), serving)
        try:
            visit = await begin_visit(_caller(request, serving), return_to)
            response = _redirect(await openid.authorization_url(visit))
        except Refusal as refusal:
            return _refused(return_to, refusal.code.value)
        except ProviderError as error:
            return _failed(return_to, error)
        _set_cookie(response, VISIT_COOKIE, visit.state, VISIT_MS // 1000, serving, path=START, site="lax")
        return response

    async def callback(request: Request) -> Response:
        parameters = request.query_params
        visit = await end_visit(parameters.get("state", ""), cookies_of(request.scope).get(VISIT_COOKIE, ""))
        if visit is None:
            return _without_visit(_refused(_HOME, "VISIT_ENDED"), serving)
        return _without_visit(await _sign_in(request, visit), serving)

    async def _sign_in(request: Request, visit: Visit) -> Response:
        code = request.query_params.get("code")
        if not code:
            return _refused(visit.return_to, "PROVIDER_REFUSED")
        try:
            claims = await openid.claims(code, visit)
            vouched = _vouched_by(claims, provider, request)
            agent = request.headers.get("user-agent", "")
            tokens = await sign_in_vouched(_caller(request, serving), vouched, agent)
        except Refusal as refusal:
            return _refused(visit.return_to, refusal.code.value)
        except ProviderError as error:
            return _failed(visit.return_to, error)
        if isinstance(tokens, SecondFactorNeeded):
            return _second_factor(visit.return_to, tokens.challenge, serving)
        return _signed_in(visit.return_to, tokens, serving)

    return [Route(START, start, methods=["GET"]), Route(CALLBACK, callback, methods=["GET"])]


def _caller(request: Request, serving: Serving) -> Call:
    address = request.client.host if request.client else None
    return Call(SIGNED_OUT, request_id(), address, serving.chain_key)


def _safe_target(return_to: str | None, serving: Serving) -> str:
    """Where a browser may be sent back to: a path of this server, or a page of an allowed origin."""
    target = return_to or _HOME
    if (
        len(target) > _LONGEST
        or not (target.isascii() and target.isprintable())
        or "\\" in target
        or " " in target
    ):
        return _HOME
    if target.startswith("/") and not target.startswith("//"):
        return target
    parts = urlsplit(target)
    return target if f"{parts.scheme}://{parts.netloc}" in serving.allowed_origins else _HOME


def _vouched_by(claims: dict[str, Any], provider: Provider, request: Request) -> Vouched:
    email, name = claims.get("email"), claims.get("name")
    language_tag = str(claims.get("locale", "")).lower().replace("_", "-").split("-")[0]
    return Vouched(
        issuer=provider.issuer,
        subject=claims["sub"],
        email=email if isinstance(email, str) else None,
        email_verified=claims.get("email_verified") is True,
        name=name if isinstance(name, str) else None,
        locale=language_tag
        if language_tag in LOCALES
        else language(request.headers.get("accept-language", "")),
    )


def _redirect(address: str) -> Response:
    response = RedirectResponse(address, status_code=303)
    response.headers["cache-control"] = "no-store"
    response.headers["referrer-policy"] = "no-referrer"
    return response


def _refused(return_to: str, code: str) -> Response:
    """A redirect back to where the sign-in started, with `error` in its query."""
    note_code(code)
    note_error(code, "signInWithProvider")
    return _redirect(_with_parameter(return_to, "error", code))


def _with_parameter(return_to: str, name: str, value: str) -> str:
    parts = urlsplit(return_to)
    query = [*parse_qsl(parts.query, keep_blank_values=True), (name, value)]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _second_factor(return_to: str, challenge: Challenge, serving: Serving) -> Response:
    """A redirect to where `completeSignIn` follows. The challenge is in a cookie: addresses are logged."""
    response = _redirect(_with_parameter(return_to, "second_factor", "required"))
    seconds = (challenge.expires_at - database.now()) // 1000
    path = COOKIE_PATHS[CHALLENGE_COOKIE]
    _set_cookie(response, CHALLENGE_COOKIE, challenge.token, seconds, serving, path=path, site="strict")
    return response


def _failed(return_to: str, error: ProviderError) -> Response:
    log_fault(request_id(), error)
    return _refused(return_to, "PROVIDER_FAILED")


def _signed_in(return_to: str, tokens: Tokens, serving: Serving) -> Response:
    response = _redirect(return_to)
    cookies = (
        (ACCESS_COOKIE, tokens.access, tokens.expires_at),
        (REFRESH_COOKIE, tokens.refresh, tokens.refresh_expires_at),
    )
    for name, token, expires_at in cookies:
        seconds = (expires_at - database.now()) // 1000
        _set_cookie(response, name, token, seconds, serving, path=COOKIE_PATHS[name], site="strict")
    return response


def _without_visit(response: Response, serving: Serving) -> Response:
    _set_cookie(response, VISIT_COOKIE, "", 0, serving, path=START, site="lax")
    return response


def _set_cookie(
    response: Response, name: str, value: str, seconds: int, serving: Serving, *, path: str, site: Any
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=path,
        secure=serving.secure_cookies,
        httponly=True,
        samesite=site,
    )

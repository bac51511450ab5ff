"""Which hosts requests may be for."""

from collections.abc import Sequence

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_MOST = 64


class TrustedHosts(TrustedHostMiddleware):
    """Starlette's middleware, which examines each Host header once: nearly all requests have the same."""

    def __init__(self, app: ASGIApp, allowed_hosts: Sequence[str]) -> None:
        super().__init__(self._pass_first, allowed_hosts, www_redirect=False)
        self._inner = app
        self._trusted: set[bytes] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on if its host is trusted, and else answer it."""
        if scope["type"] == "http" and _host(scope) in self._trusted:
            await self._inner(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def _pass_first(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on the first request for a trusted host."""
        host = _host(scope) if scope["type"] == "http" else None
        if host is not None and len(self._trusted) < _MOST:
            self._trusted.add(host)
        await self._inner(scope, receive, send)


def _host(scope: Scope) -> bytes | None:
    """The first Host header, which is the one that counts."""
    for name, value in scope["headers"]:
        if name == b"host":
            found: bytes = value
            return found
    return None

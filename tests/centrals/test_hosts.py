"""The hosts that requests may be for."""

from typing import Any

from centrals.hosts import TrustedHosts


async def _status(app: TrustedHosts, *hosts: bytes) -> int:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"accept", b"*/*"), *((b"host", host) for host in hosts)]
    await app({"type": "http", "headers": headers}, send, send)
    return int(sent[0]["status"])


async def test_a_host_that_is_not_trusted_is_refused_whatever_came_before_it() -> None:
    async def inner(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})

    app = TrustedHosts(inner, ["api.example.com", "*.shop.example.com"])
    good, wild, bad = b"api.example.com:8000", b"one.shop.example.com", b"other.example.com"

    for _ in range(2):
        assert [await _status(app, host) for host in (good, wild, bad)] == [200, 200, 400]
        assert await _status(app, good, bad) == 200
        assert await _status(app, bad, good) == await _status(app) == 400

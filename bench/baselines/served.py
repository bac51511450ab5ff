"""Handlers by hand in plain ASGI, with the headers and the line of the log that the product has."""

import time
from collections.abc import Awaitable, Callable
from hashlib import sha256

import msgspec
from starlette.types import Receive, Scope, Send

from bench.baselines.assign import assigned
from bench.baselines.call import Call, Fetch
from bench.baselines.centrals import centrals, introspection
from bench.baselines.pages import page, plain_page
from bench.baselines.report import report
from bench.baselines.sale import sale
from models import database
from telemetry.request import OperationRecord, current_request

HANDLERS: dict[str, Callable[[Call], Awaitable[bytes]]] = {
    "centrals": centrals,
    "page": page,
    "plain_page": plain_page,
    "sale": sale,
    "report": report,
    "introspection": introspection,
    "assign": assigned,
}
_HEADERS = [
    (b"content-type", b"application/graphql-response+json; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"vary", b"Accept, Accept-Encoding, Authorization, Cookie, X-Central"),
]


class Served:
    """The handler of a name. `known` is the product's answer, for what does not depend on rows."""

    def __init__(self, name: str, fetch: Fetch, known: bytes) -> None:
        self._handler, self._fetch, self._known = HANDLERS[name], fetch, known
        self._dialect = database.dialect()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request whose body arrives as one message."""
        started = time.perf_counter()
        headers = dict(scope["headers"])
        body = msgspec.json.decode((await receive())["body"])
        request = current_request.get()
        assert request is not None
        call = Call(
            self._fetch,
            self._dialect,
            database.now(),
            sha256(headers[b"authorization"][7:]).hexdigest(),
            headers.get(b"x-central", b"")[8:].decode(),
            body,
            request.request_id,
            scope["client"][0] if scope["client"] else None,
            self._known,
        )
        content = b'{"data":' + await self._handler(call) + b"}"
        milliseconds = round((time.perf_counter() - started) * 1000, 1)
        request.operations.append(
            OperationRecord(kind="query", account_id=call.account_id or None, milliseconds=milliseconds)
        )
        length = (b"content-length", b"%d" % len(content))
        await send({"type": "http.response.start", "status": 200, "headers": [*_HEADERS, length]})
        await send({"type": "http.response.body", "body": content})

"""The middleware around every request: its id, trace, log line, metrics and unexpected errors."""

import ipaddress
import logging
import time
from functools import lru_cache
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from centrals.observation import LogAddress
from models import database
from telemetry.faults import log_fault
from telemetry.figures import REQUEST_SECONDS, REQUESTS
from telemetry.line import write_line
from telemetry.request import OperationRecord, RequestRecord, current_request, plain_word, sane_request_id
from telemetry.trace import RequestSpan, Tracing, continued

CLIENT_CLOSED = 499
"""The status in logs and figures of a request whose client left before its response."""
_LONGEST_PATH = 200
_log = logging.getLogger("centrals.request")
_ROUTES = {
    "/": "page",
    "/graphql": "graphql",
    "/link": "page",
    "/export/audit": "export",
    "/export/rows": "export",
    "/export/report": "export",
    "/healthz": "health",
    "/readyz": "health",
    "/metrics": "metrics",
    "/mcp": "mcp",
    "/oauth/token": "oauth",
    "/demo/sink": "sink",
    "/developers/docs": "docs",
    "/developers/schema.graphql": "docs",
    "/sign-in/provider": "sign_in",
    "/sign-in/provider/back": "sign_in",
}
_BELOW = {
    "/intake/hotmart/": "intake",
    "/u/": "unsubscribe",
    "/calendar/": "calendar",
    "/graphiql/": "asset",
    "/developers/docs/": "docs",
}
_SECRET_BELOW = {
    "/intake/hotmart/": "/intake/hotmart/{intake_id}",
    "/u/": "/u/{token}",
    "/calendar/": "/calendar/{token}.ics",
}


class ObservedRequests:
    """The outermost layer.

    It handles exceptions that nothing else caught, and never repeats their messages.
    """

    def __init__(self, app: ASGIApp, log_address: LogAddress = "none") -> None:
        self.app = app
        self._log_address = log_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and record it when its response has ended."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        tracer = Tracing.tracer
        record, span = _record(scope), tracer.begin(scope) if tracer is not None else None
        if span is not None:
            record.trace = span.context
        status = 0

        async def send_onwards(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *_headers(record)]
            await send(message)

        token = current_request.set(record)
        try:
            await self.app(scope, receive, send_onwards)
        except Exception as fault:
            if status:
                raise
            log_fault(record.request_id, fault)
            response = JSONResponse({"code": "INTERNAL", "requestId": record.request_id}, status_code=500)
            await response(scope, receive, send_onwards)
        finally:
            current_request.reset(token)
            self._end(scope, record, span, status or CLIENT_CLOSED, time.perf_counter() - started)

    def _end(
        self, scope: Scope, record: RequestRecord, span: RequestSpan | None, status: int, seconds: float
    ) -> None:
        route, path = route_of(scope["path"])
        REQUESTS.add(route, str(status))
        REQUEST_SECONDS.observe(seconds, route)
        if span is not None:
            span.end(*_span_of(scope, record, path, status))
        if not _log.isEnabledFor(logging.INFO):
            return
        line: dict[str, Any] = {
            "request_id": record.request_id,
            "method": scope["method"][:16],
            "path": path,
            "status": status,
            "milliseconds": round(seconds * 1000, 1),
        }
        if record.trace is not None:
            line |= {"trace_id": record.trace.trace_id, "span_id": record.trace.span_id}
        if self._log_address != "none" and scope.get("client"):
            line["address"] = logged_address(scope["client"][0], self._log_address)
        for operation in record.operations:
            write_line(_log, "operation", line | _operation_fields(operation))
        if not record.operations:
            caller = {"code": record.code, "user_id": record.user_id, "account_id": record.account_id}
            write_line(_log, "request", line | caller)


def _operation_fields(operation: OperationRecord) -> dict[str, Any]:
    return {
        "kind": operation.kind,
        "operation": operation.name,
        "outcome": operation.outcome,
        "codes": operation.codes,
        "execution": operation.execution,
        "statements": operation.statements,
        "user_id": operation.user_id,
        "account_id": operation.account_id,
        "milliseconds": operation.milliseconds,
    }


def _span_of(scope: Scope, record: RequestRecord, path: str, status: int) -> tuple[str, int, dict[str, Any]]:
    """A span's name, its status, and its attributes by OpenTelemetry's conventions."""
    attributes: dict[str, Any] = {
        "http.request.method": scope["method"],
        "http.route": path,
        "http.response.status_code": status,
        "url.scheme": scope["scheme"],
        "centrals.request_id": record.request_id,
    }
    name = f"{scope['method']} {path}"
    if len(record.operations) == 1:
        operation = record.operations[0]
        name = " ".join(filter(None, (operation.kind, operation.name)))
        attributes |= {
            "graphql.operation.type": operation.kind,
            "graphql.operation.name": operation.name or "",
            "centrals.outcome": operation.outcome,
            "centrals.execution": operation.execution or "",
        }
    return name, status, attributes


def _record(scope: Scope) -> RequestRecord:
    """The record of a request, with the caller's request id if it is valid."""
    request_id = trace = None
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            request_id = sane_request_id(value)
        elif name == b"traceparent":
            trace = continued(value)
    return RequestRecord(request_id or database.new_id(), trace)


def _headers(record: RequestRecord) -> list[tuple[bytes, bytes]]:
    headers = [(b"x-request-id", record.request_id.encode())]
    if record.trace is not None:
        headers.append((b"traceparent", str(record.trace).encode()))
    return headers


def route_of(path: str) -> tuple[str, str]:
    """The route of a path, and the path as logs show it, without personal data."""
    return _route_of(path[:_LONGEST_PATH])


@lru_cache(maxsize=1024)
def _route_of(path: str) -> tuple[str, str]:
    route = _ROUTES.get(path)
    if route is not None:
        return route, path
    below = next((start for start in _BELOW if path.startswith(start)), None)
    if below is not None and below in _SECRET_BELOW:
        return _BELOW[below], _SECRET_BELOW[below]
    parts = [part if not part or plain_word(part) else "…" for part in path.split("/")[:8]]
    return _BELOW[below] if below else "unknown", "/".join(parts)


@lru_cache(maxsize=1024)
def logged_address(address: str, how: LogAddress) -> str | None:
    """A client's address as the settings allow logs to show it: in full, or only its network."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    if how == "full":
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))

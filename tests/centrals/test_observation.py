"""What an operator sees of a server: figures of all its processes, and one line of the log for each request."""

import asyncio
import contextlib
import datetime
import gzip
import json
import logging
import re
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families

import make
from centrals.application import EXPORTS
from centrals.logs import JsonLines, TextLines
from centrals.requests import logged_address, route_of
from centrals.tracing import OpenTelemetryTracer
from client import SETTINGS, Client
from doorstep import COMMAND, RESPONSE, Server, free_port, serving, visiting
from engine.plan.planner import PreparedOperation
from models import database
from telemetry.figures import PLAN_FAULTS, RATE_LIMITED
from telemetry.metrics import REGISTRY
from telemetry.sharing import Snapshot, merged
from telemetry.trace import Tracing

ROOT = Path(__file__).parents[2]
TOKEN = "a token for the metrics"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SIGN_IN = 'mutation Enter { signIn(input: {email: "nobody@example.com", password: "a wrong one"}) { errors { code } } }'


def figures(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    """Each sample of an exposition, by name and the values of its labels."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


async def visit(server: Server, central: dict[str, str], intake_id: str) -> list[tuple[str, str]]:
    """A request of each kind, each on a connection of its own: their ids and what the log is to say of each."""
    calls: list[tuple[str, dict[str, Any], str]] = [
        ("/graphql", {"json": {"query": "query ViewerName { viewer { name } }"}, "headers": central}, "query ok"),
        ("/graphql", {"json": {"query": "{ nothing }"}, "headers": central}, "unknown rejected"),
        ("/graphql", {"json": {"query": SIGN_IN}}, "mutation refused"),
        ("/graphql", {"json": {"query": "{ instance { name } }"}, "headers": {"authorization": "Bearer bad"}}, "unknown unauthenticated"),
        ("/graphql", {"content": b"{", "headers": {"content-type": "application/json"}}, "POST /graphql 400"),
        (f"/intake/hotmart/{intake_id}", {"content": b"{}"}, "POST /intake/hotmart/{intake_id} 401"),
        ("/wp-login.php", {}, "POST /wp-login.php 404"),
        ("/secret-4711/x", {}, "POST /…/x 404"),
    ]  # fmt: skip
    requests = []
    for number, (path, options, line) in enumerate(calls * 3):
        request_id = f"call-{number}"
        headers = {"accept": RESPONSE, **options.get("headers", {}), "x-request-id": request_id}
        async with httpx.AsyncClient(base_url=server.url) as http:
            response = await http.post(path, **{**options, "headers": headers})
        assert response.headers["x-request-id"] == request_id, path
        requests.append((request_id, line))
    for path, line in (("/export/audit", "GET /export/audit 200"), ("/link", "GET /link 200"),
                       ("/graphiql/link.js", "GET /graphiql/link.js 200"), ("/readyz", "GET /readyz 200")):  # fmt: skip
        async with httpx.AsyncClient(base_url=server.url) as http:
            response = await http.get(path, headers=central)
        requests.append((response.headers["x-request-id"], line))
    return requests


async def send_endless_header(server: Server) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET /healthz HTTP/1.1\r\nx: " + b"x" * 70_000)
    assert b"431" in await reader.read()
    writer.close()


def said(line: dict[str, Any]) -> str:
    """What a line says of a request, in short."""
    if line["message"] == "operation":
        return f"{line['kind']} {line['outcome']}"
    return f"{line['method']} {line['path']} {line['status']}"


@contextlib.contextmanager
def collector() -> Iterator[tuple[str, list[ExportTraceServiceRequest]]]:
    """A collector of traces: its address, and what it was sent."""
    received: list[ExportTraceServiceRequest] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            body = self.rfile.read(int(self.headers["content-length"]))
            packed = self.headers.get("content-encoding") == "gzip"
            received.append(ExportTraceServiceRequest.FromString(gzip.decompress(body) if packed else body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", received
        finally:
            server.shutdown()


async def test_traces_continue_the_callers_and_hold_no_values(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await make.session(await make.user(name="Canary Castafiore"))
    with collector() as (endpoint, received):
        tracer = OpenTelemetryTracer(endpoint)
        monkeypatch.setattr(Tracing, "tracer", tracer)
        async with visiting() as visitor:
            headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "tracestate": "vendor=1"}
            response = await visitor.post(
                "query Name { viewer { name email } }", token=token, headers=headers
            )
            other = await visitor.http.get("/canary-4711")
            await database.read("SELECT 1")
        await asyncio.to_thread(tracer.shutdown)

    scopes = [span.scope_spans for request in received for span in request.resource_spans]
    spans = [span for found in scopes for scope in found for span in scope.spans]
    named = {span.name: span for span in spans}
    request, statement = named["query Name"], named["SELECT"]
    attributes = {
        attribute.key: attribute.value.string_value or attribute.value.int_value
        for attribute in request.attributes
    }
    assert response.json()["data"]["viewer"]["name"] == "Canary Castafiore"
    assert request.trace_id.hex() == TRACE
    assert request.parent_span_id.hex() == "00f067aa0ba902b7"
    assert response.headers["traceparent"] == f"00-{TRACE}-{request.span_id.hex()}-01"
    assert attributes["http.response.status_code"] == 200
    assert attributes["centrals.execution"] == "compiled"
    assert (statement.parent_span_id, statement.trace_id) == (request.span_id, request.trace_id)
    assert named["GET /…"].trace_id.hex() in other.headers["traceparent"]
    assert not [span for span in spans if not span.parent_span_id and span.name == "SELECT"]
    assert "canary" not in str(received).lower()
    assert token not in str(received)


async def test_every_process_shows_the_figures_of_all_and_logs_each_request_once(
    database_url: str, tmp_path: Path
) -> None:
    account = await make.account()
    token = await Client.owner(account)
    central = {"authorization": f"Bearer {token}", "x-central": f"central_{account['id']}"}
    port = free_port()
    options = {"WORKERS": "2", "METRICS_PORT": str(port), "METRICS_TOKEN": TOKEN, "LOG_ADDRESS": "network"}

    command = [COMMAND[0], *COMMAND[3:], "serve"]  # uvicorn leaves its socket to the interpreter's end
    async with serving(database_url, tmp_path, command, **options) as server, httpx.AsyncClient() as http:
        request = await visit(server, central, str(account["intake_id"]))
        await send_endless_header(server)
        await asyncio.sleep(1.3)
        own_port = figures((await http.get(f"http://127.0.0.1:{port}/metrics")).text)
        with_token = {"authorization": f"Bearer {TOKEN}"}
        shown = figures((await http.get(f"{server.url}/metrics", headers=with_token)).text)
        refused = [
            (await http.get(f"{server.url}/metrics", headers=headers)).status_code
            for headers in ({}, {"authorization": "Bearer another token"})
        ]
        elsewhere = (await http.get(f"http://127.0.0.1:{port}/graphql")).status_code
        server.process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(server.process.wait, 15) == 0

    for found in (own_port, shown):
        operations = found["centrals_operations_total"]
        assert operations == {("query", "ok"): 3, ("unknown", "rejected"): 3, ("mutation", "refused"): 3,
                              ("unknown", "unauthenticated"): 3}  # fmt: skip
        requests = found["centrals_http_requests_total"]
        assert (requests["intake", "401"], requests["unknown", "404"], requests["export", "200"]) == (3, 6, 1)
        assert found["centrals_intake_messages_total"] == {("UNAUTHENTICATED",): 3}
        assert found["centrals_operation_seconds_count"]["query",] == 3
        assert found["centrals_executions_total"] == {("compiled", ""): 3, ("standard", "not a query"): 3}
        assert found["centrals_statements_total"]["read",] > 3
        assert found["centrals_processes"] == {(): 2}
        assert found["centrals_connections_ended_total"] == {("431",): 1}
        assert found["centrals_connections"][()] >= 0
        assert found["centrals_outbox_messages"]["waiting",] >= 0
        assert found["centrals_pool_connections"]["default", "limit"] > 0
        assert set(found) >= {
            "centrals_cache_lookups_total",
            "centrals_memory_bytes",
            "centrals_outbox_age_seconds",
        }
    assert refused == [401, 401]
    assert elsewhere == 404

    lines = [json.loads(line) for line in server.stderr.splitlines()]
    of_requests = [line for line in lines if line["logger"] == "centrals.request" and "request_id" in line]
    assert [line["status"] for line in lines if line["message"] == "connection refused"] == [431]
    by_id = Counter(line["request_id"] for line in of_requests)
    assert set(by_id.values()) == {1}
    assert {(line["request_id"], said(line)) for line in of_requests} >= set(request)
    for line in of_requests:
        assert datetime.datetime.fromisoformat(line["time"]).utcoffset() == datetime.timedelta(0)
        assert line["address"] == "127.0.0.0/24"
        assert line["milliseconds"] >= 0
    assert {line.get("operation") for line in of_requests} == {"ViewerName", "Enter", None}


async def test_a_request_keeps_the_id_and_the_trace_of_its_caller_if_they_are_sane(database_url: str) -> None:
    parent = f"00-{TRACE}-00f067aa0ba902b7-01"
    async with visiting() as visitor:
        traced = await visitor.http.get(
            "/healthz", headers={"traceparent": parent, "x-request-id": "a-1.b:c"}
        )
        odd = [
            await visitor.http.get("/nowhere", headers=headers)
            for headers in (
                {"x-request-id": "ana@example.com"}, {"x-request-id": "x" * 65}, {"x-request-id": ""},
                {"traceparent": f"00-{'0' * 32}-00f067aa0ba902b7-01"}, {"traceparent": f"{parent}-more"},
                {"traceparent": parent.upper()}, {"traceparent": f"ff{parent[2:]}"},
            )
        ]  # fmt: skip

    assert traced.headers["x-request-id"] == "a-1.b:c"
    assert re.fullmatch(f"00-{TRACE}-(?!00f067aa0ba902b7)[0-9a-f]{{16}}-01", traced.headers["traceparent"])
    for response in odd:
        assert re.fullmatch(r"[0-9a-f-]{36}", response.headers["x-request-id"])
        assert "traceparent" not in response.headers


async def test_a_refusal_is_counted_by_the_limit_that_it_names(database_url: str) -> None:
    before = RATE_LIMITED.cell("costPerMinute")[0]
    async with visiting(replace(SETTINGS, cost_per_minute=1), apart=True) as visitor:
        responses = [await visitor.post(f"{{ a{number}: __typename }}") for number in range(9)]

    refused = [response for response in responses if response.status_code == 429]
    assert refused
    assert RATE_LIMITED.cell("costPerMinute")[0] == before + len(refused)


async def test_without_a_token_there_are_no_metrics_at_the_servers_own_address() -> None:
    async with visiting() as visitor:
        for headers in ({}, {"authorization": "Bearer "}):
            assert (await visitor.http.get("/metrics", headers=headers)).status_code == 404


async def test_a_fault_of_the_plan_compiler_is_counted_and_logged_and_the_answer_is_right(
    database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fault(*_: Any) -> Any:
        raise ZeroDivisionError("ana@example.com")

    before = PLAN_FAULTS.cell("ZeroDivisionError")[0]
    async with visiting() as visitor:
        with monkeypatch.context() as broken:
            broken.setattr(PreparedOperation, "_function", fault)
            compiled = await visitor.post("query One { instance { name } }")
        rejected = await visitor.post("{ nothing }")
        sound = await visitor.post("query Two { instance { name } }")

    assert compiled.json() == sound.json() == {"data": {"instance": {"name": "Centrals"}}}
    assert "errors" in rejected.json()
    assert PLAN_FAULTS.cell("ZeroDivisionError")[0] == before + 1
    [fault_line] = [record for record in caplog.records if record.message == "plan fault"]
    assert fault_line.__dict__["operation"] == "One"
    assert fault_line.__dict__["kind"] == "ZeroDivisionError"
    assert "ana@example.com" not in JsonLines().format(fault_line)


def test_a_log_shows_programmers_words_and_networks_alone() -> None:
    shown = {
        "/graphql": "/graphql",
        "/graphiql/app.js": "/graphiql/app.js",
        "/intake/hotmart/0190-secret": "/intake/hotmart/{intake_id}",
        "/u/AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGhIjKlMnOpQrStUv": "/u/{token}",
        "/calendar/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789.ics": "/calendar/{token}.ics",
        "/ana@example.com": "/…",
        "/users/12345/edit": "/users/…/edit",
        "/.env": "/.env",
        "/a\nb": "/…",
        "/" + "x" * 500: "/…",
        "/a/" * 5_000: "/a//a//a//a",
    }

    assert {path: route_of(path)[1] for path in shown} == shown
    assert {route_of(export.path) for export in EXPORTS} == {("export", export.path) for export in EXPORTS}
    assert logged_address("2001:db8:1:2::7", "network") == "2001:db8:1::/48"
    assert logged_address("192.0.2.77", "network") == "192.0.2.0/24"
    assert logged_address("192.0.2.77", "full") == "192.0.2.77"
    assert logged_address("testclient", "full") is None


def test_text_is_for_people_and_keeps_to_one_line() -> None:
    record = logging.makeLogRecord(
        {"name": "centrals.request", "levelname": "INFO", "msg": "request", "created": 1785000000.25,
         "path": "/a", "status": 404, "odd": 'a "b"\nc', "nothing": None}
    )  # fmt: skip

    line = TextLines().format(record)

    assert (
        line
        == '2026-07-25T17:20:00.250Z INFO centrals.request request path=/a status=404 odd="a \\"b\\"\\nc"'
    )


def test_counters_of_ended_processes_count_and_their_gauges_do_not() -> None:
    ended = 2**22 + 1  # no process has this number
    values: dict[str, Any] = {
        "centrals_mails_total": [(("sent",), [2.0])],
        "centrals_processes": [((), [1.0])],
        "gone": [((), [1.0])],
    }

    found = merged([Snapshot(ended, values), Snapshot(1, values)])

    assert found["centrals_mails_total"] == {("sent",): [4.0]}
    assert found["centrals_processes"] == {(): [1.0]}


def test_the_operators_page_lists_every_figure_with_its_labels() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    rows = dict(re.findall(r"^\| `(centrals_\w+)` \| ([^|]*) \|", text, re.MULTILINE))

    assert rows == {
        name: ", ".join(f"`{label}`" for label in metric.labels) for name, metric in REGISTRY.items()
    }

"""The server as a whole: its doors, its faults, its logs, its ends."""

import asyncio
import contextlib
import hashlib
import json
import random
import signal
import sqlite3
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import make
from client import Client
from doorstep import PASSWORD, RESPONSE, Server, person, serving, visiting
from extent import extent
from models import database
from models.vocabulary import Role

QUERY = "{ instance { name } }"
FAULTY = "{ viewer { centrals { id } } }"
CONNECTION = "postgres://centrals:canary-of-a-password@database.example.com/centrals"


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def test_it_is_healthy_and_ready(visitor: Client) -> None:
    healthy, ready = await visitor.http.get("/healthz"), await visitor.http.get("/readyz")

    assert (healthy.status_code, healthy.json()) == (200, {"status": "ok"})
    assert ready.status_code in {200, 503}


@pytest.mark.parametrize(
    "host", ["evil.example.com", "127.0.0.1.example.com", "", "localhost@evil.example.com"]
)
async def test_a_host_that_it_was_not_told_of_is_refused(host: str) -> None:
    async with visiting() as visitor:
        for path in ("/graphql", "/", "/healthz", "/graphiql/built/app.js"):
            response = await visitor.http.get(path, headers={"host": host})

            assert response.status_code == 400, path
            assert "location" not in response.headers
            if host:
                assert host not in response.text


async def test_forwarded_hosts_are_not_believed() -> None:
    headers = {"x-forwarded-host": "evil.example.com", "forwarded": "host=evil.example.com"}

    async with visiting() as visitor:
        response = await visitor.http.get("/", headers=headers)

    assert response.headers["location"] == "/graphql"


@pytest.mark.parametrize(
    "path",
    ["/graphql/", "/graphql/x", "/graphql/graphql", "/graphqlx", "/healthz/", "/readyz/x", "//evil.example.com",
     "//evil.example.com/graphql", "/graphiql/../../application.py", "/graphiql/%2e%2e/endpoint.py", "/intake/hotmart"],
)  # fmt: skip
async def test_there_is_nothing_beside_the_doors(path: str) -> None:
    async with visiting() as visitor:
        for method in ("GET", "POST"):
            response = await visitor.http.request(
                method, f"http://127.0.0.1:8000{path}", json={"query": QUERY}
            )

            assert response.status_code in {404, 405}, response.text
            assert "location" not in response.headers
            assert "Centrals" not in response.text


def masked(response: httpx.Response, caplog: pytest.LogCaptureFixture) -> str:
    """The request's id of an answer that tells nothing else of a fault."""
    logged = "\n".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    for word in ("canary", "database.example.com", "RuntimeError("):
        assert word not in response.text
        assert word not in logged
    request_id = response.headers.get("x-request-id") or response.json()["requestId"]
    faults = [
        record
        for record in caplog.records
        if record.name == "centrals.fault" and record.request_id == request_id
    ]
    assert [(item.kind, "test_application.py" in str(item.at)) for item in faults] == [("RuntimeError", True)]
    return str(request_id)


def failing(*_: Any, **__: Any) -> Any:
    raise RuntimeError(f"could not connect to {CONNECTION}") from ValueError(CONNECTION)


async def test_a_fault_in_a_resolver_is_told_by_the_requests_id_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("graph.instance.query.instance", failing)

    async with visiting(apart=True) as visitor:
        response = await visitor.post("{ one: instance { name } }")

    request_id = masked(response, caplog)
    (error,) = response.json()["errors"]
    assert response.status_code == 200
    assert error["extensions"] == {"code": "INTERNAL", "requestId": request_id}
    assert error["path"] == ["one"]


async def test_a_fault_before_an_operation_is_told_by_the_requests_id_alone(
    database_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("graph.http.handler.identify_and_remember", failing)

    async with visiting(apart=True) as visitor:
        response = await visitor.post(QUERY, token="canary-of-a-token")

    request_id = masked(response, caplog)
    assert response.status_code == 500
    assert response.json()["errors"][0]["extensions"] == {"code": "INTERNAL", "requestId": request_id}
    assert set(response.json()) == {"errors"}


async def test_a_fault_at_the_intake_is_told_by_the_requests_id_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("intake.endpoint.route.receive", failing)

    async with visiting(apart=True) as visitor:
        response = await visitor.http.post(f"/intake/hotmart/{database.new_id()}", content=b"canary")

    request_id = masked(response, caplog)
    assert (response.status_code, response.json()) == (500, {"code": "INTERNAL", "requestId": request_id})


SEEDED = """
import asyncio
from pathlib import Path
import graph.viewer.types
from models import database

LONG = {
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < %d) SELECT count(*) FROM n",
    "postgres": "SELECT pg_sleep(%f)",
}

async def wait(viewer, *arguments):
    mode = Path("fault").read_text()
    dialect = database.dialect()
    if mode == "one statement":
        await database.read(LONG[dialect] % (10**10 if dialect == "sqlite" else 60))
    while mode == "many statements":
        await database.read(LONG[dialect] % (300_000 if dialect == "sqlite" else 0.1))
    if mode == "no statement":
        await asyncio.sleep(60)
    if mode == "a while":
        await asyncio.sleep(1)
    if mode == "raise":
        raise RuntimeError("CONNECTION")
    if mode == "bad statement":
        await database.read("SELECT canary FROM nowhere WHERE x = ?", ("CONNECTION",))
    return await original(viewer, *arguments)

original, graph.viewer.types.centrals = graph.viewer.types.centrals, wait
""".replace("CONNECTION", CONNECTION)  # fmt: skip


@contextlib.asynccontextmanager
async def seeded(database_url: str, folder: Path, **settings: str) -> AsyncIterator[Server]:
    """A server whose `centrals` does what the file `fault` says."""
    fault(folder, "")
    async with serving(database_url, folder, **settings, TESTS_FAULT=SEEDED) as server:
        yield server


def fault(folder: Path, mode: str) -> None:
    (folder / "fault").write_text(mode)


async def ask(server: Server, query: str = QUERY, token: str | None = None, **more: Any) -> httpx.Response:
    headers = {
        "accept": RESPONSE,
        **({"authorization": f"Bearer {token}"} if token else {}),
        **more.pop("headers", {}),
    }
    async with httpx.AsyncClient(timeout=20) as http:
        return await http.post(f"{server.url}/graphql", json={"query": query, **more}, headers=headers)


async def test_what_takes_too_long_is_ended_and_the_database_stays_usable(
    database_url: str, tmp_path: Path
) -> None:
    token = await make.session(await make.user())
    times = {"one statement": (0.9, 1.9), "many statements": (1.9, 4), "no statement": (1.9, 4)}

    async with seeded(database_url, tmp_path, STATEMENT_SECONDS="1", REQUEST_SECONDS="2") as server:
        for mode, (least, most) in times.items():
            fault(tmp_path, mode)
            began = time.monotonic()
            responses = await asyncio.gather(
                *(ask(server, FAULTY, token) for _ in range(3 if mode == "no statement" else 1))
            )
            took = time.monotonic() - began
            fault(tmp_path, "")
            async with asyncio.timeout(1.5):
                well = await ask(server, FAULTY, token)

            for response in responses:
                codes = [error["extensions"]["code"] for error in response.json()["errors"]]
                assert codes == ["TIMEOUT"], mode
                assert response.status_code in {200, 503}, mode
            assert least <= took <= most, mode
            assert well.json()["data"]["viewer"]["centrals"] == [], mode


async def test_it_is_not_ready_without_its_tables_or_its_database(migrated_url: str, tmp_path: Path) -> None:
    own = migrated_url
    async with (
        serving(own, tmp_path) as server,
        httpx.AsyncClient(base_url=server.url) as http,
    ):
        ready = await http.get("/readyz")
        await _run(own, "DELETE FROM tortoise_migrations")
        behind = await http.get("/readyz")
        await _kill(own)
        dead = await http.get("/readyz")
        healthy = await http.get("/healthz")
        answer = await ask(server, "{ viewer { id } }", "a token")

    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
    assert (behind.status_code, behind.json()) == (503, {"status": "migrations missing"})
    assert dead.status_code == 503
    assert healthy.status_code == 200
    assert answer.status_code == 500
    assert answer.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert own.rsplit("/", 1)[-1] not in answer.text + server.stderr


async def _run(url: str, statement: str) -> None:
    if database.is_postgres(url):
        import asyncpg

        connection = await asyncpg.connect(url)
        await connection.execute(statement)
        await connection.close()
        return
    with contextlib.closing(sqlite3.connect(database.sqlite_file(url))) as connection, connection:
        connection.execute(statement)


async def _kill(url: str) -> None:
    """Drop a database under a server's feet."""
    if database.is_postgres(url):
        import asyncpg

        server, name = url.rsplit("/", 1)
        connection = await asyncpg.connect(f"{server}/postgres")
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await connection.close()
        return
    file = database.sqlite_file(url)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("r+b") as content:
        content.write(b"\0" * file.stat().st_size)


def canaries() -> Any:
    """Secrets and personal data, told apart."""
    number = 0
    while True:
        number += 1
        yield f"canary{number}x{random.Random(number).randrange(10**9)}"


async def test_no_log_holds_what_people_sent(database_url: str, tmp_path: Path) -> None:
    canary, secret = canaries(), "canary-of-a-secret"
    user = await person(email=f"{next(canary)}@example.com", name=next(canary))
    account = await make.account(user, intake_secret_digest=hashlib.sha256(secret.encode()).hexdigest())
    collaborator = await make.collaborator(account, name=next(canary))
    sale = await make.sale(account, buyer_name=next(canary), buyer_email=f"{next(canary)}@example.com")
    sign_in = "mutation($e: String!, $p: String!) { signIn(input: {email: $e, password: $p}) { accessToken refreshToken errors { message } } }"
    sent: list[str] = []

    async with (
        seeded(database_url, tmp_path, LOG_LEVEL="debug", LOG_FORMAT="json", METRICS_TOKEN=secret) as server,
        httpx.AsyncClient(base_url=server.url) as http,
    ):
        good = (await ask(server, sign_in, variables={"e": user["email"], "p": PASSWORD})).json()["data"][
            "signIn"
        ]
        sent += [good["accessToken"], good["refreshToken"], PASSWORD]
        who: dict[str, Any] = {
            "token": good["accessToken"],
            "headers": {"x-central": f"central_{account['id']}"},
        }
        assign = "mutation($r: String!, $a: ID) { assignSale(input: {reference: $r, assigneeId: $a, idempotencyKey: $r}) { errors { message } } }"
        buyers = "{ account { sales { edges { node { buyer { name email } } } } } }"
        responses = [
            await ask(server, sign_in, variables={"e": f"{next(canary)}@example.com", "p": next(canary)}),
            await ask(server, f'mutation {{ signIn(input: {{email: "{next(canary)}", password: "{next(canary)}"}}) {{ errors {{ code }} }} }}'),
            await ask(server, f'mutation {{ refreshSession(input: {{refreshToken: "{next(canary)}"}}) {{ errors {{ code }} }} }}'),
            await ask(server, f"query {next(canary)} {{ {next(canary)}: viewer {{ email name }} }}", good["accessToken"]),
            await ask(server, f'{{ {next(canary)} "{next(canary)}'),
            await ask(server, f"{{ {next(canary)} }}"),
            await ask(server, QUERY, operationName=next(canary)),
            await ask(server, "query($v: Int!) { __typename @skip(if: $v) }", variables={"v": next(canary)}),
            await ask(server, "query($v: Boolean!) { __typename @skip(if: $v) }", variables={"v": next(canary)}),
            await ask(server, QUERY, token=next(canary)),
            await ask(server, QUERY, headers={"authorization": f"Basic {next(canary)}"}),
            await ask(server, QUERY, headers={"cookie": f"centrals_access={next(canary)}; {next(canary)}={next(canary)}"}),
            await ask(server, QUERY, headers={"user-agent": next(canary), "referer": f"http://{next(canary)}/", "x-forwarded-for": next(canary), "origin": f"http://{next(canary)}"}),
            await ask(server, QUERY, headers={"host": f"{next(canary)}.example.com"}),
            await ask(server, QUERY, token=good["accessToken"], headers={"x-central": next(canary)}),
            await ask(server, buyers, **who),
            await ask(server, f'{{ account {{ sale(reference: "{next(canary)}\\u0000") {{ id }} }} }}', **who),
            await ask(server, assign, **who, variables={"r": next(canary), "a": next(canary)}),
            await ask(server, assign, **who, variables={"r": sale["reference"], "a": f"person_{collaborator['id']}"}),
            await http.get("/graphql", params={"query": f"{{ {next(canary)} }}", "variables": next(canary)}),
            await http.get(f"/{next(canary)}?{next(canary)}={next(canary)}"),
            await http.get(f"/link?token={next(canary)}", headers={"x-request-id": f"{next(canary)}@example.com"}),
            await http.get("/export/audit", params={"actor": next(canary)}, headers={"traceparent": next(canary), "tracestate": next(canary)}),
            await http.get(f"/sign-in/provider/back?code={next(canary)}&state={next(canary)}"),
            await http.get(f"/graphiql/{next(canary)}"),
            await ask(server, f"query {next(canary)} {{ instance {{ name }} }}"),
            await http.post("/graphql", content=next(canary), headers={"content-type": "application/json"}),
        ]  # fmt: skip
        for mode in ("raise", "bad statement"):
            fault(tmp_path, mode)
            responses.append(await ask(server, f"query {next(canary)} {FAULTY}", good["accessToken"]))
        message = {"id": next(canary), "event": next(canary), "data": {"buyer": {"name": next(canary)}}}
        for result, body in [
            (secret, json.dumps(message)),
            (secret, f'{{"id": "{next(canary)}", "data": {next(canary)}'),
            (next(canary), json.dumps(message | {"hottok": next(canary)})),
        ]:
            responses.append(
                await http.post(
                    f"/intake/hotmart/{account['intake_id']}",
                    content=body,
                    headers={"x-hotmart-hottok": result},
                )
            )
        shown = (await http.get("/metrics", headers={"authorization": f"Bearer {secret}"})).text
        await _babble(server, next(canary))
        server.process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(server.process.wait, 10) == 0

    lines = [json.loads(line) for line in server.stderr.splitlines()]
    assert any("canary" in response.text for response in responses)
    assert [line for line in server.stderr.splitlines() if "canary" in line.lower()] == []
    assert "centrals_faults_total" in shown
    assert "canary" not in shown
    assert [token for token in sent if token in server.stderr + shown] == []
    assert {"centrals.request", "centrals.fault"} <= {line["logger"] for line in lines}
    assert all({"time", "level", "logger", "message"} <= set(line) for line in lines)
    internal = [response.json() for response in responses if "INTERNAL" in response.text]
    assert len(internal) == 2
    assert {item["errors"][0]["extensions"]["requestId"] for item in internal} == {
        line["request_id"] for line in lines if line["logger"] == "centrals.fault"
    }


async def _babble(server: Server, canary: str) -> None:
    """Say something to a server that is no HTTP."""
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"{canary} {canary}\r\n{canary}\r\n\r\n".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()


async def test_a_server_that_is_asked_to_end_answers_first(database_url: str, tmp_path: Path) -> None:
    token = await make.session(await make.user())

    async with seeded(database_url, tmp_path) as server:
        fault(tmp_path, "a while")
        running = asyncio.create_task(ask(server, FAULTY, token))
        await asyncio.sleep(0.4)
        began = time.monotonic()

        server.process.send_signal(signal.SIGTERM)
        response = await running
        code = await asyncio.to_thread(server.process.wait, 10)

        assert response.json() == {"data": {"viewer": {"centrals": []}}}
        assert code == 0, server.stderr
        assert time.monotonic() - began < 10


ASSIGN = "mutation($input: AssignSaleInput!) { assignSale(input: $input) { errors { code } } }"

KILLS = extent(2, 50)


async def test_no_acknowledged_change_is_lost_when_the_server_is_killed(
    database_url: str, tmp_path: Path
) -> None:
    account = await make.account()
    token = await Client.owner(account)
    collaborators = [await make.collaborator(account, role=Role.USER) for _ in range(5)]
    sales = [await make.sale(account) for _ in range(4)]
    acknowledged: set[str] = set()
    chance = random.Random(3)

    for kill in range(1, KILLS + 1):
        async with serving(database_url, tmp_path) as server:
            writers = [
                asyncio.create_task(_hand_around(server, account, token, sale, collaborators, acknowledged))
                for sale in sales
            ]
            async with asyncio.timeout(30):
                while len(acknowledged) < 8 * kill:  # noqa: ASYNC110 - four writers add to it
                    await asyncio.sleep(0.02)
            await asyncio.sleep(chance.random() * 0.1)
            server.process.kill()
            await asyncio.gather(*writers)

    names = {collaborator["id"]: collaborator["name"] for collaborator in collaborators} | {None: None}
    entries = await database.read(
        "SELECT object_id, request_id, changes FROM audit_entries WHERE account_id = ? ORDER BY id",
        (account["id"],),
    )
    logged = [str(entry["request_id"]) for entry in entries]
    assert len(acknowledged) >= 8 * KILLS
    assert acknowledged <= set(logged)
    assert len(logged) == len(set(logged))
    assert len(logged) - len(acknowledged) <= KILLS * len(sales)
    chains: dict[str, list[Any]] = defaultdict(list)
    for entry in entries:
        chains[entry["object_id"]].append(json.loads(entry["changes"])[0])
    for sale in sales:
        chain = chains[sale["reference"]]
        rows = await database.read("SELECT assignee_id FROM sales WHERE id = ?", (sale["id"],))
        assert [change["before"] for change in chain] == [None, *[change["after"] for change in chain[:-1]]]
        assert names[rows[0]["assignee_id"]] == chain[-1]["after"]


async def _hand_around(
    server: Server,
    account: dict[str, Any],
    token: str,
    sale: dict[str, Any],
    collaborators: list[Any],
    acknowledged: set[str],
) -> None:
    headers = {"authorization": f"Bearer {token}", "x-central": f"central_{account['id']}"}
    with contextlib.suppress(httpx.HTTPError):
        async with httpx.AsyncClient(base_url=server.url, headers=headers) as http:
            for number in range(10_000):
                chosen = {
                    "reference": sale["reference"],
                    "assigneeId": f"person_{collaborators[number % 5]['id']}",
                }
                response = await http.post("/graphql", json={"query": ASSIGN, "variables": {"input": chosen}})
                assert response.json() == {"data": {"assignSale": {"errors": []}}}
                acknowledged.add(response.headers["x-request-id"])

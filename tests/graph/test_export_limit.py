"""How often the log is exported, and that a slot is given back however the download ends."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import httpx
import pytest

import make
from actions.kit.chain import append, chain_key
from authz.grant import Grant
from client import SETTINGS, Client
from doorstep import visiting
from graph.export import audit, reports, rows
from graph.export import download as file
from graph.export.limit import A_MINUTE, Exports
from graph.export.reader import AccessEnded
from graph.http.extensions import CUT_SHORT
from models import database
from models.vocabulary import Role
from reports import customers
from sockets import listening

KEY = chain_key(SETTINGS.secret_key)
PAGE = 30  # rows that a file reads at once


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that few rows are more than one page."""
    for module, name in ((audit, "_PAGE"), (reports, "_PAGE"), (rows, "_PAGE"), (customers, "_PART")):
        monkeypatch.setattr(module, name, PAGE)


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


async def export(
    visitor: Client, token: str, account: dict[str, Any], locale: str = "en", **parameters: str
) -> httpx.Response:
    headers = {
        "authorization": f"Bearer {token}",
        "x-central": f"central_{account['id']}",
        "accept-language": locale,
    }
    return await visitor.http.get("/export/audit", params=parameters, headers=headers)


def extensions(response: httpx.Response) -> dict[str, Any]:
    (error,) = response.json()["errors"]
    return dict(error["extensions"])


async def logged(account: dict[str, Any]) -> list[tuple[str, str | None]]:
    rows = await database.read(
        "SELECT act, refusal FROM audit_entries WHERE account_id = ? AND act = 'exportAuditLog'"
        " ORDER BY sequence",
        (account["id"],),
    )
    return [(row["act"], row["refusal"]) for row in rows]


async def long_log(account: dict[str, Any]) -> None:
    """More than one page of it."""
    columns = ("id", "account_id", "act", "changes", "request_id", "at")
    entry = dict.fromkeys(
        ("user_id", "user_name", "object_type", "object_id", "let_by", "refusal", "address")
    )

    async def work() -> None:
        for number in range(2 * PAGE + 10):
            values = (database.new_id(), account["id"], "assignSale", [], "request", number + 1)
            await append(KEY, entry | dict(zip(columns, values, strict=True)))

    await database.transact(work)


class Download:
    """One download, as a server drives it: it stops after its first bytes until told how it goes on."""

    def __init__(
        self,
        visitor: Client,
        token: str,
        account: dict[str, Any],
        spec: str = "2.3",
        address: str = "/export/audit?format=jsonl",
    ) -> None:
        transport = visitor.http._transport
        assert isinstance(transport, httpx.ASGITransport)
        self.under_way = asyncio.Event()
        self.goes_on = asyncio.Event()
        self.gone = asyncio.Event()
        self.broken = False
        self.cut_short = False
        self.body = b""
        self.status = 0
        path, _, query = address.partition("?")
        headers = [
            (b"host", b"127.0.0.1:8000"),
            (b"authorization", f"Bearer {token}".encode()),
            (b"x-central", f"central_{account['id']}".encode()),
        ]
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": spec},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": headers,
            "server": ("127.0.0.1", 8000),
            "client": ("127.0.0.1", 40_000),
            "extensions": {CUT_SHORT: self._cut_short},
        }
        self.task = asyncio.create_task(transport.app(scope, self._receive, self._send))  # type: ignore[arg-type]

    def _cut_short(self) -> None:
        self.cut_short = True

    async def _receive(self) -> MutableMapping[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, sent: MutableMapping[str, Any]) -> None:
        if sent["type"] == "http.response.start":
            self.status = sent["status"]
            return
        self.body += sent["body"]
        self.under_way.set()
        if self.status == 200:  # nothing follows a refusal
            await self.goes_on.wait()
        if self.broken:
            raise OSError("the connection is closed")

    async def end(self) -> None:
        """Wait for its end, whatever it is."""
        await asyncio.wait([self.task], timeout=20)
        assert self.task.done()


async def test_a_few_exports_a_minute_for_each_person_and_account(visitor: Client) -> None:
    owner = await make.user()
    account, other = await make.account(owner), await make.account(owner)
    admin = await Client.collaborator(await make.collaborator(account, role=Role.ADMIN))
    token = await make.session(owner)
    assert (await export(visitor, token, account, format="xml")).status_code == 400

    first = [await export(visitor, token, account) for _ in range(A_MINUTE)]
    more = await export(visitor, token, account, "pt")
    by_another_session = await export(visitor, await make.session(owner), account)

    assert [item.status_code for item in first] == [200] * A_MINUTE
    for response in (more, by_another_session):
        assert response.status_code == 429
        assert extensions(response) == {"code": "RATE_LIMITED", "allowed": {"perMinute": A_MINUTE}}
        assert 1 <= int(response.headers["retry-after"]) <= 60
    assert str(A_MINUTE) in more.json()["errors"][0]["message"]
    assert more.json()["errors"][0]["message"] != by_another_session.json()["errors"][0]["message"]
    assert (await export(visitor, token, other)).status_code == 200
    assert (await export(visitor, admin, account)).status_code == 200
    done, refused = ("exportAuditLog", None), ("exportAuditLog", "RATE_LIMITED")
    assert await logged(account) == [*[done] * A_MINUTE, refused, refused, done]


async def test_one_export_of_a_person_runs_at_a_time(visitor: Client) -> None:
    owner = await make.user()
    account, other = await make.account(owner), await make.account(owner)
    token = await make.session(owner)
    admin = await Client.collaborator(await make.collaborator(account, role=Role.ADMIN))
    await long_log(account)
    running = Download(visitor, token, account)
    await running.under_way.wait()

    refused = [await export(visitor, token, item) for item in (account, other)]
    anothers = await export(visitor, admin, account)
    running.goes_on.set()
    await running.end()

    for response in refused:
        assert response.status_code == 429
        assert extensions(response) == {"code": "RATE_LIMITED", "allowed": {"atOnce": 1}}
        assert int(response.headers["retry-after"]) >= 1
    assert anothers.status_code == 200
    assert running.status == 200
    assert len(running.body.splitlines()) == 2 * PAGE + 11
    assert (await export(visitor, token, other)).status_code == 200
    assert await logged(other) == [("exportAuditLog", "RATE_LIMITED"), ("exportAuditLog", None)]


@pytest.mark.parametrize("how", ["goes away", "breaks", "is cancelled", "was gone before", "loses standing"])
async def test_a_download_that_is_broken_off_gives_its_slot_back(visitor: Client, how: str) -> None:
    account = await make.account()
    collaborator = await make.collaborator(account, role=Role.ADMIN)
    token = await Client.collaborator(collaborator)
    await long_log(account)
    running = Download(visitor, token, account, "2.4" if how == "breaks" else "2.3")
    if how == "was gone before":
        running.gone.set()
    else:
        await running.under_way.wait()
        assert (await export(visitor, token, account)).status_code == 429

    if how == "goes away":
        running.gone.set()
    elif how == "breaks":
        running.broken = True
        running.goes_on.set()
    elif how == "is cancelled":
        running.task.cancel()
    elif how == "loses standing":
        await suspend(collaborator, 1)
        running.goes_on.set()
    await running.end()
    await suspend(collaborator, None)

    assert len(running.body.splitlines()) < 2 * PAGE + 11
    assert (await export(visitor, token, account)).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/export/rows?list=sales&format=jsonl",
        "/export/rows?list=sales&format=xlsx",
        "/export/report?name=customers&from=2020-01-01&to=2035-01-01&format=jsonl",
        "/export/report?name=revenue&every=MONTH&from=2020-01-01&to=2035-01-01&format=jsonl",
    ],
    ids=["rows", "workbook", "customers", "sums"],
)
@pytest.mark.parametrize("how", ["goes away", "loses standing", "loses the grant"])
async def test_a_file_ends_with_its_client_and_with_the_access_to_it(
    visitor: Client, how: str, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "centrals.request")
    account = await make.account()
    grants = [Grant.SEARCH_SALES, Grant.VIEW_CUSTOMERS_REPORT, Grant.VIEW_REVENUE_REPORT]
    profile = await make.profile(account, grants)
    collaborator = await make.collaborator(account, profile, Role.ADMIN)
    token = await Client.collaborator(collaborator)
    for number in range(2 * PAGE + 10):
        await make.sale(account, reference=f"P{number}", buyer_email=f"b{number}@example.com")
    if database.dialect() == "postgres":  # as after an import: plans made for empty tables are slow
        await database.transact(lambda: database.write("ANALYZE sales"))
    running = Download(visitor, token, account, "2.3", address)
    await running.under_way.wait()

    if how == "goes away":
        running.gone.set()
    else:
        change = {"loses standing": suspend, "loses the grant": lose_grants}[how]
        await change(collaborator, 1)
        running.goes_on.set()
    await running.end()

    if "xlsx" in address:
        assert running.body.startswith(b"PK")
        assert not zipfile.is_zipfile(io.BytesIO(running.body))
    else:  # of customers, the last in a part waits for their amounts in other currencies
        assert len(running.body.splitlines()) in (PAGE - 1, PAGE)
    assert running.task.exception() is None
    assert running.cut_short == (how != "goes away")
    (line,) = [record for record in caplog.records if getattr(record, "path", "").startswith("/export")]
    assert vars(line)["code"] == ("NOT_FOUND" if running.cut_short else None)
    if how == "goes away":
        assert (await export(visitor, token, account)).status_code == 200


async def lose_grants(collaborator: dict[str, Any], _at: int) -> None:
    changed = "UPDATE collaborators SET profile_id = ? WHERE id = ?"
    empty = await make.profile({"id": collaborator["account_id"]}, [])
    await database.transact(lambda: database.write(changed, (empty["id"], collaborator["id"])))


async def suspend(collaborator: dict[str, Any], at: int | None) -> None:
    changed = "UPDATE collaborators SET suspended_at = ? WHERE id = ?"
    await database.transact(lambda: database.write(changed, (at, collaborator["id"])))


async def test_the_end_of_a_file_comes_after_its_slot_was_released(visitor: Client) -> None:
    exports, released = Exports(), []

    async def content() -> AsyncIterator[bytes]:
        yield b"rows"

    async def send(sent: MutableMapping[str, Any]) -> None:
        if sent["type"] == "http.response.body" and not sent.get("more_body"):
            released.append("user" not in exports._running)
            await exports.begin("user", "account")

    async def receive() -> MutableMapping[str, Any]:
        await asyncio.sleep(20)
        return {"type": "http.disconnect"}

    await exports.begin("user", "account")
    download = file.Download(content())
    download.release = lambda: exports.end("user")
    async with asyncio.timeout(10):
        await download({"type": "http", "asgi": {"spec_version": "2.3"}}, receive, send)

    assert released == [True]
    assert "user" in exports._running  # of the export that began then


async def test_a_file_that_is_cut_short_is_not_taken_for_complete(caplog: pytest.LogCaptureFixture) -> None:
    async def content() -> AsyncIterator[bytes]:
        yield b"rows"
        raise AccessEnded

    async def app(scope: Any, receive: Any, send: Any) -> None:
        download = file.Download(content())
        download.release = lambda: None
        await download(scope, receive, send)

    async with listening(app) as port, httpx.AsyncClient() as http:  # type: ignore[arg-type]
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get(f"http://127.0.0.1:{port}/")

    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []


async def test_who_may_not_read_the_log_is_never_told_of_a_limit(visitor: Client) -> None:
    account = await make.account()
    token = await Client.collaborator(await make.collaborator(account))

    results = {(await export(visitor, token, account)).status_code for _ in range(A_MINUTE + 2)}

    assert results == {404}


async def test_of_many_at_once_one_runs(visitor: Client) -> None:
    account = await make.account()
    token = await Client.owner(account)

    results = await asyncio.gather(*(export(visitor, token, account) for _ in range(20)))

    statuses = [item.status_code for item in results]
    assert set(statuses) == {200, 429}
    assert statuses.count(200) <= A_MINUTE
    assert [refusal for _, refusal in await logged(account)].count(None) == statuses.count(200)

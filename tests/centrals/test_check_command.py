"""`centrals check`: what an operator has to mend before people notice."""

import asyncio
import contextlib
import json
import os
import threading
import time
from collections.abc import Iterator
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from click.testing import CliRunner

import make
from centrals.command import main
from doorstep import SECRET_KEY, free_port
from models import database
from models.price_history import UNREAD
from post_office import mailbox


@contextlib.contextmanager
def public_server(*, ahead: float = 0.0, keeps_ids: bool = True) -> Iterator[str]:
    """Something that responds at the public address, with a clock of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(200)
            self.send_header("date", formatdate(time.time() + ahead, usegmt=True))
            if keeps_ids:
                self.send_header("x-request-id", self.headers["x-request-id"])
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


async def checked(url: str, **settings: str) -> tuple[int, dict[tuple[str, str], list[str]]]:
    """The exit code, and the findings by check and level."""
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY, **settings}
    inherited = dict.fromkeys(os.environ, None)  # no setting of the tests themselves
    done = await asyncio.to_thread(CliRunner().invoke, main, ["check", "--json"], env=inherited | environment)
    found: dict[tuple[str, str], list[str]] = {}
    for line in done.stdout.splitlines():
        decoded = json.loads(line)
        found.setdefault((decoded["check"], decoded["level"]), []).append(decoded["text"])
    return done.exit_code, found


async def test_a_server_that_is_well_has_no_errors(migrated_url: str) -> None:
    with public_server() as public, mailbox() as office:
        mail = {
            "MAIL_HOST": "127.0.0.1",
            "MAIL_PORT": str(office.port),
            "MAIL_TLS": "none",
            "MAIL_FROM": "c@example.com",
        }
        code, found = await checked(migrated_url, PUBLIC_URL=public, **mail)

    assert code == 0, found
    assert {check for check, level in found if level == "ok"} >= {
        "settings",
        "database",
        "migrations",
        "mail",
        "proxy",
        "clock",
    }
    assert not [check for check, level in found if level == "error"]
    assert office.taken == []


async def test_what_is_wrong_is_an_error_and_changes_nothing(migrated_url: str, tmp_path: Path) -> None:
    nothing = {
        "MAIL_HOST": "127.0.0.1",
        "MAIL_PORT": str(free_port()),
        "MAIL_TLS": "none",
        "MAIL_FROM": "c@example.com",
    }
    with public_server(ahead=90, keeps_ids=False) as stranger, public_server(ahead=90) as public:
        _, of_stranger = await checked(migrated_url, PUBLIC_URL=stranger, **nothing)
        code, skewed = await checked(migrated_url, PUBLIC_URL=public, SHOW_ACCESS="1")
    silent, away = await checked(
        migrated_url, PUBLIC_URL=f"http://127.0.0.1:{free_port()}", ALLOWED_HOSTS="*"
    )
    invalid, settings = await checked(migrated_url, PORT="eighty")
    if not database.is_postgres(migrated_url):
        missing = tmp_path / "folder" / "none.sqlite3"
        assert (await checked(f"sqlite:///{missing}"))[0] == 1
        missing.parent.mkdir()
        new = (await checked(f"sqlite:///{missing}"))[1]
        assert new["migrations", "warning"] == ["There is no database yet; the first start creates it."]
        assert list(missing.parent.iterdir()) == []
        database.sqlite_file(migrated_url).chmod(0o644)
        assert "chmod 600" in str((await checked(migrated_url))[1]["database", "warning"])

    assert "does not accept this server: SMTPConnectError" in of_stranger["mail", "error"][0]
    assert "not as this server does" in of_stranger["proxy", "error"][0]
    assert code == 1
    assert skewed["clock", "error"][0].endswith(("89 s apart.", "90 s apart.", "91 s apart."))
    assert silent == 0
    assert "does not respond" in away["proxy", "warning"][0]
    assert away["settings", "warning"] == ["ALLOWED_HOSTS accepts every host name."]
    assert invalid == 1
    assert settings == {("settings", "error"): ["PORT must be a number from 0 to 65535, not 'eighty'."]}


async def test_a_database_of_another_version_is_told(migrated_url: str) -> None:
    async def renamed(name: str) -> None:
        async with database.connected(migrated_url):
            await database.transact(
                lambda: database.write(
                    "UPDATE tortoise_migrations SET name = ? WHERE id = (SELECT max(id) FROM tortoise_migrations)", (name,)
                )
            )  # fmt: skip

    await renamed("9999_the_future")
    code, later = await checked(migrated_url)
    async with database.connected(migrated_url):
        await database.transact(
            lambda: database.write("DELETE FROM tortoise_migrations WHERE name = '9999_the_future'")
        )
    _, earlier = await checked(migrated_url)

    assert code == 1
    assert "of a later version of Centrals" in later["migrations", "error"][0]
    assert "The next start applies missing migrations: " in earlier["migrations", "warning"][0]


async def test_prices_that_earlier_sales_name_are_to_be_read_once(migrated_url: str) -> None:
    async with database.connected(migrated_url):
        account = await make.account()
        product = await make.product(account)
        offer = await make.offer(account, product, priced_at=UNREAD)
        sale = await make.sale(account, product, offer_id=offer["id"])
        event = {
            "id": database.new_id(), "account_id": account["id"], "sale_id": sale["id"], "key": "k",
            "source": "WEBHOOK", "kind": "PURCHASE_APPROVED", "status": "APPROVED", "happened_at": 1,
            "received_at": 1, "facts": '{"offer_price": 9900, "offer_currency": "BRL"}',
        }  # fmt: skip
        await database.transact(lambda: database.insert("sale_events", event))
    _, before = await checked(migrated_url)
    async with database.connected(migrated_url):
        read = ("UPDATE sales SET offer_price = 9900 WHERE id = ?", (sale["id"],))
        await database.transact(lambda: database.write(*read))
    _, after = await checked(migrated_url)

    assert f"centrals intake refold --account {account['id']}" in before["prices", "warning"][0]
    assert ("prices", "warning") not in after

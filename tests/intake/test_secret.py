"""The secret is nowhere in the database, wherever in a message it stood, and however it came."""

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest
from intake_state import SECRET, account, rows
from payloads import body, webhook

from intake.endpoint.receive import receive
from intake.files.history import import_files

OLD = "an-older-secret-of-it"
TABLES = ("intake_events", "sales", "sale_events", "products", "offers", "commissions")
ESCAPED = "".join(f"\\u{ord(letter):04x}" for letter in SECRET)


@pytest.fixture(autouse=True)
def _database(database_url: str) -> None:
    """Every test here runs on both databases."""


def unwatched(_done: int, _all: int) -> None:
    """Nobody looks."""


async def everything(seller: dict[str, Any]) -> str:
    return repr([await rows(seller, table) for table in TABLES])


PLACES = {
    "a value of another name": body(webhook(data__code=SECRET)),
    "part of a text": body(webhook(buyer__name=f"see {SECRET}!")),
    "a name": body(webhook(data__more={SECRET: 1})),
    "an address": body(webhook(data__link=f"https://example.com/?a=1&hottok={SECRET}&b=2")),
    "an escaped text": body(webhook(data__code="@")).replace(b"@", ESCAPED.encode()),
    "deep": body(webhook(data__a=[[[{"b": [SECRET]}]]])),
    "JSON in a text": body(webhook(data__raw=json.dumps({"Hottok": SECRET}))),
    "JSON in a text in a text": body(webhook(data__raw=json.dumps(json.dumps({"hottok": SECRET})))),
    "a header of its own": body(webhook(headers={"X-HOTMART-HOTTOK": [SECRET, SECRET]})),
    "a header's line": body(webhook(data__dump=f"Host: h\r\nX-Hotmart-Hottok: {SECRET}\r\nAccept: */*")),
    "a bearer's word": body(webhook(data__auth=f"Bearer {SECRET}")),
    "a word before full stops": body(webhook(data__auth=f"see {SECRET}...")),
    "text that is no JSON": f"{{'code': '{SECRET}'".encode(),
    "a nameless item": body({"code": SECRET}),
}


@pytest.mark.parametrize("place", PLACES)
async def test_the_secret_is_taken_out_wherever_it_stands(place: str, tmp_path: Path) -> None:
    sent, imported = await account(), await account()
    file = tmp_path / "one.json"
    file.write_bytes(PLACES[place])

    await receive(sent["intake_id"], SECRET, PLACES[place])
    await import_files(imported["id"], [file], unwatched)

    for seller in (sent, imported):
        assert len(await rows(seller, "intake_events")) == 1
        assert SECRET not in await everything(seller)
        assert ESCAPED not in await everything(seller)


async def test_an_older_secret_is_known_by_its_name_and_taken_out_of_the_whole_message(
    tmp_path: Path,
) -> None:
    seller = await account()
    file = tmp_path / "old.json"
    file.write_bytes(
        body(
            [
                {"headers": {"x-hotmart-hottok": OLD}, "body": webhook(buyer__name=f"{OLD}, Ana")},
                webhook(hottok=OLD, data__code=OLD),
            ]
        )
    )

    summary = await import_files(seller["id"], [file], unwatched)

    assert summary.sales == 2
    assert OLD not in await everything(seller)


async def test_what_an_older_message_called_a_secret_stays_in_the_next(tmp_path: Path) -> None:
    seller = await account()
    file = tmp_path / "two.json"
    file.write_bytes(body([webhook(hottok="Watercolours"), webhook()]))

    await import_files(seller["id"], [file], unwatched)

    names = [
        json.loads(row["payload"])["data"]["product"]["name"] for row in await rows(seller, "intake_events")
    ]
    assert sorted(names) == ["Watercolours", "[secret]"]


async def test_a_short_or_common_secret_spoils_no_other_text() -> None:
    seller = await account(intake_secret_digest=hashlib.sha256(b"Ana").hexdigest())

    await receive(seller["intake_id"], "Ana", body(webhook(buyer__name="Ana Prado", data__code="Ana")))

    (row,) = await rows(seller, "intake_events")
    assert '"name":"Ana Prado"' in row["payload"]
    assert '"code":"[secret]"' in row["payload"]


async def test_a_secret_of_uncommon_letters_is_known_at_import(tmp_path: Path) -> None:
    secret = 'ç "é", {x}: \\ y'
    seller = await account(intake_secret_digest=hashlib.sha256(secret.encode()).hexdigest())
    file = tmp_path / "one.json"
    file.write_bytes(body(webhook(data__code=secret)))

    await import_files(seller["id"], [file], unwatched)

    (row,) = await rows(seller, "intake_events")
    assert json.loads(row["payload"])["data"]["code"] == "[secret]"


async def test_a_megabyte_of_spaces_after_the_secrets_name_is_read_once() -> None:
    seller = await account()
    content = body(webhook(buyer__name="hottok:" + " " * 900_000 + "&"))

    started = time.process_time()
    receipt = await receive(seller["intake_id"], SECRET, content)

    assert receipt.status == 200
    assert time.process_time() - started < 5  # hours, where a space is matched in two ways

"""An import reads what sellers have: compressed, in folders, in any Unicode encoding, through a pipe."""

import gzip
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from intake_state import account, rows
from payloads import APRIL, page, rest_item, unwatched, webhook

from intake.files.history import Summary, import_files

Write = Callable[[str, Any], Path]


@pytest.fixture(autouse=True)
def _database(database_url: str) -> None:
    """Every test here runs on both databases."""


async def imported(*paths: Path | str) -> tuple[dict[str, Any], Summary]:
    seller = await account()
    return seller, await import_files(seller["id"], paths, unwatched)


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.encode("utf-32"),
        lambda text: gzip.compress(text.encode()),
        lambda text: gzip.compress(text.encode("utf-16")),
        lambda text: gzip.compress(text[:50].encode()) + gzip.compress(text[50:].encode()),
    ],
)
async def test_messages_are_read_in_every_encoding(file: Write, encode: Callable[[str], bytes]) -> None:
    message = webhook(buyer__name="Zoë Água", purchase__transaction="HP1")

    seller, summary = await imported(file("export", encode(json.dumps(message, ensure_ascii=False))))

    assert (summary.sales, summary.malformed) == (1, 0)
    (sale,) = await rows(seller, "sales")
    assert (sale["reference"], sale["buyer_name"]) == ("HP1", "Zoë Água")


async def test_two_messages_without_anything_between_are_both_read(file: Write) -> None:
    both = json.dumps(webhook()) + json.dumps(webhook())

    _, summary = await imported(file("two", both.encode()))

    assert (summary.sales, summary.malformed) == (2, 0)


async def test_a_folder_is_every_file_within_in_order(file: Write, tmp_path: Path) -> None:
    file("all/b/2.json", [webhook(purchase__transaction="HP2"), 2])
    file("all/a.jsonl.gz", gzip.compress(json.dumps(webhook(purchase__transaction="HP1")).encode() + b"\n1"))
    file("all/b/1.txt", page(rest_item(purchase__transaction="HP3"), {}))
    file("all/.DS_Store", b"\0\0\0\1Bud1")
    file("all/z.json", b"{")

    seller, summary = await imported(f"{tmp_path}/all/")

    assert {sale["reference"] for sale in await rows(seller, "sales")} == {"HP1", "HP2", "HP3"}
    assert [(Path(fault.file).name, fault.place) for fault in summary.faults] == [
        *(("a.jsonl.gz", "item 2"), ("1.txt", "item 2"), ("2.json", "item 2"), ("z.json", "item 1")),
    ]


async def test_a_folder_of_malformed_files_names_each(file: Write, tmp_path: Path) -> None:
    file("1.json", b"{")
    file("2.csv", b"Nome do Produto;Nome;Email\nP;B;b@example.com\n")
    file("3.gz", gzip.compress(b"{}" * 10_000)[:-10])
    file("4.xlsx", b"PK\x03\x04 and no more")
    file("5.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    file("6.pdf", b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n")
    file("7.txt", b"hottok=secret-secret&prod=1&transaction=HP1&status=approved")

    seller, summary = await imported(tmp_path)

    results = {Path(fault.file).name: fault.reason for fault in summary.faults}
    assert set(results) == {"1.json", "2.csv", "3.gz", "4.xlsx", "5.xls", "6.pdf", "7.txt"}
    assert "Código da transação" in results["2.csv"]
    assert "Status" in results["2.csv"]
    assert "damaged" in results["3.gz"]
    assert "damaged" in results["4.xlsx"]
    assert "save it as XLSX or CSV" in results["5.xls"]
    assert "not JSON" in results["6.pdf"] or "not UTF-8" in results["6.pdf"]
    assert "choose version 2.0.0" in results["7.txt"]
    assert await rows(seller, "sales") == []
    assert "secret-secret" not in repr(await rows(seller, "intake_events"))


async def test_nothing_to_import_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="no file"):
        await imported(tmp_path)


async def test_a_file_that_may_not_be_read_is_named(file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    closed, other = file("closed.json", webhook()), file("other.json", webhook())
    opened = Path.open

    def deny(path: Path, *values: Any, **named: Any) -> Any:
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return opened(path, *values, **named)

    monkeypatch.setattr(Path, "open", deny)
    _, summary = await imported(closed, other)

    assert summary.sales == 1
    assert [fault.reason for fault in summary.faults] == ["The file cannot be read: Permission denied."]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
async def test_standard_input_is_read(
    monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]
) -> None:
    sent = pack(json.dumps([webhook(), webhook()]).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sent)))

    _, summary = await imported("-")

    assert (summary.sales, summary.malformed) == (2, 0)


async def test_a_page_is_as_old_as_its_file_unless_a_time_is_given(file: Write) -> None:
    path = file("page.json", page(rest_item(purchase__transaction="HP1")))
    os.utime(path, (APRIL / 1000 + 60, APRIL / 1000 + 60))
    seller, other = await account(), await account()

    await import_files(seller["id"], [path], unwatched)
    await import_files(other["id"], [path], unwatched, as_of=APRIL + 120_000)

    assert [event["happened_at"] for event in await rows(seller, "sale_events")] == [APRIL + 60_000]
    assert [event["happened_at"] for event in await rows(other, "sale_events")] == [APRIL + 120_000]

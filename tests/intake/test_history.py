"""Files go in whole, in batches, once; what is malformed stops nothing."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from intake_state import account, rows, state
from payloads import APRIL, page, rest_item, unwatched, webhook

from intake.files import history
from intake.files.history import import_files
from models import database


@pytest.fixture(autouse=True)
def _database(database_url: str) -> None:
    """Every test here runs on both databases."""


async def test_every_shape_of_file_goes_in(file: Callable[[str, Any], Path]) -> None:
    seller = await account()
    lines = b"\n".join(json.dumps(item).encode() for item in [webhook(), rest_item(), page(rest_item())])
    files = [
        file("one.json", webhook()),
        file("list.json", [webhook(), rest_item()]),
        file("page.json", page(rest_item(), rest_item("COMPLETE"))),
        file("wrapped.json", {"_source": "GET", "body": page(rest_item())}),
        file("pages.json", [page(rest_item()), page()]),
        file("lines.jsonl", b"\xef\xbb\xbf" + lines + b"\n\n"),
        file("other.json", webhook("SWITCH_PLAN")),
        file("empty.json", page()),
    ]

    summary = await import_files(seller["id"], files, unwatched)

    assert (summary.sales, summary.others, summary.known, summary.malformed) == (10, 1, 0, 0)
    assert len(await rows(seller, "sales")) == 10


async def test_a_rest_item_becomes_a_sale(file: Callable[[str, Any], Path]) -> None:
    seller = await account()
    item = rest_item("COMPLETE")
    path = file("page.json", page(item))

    await import_files(seller["id"], [path], unwatched)

    (sale,) = await rows(seller, "sales")
    expected = {
        "reference": item["purchase"]["transaction"],
        "status": "COMPLETE",
        "price": 23_576,
        "currency": "USD",
        "full_price": 23_576,
        "payment_method": "BILLET",
        "recurrence": 2,
        "origin_src": "HOTMART",
        "origin_sck": "PAGE",
        "ordered_at": APRIL,
        "approved_at": APRIL + 4_000,
        "warranty_until": APRIL + 9_000_000,
        "buyer_email": "ana@example.com",
    }
    assert {key: sale[key] for key in expected} == expected
    (event,) = await rows(seller, "sale_events")
    read_at = int(path.stat().st_mtime * 1000)
    assert event["key"].startswith(f"rest:{sale['reference']}:{read_at}:")
    assert (event["source"], event["happened_at"]) == ("REST", read_at)


async def test_pages_can_tell_when_they_were_read(file: Callable[[str, Any], Path]) -> None:
    seller = await account()
    sent = webhook(purchase__transaction="HP1")
    read = rest_item("REFUNDED", purchase__transaction="HP1")

    await import_files(seller["id"], [file("webhook.json", sent)], unwatched)
    await import_files(seller["id"], [file("page.json", page(read))], unwatched, as_of=APRIL + 10**9)

    (sale,) = await rows(seller, "sales")
    assert (sale["status"], sale["refunded_at"]) == ("REFUNDED", APRIL + 10**9)
    (product,) = await rows(seller, "products")
    assert (product["ucode"], product["support_email"]) == ("ucode-one", "help@example.com")


async def test_a_second_run_changes_nothing_and_says_known(file: Callable[[str, Any], Path]) -> None:
    seller = await account()
    path = file("page.json", [page(*(rest_item() for _ in range(20))), webhook(), {"event": "BAD"}])
    await import_files(seller["id"], [path], unwatched)
    tables = ("intake_events", "sales", "sale_events", "products", "offers", "commissions")
    before = [await rows(seller, table) for table in tables]

    summary = await import_files(seller["id"], [path, path], unwatched)

    assert (summary.sales, summary.others, summary.known, summary.malformed) == (0, 0, 42, 2)
    assert [await rows(seller, table) for table in tables] == before


async def test_what_is_malformed_is_told_kept_and_stops_nothing(file: Callable[[str, Any], Path]) -> None:
    seller = await account()
    good = rest_item()
    lines = [json.dumps(webhook()), '{"broken', "null", json.dumps({"hottok": "h1dden", "event": "X"})]
    files = [
        file("bad.json", page(rest_item("NOT_A_STATUS"), good, {"purchase": None}, 7)),
        file("broken.json", b'{\n"items": ['),
        file("lines.jsonl", "\n".join(lines).encode()),
        file("deep.json", b"[" * 90 + b"]" * 90),
        file("nothing.json", b""),
    ]

    summary = await import_files(seller["id"], files, unwatched)

    assert summary.sales == 2
    summary_text = [(Path(fault.file).name, fault.place) for fault in summary.faults]
    assert summary_text == [
        *(("bad.json", "item 1"), ("bad.json", "item 3"), ("bad.json", "item 4"), ("broken.json", "item 1")),
        *(("lines.jsonl", "item 2"), ("lines.jsonl", "item 3"), ("lines.jsonl", "item 4")),
        *(("deep.json", "item 1"), ("nothing.json", "item 1")),
    ]
    assert summary.malformed == len(summary_text)
    assert all(fault.reason for fault in summary.faults)
    stored = [row for row in await rows(seller, "intake_events") if row["outcome"] == "MALFORMED"]
    assert len(stored) == len(summary_text)
    assert "h1dden" not in repr(stored)
    assert summary.summary_text().startswith("2 events of sales, 0 others, 0 known before, 9 malformed.\n")
    assert "bad.json, item 3: purchase.transaction is missing." in summary.summary_text()


async def test_progress_is_told_in_bytes_of_all_files(
    file: Callable[[str, Any], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "BATCH", 10)
    seller = await account()
    files = [file(f"{name}.json", page(*(rest_item() for _ in range(8)))) for name in "abc"]
    total = sum(path.stat().st_size for path in files)
    found: list[tuple[int, int]] = []

    await import_files(seller["id"], files, lambda done, whole: found.append((done, whole)))

    assert [done for done, _ in found] == sorted(done for done, _ in found)
    assert len(found) == 4
    assert found[-1] == (total, total)


async def test_an_import_that_was_cut_off_is_finished_by_the_next(
    file: Callable[[str, Any], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "BATCH", 7)
    path = file("page.json", [page(*(rest_item() for _ in range(30))), *(webhook() for _ in range(10))])
    whole, cut = await account(), await account()
    await import_files(whole["id"], [path], unwatched)

    def stop(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await import_files(cut["id"], [path], stop)
    assert len(await rows(cut, "sales")) == 7
    summary = await import_files(cut["id"], [path], unwatched)

    assert (summary.known, summary.sales) == (7, 33)
    assert await state(cut) == await state(whole)


async def test_a_batch_that_fails_leaves_nothing_half_done(
    file: Callable[[str, Any], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    seller = await account()
    path = file("list.json", [webhook(), webhook()])
    write_later = database.write_later

    async def failing(statement: str, rows: Any) -> None:
        if "INTO commissions" in statement:
            raise RuntimeError("The disk is full.")
        await write_later(statement, rows)

    monkeypatch.setattr(database, "write_later", failing)
    with pytest.raises(RuntimeError):
        await import_files(seller["id"], [path], unwatched)

    for table in ("intake_events", "sales", "sale_events", "products", "offers"):
        assert await rows(seller, table) == []


async def test_two_imports_side_by_side_lose_nothing(file: Callable[[str, Any], Path]) -> None:
    seller, alone = await account(), await account()
    path = file(
        "list.json", [webhook(product__id=1 + n % 5, purchase__transaction=f"HP{n % 60}") for n in range(300)]
    )
    other = file("page.json", page(*(rest_item(purchase__transaction=f"HP{n}") for n in range(100))))

    await asyncio.gather(
        import_files(seller["id"], [path, other], unwatched),
        import_files(seller["id"], [other, path], unwatched),
    )
    await import_files(alone["id"], [path, other], unwatched)

    assert await state(seller) == await state(alone)


async def test_an_account_that_is_not_there_is_told(file: Callable[[str, Any], Path]) -> None:
    with pytest.raises(LookupError):
        await import_files(database.new_id(), [file("one.json", webhook())], unwatched)

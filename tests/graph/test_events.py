"""An event that people cause, declared on its own: how it is recorded, what the fold and the API make of it."""

from enum import StrEnum
from typing import Annotated, Any

import msgspec
import pytest
import strawberry

import make
from actions.commerce.sales.events import SALE_HISTORY
from actions.kit.event import (
    EventFacts,
    History,
    Read,
    Shown,
    count_since,
    event,
    event_text,
    newest_key,
    record,
)
from authz.gates import Standing
from authz.grant import Grant
from authz.reach import Reach
from authz.viewer import Central, Viewer
from client import Client
from graph.kit.event import shows
from intake.events.facts import Facts
from intake.sales.supplement import history_event_in
from models import database
from models.person_change import Author, PersonChange
from models.statement import one_of
from models.vocabulary import Privacy

HISTORY: History = msgspec.structs.replace(SALE_HISTORY, enum="TestedChange")


class Way(StrEnum):
    """How a receipt is sent."""

    EMAIL = "EMAIL"
    """By e-mail."""


@event(HISTORY, "RECEIPT_SENT", Grant.SEND_RECEIPTS)
class ReceiptSent(EventFacts, frozen=True):
    """A receipt that was sent."""

    way: Annotated[Way, Shown()]
    """How it was sent."""
    pages: Annotated[int, Shown()]
    """How many pages it has."""
    copy: Annotated[bool, Shown("is_copy", Standing.ADMIN)]
    """Whether it was sent before."""
    note: str | None = None
    recipient: Annotated[str | None, Read("r.buyer_email"), Shown(gate=Grant.CHANGE_BUYER_EMAIL)] = None
    """The address that it was sent to."""


@strawberry.type
@shows(HISTORY)
class Occurrence:
    """An event of a sale."""


SENT = ReceiptSent(way=Way.EMAIL, pages=2, copy=False, note='It\'s "here" ?')


@pytest.fixture
async def sales(client: Client) -> list[dict[str, Any]]:
    account = await make.account()
    return [await make.sale(account, buyer_email=f"{name}@example.com") for name in ("one", "two", "three")]


def viewer_at(account_id: str) -> Viewer:
    central = Central(
        account_id, "Aurora", teams_on=False, privacy=Privacy.OWN, timezone="UTC", currency="EUR"
    )
    return Viewer(user_id=database.new_id(), name="Ana", central=central)


async def test_an_event_of_many_rows_is_recorded_in_one_statement_after_all_others(
    sales: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    item, two, three = sales
    viewer, now = viewer_at(item["account_id"]), database.now()
    monkeypatch.setattr(database, "now", lambda: now)

    with database.observed() as statements:
        for _ in range(2):
            await database.transact(lambda: record(viewer, SENT, one_of("r.id", [item["id"], two["id"]])))

    assert len([text for text in statements if "sale_events" in text]) == 2
    rows = await database.read(
        "SELECT sale_id, key, source, kind, status, happened_at, received_at, facts FROM sale_events"
        " WHERE account_id = ? ORDER BY happened_at, sale_id",
        (item["account_id"],),
    )
    both = sorted([str(item["id"]), str(two["id"])])
    assert [(str(row["sale_id"]), row["happened_at"]) for row in rows] == [
        *((sale_id, now) for sale_id in both),
        *((sale_id, now + 1) for sale_id in both),
    ]
    assert {(row["source"], row["kind"], row["status"]) for row in rows} == {("PERSON", "RECEIPT_SENT", None)}
    assert [rows[0]["key"], rows[2]["key"]] == [rows[1]["key"], rows[3]["key"]]
    recipients = {str(item["id"]): "one@example.com", str(two["id"]): "two@example.com"}
    for row in rows:
        expected = msgspec.structs.replace(SENT, recipient=recipients[str(row["sale_id"])])
        text = event_text(expected, Author(viewer.user_id, "Ana"))
        assert msgspec.json.decode(row["facts"]) == msgspec.json.decode(text)
        assert msgspec.json.decode(row["facts"], type=ReceiptSent) == expected
        # nothing of it decides what the sale is
        stored = history_event_in(row)
        assert (stored.facts, stored.change) == (Facts(), PersonChange())

    within = Reach("sales", item["account_id"])
    counts = [await count_since(ReceiptSent, within, str(sale["id"]), now) for sale in (item, three)]
    assert counts == [1, 0]
    newest = newest_key(ReceiptSent, within, str(two["id"]))
    (found,) = await database.read(f"SELECT {newest.text} AS key", newest.params)
    assert found["key"] == rows[2]["key"]


def test_the_api_shows_what_the_declaration_says_behind_its_gates() -> None:
    @strawberry.type
    class Query:
        occurrence: Occurrence

    printed = strawberry.Schema(query=Query).as_str()

    assert 'enum TestedChange {\n  """A receipt that was sent."""\n  RECEIPT_SENT\n}' in printed
    assert "receiptSent: ReceiptSent @needs(grant: SEND_RECEIPTS)" in printed
    assert "type ReceiptSent @needs(grant: SEND_RECEIPTS) {" in printed
    assert "isCopy: Boolean! @adminOnly" in printed
    assert "recipient: String @needs(grant: CHANGE_BUYER_EMAIL)" in printed
    assert "pages: Int!\n" in printed
    assert "note" not in printed


def test_an_event_that_decides_nothing_cannot_have_facts_that_are_folded() -> None:
    with pytest.raises(ValueError, match="RECEIPT_SENT has facts that are folded: buyer_email"):

        @event(HISTORY, "RECEIPT_SENT")
        class Mistaken(EventFacts, frozen=True):
            """A receipt that was sent."""

            buyer_email: str

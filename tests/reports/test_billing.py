"""Statements of what an account received: written after each month, and again in the night after a change."""

import asyncio
from typing import Any

import pytest

import make
from actions.accounts.operator import operator, set_intake_secret
from centrals.work.billing import JOBS
from centrals.work.worker import Worker
from client import SETTINGS, Client
from leftovers import nothing_is_due
from models import database
from shop_messages import SHOP, messages
from small_shop import SECRET, Shop, moment

JUNE = '(period: {from: "2026-06-01", to: "2026-07-01"})'
HEADS = f"reports {{ selfBilling{JUNE} {{ currency statement revision revisedAt }} }}"
REVISIONS = "statements(number: $number) { revision revisedAt count received { amount } reversed { amount } }"
LINES = (
    "statementLines(number: $number, revision: $revision)"
    " { soldAs product { name } unit { amount } count received { amount } reversed { amount } }"
)


@pytest.fixture(autouse=True)
async def _drained(database_url: str) -> None:
    await nothing_is_due()


async def clock_works(*times: str) -> None:
    """The clock does what is due at local times."""
    for at in times:
        await Worker(JOBS).work_once(moment(at))


async def due(shop: Shop) -> list[tuple[str, int]]:
    """The months that wait to be compared, and when they are."""
    rows = await database.read(
        "SELECT month, due_at FROM billing_months WHERE account_id = ? AND due_at > 0", (shop.account["id"],)
    )
    return [(row["month"], row["due_at"]) for row in rows]


async def answer(shop: Shop, who: str, field: str, number: str = "SB-2026-06-BRL", **more: Any) -> Any:
    caller = {"token": await shop.token(who), "account": shop.account}
    declared = "$number: String!" + (", $revision: Int!" if more else "")
    document = f"query({declared}) {{ account {{ reports {{ {field} }} }} }}"
    found = (await shop.client.ask(document, {"number": number} | more, **caller))["account"]["reports"]
    return next(iter(found.values()))


async def revisions(shop: Shop, number: str = "SB-2026-06-BRL") -> list[tuple[Any, ...]]:
    """The number, local day, received and reversed of each revision, oldest first."""
    found = await answer(shop, "owner", REVISIONS, number)
    return [
        (row["revision"], row["revisedAt"][5:10], row["received"]["amount"], row["reversed"]["amount"])
        for row in reversed(found)
    ]


async def heads(shop: Shop, who: str = "owner") -> set[tuple[Any, ...]]:
    rows = (await shop.read(who, HEADS))["selfBilling"]
    return {(row["currency"], row["statement"], row["revision"]) for row in rows}


async def test_each_revision_says_what_was_known_that_night(client: Client, shop: Shop) -> None:
    account = await make.account(name=SHOP, timezone="America/Sao_Paulo", currency="BRL")
    account["intake_id"] = await set_intake_secret(operator(SETTINGS.secret_key), account["id"], SECRET)
    seller = Shop(client, shop.clock, account, {"owner": account["owner_id"]}, {}, "", "", "-of-billing")
    arriving = iter([*messages(), None])
    sent = next(arriving)
    for night in ["06-30 23:30", "07-01 02:30", *(f"07-{day:02} 23:30" for day in range(1, 17))]:
        while sent is not None and sent["creation_date"] < moment(night):
            seller.clock.at(sent["creation_date"])
            await seller.arrives(sent)
            sent = next(arriving)
        seller.clock.set(night)
        await clock_works(night)

    assert await revisions(seller) == [
        (1, "07-01", "2344.40", "252.00"),
        (2, "07-11", "1624.40", "972.00"),  # at 23:30, which is the next day in UTC
        (3, "07-16", "1322.00", "1274.40"),
    ]
    assert await revisions(seller, "SB-2026-06-EUR") == [(1, "07-01", "18.00", "0.00")]
    assert await revisions(seller, "SB-2026-07-BRL") == []
    assert await heads(seller) == {("BRL", "SB-2026-06-BRL", 3), ("EUR", "SB-2026-06-EUR", 1)}
    first = await answer(seller, "owner", LINES, revision=1)
    last = await answer(seller, "owner", LINES, revision=3)
    shown = [(row["soldAs"], row["product"]["name"], row["unit"]["amount"], row["count"]) for row in last]
    assert shown == [
        ("AFFILIATE", "Guia", "80.00", 1),
        ("PRODUCER", "Clube", "45.00", 2),
        ("PRODUCER", "Curso", "252.00", 0),
        ("PRODUCER", "Curso", "302.40", 0),
        ("PRODUCER", "Curso", "432.00", 1),
        ("PRODUCER", "Curso", "720.00", 1),
    ]
    assert [row["count"] for row in first] == [1, 2, 0, 1, 1, 2]
    assert await answer(seller, "owner", LINES, revision=4) == []


async def test_only_a_month_that_changed_is_compared_and_only_a_difference_is_written(shop: Shop) -> None:
    await clock_works("07-25 12:00")  # all months that have ended
    before = await revisions(shop)
    shop.clock.set("07-26 10:00")
    await shop.receive("S01", "PURCHASE_COMPLETE", "COMPLETE")  # says nothing new
    waiting = [await due(shop)]
    await clock_works("07-26 22:59")
    waiting.append(await due(shop))
    await clock_works("07-26 23:01")
    waiting.append(await due(shop))
    same = await revisions(shop)
    shop.clock.set("07-28 10:00")
    await shop.receive("S01", "PURCHASE_REFUNDED", "REFUNDED")
    await shop.receive("S07", "PURCHASE_COMPLETE", "COMPLETE")  # of a month that has not ended
    changed = await due(shop)
    await asyncio.gather(*(clock_works("07-28 23:00") for _ in range(3)))
    lines = await database.read(
        "SELECT first_revision, last_revision, sales FROM billing_lines"
        " WHERE account_id = ? AND currency = 'BRL' AND month = '2026-06' AND unit = 72000"
        " ORDER BY first_revision",
        (shop.account["id"],),
    )

    assert [row[0] for row in before] == [1]
    assert waiting == [[("2026-06", moment("07-26 23:00"))]] * 2 + [[]]
    assert same == before
    assert changed == [("2026-06", moment("07-28 23:00"))]
    assert [row[2:] for row in await revisions(shop)] == [("1322.00", "1274.40"), ("602.00", "1994.40")]
    assert [tuple(row) for row in lines] == [(1, 1, 1), (2, None, 0)]  # of all others, none is written again


async def test_a_month_is_written_once_it_has_ended_where_the_account_is(shop: Shop) -> None:
    await clock_works("07-25 12:00", "07-31 23:59", "08-01 01:59")
    early = await revisions(shop, "SB-2026-07-EUR")
    await clock_works("08-01 02:00")
    ended = await revisions(shop, "SB-2026-07-EUR")
    shop.clock.set("08-02 12:00")
    version = await shop.read("owner", "version")
    assert await shop.code("owner", "setTimezone", timezone="UTC", expectedVersion=version) is None
    await clock_works("08-02 20:00")  # 23:00 in UTC

    assert early == []
    assert ended == [(1, "08-01", "18.00", "0.00")]
    # S10 was sold at 02:30 in UTC on July 1
    july = [row[2:] for row in await revisions(shop, "SB-2026-07-EUR")]
    assert july == [("18.00", "0.00"), ("36.00", "0.00")]
    assert [row[2:] for row in await revisions(shop, "SB-2026-06-EUR")][-1] == ("0.00", "0.00")


async def test_who_sees_a_part_of_the_sales_sees_no_statement(shop: Shop) -> None:
    await clock_works("07-25 12:00")

    for who in ("ana", "bia"):
        assert {row[1:] for row in await heads(shop, who)} == {(None, None)}
        assert await answer(shop, who, REVISIONS) == []
        assert await answer(shop, who, LINES, revision=1) == []
    part = 'reports { selfBilling(period: {from: "2026-06-02", to: "2026-07-01"}) { statement } }'
    assert {row["statement"] for row in (await shop.read("owner", part))["selfBilling"]} == {None}
    assert await answer(shop, "owner", REVISIONS, "SB-2026-06-BRL' OR 1") == []


async def test_of_too_many_lines_a_statement_has_one_for_each_product(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("billing", "sums"):
        monkeypatch.setattr(f"reports.{module}.MAX_ROWS", 5)  # June has seven lines in two currencies
    await clock_works("07-25 12:00")
    found = await answer(shop, "owner", LINES, revision=1)
    always = 'period: {from: "2026-01-01", to: "2027-01-01"}'
    listed = await shop.read(
        "owner", f"reports {{ customers({always}, first: 50) {{ totalCount nodes {{ name }} }} }}"
    )
    monkeypatch.setattr("reports.billing.MAX_ROWS", 2)
    caller = {"token": await shop.token("owner"), "account": shop.account}
    text = f"query($number: String!, $revision: Int!) {{ account {{ reports {{ {LINES} }} }} }}"
    refused = await shop.client.errors(text, {"number": "SB-2026-06-BRL", "revision": 1}, **caller)

    assert [(row["soldAs"], row["product"]["name"], row["unit"], row["count"]) for row in found] == [
        ("AFFILIATE", "Guia", None, 1),
        ("PRODUCER", "Clube", None, 2),
        ("PRODUCER", "Curso", None, 2),
    ]
    assert [row[2:] for row in await revisions(shop)] == [("1322.00", "1274.40")]
    assert listed["customers"]["totalCount"] == len(listed["customers"]["nodes"]) > 5
    assert [error["extensions"]["code"] for error in refused] == ["BAD_INPUT"]

"""The ledger: what the shop's sales add up to, when shares are released, and who reads how much of it."""

from typing import Any

import pytest

from authz.grant import Grant
from books import BALANCES, figures, require_sums
from models import database
from models.ledger.books import COLUMNS
from models.ledger.review import start_review
from small_shop import Shop

SUMMER = '{from: "2026-05-01", to: "2026-09-01"}'


async def test_shares_are_pending_until_the_payout_days_and_the_warranty_have_passed(shop: Shop) -> None:
    assert await figures(shop) == {"available": "1322.00", "pending": "45.00", "disputed": "720.00"}
    assert await figures(shop, "EUR") == {"available": "36.00"}

    releases = await shop.read("owner", "balances { releases(days: 30) { on amount { amount } } }")
    assert releases == [
        {"releases": [{"on": "2026-08-01", "amount": {"amount": "45.00"}}]},
        {"releases": []},
    ]
    shop.clock.set("08-01 07:59")
    assert (await figures(shop))["pending"] == "45.00"
    shop.clock.set("08-01 08:00")
    assert await figures(shop) == {"available": "1367.00", "disputed": "720.00"}
    await require_sums(shop)


async def test_a_dispute_that_is_won_returns_the_share_and_a_late_older_message_moves_nothing(
    shop: Shop,
) -> None:
    await shop.receive("S12", "PURCHASE_APPROVED", "APPROVED", "06-25 12:00")
    assert (await figures(shop))["disputed"] == "720.00"

    await shop.receive("S12", "PURCHASE_COMPLETE", "COMPLETE")
    assert await figures(shop) == {"available": "2042.00", "pending": "45.00"}
    await shop.receive("S12", "PURCHASE_REFUNDED", "REFUNDED")
    assert await figures(shop) == {"available": "1322.00", "pending": "45.00"}
    await require_sums(shop)

    found = await shop.read("owner", f"ledger(period: {SUMMER}) {{ kind lines {{ amount {{ amount }} }} }}")
    assert {day["kind"] for day in found} == {
        *("SALE", "RELEASE", "REFUND", "CHARGEBACK", "DISPUTE", "DISPUTE_WON"),
    }
    for day in found:
        assert sum(round(float(line["amount"]["amount"]) * 100) for line in day["lines"]) == 0


async def test_the_ledger_by_day_explains_the_balance(shop: Shop) -> None:
    fields = "on kind currency entries lines { account amount { amount } }"
    days = await shop.read("owner", f'ledger(period: {SUMMER}, currency: "BRL") {{ {fields} }}')
    booked = [day["on"] for day in days]
    assert booked == sorted(booked, reverse=True)
    available = sum(
        round(float(line["amount"]["amount"]) * 100)
        for day in days
        for line in day["lines"]
        if line["account"] == "PENDING"
    )
    before = (await shop.read("owner", BALANCES))[0]["pending"]["amount"]
    assert available == round(float(before) * 100)

    only = await shop.read("owner", f"ledger(period: {SUMMER}, kind: CHARGEBACK) {{ {fields} }}")
    assert only == [
        {
            "on": "2026-07-15",
            "kind": "CHARGEBACK",
            "currency": "BRL",
            "entries": 1,
            "lines": [
                {"account": "EXTERNAL", "amount": {"amount": "302.40"}},
                {"account": "PENDING", "amount": {"amount": "-302.40"}},
            ],
        }
    ]


async def test_entries_name_their_sales_for_the_owner_alone_and_balances_are_whole_for_holders(
    shop: Shop,
) -> None:
    entries = 'ledgerEntries(first: 100, filter: {currency: "EUR", kind: SALE}) { totalCount nodes { id kind reference } }'
    found = await shop.read("owner", entries)
    assert [(row["kind"], row["reference"]) for row in found["nodes"]] == [("SALE", "S11"), ("SALE", "S10")]
    entry = found["nodes"][0]["id"]
    again = await shop.client.ask(
        f'{{ node(id: "{entry}") {{ ... on LedgerEntry {{ reference }} }} }}',
        token=await shop.token("owner"),
        account=shop.account,
    )
    assert again == {"node": {"reference": "S11"}}

    await shop.give("ana", Grant.MAKE_WITHDRAWAL)
    assert await shop.read("ana", BALANCES) == await shop.read("owner", BALANCES)
    assert await shop.is_unknown("ana", entries)
    await shop.give("ana", *(set(Grant) - {Grant.MAKE_WITHDRAWAL}))
    for field in (BALANCES, "payoutDestination { ending }", "withdrawals { totalCount }"):
        assert await shop.is_unknown("ana", field), field


async def test_sales_from_before_the_ledger_are_booked_by_the_clock(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await figures(shop)
    monkeypatch.setattr("models.ledger.review.BATCH", 5)

    async def upgrade() -> None:
        account = (shop.account["id"],)
        # as it was before the upgrade, but for the entries, which nobody can remove
        await database.write("DELETE FROM sale_postings WHERE account_id = ?", account)
        zeros = ", ".join(f"{name} = 0" for name in COLUMNS)
        await database.write(f"UPDATE balances SET {zeros} WHERE account_id = ?", account)
        await start_review(shop.account["id"])

    await database.transact(upgrade)

    assert await figures(shop) == before


async def test_the_database_refuses_what_does_not_add_up_an_overdraft_and_every_change(shop: Shop) -> None:
    async def refused(statement: str, *params: Any) -> bool:
        try:
            await database.transact(lambda: database.write(statement, params))
        except Exception as error:
            return (
                "zero" in str(error)
                or "overdrawn" in str(error)
                or "only grows" in str(error)
                or ("balances_" in str(error))
            )
        return False

    account = shop.account["id"]
    assert await refused("UPDATE balances SET pending = pending + 1 WHERE account_id = ?", account)
    assert await refused(
        "UPDATE balances SET available = -1, external = external + available + 1 WHERE account_id = ?",
        account,
    )
    assert await refused("UPDATE ledger_entries SET at = 0 WHERE account_id = ?", account)
    assert await refused("DELETE FROM ledger_entries WHERE account_id = ?", account)


async def test_the_number_of_statements_is_the_same_for_one_balance_and_two(shop: Shop) -> None:
    async def cost() -> int:
        token = await shop.token("owner")
        fields = "balances { currency available { amount } releases { on } } withdrawals { nodes { history { at } } }"
        with database.observed() as statements:
            await shop.client.ask(f"{{ account {{ {fields} }} }}", token=token, account=shop.account)
        return len(statements)

    await cost()
    two = await cost()

    async def fewer() -> None:
        await database.write(
            "DELETE FROM balances WHERE account_id = ? AND currency = 'EUR'", (shop.account["id"],)
        )

    await database.transact(fewer)
    assert await cost() == two

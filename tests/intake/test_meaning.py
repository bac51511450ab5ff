"""What messages mean, from the public door to the API: each in the shape that sellers really meet."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from payloads import page
from seller_account import Seller, seller

from doorstep import visiting

BOUGHT = 1_699_999_999_000
APPROVED = 1_700_000_000_000
SENT = 1_700_000_005_000
LATER = 1_700_009_000_000
READ_AT = 1_700_100_000_000
BRL = {"value": 100, "currency_value": "BRL"}


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[Seller]:
    async with visiting() as client:
        yield await seller(client)


def message(key: str = "a", kind: str = "PURCHASE_APPROVED", at: int = SENT, **data: Any) -> dict[str, Any]:
    """A small webhook's message; `purchase` and `buyer` add to what stands there."""
    purchase = {
        "transaction": "HP1",
        "status": "APPROVED",
        "order_date": BOUGHT,
        "approved_date": APPROVED,
        "price": BRL,
        "payment": {"type": "PIX", "installments_number": 1},
    } | data.pop("purchase", {})
    buyer = {"name": "B", "email": "b@example.com"} | data.pop("buyer", {})
    whole = {"product": {"id": 1, "name": "P"}, "buyer": buyer, "purchase": purchase} | data
    return {"id": key, "creation_date": at, "event": kind, "version": "2.0.0", "data": whole}


def item(status: str, email: str = "b@example.com") -> dict[str, Any]:
    """An item of the sales history."""
    purchase = {
        "transaction": "HP1",
        "order_date": BOUGHT,
        "approved_date": APPROVED,
        "status": status,
        "price": {"value": 100, "currency_code": "BRL"},
        "payment": {"type": "PIX", "installments_number": 1},
    }
    return {"product": {"name": "P", "id": 1}, "buyer": {"name": "B", "email": email}, "purchase": purchase}


async def test_an_address_keeps_its_zip_code_and_house_number(shop: Seller) -> None:
    address = {"address": "Rua A", "number": "10", "zipcode": "38400123", "city": "C", "country_iso": "BR"}

    await shop.post(message(buyer={"address": address}))

    found = (await shop.sale())["buyer"]["address"]
    assert (found["street"], found["number"], found["zipCode"]) == ("Rua A", "10", "38400123")


async def test_the_sales_history_overtakes_older_messages(shop: Seller, tmp_path: Path) -> None:
    await shop.post(message())

    await shop.read_page(page(item("REFUNDED")), tmp_path, READ_AT)

    sale = await shop.sale()
    assert (sale["status"], sale["refundedAt"]) == ("REFUNDED", "2023-11-16T02:00:00Z")
    assert sale["approvedAt"] == "2023-11-14T22:13:20Z"
    period = 'period: { from: "2023-11-01", to: "2023-12-01" }'
    rows = await shop.ask(
        f"{{ account {{ reports {{ revenue({period}) {{ count refunded {{ amount }} }} }} }} }}"
    )
    assert rows["reports"]["revenue"] == [{"count": 0, "refunded": {"amount": "100.00"}}]


async def test_a_page_without_as_of_is_true_as_of_its_files_time(shop: Seller, tmp_path: Path) -> None:
    await shop.read_page(page(item("REFUNDED")), tmp_path)

    await shop.post(message(at=SENT))

    assert (await shop.sale())["status"] == "REFUNDED"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_a_dispute_that_was_won_ends_complete_in_either_order(
    shop: Seller, tmp_path: Path, order: tuple[int, int]
) -> None:
    pages = [(page(item("PROTESTED")), READ_AT), (page(item("COMPLETE")), READ_AT + 1)]

    for number in order:
        await shop.read_page(pages[number][0], tmp_path, pages[number][1])

    assert (await shop.sale())["status"] == "COMPLETE"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_of_two_pages_with_one_status_the_later_counts(
    shop: Seller, tmp_path: Path, order: tuple[int, int]
) -> None:
    pages = [(item("COMPLETE"), READ_AT), (item("COMPLETE", "new@example.com"), READ_AT + 1)]

    for number in order:
        await shop.read_page(page(pages[number][0]), tmp_path, pages[number][1])

    assert (await shop.sale())["buyer"]["email"] == "new@example.com"


async def test_a_report_says_unknown_until_every_net_is_known(shop: Seller, tmp_path: Path) -> None:
    period = 'period: { from: "2023-11-01", to: "2023-12-01" }'
    columns = "count net { amount } unknownNet"
    years = f"annualSummary(firstYear: 2023) {{ total {{ {columns} }} months {{ net {{ amount }} }} }}"
    query = f"{{ account {{ reports {{ revenue({period}) {{ {columns} }} {years} }} }} }}"
    await shop.post(message())
    before = (await shop.ask(query))["reports"]

    await shop.read_page(page(PAGES["commissions"]), tmp_path, READ_AT)

    after = (await shop.ask(query))["reports"]
    assert before["revenue"] == [{"count": 1, "net": None, "unknownNet": 1}]
    assert before["annualSummary"][0]["total"] == {"count": 1, "net": None, "unknownNet": 1}
    assert [month["net"] for month in before["annualSummary"][0]["months"]].count(None) == 1
    assert after["revenue"] == [{"count": 1, "net": {"amount": "90.00"}, "unknownNet": 0}]
    assert after["annualSummary"][0]["total"]["net"] == {"amount": "90.00"}


async def test_a_price_of_four_decimals_is_rounded(shop: Seller) -> None:
    await shop.post(message(purchase={"price": {"value": 104.2375, "currency_value": "USD"}}))

    assert (await shop.sale())["price"] == {"amount": "104.24", "currency": "USD"}


async def test_commissions_beside_the_data_have_the_prices_currency(shop: Seller) -> None:
    shares = [{"source": "PRODUCER", "value": 90}, {"source": "MARKETPLACE", "value": 10}]

    await shop.post(message() | {"commissions": shares})

    sale = await shop.sale()
    assert sale["net"] == {"amount": "90.00", "currency": "BRL"}
    assert [share["amount"]["amount"] for share in sale["commissions"]] == ["90.00", "10.00"]


async def test_a_price_without_currency_has_the_offers(shop: Seller) -> None:
    prices = {"price": {"value": 100}, "full_price": {"value": 120}}
    offer = {"original_offer_price": {"value": 100, "currency_value": "EUR"}}

    await shop.post(message(purchase=prices | offer))

    sale = await shop.sale()
    assert sale["price"] == {"amount": "100.00", "currency": "EUR"}
    assert sale["fullPrice"] == {"amount": "120.00", "currency": "EUR"}


REFUND = {
    "id": "r",
    "creation_date": LATER,
    "event": "PURCHASE_REFUNDED",
    "version": "2.0.0",
    "data": {"product": {"id": 1}, "purchase": {"transaction": "HP1", "status": "REFUNDED"}},
}
PROTEST = message("j", "PURCHASE_PROTEST", LATER, purchase={"status": "DISPUTE"})
del PROTEST["data"]["product"]


@pytest.mark.parametrize(("scant", "status"), [(REFUND, "REFUNDED"), (PROTEST, "DISPUTE")])
@pytest.mark.parametrize("first", [True, False])
async def test_of_a_known_sale_the_transaction_and_status_suffice(
    shop: Seller, scant: dict[str, Any], status: str, first: bool
) -> None:
    sent = [message(), scant] if first else [scant, message()]

    receipts = [(await shop.post(entry)).json()["code"] for entry in sent]

    sale = await shop.sale()
    assert receipts == (["SALE", "SALE"] if first else ["WAITING", "SALE"])
    assert (sale["status"], sale["price"]["amount"], sale["product"]["name"]) == (status, "100.00", "P")
    assert [event["status"] for event in sale["history"]] == ["APPROVED", status]


async def test_a_scant_message_beside_the_one_that_describes_its_sale_is_not_lost(shop: Seller) -> None:
    for turn in range(12):
        named = {"transaction": f"HP{turn}"}
        whole = message(f"w{turn}", purchase=named)
        scant = [REFUND | {"id": f"r{turn}", "data": {"purchase": named | {"status": "REFUNDED"}}}]
        scant.append(
            message(f"p{turn}", "PURCHASE_PROTEST", LATER - 1, purchase=named | {"status": "DISPUTE"})
        )
        del scant[1]["data"]["product"]

        await asyncio.gather(*(shop.post(entry) for entry in (scant[0], whole, scant[1])))

    sales = await shop.sales()
    assert len(sales) == 12
    assert {sale["status"] for sale in sales} == {"REFUNDED"}
    assert {len(sale["history"]) for sale in sales} == {3}


async def test_what_waits_for_its_sale_is_no_sale_and_no_loss(shop: Seller) -> None:
    receipt = await shop.post(REFUND)

    assert (receipt.status_code, receipt.json()) == (200, {"code": "WAITING"})
    assert (await shop.post(REFUND)).json() == {"code": "KNOWN"}
    assert await shop.sales() == []


async def test_a_phone_number_with_its_area_code_can_be_dialed(shop: Seller) -> None:
    await shop.post(message(buyer={"checkout_phone": "999990000", "checkout_phone_code": "11"}))

    assert (await shop.sale())["buyer"]["phone"] == "+5511999990000"


async def test_a_chargeback_is_one_whatever_older_status_is_sent_with_it(shop: Seller) -> None:
    await shop.post(message())

    await shop.post(message("h", "PURCHASE_CHARGEBACK", LATER))

    assert (await shop.sale())["status"] == "CHARGEBACK"


async def test_a_recurrence_without_a_code_is_read(shop: Seller) -> None:
    await shop.post(message(purchase={"recurrence_number": 7}))

    assert (await shop.sale())["subscription"] == {"code": None, "plan": None, "recurrence": 7}


async def test_what_is_paid_after_conversion_stands_beside_the_original_amount(shop: Seller) -> None:
    conversion = {"converted_value": 94.67, "converted_to_currency": "BRL", "conversion_rate": 5.41}
    share = {"source": "PRODUCER", "value": 17.5, "currency_value": "USD", "currency_conversion": conversion}

    await shop.post(message(purchase={"price": {"value": 20, "currency_value": "USD"}}, commissions=[share]))

    sale = await shop.sale()
    assert sale["net"] == {"amount": "17.50", "currency": "USD"}
    assert sale["payout"] == {"amount": "94.67", "currency": "BRL"}
    assert sale["commissions"][0]["converted"] == {"amount": "94.67", "currency": "BRL"}


async def test_bumps_offers_coupons_codes_and_refusals_are_read(shop: Seller) -> None:
    await shop.post(
        message(
            purchase={
                "payment": {"type": "PIX", "installments_number": 1, "refusal_reason": "No funds"},
                "order_bump": {"is_order_bump": True, "parent_purchase_transaction": "HP0"},
                "offer": {"code": "o1", "name": "Launch", "coupon_code": "TEN"},
                "origin": {"src": "s", "sck": "k", "xcod": "x-1"},
                "is_funnel": True,
            }
        )
    )

    sale = await shop.sale()
    assert (sale["orderBump"], sale["parentReference"], sale["inFunnel"]) == (True, "HP0", True)
    assert (sale["offer"]["code"], sale["offer"]["name"], sale["coupon"]) == ("o1", "Launch", "TEN")
    assert sale["origin"] == {"src": "s", "sck": "k", "xcod": "x-1"}
    assert (sale["refusal"], sale["refusalReason"]) == ("INSUFFICIENT_FUNDS", "No funds")


SHARE = {"commission": {"currency_value": "BRL", "value": 90}, "user": {"name": "X"}, "source": "PRODUCER"}
BUYER = {"name": "Bia", "email": "bia@example.com", "cellphone": "1199", "documents": [{"value": "9"}],
         "address": {"address": "Rua B", "number": "2", "zip_code": "7"}}  # fmt: skip
NAMED = {"transaction": "HP1", "product": {"name": "P", "id": 1}}
PAGES: dict[str, dict[str, Any]] = {
    "commissions": NAMED | {"exchange_rate_currency_payout": 1, "commissions": [SHARE]},
    "users": NAMED
    | {"users": [{"role": "BUYER", "user": BUYER}, {"role": "PRODUCER", "user": {"name": "Y"}}]},
    "price details": NAMED
    | {
        "base": {"value": 90, "currency_code": "BRL"},
        "total": {"value": 120, "currency_code": "BRL"},
        "vat": {"value": 20, "currency_code": "BRL"},
        "coupon": {"code": "SUMMER", "value": 10},
    },
    "subscriptions": NAMED | {"subscriber_code": "S9", "subscription_id": 1, "plan": {"name": "Monthly"}},
}


@pytest.mark.parametrize("sale_first", [True, False])
async def test_other_pages_add_to_a_sale_in_every_order(
    shop: Seller, tmp_path: Path, sale_first: bool
) -> None:
    if sale_first:
        await shop.post(message())
    summary = await shop.read_page([page(entry) for entry in PAGES.values()], tmp_path, READ_AT)
    if not sale_first:
        assert (summary.waiting, summary.malformed) == (4, 0)
        await shop.post(message())

    sale = await shop.sale()
    assert sale["net"] == {"amount": "90.00", "currency": "BRL"}
    assert [(share["source"], share["name"]) for share in sale["commissions"]] == [("PRODUCER", "X")]
    assert sale["buyer"]["name"] == "Bia"
    assert (sale["buyer"]["address"]["zipCode"], sale["buyer"]["document"]) == ("7", "9")
    assert (sale["fullPrice"]["amount"], sale["vat"]["amount"], sale["coupon"]) == (
        "120.00",
        "20.00",
        "SUMMER",
    )
    assert sale["subscription"] == {"code": "S9", "plan": "Monthly", "recurrence": None}
    assert [event["status"] for event in sale["history"]] == ["APPROVED"]


async def test_a_subscriptions_purchases_say_where_their_sales_stand(shop: Seller, tmp_path: Path) -> None:
    await shop.post(message())
    purchase = {"transaction": "HP1", "status": "COMPLETE", "payment_type": "PIX", "recurrency_number": 4}

    await shop.read_page([purchase], tmp_path, READ_AT)

    sale = await shop.sale()
    assert (sale["status"], sale["subscription"]["recurrence"]) == ("COMPLETE", 4)


async def test_dates_in_seconds_are_of_this_century(shop: Seller) -> None:
    await shop.post(message(purchase={"order_date": 1_700_000_000, "approved_date": 1_700_000_001}))

    sale = await shop.sale()
    assert (sale["orderedAt"], sale["approvedAt"]) == ("2023-11-14T22:13:20Z", "2023-11-14T22:13:21Z")


@pytest.mark.parametrize(
    "refunded",
    [
        {"status": "PARTIALLY_REFUNDED", "refund": {"value": 30, "currency_value": "BRL"}},
        {"status": "PARTIAL_REFUND", "refund_amount": 30},
        {"status": "REFUNDED", "refund_value": {"value": 30}},
        {"status": "REFUNDED", "price": {"value": -30, "currency_value": "BRL"}},
    ],
)
async def test_a_partial_refund_is_told_by_its_status_or_its_amount(
    shop: Seller, refunded: dict[str, Any]
) -> None:
    await shop.post(message())

    await shop.post(message("r", "PURCHASE_REFUNDED", LATER, purchase=refunded))

    sale = await shop.sale()
    assert (sale["status"], sale["price"]["amount"]) == ("PARTIALLY_REFUNDED", "100.00")
    assert sale["refundedAmount"] == {"amount": "30.00", "currency": "BRL"}


async def test_a_refund_of_a_negative_price_alone_is_a_sale_of_that_price(shop: Seller) -> None:
    price = {"value": -100, "currency_value": "BRL"}

    await shop.post(message("r", "PURCHASE_REFUNDED", purchase={"status": "REFUNDED", "price": price}))

    sale = await shop.sale()
    assert (sale["status"], sale["price"]["amount"]) == ("REFUNDED", "100.00")


async def test_every_order_of_scant_and_whole_messages_ends_alike(database_url: str, tmp_path: Path) -> None:
    sent = [message(), REFUND, message("h", "PURCHASE_CHARGEBACK", LATER + 1)]
    ends = []

    async with visiting() as client:
        for order in itertools.permutations([*sent, page(PAGES["commissions"])]):
            shop = await seller(client)
            for entry in order:
                if "items" in entry:
                    await shop.read_page(entry, tmp_path, READ_AT)
                else:
                    await shop.post(entry)
            sale = await shop.sale()
            del sale["product"]["id"]
            ends.append(sale)

    assert ends == [ends[0]] * 24
    assert (ends[0]["status"], ends[0]["net"]["amount"]) == ("CHARGEBACK", "90.00")

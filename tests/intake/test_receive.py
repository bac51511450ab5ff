"""What one message does: all of it or nothing, once, and nothing at all without the secret."""

import asyncio
import contextlib
import json
import sqlite3
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import payloads
import pytest
from intake_state import SECRET, account, rows, state
from payloads import body, webhook

import make
from intake.endpoint.receive import CLOSED, REFUSED, receive
from models import database
from models.collation import sort_key

TABLES = ("intake_events", "sales", "sale_events", "products", "offers", "commissions")


@pytest.fixture(autouse=True)
def _database(database_url: str) -> None:
    """Every test here runs on both databases."""


async def sent(account: dict[str, Any], message: Any, secret: str | None = SECRET) -> Any:
    return await receive(
        account["intake_id"], secret, message if isinstance(message, bytes) else body(message)
    )


async def only_sale(account: dict[str, Any]) -> dict[str, Any]:
    (sale,) = await rows(account, "sales")
    return sale


async def test_names_that_a_marketplace_sends_are_kept_in_one_form_without_what_cannot_be_seen() -> None:
    seller = await account()
    message = webhook(
        data__buyer__name="  Jose\u0301   \u202ePen\u0303a\u200b ",
        data__product__name="A\u0301gua  Viva\u202e",
    )

    receipt = await sent(seller, message)

    assert (receipt.status, receipt.code) == (200, "SALE")
    sale = await only_sale(seller)
    (product,) = await rows(seller, "products")
    assert (sale["buyer_name"], sale["buyer_folded"]) == ("José Peña", "jose pena")
    assert (product["name"], product["name_folded"]) == ("Água Viva", "agua viva")
    assert product["sort_key"] == sort_key("Água Viva")


async def test_a_purchase_becomes_a_sale_with_all_that_it_tells() -> None:
    seller = await account()
    message = webhook(data__affiliates=[{"affiliate_code": "AFF1", "name": "Rui"}])

    receipt = await sent(seller, message)

    assert (receipt.status, receipt.code) == (200, "SALE")
    sale = await only_sale(seller)
    expected = {
        "reference": message["data"]["purchase"]["transaction"],
        "status": "APPROVED",
        "price": 10_000,
        "currency": "BRL",
        "full_price": 11_832,
        "full_currency": "BRL",
        "net": 8_905,
        "net_currency": "BRL",
        "payment_method": "CREDIT_CARD",
        "instalments": 12,
        "buyer_name": "Ana Prado",
        "buyer_folded": "ana prado",
        "buyer_email": "ana@example.com",
        "buyer_phone": "+55 11 90000-0001",
        "buyer_document": "00000000191",
        "buyer_country": "BR",
        "buyer_address": None,
        "origin_src": "spring",
        "origin_sck": "ad-17",
        "affiliate_code": "AFF1",
        "affiliate_name": "Rui",
        "subscription_code": "SUB1",
        "recurrence": 3,
        "ordered_at": payloads.APRIL,
        "approved_at": payloads.APRIL + 4_000,
        "refunded_at": None,
        "warranty_until": 1_746_057_600_000,
        "assignee_id": None,
        "team_id": None,
    }
    assert {key: sale[key] for key in expected} == expected
    (product,) = await rows(seller, "products")
    assert (product["reference"], product["ucode"], product["name"]) == (
        "4200001",
        "ucode-one",
        "Watercolours",
    )
    assert (product["name_folded"], product["support_email"]) == ("watercolours", "help@example.com")
    assert product["sort_key"] == sort_key("Watercolours")
    (offer,) = await rows(seller, "offers")
    assert (offer["code"], offer["price"], offer["currency"]) == ("offer-a", 12_000, "BRL")
    assert str(sale["product_id"]) == str(product["id"])
    assert str(sale["offer_id"]) == str(offer["id"])
    shares = sorted(await rows(seller, "commissions"), key=lambda share: share["position"])
    assert [(share["source"], share["amount"], share["name"]) for share in shares] == [
        ("MARKETPLACE", 1_095, None),
        ("PRODUCER", 8_905, "Studio Prado"),
    ]
    (event,) = await rows(seller, "sale_events")
    assert (event["source"], event["kind"], event["status"]) == ("WEBHOOK", "PURCHASE_APPROVED", "APPROVED")
    assert (event["key"], event["happened_at"]) == (message["id"], message["creation_date"])


async def test_an_address_arrives_under_our_names() -> None:
    seller = await account()
    address = {
        "country": "Brasil",
        "country_iso": "BR",
        "zipcode": "38400",
        "address": "Rua A",
        "number": "1",
    }

    await sent(seller, webhook(buyer__address=address, purchase__checkout_country=None))

    sale = await only_sale(seller)
    assert json.loads(sale["buyer_address"]) == {
        "street": "Rua A",
        "number": "1",
        "zip_code": "38400",
        "country": "BR",
    }
    assert sale["buyer_country"] == "BR"


@pytest.mark.parametrize(("currency", "value", "amount"), [("JPY", "1500", 1_500), ("KWD", "1.005", 1_005)])
async def test_money_is_exact_in_each_currency(currency: str, value: str, amount: int) -> None:
    seller = await account()
    sent_text = json.dumps(webhook(purchase__price={"value": "@", "currency_value": currency}))

    receipt = await sent(seller, sent_text.replace('"@"', value).encode())

    assert receipt.status == 200
    assert (await only_sale(seller))["price"] == amount
    (row,) = await rows(seller, "intake_events")
    assert f'"value":{value}' in row["payload"]


async def test_a_replay_changes_nothing() -> None:
    seller = await account()
    message = webhook()
    await sent(seller, message)
    before = [await rows(seller, table) for table in TABLES]

    again = await sent(seller, message)
    other = await sent(seller, payloads.with_changes(message, {"purchase__status": "REFUNDED"}))

    assert (again.status, again.code) == (other.status, other.code) == (200, "KNOWN")
    assert [await rows(seller, table) for table in TABLES] == before


async def test_an_older_event_never_overwrites_a_newer_state() -> None:
    seller = await account()
    named = {"purchase__transaction": "HP1"}
    await sent(
        seller, webhook("PURCHASE_REFUNDED", "REFUNDED", creation_date=payloads.APRIL + 9_000, **named)
    )

    await sent(seller, webhook(creation_date=payloads.APRIL + 5_000, **named))

    sale = await only_sale(seller)
    assert (sale["status"], sale["refunded_at"]) == ("REFUNDED", payloads.APRIL + 9_000)
    assert len(await rows(seller, "sale_events")) == 2


async def test_the_same_sale_in_two_accounts_is_two_sales() -> None:
    first, other = await account(), await account()
    message = webhook()

    await sent(first, message)
    await sent(other, message)

    assert (await only_sale(first))["id"] != (await only_sale(other))["id"]


@pytest.mark.parametrize("secret", ["wrong", "", "a-secret-of-the-test", SECRET + " ", "\udc80", "ü"])
async def test_a_wrong_secret_keeps_nothing(secret: str) -> None:
    seller = await account()

    assert await sent(seller, webhook(hottok=SECRET), secret) == REFUSED
    assert await sent(seller, b"not json", secret) == REFUSED

    assert [await rows(seller, table) for table in TABLES] == [[]] * len(TABLES)


async def test_an_unknown_address_answers_and_works_like_a_wrong_secret() -> None:
    seller, mute = await account(), await account(intake_secret_digest=None)
    addresses = [
        *(seller["intake_id"], mute["intake_id"], database.new_id(), str(uuid.UUID(int=0)), "no-uuid", ""),
        *("{" + seller["intake_id"] + "}", "\0", "x" * 5_000),
    ]
    found = []

    for address in addresses:
        with database.observed() as statements:
            found.append((await receive(address, "wrong", body(webhook())), tuple(statements)))

    assert found == [found[0]] * len(found)
    assert found[0][0] == REFUSED
    assert await receive(mute["intake_id"], None, body(webhook())) == REFUSED
    assert await receive(mute["intake_id"], "", body(webhook())) == REFUSED


async def test_without_a_header_the_bodys_secret_counts() -> None:
    seller = await account()
    message = webhook("UPDATE_SUBSCRIPTION_CHARGE_DATE", hottok=SECRET)

    assert (await sent(seller, message, None)).code == "OTHER"
    assert await sent(seller, webhook(hottok="wrong"), None) == REFUSED
    assert await sent(seller, webhook(), None) == REFUSED
    assert await sent(seller, webhook(hottok={"is": SECRET}), None) == REFUSED
    assert await sent(seller, b"[]", None) == REFUSED


@contextlib.asynccontextmanager
async def _closing(url: str, account_id: str) -> AsyncIterator[None]:
    """The account is being closed while the block begins, by someone else, and is closed 0.3 s later."""
    closes = f"UPDATE accounts SET closed_at = 1 WHERE id = '{account_id}'"
    if database.is_postgres(url):
        import asyncpg

        connection = await asyncpg.connect(url)
        begun = connection.transaction()
        await begun.start()
        await connection.execute(closes)
        later = asyncio.ensure_future(_later(begun.commit))
        yield
        await later
        await connection.close()
    else:
        other = sqlite3.connect(database.sqlite_file(url), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.execute(closes)

        async def commit() -> None:
            other.execute("COMMIT")

        later = asyncio.ensure_future(_later(commit))
        yield
        await later
        other.close()


async def _later(commit: Callable[[], Awaitable[None]]) -> None:
    await asyncio.sleep(0.3)
    await commit()


async def test_a_message_that_comes_while_the_account_is_being_closed_does_not_land(
    database_url: str,
) -> None:
    seller = await account()

    async with _closing(database_url, seller["id"]):
        receipt = await sent(seller, webhook())

    assert receipt == CLOSED
    assert await rows(seller, "intake_events") == []
    assert await rows(seller, "sales") == []


async def test_a_closed_account_answers_so_to_who_knows_the_secret() -> None:
    seller = await account(closed_at=1)

    assert await sent(seller, webhook()) == CLOSED
    assert CLOSED.status == 410
    assert await sent(seller, webhook(), "wrong") == REFUSED
    assert await rows(seller, "intake_events") == []


async def test_the_secret_is_nowhere_in_what_is_kept() -> None:
    seller = await account()
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in SECRET)
    bodies = [
        body(webhook(hottok=SECRET)),
        body(webhook(data__more=[{"HotTok": SECRET}, {"deep": f"see {SECRET}!"}, {SECRET: 1}])),
        body(webhook(buyer__name=SECRET, purchase__origin={"sck": f"x-{SECRET}", "src": None})),
        body(webhook(purchase__status=SECRET)),
        body(webhook()).replace(b"Ana Prado", escaped.encode()),
        f'{{"hottok": "{SECRET}", "hottok": "x", "id": "twice", "event": "Y"}}'.encode(),
        f'{{"hottok": "{SECRET}'.encode(),
        f'{{"a": "{escaped}'.encode(),
        f'{{"a": "{SECRET}"}}'.encode("utf-16"),
    ]

    for each in bodies:
        assert (await sent(seller, each)).status in {200, 400}

    everything = repr([await rows(seller, table) for table in TABLES])
    assert SECRET not in everything
    assert escaped not in everything
    assert len(await rows(seller, "intake_events")) == len(bodies)


MALFORMED = {
    "no json": b"{",
    "empty": b"",
    "null": b"null",
    "a number": b"1",
    "a list": b"[]",
    "not UTF-8": b'{"id": "\xff"}',
    "half a pair": b'{"id": "\\ud800"}',
    "a NUL byte": b'{"id": "\0"}',
    "endless depth": b"[" * 100_000,
    "depth": b'{"id":"x","event":"E","a":' + b"[" * 300 + b"]" * 300 + b"}",
    "endless digits": b'{"id": ' + b"1" * 10_000 + b"}",
    "endless exponent": b'{"id": 1e999999999999999999999}',
    "no id": body(webhook(id=None)),
    "a long id": body(webhook(id="x" * 101)),
    "an id of ours": body(webhook(id="rest:HP1:APPROVED")),
    "no kind": body(webhook(None)),  # type: ignore[arg-type]
    "a NUL in the id": body(webhook(id="a\0b")),
    "an unknown status": body(webhook(status="HALF_PAID")),
    "no transaction": body(webhook(purchase__transaction=None)),
    "a long transaction": body(webhook(purchase__transaction="H" * 65)),
    "a time that is true": body(webhook(creation_date=True)),
    "no time": body(webhook(creation_date=None)),
    "a time past all time": body(webhook(creation_date=2**63)),
    "data that is a list": body(webhook(data=[])),
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_a_malformed_message_is_refused_with_its_reason_and_only_kept(name: str) -> None:
    seller = await account()

    first = await sent(seller, MALFORMED[name])
    again = await sent(seller, MALFORMED[name])

    assert first == again
    assert (first.status, first.code) == (400, "MALFORMED")
    assert first.reason
    (row,) = await rows(seller, "intake_events")
    assert (row["outcome"], row["reason"]) == ("MALFORMED", first.reason)
    assert [await rows(seller, table) for table in TABLES[1:]] == [[]] * (len(TABLES) - 1)


@pytest.mark.parametrize(
    "kind",
    [
        *("SUBSCRIPTION_CANCELLATION", "SWITCH_PLAN", "CLUB_FIRST_ACCESS", "PURCHASE_OUT_OF_SHOPPING_CART"),
        *("PURCHASE_OF_THE_FUTURE", "X" * 500),
    ],
)
async def test_an_event_of_another_kind_is_kept_and_never_refused(kind: str) -> None:
    seller = await account()
    message = {"id": "other-1", "event": kind, "creationDate": "nonsense", "data": {"affiliate": True}}

    receipt = await sent(seller, message)

    assert (receipt.status, receipt.code) == (200, "OTHER")
    (row,) = await rows(seller, "intake_events")
    assert (row["outcome"], row["kind"], row["happened_at"]) == ("OTHER", kind[:60], None)
    assert await rows(seller, "sales") == []


async def test_nulls_and_absent_options_go_in() -> None:
    seller = await account()
    message = webhook(
        *("PURCHASE_CANCELED", None),
        product__name=None,
        product__ucode=None,
        product__support_email=None,
        product__warranty_date=None,
        data__affiliates=None,
        data__buyer=None,
        data__producer=None,
        data__commissions=None,
        data__subscription=None,
        purchase__order_date=None,
        purchase__approved_date=None,
        purchase__full_price=None,
        purchase__original_offer_price=None,
        purchase__offer=None,
        purchase__origin=None,
        purchase__checkout_country=None,
        purchase__payment=None,
        purchase__recurrence_number=None,
    )

    assert (await sent(seller, message)).code == "SALE"

    sale = await only_sale(seller)
    assert (sale["status"], sale["price"], sale["full_price"]) == ("CANCELLED", 10_000, 10_000)
    assert (sale["ordered_at"], sale["approved_at"], sale["net"]) == (message["creation_date"], None, None)
    (product,) = await rows(seller, "products")
    assert product["name"] == "4200001"


async def test_long_descriptive_texts_are_cut_to_their_columns_alike_on_both_databases() -> None:
    seller = await account()
    long = "\ufdfa" * 1_000

    receipt = await sent(
        seller,
        webhook(
            product__name=long,
            buyer__name=long,
            buyer__checkout_phone=long,
            buyer__document=long,
            purchase__origin={"src": long, "sck": long},
            data__affiliates=[{"affiliate_code": "a", "name": long}],
            purchase__payment={"type": long, "installments_number": "3"},
        ),
    )

    assert receipt.code == "SALE"
    sale = await only_sale(seller)
    assert len(sale["buyer_name"]) == len(sale["origin_sck"]) == len(sale["affiliate_name"]) == 300
    assert len(sale["buyer_phone"]) == len(sale["buyer_document"]) == 60
    assert len(sale["buyer_folded"]) == 600
    assert (sale["payment_method"], sale["instalments"]) == ("OTHER", 3)


async def test_a_hand_made_assignment_survives_later_events() -> None:
    seller = await account(teams_on=True)
    collaborator = await make.collaborator(seller)
    team = await make.team(seller, [collaborator])
    named = {"purchase__transaction": "HP1"}
    await sent(seller, webhook(**named))

    async def assign() -> None:
        await database.write(
            "UPDATE sales SET assignee_id = ?, team_id = ?, assigned_at = 7 WHERE account_id = ?",
            (collaborator["id"], team["id"], seller["id"]),
        )

    await database.transact(assign)
    await sent(
        seller, webhook("PURCHASE_COMPLETE", "COMPLETED", creation_date=payloads.APRIL + 9_000, **named)
    )

    sale = await only_sale(seller)
    assert sale["status"] == "COMPLETE"
    assert (str(sale["assignee_id"]), str(sale["team_id"]), sale["assigned_at"]) == (
        collaborator["id"],
        team["id"],
        7,
    )


async def test_products_and_offers_keep_what_the_latest_event_tells() -> None:
    seller = await account()
    price = {"value": 5, "currency_value": "USD"}
    results = [
        webhook(
            creation_date=30,
            product__name="Third",
            product__support_email=None,
            purchase__original_offer_price=None,
        ),
        webhook(
            creation_date=20,
            product__name="Second",
            product__ucode=None,
            purchase__order_date=20,
            purchase__original_offer_price=price,
        ),
        webhook(
            creation_date=10,
            product__name="First",
            product__support_email="old@example.com",
            purchase__order_date=10,
        ),
    ]
    states = []

    for order in [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0), (2, 0, 1), (0, 2, 1)]:
        seller = await account()
        for place in order:
            await sent(seller, results[place])
        states.append(await state(seller))

    assert states == [states[0]] * len(states)
    (product,), (offer,) = states[0]["products"], states[0]["offers"]
    assert (product["name"], product["ucode"]) == ("Third", "ucode-one")
    assert product["support_email"] == "help@example.com"
    assert (offer["price"], offer["currency"]) == (500, "USD")


async def test_events_of_one_new_sale_that_arrive_together_all_count() -> None:
    for turn in range(5):
        seller = await account()
        kinds = [
            ("PURCHASE_BILLET_PRINTED", "BILLET_PRINTED"),
            ("PURCHASE_APPROVED", "APPROVED"),
            ("PURCHASE_COMPLETE", "COMPLETED"),
            ("PURCHASE_REFUNDED", "REFUNDED"),
        ]
        results = [
            webhook(*kind, creation_date=payloads.APRIL + at, purchase__transaction=f"HP{turn}")
            for at, kind in enumerate(kinds)
        ]

        receipts = await asyncio.gather(*(sent(seller, message) for message in [*results, *results]))

        assert sorted(receipt.code for receipt in receipts) == ["KNOWN"] * 4 + ["SALE"] * 4
        assert (await only_sale(seller))["status"] == "REFUNDED"
        assert len(await rows(seller, "sale_events")) == 4
        assert len(await rows(seller, "commissions")) == 2


async def test_events_of_a_few_sales_and_products_that_arrive_together_fold_as_one_by_one() -> None:
    for _ in range(3):
        together, one_by_one = await account(), await account()
        results = [
            webhook(
                product__id=1 + number % 3,
                buyer__name=f"Buyer {number}",
                purchase__transaction=f"HP{number % 4}",
                creation_date=number,
            )
            for number in range(40)
        ]

        receipts = await asyncio.gather(*(sent(together, message) for message in reversed(results)))
        for message in results:
            await sent(one_by_one, message)

        assert {receipt.code for receipt in receipts} == {"SALE"}
        assert await state(together) == await state(one_by_one)


async def test_events_of_a_known_sale_under_other_products_wait_for_each_other() -> None:
    seller = await account()
    for turn in range(10):
        results = [
            webhook(
                product__id=1 + at,
                buyer__name=f"Buyer {at}",
                purchase__transaction=f"HP{turn}",
                creation_date=at,
            )
            for at in range(6)
        ]
        await sent(seller, results[0])

        await asyncio.gather(*(sent(seller, message) for message in results[1:]))

    assert {sale["buyer_name"] for sale in await rows(seller, "sales")} == {"Buyer 5"}

"""Who bought: one row for each buyer, a page at a time, with the contacts that the viewer's grants open."""

import random
from collections import defaultdict
from datetime import date
from typing import Any

import pytest

import make
from authz.grant import Grant
from authz.identity import identify
from center import Center, center
from client import Client
from models.vocabulary import Privacy, Role, SaleStatus
from reports.customers import Listed, all_customers
from reports.customers import customers as customers_of
from reports.declarations import REPORTS
from reports.period import Period
from reports.statement import EVERYTHING
from shop_messages import moment
from small_shop import Shop

JUNE = 'period: {from: "2026-06-01", to: "2026-07-01"}'
MONEY = "{ amount currency }"
FIELDS = f"name purchases products subscriber spent {MONEY} refunded {MONEY}"
PAID, LOST = {"APPROVED", "COMPLETE", "PARTIALLY_REFUNDED"}, {"REFUNDED", "DISPUTE", "CHARGEBACK"}
Row = dict[str, Any]


async def customers(shop: Shop, who: str, args: str = "", fields: str = f"nodes {{ {FIELDS} }}") -> Row:
    found: Row = await shop.read(who, f"reports {{ customers({JUNE}{args}) {{ {fields} }} }}")
    return dict(found["customers"])


def line(row: Row) -> str:
    amounts = [
        f"{kind}{amount['amount']} {amount['currency']}"
        for kind in ("spent", "refunded")
        for amount in row[kind]
    ]
    name = row["name"].split()[0]
    return " ".join([name, str(row["purchases"]), *amounts, *(["subscriber"] if row["subscriber"] else [])])


async def test_june_is_as_the_examples_say(shop: Shop) -> None:
    found = await customers(
        shop,
        "owner",
        fields=f"nodes {{ {FIELDS} }} totals {{ currency customers purchases spent {MONEY} }} totalCount",
    )

    assert [line(row) for row in found["nodes"]] == [
        "Berta 1 spent20.00 EUR",
        "Benício 0",
        "Bárbara 0",
        "Beto 1 spent50.00 BRL subscriber",
        "Bia 0 refunded700.00 BRL",
        "Bruno 1 spent1000.00 BRL",
        "Bela 1 spent50.00 BRL subscriber",
        "Beatriz 1 spent1000.00 BRL",
    ]
    assert found["totalCount"] == 8
    assert [(row["currency"], row["customers"], row["spent"]["amount"]) for row in found["totals"]] == [
        ("BRL", 7, "2100.00"),
        ("EUR", 1, "20.00"),
    ]


async def test_customers_are_filtered_and_sorted(shop: Shop) -> None:
    async def names(args: str) -> list[str]:
        found = await customers(shop, "owner", args, "nodes { name }")
        return [row["name"].split()[0] for row in found["nodes"]]

    spent = ', filter: {currency: "BRL", atLeast: 1}, order: {field: SPENT, direction: ASC}, last: 3'
    assert (await names(spent))[1:] in (["Bruno", "Beatriz"], ["Beatriz", "Bruno"])
    assert await names(', filter: {text: "bé"}, order: {field: NAME, direction: ASC}') == [
        *("Beatriz", "Bela", "Benício", "Berta", "Beto"),
    ]
    assert await names(', filter: {country: "PT"}') == ["Berta"]
    assert await names(", filter: {atLeast: 2}") == []


async def test_contacts_are_there_with_their_grants_and_own_customers_alone(shop: Shop) -> None:
    await shop.give("ana", Grant.VIEW_CUSTOMERS_REPORT, Grant.CHANGE_BUYER_EMAIL)

    found = await customers(shop, "ana", fields="nodes { name country email }")

    assert [(row["name"], row["email"]) for row in found["nodes"]] == [
        ("Bruno Reis", shop.email("b2")),
        ("Bela Dias", shop.email("b6")),
        ("Beatriz Lima", shop.email("b1")),
    ]
    for field in ("phone", "document", "emailMasked", "phoneMasked"):
        assert await shop.is_unknown("ana", f"reports {{ customers({JUNE}) {{ nodes {{ {field} }} }} }}")
    await shop.give("ana", Grant.VIEW_CUSTOMERS_REPORT, Grant.SEARCH_SALES)
    covered = await customers(shop, "ana", fields="nodes { emailMasked phoneMasked }")
    assert {row["emailMasked"] for row in covered["nodes"]} == {"b…@e…"}
    assert {row["phoneMasked"][:1] for row in covered["nodes"]} == {"…"}
    await shop.give("ana", Grant.VIEW_REVENUE_REPORT)
    assert await shop.is_unknown("ana", f"reports {{ customers({JUNE}) {{ totalCount }} }}")


async def test_the_list_says_whose_sales_it_is_made_of(client: Client) -> None:
    at = await center(client)
    document = f"{{ account {{ reports {{ customers({JUNE}) {{ reach {{ kind people why }} }} }} }} }}"

    async def reach(who: str) -> Row:
        found: Row = (await at.ask(who, document))["account"]["reports"]["customers"]["reach"]
        return found

    everyone, lead = len(at.collaborators), await reach("lead")
    await at.outcome("owner", "setTeamPrivacy", teamId=at.team_id, privacy="SHARED")
    assert await reach("owner") == {
        "kind": "ALL",
        "people": everyone,
        "why": "You own the account, so you see all of its customers.",
    }
    assert (await reach("admin"))["why"] == "You are an admin, so you see all customers of the account."
    assert (lead["kind"], lead["people"] > 1) == ("TEAM", True)
    # what a team shares are rows, not statistics
    assert await reach("user") == {
        "kind": "OWN",
        "people": 1,
        "why": "You see the buyers of the sales that are credited to you.",
    }


async def test_contacts_come_of_sales_within_reach_alone(client: Client) -> None:
    account = await make.account(teams_on=False, privacy=Privacy.OWN)
    profile = await make.profile(account, [Grant.VIEW_CUSTOMERS_REPORT, Grant.CHANGE_BUYER_EMAIL])
    me, other = [await make.collaborator(account, profile, Role.USER) for _ in range(2)]
    product, at = await make.product(account), {"approved_at": 1780401600000, "ordered_at": 1780401600000}
    await make.sale(account, product, me, buyer_email="mine@example.com", **at)
    # credited to me, and someone else has it now
    await make.sale(account, product, other, credit_id=me["id"], buyer_email="theirs@example.com", **at)

    document = f"{{ account {{ reports {{ customers({JUNE}) {{ nodes {{ email }} }} }} }} }}"
    found = await client.ask(document, token=await Client.collaborator(me), account=account)

    emails = [node["email"] for node in found["account"]["reports"]["customers"]["nodes"]]
    assert sorted(emails, key=str) == [None, "mine@example.com"]


async def test_what_is_revealed_on_record_only_is_masked(shop: Shop) -> None:
    await shop.give("ana", Grant.VIEW_CUSTOMERS_REPORT, Grant.CHANGE_BUYER_EMAIL)
    assert await shop.code("owner", "setRevealOnRecord", enabled=True) is None

    found = await customers(shop, "ana", fields="nodes { email }")

    assert {row["email"] for row in found["nodes"]} == {"b…@e…"}


async def sold(there: Center, rng: random.Random) -> list[Row]:
    products = [await make.product(there.account) for _ in range(2)]
    return [
        await make.sale(
            there.account,
            rng.choice(products),
            status=rng.choice([*SaleStatus, *[SaleStatus.APPROVED] * 9]).value,
            price=rng.randrange(1, 999),
            currency=rng.choice(["BRL", "EUR"]),
            buyer_email=rng.choice([None, *(f"B{number}@example.com" for number in range(9))]),
            buyer_document=rng.choice([None, "11", "22"]),
            ordered_at=1_780_000_000_000 + rng.randrange(9 * 86_400_000),
        )
        for _ in range(60)
    ]


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_pages_are_what_plain_python_makes_of_the_same_sales(client: Client, direction: str) -> None:
    there = await center(client)
    wanted: dict[str, Row] = defaultdict(
        lambda: {"purchases": 0, "products": set(), "spent": defaultdict(int)}
    )
    for sale in await sold(there, random.Random(direction)):
        if sale["status"] not in PAID | LOST:
            continue
        buyer = wanted[(sale["buyer_email"] or "").upper() or sale["buyer_document"] or sale["id"]]
        if sale["status"] in PAID:
            buyer["purchases"] += 1
            buyer["products"].add(sale["product_id"])
            buyer["spent"][sale["currency"]] += sale["price"]
    document = f"""query($after: String) {{ account {{ reports {{ customers(
        period: {{from: "2026-05-01", to: "2026-08-01"}}, first: 3, after: $after,
        order: {{field: PURCHASES, direction: {direction}}}) {{ totalCount nodes {{ {FIELDS} }}
        edges {{ cursor node {{ {FIELDS} }} }} pageInfo {{ endCursor hasNextPage }} }} }} }} }}"""

    found, after = [], None
    for _ in range(30):
        page = (await there.ask("owner", document, after=after))["account"]["reports"]["customers"]
        found += page["nodes"]
        assert [edge["node"] for edge in page["edges"]] == page["nodes"]
        after = page["edges"][-1]["cursor"]
        assert after == page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert page["totalCount"] == len(found) == len(wanted)
    purchases = [row["purchases"] for row in found]
    assert purchases == sorted(purchases, reverse=direction == "DESC")
    assert sorted(
        (
            row["purchases"],
            row["products"],
            [(amount["currency"], amount["amount"]) for amount in row["spent"]],
        )
        for row in found
    ) == sorted(
        (
            row["purchases"],
            len(row["products"]),
            [(currency, f"{cents / 100:.2f}") for currency, cents in sorted(row["spent"].items())],
        )
        for row in wanted.values()
    )


async def test_all_customers_come_in_parts_that_divide_none_of_them(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, currency in enumerate(("EUR", "USD", "EUR")):
        await make.sale(
            shop.account,
            reference=f"C{number}",
            buyer_email=shop.email("b6"),
            currency=currency,
            ordered_at=moment("06-03 10:00"),
            approved_at=moment("06-03 10:00"),
        )
    viewer = await identify(await shop.token("owner"), shop.account["id"])
    june = Period(date(2026, 6, 1), date(2026, 7, 1)).whole("America/Sao_Paulo")
    listed = Listed(REPORTS["customers"], june, EVERYTHING)
    whole = [
        row[0] for row in await customers_of(viewer, listed, ("r.id",), "r.name ASC, r.id ASC", None, 99)
    ]

    for size in (1, 2, 3, 50):
        monkeypatch.setattr("reports.customers._PART", size)
        parts = [part async for part in all_customers(viewer, listed, "r.name ASC, r.id ASC")]

        assert [customer for part in parts for customer in part] == whole, size
    assert max(len(customer.spent) for customer in whole) == 3

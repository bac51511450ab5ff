"""What a viewer's reports leave out decides nothing of their answers, whatever is filtered, sorted or folded."""

import random
from typing import Any

import pytest

import make
from authz.grant import Grant
from center import Center, center
from client import Client
from extent import extent
from models import database
from models.vocabulary import UNPAID, CommissionSource, Role, SaleStatus
from oracle.questions import literal
from oracle.standing import Word
from reports.columns import Total
from reports.declarations import REPORTS
from reports.report import Kind, Report

Row = dict[str, Any]
PERIOD = {"from": "2026-05-01", "to": "2026-08-01"}
MAY, DAYS = 1_777_600_000_000, 92 * 86_400_000
FILTERS: tuple[Row, ...] = (
    {},
    {"src": None},
    {"sck": "ads"},
    {"checkoutOrigin": "shop"},
    {"paymentMethod": [Word("PIX"), None]},
    {"device": "mobile"},
    {"country": "BR"},
    {"coproducer": "Dora"},
    {"affiliate": "A1"},
    {"refusal": [Word("LIMIT"), None]},
    {"offer": None},
    {"country": "PT", "device": None},
)


def columns(rng: random.Random) -> Row:
    """What can be known of a sale."""
    at = MAY + rng.randrange(DAYS)
    status = rng.choice([*SaleStatus, *[SaleStatus.COMPLETE] * 6, *UNPAID, *[SaleStatus.OVERDUE] * 3])
    approved = rng.choice([None, at, at + 86_400_000])
    return {
        "status": status.value,
        "price": rng.randrange(1, 10**6),
        "currency": rng.choice(["BRL", "EUR"]),
        "net": rng.choice([None, rng.randrange(10**6)]),
        "own_amount": rng.choice([None, rng.randrange(10**6)]),
        "sold_as": rng.choice([*["PRODUCER"] * 4, "AFFILIATE", "COPRODUCER"]),
        "payment_method": rng.choice(["PIX", "CREDIT_CARD", None]),
        "instalments": rng.choice([1, 3]),
        "origin_src": rng.choice([None, "ads"]),
        "origin_sck": rng.choice([None, "ads"]),
        "checkout_origin": rng.choice([None, "shop"]),
        "device": rng.choice([None, "mobile"]),
        "buyer_country": rng.choice(["BR", "PT", None]),
        "buyer_state": rng.choice(["sp", "rj", None]),
        "buyer_city": rng.choice(["santos", "rio", None]),
        "marketplace_email": rng.choice([f"b{number}@example.com" for number in range(5)]),
        "affiliate_code": rng.choice(["A1", None]),
        "refusal": rng.choice(["LIMIT", None]),
        "ordered_at": at,
        "approved_at": approved,
        "ended_at": at if status in UNPAID and approved is None else None,
        "subscription_id": database.new_id(),
        "subscription_code": rng.choice(["K1", "K2"]),
    }


async def sell(there: Center, rng: random.Random, product: Row, people: list[Row | None], count: int) -> None:
    """Sales with shares, credited to some people or nobody."""
    for _ in range(count):
        sale = await make.sale(there.account, product, rng.choice(people), **columns(rng))
        source = rng.choice(list(CommissionSource))
        await make.shares(sale, source, CommissionSource.COPRODUCER)


async def change(there: Center, rng: random.Random, within: list[Row]) -> None:
    """Change everything about the sales that are credited to nobody among these people."""
    ids = {str(person["id"]) for person in within}
    sales = await database.read(
        "SELECT id, credit_id FROM sales WHERE account_id = ?", (there.account["id"],)
    )

    async def work() -> None:
        for sale in sales:
            if str(sale["credit_id"]) in ids:
                continue
            found = columns(rng)
            changes = ", ".join(f"{name} = ?" for name in found)
            await database.write(
                f"UPDATE sales SET {changes} WHERE account_id = ? AND id = ?",
                (*found.values(), there.account["id"], str(sale["id"])),
            )

    await database.transact(work)


def question(report: Report, rng: random.Random) -> str:
    """A report with arguments at random, and all of its rows."""
    fields = "currency others " + " ".join(
        f"{name} {{ amount }}" if is_money else name for name, is_money in shown(report)
    )
    if report.name == "overdueSubscriptions":
        totals = "totals { late currency charges amount { amount } }"
        return (
            f"{report.name}(first: 100) {{ totalCount nodes {{ code late amount {{ amount }} }} {totals} }}"
        )
    if report.kind is Kind.LIST:
        currency = literal(Word(rng.choice(["LAST_AT", "PURCHASES", "NAME", "SPENT"])))
        chosen = f'filter: {{currency: "BRL"}}, order: {{field: {currency}}}, first: 100'
        return (
            f"{report.name}(period: {literal(PERIOD)}, {chosen}) {{ totalCount nodes {{ name purchases"
            " spent { amount } lastAt } totals { currency purchases spent { amount } } }"
        )
    if report.kind is Kind.YEARS:
        return (
            f"{report.name}(firstYear: 2026, filter: {literal(rng.choice(FILTERS))}) {{ total {{ count }} }}"
        )
    currency = rng.choice([None, "BRL"])
    arguments: Row = {
        "period": PERIOD,
        "filter": rng.choice(FILTERS) | ({"currency": currency} if currency else {}),
    }
    if not report.monthly:
        arguments["every"] = Word(rng.choice(["MONTH", "WHOLE"]))
    if report.levels:
        arguments["level"] = Word(rng.choice(["COUNTRY", "STATE", "CITY"]))
    if report.keys and rng.random() < 0.5:
        arguments["top"] = rng.choice([1, 2])
    if currency and rng.random() < 0.7:
        column = rng.choice(report.columns).name.upper()
        arguments["order"] = {"column": Word(column), "direction": Word(rng.choice(["ASC", "DESC"]))}
    written = ", ".join(f"{name}: {literal(value)}" for name, value in arguments.items())
    return f"{report.name}({written}) {{ {fields} }}"


def shown(report: Report) -> list[tuple[str, bool]]:
    """The fields of a report's rows that are columns, and whether they are amounts."""
    return [
        (camel(column.name), column.money if isinstance(column, Total) else column.decimals == 0)
        for column in report.columns
    ]


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


@pytest.mark.parametrize("who", ["user", "lead"])
async def test_no_report_tells_of_others_sales_whatever_is_requested(client: Client, who: str) -> None:
    rng = random.Random(who)
    there = await center(client, teams_on=True, timezone="America/Sao_Paulo")
    of_sales = [report for report in REPORTS.values() if report.facts.table == "sales"]
    grants = [report.grant for report in of_sales]
    profile = await make.profile(there.account, grants)
    viewer = await make.collaborator(there.account, profile, Role.TEAM_LEAD if who == "lead" else Role.USER)
    member = await make.collaborator(there.account, profile)
    other = await make.collaborator(there.account, profile)
    await make.team(there.account, [member], [viewer] if who == "lead" else [])
    within = [viewer, member] if who == "lead" else [viewer]
    own, others = await make.product(there.account), await make.product(there.account)
    await sell(there, rng, own, [*within], 40)
    await sell(there, rng, own, [other, None, *([] if who == "lead" else [member])], 40)
    await sell(there, rng, others, [other, None], 10)
    questions = [question(report, rng) for report in of_sales for _ in range(extent(4, 30))]
    token = await make.session({"id": viewer["user_id"]})

    async def answers() -> list[Any]:
        found = []
        for start in range(0, len(questions), 10):
            part = " ".join(f"q{number}: {text}" for number, text in enumerate(questions[start : start + 10]))
            document = f"{{ account {{ reports {{ {part} }} }} }}"
            found.append(await client.ask(document, token=token, account=there.account))
        return found

    before = await answers()
    await change(there, rng, within)

    assert await answers() == before
    counts = [
        row.get("count", 0)
        for part in before
        for rows in part["account"]["reports"].values()
        for row in (rows if isinstance(rows, list) else ())
    ]
    assert sum(bool(count) for count in counts) > 50
    assert Grant.SEARCH_SALES not in grants

"""Reports that list rows one by one: canceled subscriptions, and payments of subscriptions that are late."""

import json
import random
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import make
from authz.grant import Grant
from center import Center, center
from client import Client
from models import database
from models.product_vocabulary import PlanPeriod
from models.tables.subscription import CancellationReason, EndedBy, SubscriptionStatus
from models.vocabulary import SaleStatus
from recurring_twins import MOMENTS, PAID, PER_YEAR, ROWS
from report_lines import JUNE
from shop_subscriptions import paid_monthly, said
from small_shop import Shop, moment

MONEY = "{ amount currency }"
CANCELED = (
    f"code product {{ name }} plan startedAt endedAt endedBy reason payments received {MONEY}"
    f" lostRecurring {MONEY} requestedBy {{ name }}"
)
OVERDUE = f"code product {{ name }} plan recurrence amount {MONEY} dueAt daysLate late reminders"
ALWAYS = 'period: {from: "2020-01-01", to: "2030-01-01"}'
DAY = 86_400_000
Row = dict[str, Any]


def shown(value: Any) -> str:
    if isinstance(value, list):
        return "+".join(map(shown, value)) or "-"
    if isinstance(value, dict):
        return f"{value['amount']} {value['currency']}" if "amount" in value else str(value["name"])
    return "-" if value is None else str(value)


async def lines(shop: Shop, who: str, report: str, fields: str, args: str = "") -> list[str]:
    """The rows of a list as lines, without what depends on the hour."""
    arguments = f"({args})" if args else ""
    found = await shop.read(who, f"reports {{ rows: {report}{arguments} {{ nodes {{ {fields} }} }} }}")
    return [
        " ".join(shown(value) for name, value in row.items() if not name.endswith("At"))
        for row in found["rows"]["nodes"]
    ]


async def test_canceled_subscriptions_are_listed_with_why_they_ended(shop: Shop, tmp_path: Path) -> None:
    await paid_monthly(shop, tmp_path)
    report = "cancelledSubscriptionsInDetail"
    of_june = await lines(shop, "owner", report, CANCELED, JUNE)
    canceled = {"code": "K1", "reason": "PRICE", "note": "too much", "tellSubscriber": False}
    assert await shop.code("ana", "cancelSubscription", **canceled) is None
    await said(
        shop, "SUBSCRIPTION_CANCELLATION", "K1", "07-25 12:30", cancellation_date=moment("07-25 12:30"),
        actual_recurrence_value=50,
    )  # fmt: skip

    assert of_june == ["K3 Clube Mensal UNKNOWN UNKNOWN 0 - 50.00 BRL -"]
    for who, expected in (
        ("owner", ["K1", "K3"]),
        ("ana", ["K1"]),
        ("bia", ["K1"]),  # who leads her
        ("caio", []),
    ):
        assert await lines(shop, who, report, "code", ALWAYS) == expected, who
    assert await lines(shop, "ana", report, CANCELED, 'period: {from: "2026-07-01", to: "2026-08-01"}') == [
        "K1 Clube Mensal SELLER PRICE 2 100.00 BRL 50.00 BRL Ana"
    ]
    for chosen, codes in (
        ("reason: [PRICE]", ["K1"]),
        ("reason: [UNKNOWN, CONTENT]", ["K3"]),
        ("endedBy: [SELLER, UNKNOWN]", ["K1", "K3"]),
        ("endedBy: [CUSTOMER]", []),
    ):
        assert await lines(shop, "owner", report, "code", f"{ALWAYS}, filter: {{{chosen}}}") == codes, chosen
    totals = (
        f"{report}({ALWAYS}) {{ totals {{ reason currency canceled lostRecurring {MONEY} }} totalCount }}"
    )
    added_up = (await shop.read("owner", f"reports {{ {totals} }}"))[report]
    assert [
        (row["reason"], row["currency"], row["canceled"], row["lostRecurring"]["amount"])
        for row in added_up["totals"]
    ] == [("PRICE", "BRL", 1, "50.00"), ("UNKNOWN", "BRL", 1, "50.00")]
    assert added_up["totalCount"] == 2


async def test_late_payments_are_listed_until_they_are_paid(shop: Shop) -> None:
    report = "overdueSubscriptions"
    totals = f"{report} {{ totals {{ late currency charges amount {MONEY} }} reach {{ kind why }} }}"

    assert await lines(shop, "owner", report, OVERDUE) == ["K2 Clube Mensal 2 50.00 BRL 5 D1_7 0"]
    assert (await shop.read("caio", f"reports {{ {totals} }}"))[report] == {
        "totals": [
            {
                "late": "D1_7",
                "currency": "BRL",
                "charges": 1,
                "amount": {"amount": "50.00", "currency": "BRL"},
            }
        ],
        "reach": {"kind": "OWN", "why": "You see what is credited to you."},
    }
    assert await lines(shop, "ana", report, OVERDUE) == []
    assert await lines(shop, "owner", report, "code", JUNE) == []
    assert await shop.code("caio", "remindSubscriber", code="K2") is None
    assert await lines(shop, "caio", report, "code reminders") == ["K2 1"]
    shop.clock.passes(days=3)
    assert await lines(shop, "owner", report, "code daysLate late") == ["K2 8 D8_15"]

    at = moment("07-28 10:00")
    await shop.receive("S09", "PURCHASE_APPROVED", "APPROVED", "07-28 10:00", approved_date=at)

    assert await lines(shop, "owner", report, OVERDUE) == []


async def test_a_row_opens_its_subscription_for_those_who_see_it(shop: Shop) -> None:
    overdue = Grant.VIEW_OVERDUE_SUBSCRIPTIONS_REPORT
    document = "reports { overdueSubscriptions { nodes { code product { name } %s } } }"
    await shop.give("caio", overdue)
    assert await shop.is_unknown("caio", document % "subscription { code }")
    assert await shop.is_unknown("caio", "reports { cancelledSubscriptionsInDetail { totalCount } }")
    chosen = (
        f"reports {{ overdueSubscriptions(filter: {{product: {json.dumps('product_x')}}}) {{ totalCount }} }}"
    )
    assert await shop.is_unknown("caio", chosen)

    async def opened(who: str) -> list[Any]:
        found = await shop.read(who, document % "subscription { code note }")
        return [row["subscription"] for row in found["overdueSubscriptions"]["nodes"]]

    await shop.give("caio", overdue, Grant.MANAGE_SUBSCRIPTIONS)
    assert await opened("caio") == [{"code": "K2", "note": None}]
    # the payment still counts for them, and someone else has the subscription now
    assigned = {"code": "K2", "assigneeId": shop.person("ana")}
    assert await shop.code("owner", "assignSubscription", **assigned) is None
    assert await opened("caio") == [None]


LEADS = {"owner": None, "lead": ("lead", "user"), "user": ("user",)}
"""Whose credit the lists of viewers have; None for everyone's."""


def credited(chance: random.Random, there: Center, gone: list[Row], other: Row) -> Row:
    who = chance.choice([*(there.collaborators[name] for name in ("lead", "user", "small")), *gone, None])
    return {
        "credit_id": who and who["id"],
        "credit_team_id": chance.choice([there.team["id"], other["id"], None]),
    }


def counts(there: Center, who: str, row: Row, gone: list[Row]) -> bool:
    """Whether a row is within a viewer's statistics reach."""
    names = LEADS[who]
    if names is None:
        return True
    former = who == "lead" and row["credit_team_id"] == there.team["id"]
    return row["credit_id"] in [there.collaborators[name]["id"] for name in names] or (
        former and row["credit_id"] in [person["id"] for person in gone]
    )


async def pages(there: Center, who: str, field: str, more: str) -> tuple[list[Row], Row]:
    """All rows of a list, page by page in both directions, and the last page."""
    found: list[list[Row]] = []
    for first, after, end, onward in (
        ("first", "after", "endCursor", "hasNextPage"),
        ("last", "before", "startCursor", "hasPreviousPage"),
    ):
        rows: list[Row] = []
        cursor = ""
        while True:
            args = f"{first}: 7{cursor}"
            document = f"""{{ account {{ reports {{ {field.replace("PAGE", args)}
                {{ nodes {{ {more} }} edges {{ node {{ code }} }} pageInfo {{ {end} {onward} }} totalCount }} }} }} }}"""
            page = (await there.ask(who, document))["account"]["reports"]
            (page,) = page.values()
            assert [edge["node"]["code"] for edge in page["edges"]] == [
                node["code"] for node in page["nodes"]
            ]
            rows = [*rows, *page["nodes"]] if first == "first" else [*page["nodes"], *rows]
            if not page["pageInfo"][onward]:
                break
            cursor = f', {after}: "{page["pageInfo"][end]}"'
        found.append(rows)
    assert found[0] == found[1]
    return found[0], page


def money(amounts: dict[str, int]) -> list[Row]:
    return [{"amount": f"{minor / 100:.2f}", "currency": each} for each, minor in sorted(amounts.items())]


def a_month(row: Row) -> int | None:
    return (
        None
        if row["price"] is None or row["period"] is None
        else round(Fraction(row["price"] * PER_YEAR[row["period"]], 12))
    )


async def test_pages_are_what_plain_python_makes_of_the_same_rows(client: Client) -> None:
    there, chance = await center(client), random.Random(7)
    gone = [await make.ended_seat(there.account) for _ in range(3)]
    other, product = await make.team(there.account), await make.product(there.account)
    now = database.now()
    subscriptions: list[Row] = []
    charges: list[Row] = []
    received: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for _ in range(70):
        status = chance.choice([*SubscriptionStatus, *[SubscriptionStatus.CANCELLED] * 6]).value
        ended = now - chance.randrange(40) * DAY
        subscription = await make.subscription(
            there.account,
            product_id=product["id"],
            status=status,
            ended_at=ended if status in ("CANCELLED", "EXPIRED", "INACTIVE") else None,
            ended_by=chance.choice([None, *(by.value for by in EndedBy)]),
            reason=chance.choice([None, *(reason.value for reason in CancellationReason)]),
            price=chance.choice([None, chance.randrange(10**6)]),
            currency=chance.choice([None, "EUR"]),
            period=chance.choice([None, *(period.value for period in PlanPeriod)]),
            **credited(chance, there, gone, other),
        )
        subscriptions.append(subscription)
        for number in range(3):
            charge = await make.sale(
                there.account,
                product,
                status=chance.choice([*PAID, *["OVERDUE"] * 4, SaleStatus.REFUNDED.value]),
                subscription_id=subscription["id"],
                subscription_code=subscription["code"],
                recurrence=number,
                price=chance.randrange(10**6),
                currency=chance.choice(["BRL", "EUR"]),
                ordered_at=now - chance.randrange(90 * DAY),
                **credited(chance, there, gone, other),
            )
            charges.append(charge)
    await make.sale(there.account, product, status="OVERDUE")  # of no subscription

    for who in LEADS:
        mine = [row for row in charges if counts(there, who, row, gone)]
        received = {row["id"]: defaultdict(int) for row in subscriptions}
        for row in mine:
            if row["status"] in PAID:
                received[row["subscription_id"]][row["currency"]] += row["price"]
        canceled = sorted(
            (
                row
                for row in subscriptions
                if ROWS["SUBSCRIPTIONS_CANCELED"](row) and counts(there, who, row, gone)
            ),
            key=lambda row: (MOMENTS["CANCELED"](row), row["id"]),
            reverse=True,
        )
        found, page = await pages(
            there, who, f"cancelledSubscriptionsInDetail({ALWAYS}, PAGE)",
            f"code endedBy reason received {MONEY} lostRecurring {MONEY}",
        )  # fmt: skip
        assert [row["code"] for row in found] == [row["code"] for row in canceled], who
        assert page["totalCount"] == len(canceled) > 0
        for row, expected in zip(found, canceled, strict=True):
            assert row["endedBy"] == (expected["ended_by"] or "UNKNOWN")
            assert row["reason"] == (expected["reason"] or "UNKNOWN")
            assert row["received"] == money(received[expected["id"]])
            lost = a_month(expected)
            assert row["lostRecurring"] == (
                None if lost is None else money({expected["currency"] or "BRL": lost})[0]
            )
        late = sorted(
            (row for row in mine if ROWS["CHARGES_OVERDUE"](row)),
            key=lambda row: (MOMENTS["DUE"](row), row["id"]),
        )
        found, page = await pages(
            there, who, "overdueSubscriptions(PAGE)", f"code amount {MONEY} daysLate late"
        )
        assert [(row["code"], row["amount"]["amount"]) for row in found] == [
            (row["subscription_code"], f"{row['price'] / 100:.2f}") for row in late
        ]
        assert page["totalCount"] == len(late) > 0
        assert [row["daysLate"] for row in found] == [
            (database.now() - row["ordered_at"]) // DAY for row in late
        ]
        added: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for row in found:
            total = added[row["late"], row["amount"]["currency"]]
            total[0] += 1
            total[1] += round(float(row["amount"]["amount"]) * 100)
        reports = (
            await there.ask(
                who,
                f"""{{ account {{ reports {{ overdueSubscriptions {{ totals {{ late currency charges amount {MONEY} }} }} }} }} }}""",
            )
        )["account"]["reports"]
        totals = reports["overdueSubscriptions"]["totals"]
        assert {
            (row["late"], row["currency"]): [row["charges"], round(float(row["amount"]["amount"]) * 100)]
            for row in totals
        } == added

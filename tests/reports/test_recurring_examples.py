"""The small shop's reports on opportunities and subscriptions, figure by figure."""

from pathlib import Path
from typing import Any

import pytest

from authz.grant import Grant
from report_lines import JUNE, lines
from shop_subscriptions import paid_monthly, said
from small_shop import Shop, moment

SUMMER = 'period: {from: "2026-06-01", to: "2026-08-01"}'
RECOVERY = "kind currency opened won lost open recoveryRate openedValue recoveredValue hoursToWin"
FLOW = "product currency activeAtStart started reactivated canceled expired activeAtEnd churnRate recurring lostRecurring"
CANCELED = "product plan endedBy currency canceled inFirstPeriod meanPayments meanDays lostRecurring"


@pytest.fixture
async def priced(shop: Shop, tmp_path: Path) -> Shop:
    """The shop with a page that says how often the plan of its club is paid."""
    await paid_monthly(shop, tmp_path)
    return shop


async def manual(shop: Shop) -> Any:
    """O5, which Bia added by hand and lost."""
    present = shop.clock.now
    shop.clock.set("06-08 10:00")
    amount = {"amount": "1000.00", "currency": "BRL"}
    added = await shop.act(
        "bia", "createOpportunity", "opportunity { id version }", title="O5", amount=amount
    )
    shop.clock.set("06-25 10:00")
    found = added["opportunity"]
    values = {"id": found["id"], "expectedVersion": found["version"], "reason": "PRICE"}
    lost = await shop.act("bia", "loseOpportunity", "opportunity { id version }", **values)
    assert not lost["errors"]
    shop.clock.at(present)
    return lost["opportunity"]


async def test_what_was_nearly_lost_in_june_and_what_came_back(shop: Shop) -> None:
    await manual(shop)

    assert await lines(shop, "owner", "purchaseRecovery", RECOVERY) == [
        "ABANDONED_CHECKOUT BRL 1 1 0 0 1.0000 1000.00 1000.00 20.00",
        "EXPIRED_SLIP BRL 1 0 0 1 0.0000 1000.00 0.00 -",
        "MANUAL BRL 1 0 1 0 0.0000 1000.00 0.00 -",
        "REFUSED_PAYMENT BRL 1 0 0 1 0.0000 1000.00 0.00 -",
    ]
    # the checkout was abandoned by someone who is nobody's
    assert await lines(shop, "bia", "purchaseRecovery", "kind opened") == [
        "EXPIRED_SLIP 1",
        "MANUAL 1",
        "REFUSED_PAYMENT 1",
    ]
    assert await lines(shop, "ana", "purchaseRecovery", "kind opened") == ["EXPIRED_SLIP 1"]
    assert await lines(shop, "caio", "purchaseRecovery", "kind opened") == ["- 0"]


async def test_money_comes_back_once_at_the_first_opportunity_and_while_it_is_revenue(shop: Shop) -> None:
    at = moment("06-20 10:00")
    paid = {"approved_date": at, "order_date": at, "transaction": "S04-again", "origin": {}}
    await shop.receive("S04", "PURCHASE_APPROVED", "APPROVED", "06-20 10:00", **paid)
    columns = "kind won recoveredValue"

    before = await lines(shop, "owner", "purchaseRecovery", columns)
    # the next purchase is credited to nobody: what it cost is none of the user's statistics
    of_user = await lines(shop, "ana", "purchaseRecovery", columns)
    await shop.receive("S04", "PURCHASE_REFUNDED", "REFUNDED", "07-01 10:00", **paid)

    assert before[1] == "EXPIRED_SLIP 1 1000.00"
    assert of_user == ["EXPIRED_SLIP 1 0.00"]
    assert (await lines(shop, "owner", "purchaseRecovery", columns))[1] == "EXPIRED_SLIP 1 0.00"


async def test_what_is_canceled_counts_nowhere(shop: Shop) -> None:
    found = await manual(shop)

    done = await shop.code(
        "bia", "cancelOpportunity", id=found["id"], expectedVersion=found["version"], note="a test"
    )

    assert done is None
    kinds = await lines(shop, "owner", "purchaseRecovery", "kind opened")
    assert kinds == ["ABANDONED_CHECKOUT 1", "EXPIRED_SLIP 1", "REFUSED_PAYMENT 1"]


async def test_subscriptions_that_came_and_went_by_month(priced: Shop) -> None:
    assert await lines(priced, "owner", "subscriptionCancellations", FLOW, SUMMER) == [
        "Clube BRL 1 2 0 1 0 2 1.0000 100.00 50.00",
        "Clube BRL 2 0 0 0 0 2 0.0000 100.00 0.00",
    ]
    assert await lines(priced, "owner", "subscriptionCancellations", FLOW, f"{SUMMER}, every: WHOLE") == [
        "Clube BRL 1 2 0 1 0 2 1.0000 100.00 50.00"
    ]
    assert await lines(priced, "ana", "subscriptionCancellations", FLOW, SUMMER) == [
        "Clube BRL 0 1 0 0 0 1 - 50.00 0.00",
        "Clube BRL 1 0 0 0 0 1 0.0000 50.00 0.00",
    ]


async def test_a_subscription_can_end_and_be_paid_again(priced: Shop) -> None:
    await said(
        priced, "SUBSCRIPTION_CANCELLATION", "K1", "06-20 10:00", cancellation_date=moment("06-20 10:00")
    )

    rows = await lines(priced, "owner", "subscriptionCancellations", FLOW, SUMMER)

    # who began in June was not there at its start: only one of two cancellations is churn
    assert rows == [
        "Clube BRL 1 2 0 2 0 1 1.0000 50.00 100.00",
        "Clube BRL 1 0 1 0 0 2 0.0000 100.00 0.00",
    ]


async def test_a_product_whose_subscriptions_are_long_gone_has_no_row(shop: Shop) -> None:
    args = 'period: {from: "2026-03-01", to: "2026-04-01"}'
    await said(
        shop, "SUBSCRIPTION_CANCELLATION", "K9", "01-10 10:00", cancellation_date=moment("01-10 10:00")
    )

    assert await lines(shop, "owner", "subscriptionCancellations", "product activeAtStart", args) == [
        "Clube 1"
    ]
    await said(
        shop, "SUBSCRIPTION_CANCELLATION", "K3", "02-10 10:00", cancellation_date=moment("02-10 10:00")
    )
    assert await lines(shop, "owner", "subscriptionCancellations", "product activeAtStart", args) == ["- 0"]


async def test_who_canceled_which_plan(priced: Shop) -> None:
    assert await lines(priced, "owner", "cancelledSubscriptions", CANCELED) == [
        "Clube Mensal UNKNOWN BRL 1 0 - - 50.00"
    ]
    await said(
        priced, "SUBSCRIPTION_CANCELLATION", "K2", "07-22 08:00", cancellation_date=moment("07-22 08:00"),
        subscription={"status": "CANCELLED_BY_CUSTOMER", "plan": {"name": "Mensal"}},
    )  # fmt: skip
    assert await lines(priced, "owner", "cancelledSubscriptions", CANCELED, SUMMER) == [
        "Clube Mensal CUSTOMER BRL 0 0 - - 0.00",
        "Clube Mensal UNKNOWN BRL 1 0 - - 50.00",
        "Clube Mensal CUSTOMER BRL 1 1 1.00 32.00 50.00",
        "Clube Mensal UNKNOWN BRL 0 0 - - 0.00",
    ]


async def test_filters_leave_what_they_name_behind_the_grant_of_their_report(shop: Shop) -> None:
    recovery = Grant.VIEW_PURCHASE_RECOVERY_REPORT
    await shop.give("ana", recovery, Grant.VIEW_SALES_BY_ORIGIN_REPORT)
    args = f'{JUNE}, filter: {{src: "instagram"}}'
    nothing = f'{JUNE}, filter: {{src: "youtube"}}'

    assert await lines(shop, "ana", "purchaseRecovery", "kind opened", args) == ["EXPIRED_SLIP 1"]
    assert await lines(shop, "ana", "purchaseRecovery", "kind opened", nothing) == ["- 0"]
    await shop.give("ana", recovery)
    assert await shop.is_unknown("ana", f"reports {{ purchaseRecovery({args}) {{ opened }} }}")
    assert await shop.is_unknown("ana", f"reports {{ subscriptionCancellations({JUNE}) {{ started }} }}")


@pytest.mark.parametrize(
    ("who", "by"), [("owner", ""), ("owner", "MEMBER"), ("owner", "TEAM"), ("bia", "MEMBER"), ("ana", "")]
)
async def test_a_row_of_what_was_nearly_lost_opens_as_a_list(shop: Shop, who: str, by: str) -> None:
    await manual(shop)
    group = f"{by.lower()} {{ nodeId }}" if by else "currency"
    args = f"{SUMMER}, by: {by}" if by else SUMMER
    rows = await shop.read(
        who, f"reports {{ rows: purchaseRecovery({args}) {{ from to currency kind opened {group} }} }}"
    )

    counted, listed = [], []
    for row in rows["rows"]:
        if not row["opened"]:
            continue
        chosen = {
            "opened": {"from": row["from"], "to": row["to"]}, "kind": [row["kind"]], "currency": row["currency"],
            "status": ["TODO", "STANDBY", "WON", "LOST"], "inReports": True,
        }  # fmt: skip
        if by == "MEMBER":
            chosen |= {"creditedTo": row["member"]["nodeId"]} if row["member"] else {"uncredited": True}
        if by == "TEAM":
            chosen |= (
                {"creditedTeam": row["team"]["nodeId"]} if row["team"] else {"withoutCreditedTeam": True}
            )
        counted.append(row["opened"])
        document = "query($f: OpportunityFilter) { account { opportunities(filter: $f) { totalCount } } }"
        found = (await shop.post(who, document, {"f": chosen})).json()
        listed.append(found["data"]["account"]["opportunities"]["totalCount"])

    assert listed == counted
    assert sum(counted) == {"owner": 4, "bia": 3, "ana": 1}[who]


async def test_who_sees_more_than_they_add_up_does_not_find_it_in_their_reports(shop: Shop) -> None:
    await manual(shop)
    await shop.code("owner", "setTeamPrivacy", teamId=shop.team_id, privacy="SHARED")

    async def count(chosen: str) -> int:
        return int(
            (await shop.read("ana", f"opportunities(filter: {{{chosen}}}) {{ totalCount }}"))["totalCount"]
        )

    assert (await count("inReports: true"), await count("inReports: false")) == (1, 2)
    assert await shop.is_unknown("ana", "opportunities(filter: {uncredited: true}) { totalCount }")
    assert await shop.is_unknown("bia", "opportunities(filter: {withoutCreditedTeam: true}) { totalCount }")

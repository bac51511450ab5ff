"""A report adds up what is within the statistics reach: never more, whatever it is asked."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

import make
from authz.gates import GateViolation
from authz.grant import Grant
from authz.identity import identify
from authz.viewer import SIGNED_OUT, Viewer
from extent import extent
from models import database
from models.vocabulary import CommissionSource, Privacy, Role, SoldAs
from reports.annual_summary import annual_summary
from reports.columns import RECOVERED, RECOVERED_VALUE
from reports.declarations import REPORTS as DECLARED
from reports.facts import PROMOTED, UNPAID
from reports.grouping import Grouping
from reports.period import Period, ReportInterval
from reports.report import Kind
from reports.sums import sums

Row = dict[str, Any]
PERIOD = Period(date(2024, 5, 1), date(2024, 6, 1))
AT = int(datetime(2024, 5, 5, tzinfo=UTC).timestamp() * 1000)


REPORTS = {report.grant: report for report in DECLARED.values() if report.kind is not Kind.LIST}
# one report for all that count the same facts in the same way
ALIKE = {(report.counted, report.kind, report.small): grant for grant, report in REPORTS.items()}
GRANTS = extent(list(ALIKE.values()), list(REPORTS))


async def ask(grant: Grant, viewer: Viewer, by: Grouping | None = None) -> list[Any]:
    report = REPORTS[grant]
    if report.kind is Kind.YEARS:
        return list(await annual_summary(viewer, report, 2024, 2024, by))
    return list(await sums(viewer, report, PERIOD, ReportInterval.MONTH, by))


def gross(rows: list[Any]) -> int:
    return sum(_amount(row.total if hasattr(row, "total") else row) for row in rows)


def _amount(row: Any) -> int:
    """The price of its sales, or what the account or affiliates have of it, which is as much."""
    for name in ("gross", "received", "value", "opened_value", "lost_recurring"):
        if hasattr(row, name):
            return int(getattr(row, name))
    return int(row.amount) if row.source is CommissionSource.AFFILIATE else 0


def telling(rows: list[Any]) -> list[Any]:
    """The rows without those of other shares than affiliates'."""
    return [row for row in rows if getattr(row, "source", None) in (None, CommissionSource.AFFILIATE)]


def by_name(rows: list[Any]) -> list[tuple[str | None, int]]:
    """What each group has, in the order of the rows, of which a group may have several."""
    found: dict[str | None, int] = {}
    for row in telling(rows):
        found[row.group.name] = found.get(row.group.name, 0) + gross([row])
    return sorted(found.items(), key=lambda item: (item[0] is None, item[0] or ""))


async def viewer_in(account: Row, collaborator: Row | None = None) -> Viewer:
    user_id = collaborator["user_id"] if collaborator else account["owner_id"]
    return await identify(await make.session({"id": user_id}), account["id"])


def sold_for(grant: Grant | None) -> Row:
    """The role of the account in the sales that a report counts, and how they ended."""
    rows = None if grant is None else REPORTS[grant].rows
    ended: Row = {"status": "EXPIRED", "approved_at": None, "ended_at": AT} if rows is UNPAID else {}
    return {"sold_as": (SoldAs.AFFILIATE if rows is PROMOTED else SoldAs.PRODUCER).value} | ended


class Office:
    """An account whose sales of 1, 10, 100, … tell in each sum who is in it."""

    def __init__(self, account: Row) -> None:
        self.account = account
        self.collaborators: dict[str, Row] = {}
        self.teams: dict[str, Row] = {}

    async def viewer(self, name: str) -> Viewer:
        return await viewer_in(self.account, self.collaborators.get(name))


async def office(
    *,
    teams_on: bool,
    privacy: Privacy = Privacy.SHARED,
    grants: Any = None,
    counted: Grant | None = None,
) -> Office:
    """Ann leads Ben in North and only belongs to South, Carl's team; Dora is an admin; one sale is nobody's."""
    sold = sold_for(counted)
    created = Office(await make.account(teams_on=teams_on, privacy=privacy))
    profile = await make.profile(created.account, list(REPORTS) if grants is None else grants)
    roles = {"ann": Role.TEAM_LEAD, "ben": Role.USER, "carl": Role.USER, "dora": Role.ADMIN}
    for name, role in roles.items():
        created.collaborators[name] = await make.collaborator(created.account, profile, role, name=name)
    ann, ben, carl = (created.collaborators[name] for name in ("ann", "ben", "carl"))
    created.teams["north"] = await make.team(created.account, [ben], [ann], privacy, name="North")
    created.teams["south"] = await make.team(created.account, [ann, carl], [], Privacy.SHARED, name="South")
    stamps = {"ann": "north", "ben": "south", "carl": "south"}
    product = await make.product(created.account)
    for index, name in enumerate(["ann", "ben", "carl", "dora", None]):
        team = created.teams[stamps[name]]["id"] if name in stamps else None
        collaborator = created.collaborators[name] if name else None
        values = {"ordered_at": AT, "team_id": team, "own_amount": 10**index} | sold
        sale = await make.sale(created.account, product, collaborator, price=10**index, **values)
        await make.shares(sale, CommissionSource.AFFILIATE, CommissionSource.COPRODUCER)
        await _recurring(created.account, collaborator, product, team, 10**index)
    await make.sale(await make.account(), price=10**9, ordered_at=AT)
    return created


async def _recurring(account: Row, person: Row | None, product: Row, team: str | None, amount: int) -> None:
    """An opportunity and a subscription that came and went, each of an amount."""
    values = {"product_id": product["id"], "currency": "BRL", "credit_team_id": team}
    await make.opportunity(account, person, amount=amount, opened_at=AT, **values)
    monthly = {"price": amount, "period": "MONTHLY", "status": "CANCELLED", "ended_at": AT}
    subscription = await make.subscription(account, person, **values, **monthly)
    await make.turns(subscription, AT, AT)


# what each has in their sum, by whether teams are on
WITHIN = {
    False: {"owner": 11_111, "dora": 11_111, "ann": 1, "ben": 10, "carl": 100},
    True: {"owner": 11_111, "dora": 11_111, "ann": 11, "ben": 10, "carl": 100},
}


@pytest.mark.parametrize("grant", GRANTS)
@pytest.mark.parametrize("privacy", Privacy)
@pytest.mark.parametrize("teams_on", [False, True])
async def test_the_sum_is_that_of_the_statistics_reach(
    database_url: str, teams_on: bool, privacy: Privacy, grant: Grant
) -> None:
    created = await office(teams_on=teams_on, privacy=privacy, counted=grant)

    found = {name: gross(await ask(grant, await created.viewer(name))) for name in WITHIN[teams_on]}

    assert found == WITHIN[teams_on]


@pytest.mark.parametrize("grant", GRANTS)
async def test_a_lead_sees_the_members_led_apart_and_an_admin_everyone(
    database_url: str, grant: Grant
) -> None:
    created = await office(teams_on=True, counted=grant)

    led = await ask(grant, await created.viewer("ann"), Grouping.MEMBER)

    assert [(row.group.name, gross([row])) for row in telling(led)] == [("ann", 1), ("ben", 10)]
    for name in ("owner", "dora"):
        viewer = await created.viewer(name)
        by_member = await ask(grant, viewer, Grouping.MEMBER)
        by_team = await ask(grant, viewer, Grouping.TEAM)
        everyone = [("ann", 1), ("ben", 10), ("carl", 100), ("dora", 1_000), (None, 10_000)]
        assert by_name(by_member) == everyone, name
        assert by_name(by_team) == [("North", 1), ("South", 110), (None, 11_000)], name


async def is_denied_unread(grant: Grant, viewer: Viewer, by: Grouping | None = None) -> bool:
    """Whether a report is denied before any statement."""
    with database.observed() as statements:
        try:
            await ask(grant, viewer, by)
        except GateViolation:
            return statements == []
    return False


@pytest.mark.parametrize(
    ("name", "teams_on", "by"),
    [
        ("ann", True, Grouping.TEAM),
        ("ann", False, Grouping.MEMBER),
        ("ben", True, Grouping.MEMBER),
        ("ben", True, Grouping.TEAM),
        ("ben", False, Grouping.MEMBER),
    ],
)
async def test_a_grouping_above_the_viewers_standing_is_shut(
    database_url: str, name: str, teams_on: bool, by: Grouping
) -> None:
    created = await office(teams_on=teams_on)
    viewer = await created.viewer(name)

    assert [grant for grant in REPORTS if not await is_denied_unread(grant, viewer, by)] == []


@pytest.mark.parametrize("grant", GRANTS)
async def test_each_report_is_shut_without_its_own_grant(database_url: str, grant: Grant) -> None:
    created = await office(teams_on=True, grants=[other for other in Grant if other is not grant])

    everyone = ["ann", "ben", "dora"]
    assert [name for name in everyone if not await is_denied_unread(grant, await created.viewer(name))] == []


async def test_a_report_is_shut_outside_a_central(database_url: str) -> None:
    assert [grant for grant in REPORTS if not await is_denied_unread(grant, SIGNED_OUT)] == []


@pytest.mark.parametrize("by", [None, *Grouping])
async def test_a_report_is_one_statement_that_names_its_account_for_each_table(
    database_url: str, by: Grouping | None
) -> None:
    created = await office(teams_on=True)
    viewer = await created.viewer("owner")

    for grant in GRANTS:
        with database.observed() as statements:
            await ask(grant, viewer, by)

        [text] = statements
        counted = "sales|opportunities|subscriptions"
        tables = re.findall(rf"(?:FROM|JOIN) ({counted}|products|collaborators|teams) (\w+)", text)
        report = REPORTS[grant]
        searches = [(facts.at or report.at).searches(facts.rows or report.rows) for facts in report.counted]
        # the purchases that came after, and the opportunities that the same purchase won
        later = 1 if RECOVERED in report.columns else 2 if RECOVERED_VALUE in report.columns else 0
        named = [table for table, _ in tables]
        assert named.count(report.facts.table) == sum(map(len, searches)) + later, grant
        for alias in {alias for _, alias in tables}:
            uses = [found for _, found in tables].count(alias)
            assert text.count(f"{alias}.account_id = ?") == uses, grant


async def test_no_report_tells_of_currencies_or_products_out_of_reach(database_url: str) -> None:
    created = await office(teams_on=True)
    await make.sale(
        created.account,
        await make.product(created.account, name="Secret"),
        created.collaborators["carl"],
        currency="JPY",
        net_currency="JPY",
        origin_src="hidden",
        payment_method="HOTCARD",
        device="CONSOLE",
        ordered_at=AT,
    )

    found = [await ask(grant, await created.viewer("ben")) for grant in REPORTS]

    assert not re.search("Secret|JPY|hidden|HOTCARD|CONSOLE", repr(found))
    assert "BRL" in repr(found)


async def test_money_comes_back_to_the_first_opportunity_that_a_viewer_can_see(database_url: str) -> None:
    created = await office(teams_on=True)
    ben, carl = created.collaborators["ben"], created.collaborators["carl"]
    sale = await make.sale(created.account, assignee=ben, price=5_000, ordered_at=AT)
    for number, person in enumerate((carl, ben)):
        won = {"status": "WON", "won_by_id": sale["id"], "closed_at": AT + 10}
        await make.opportunity(created.account, person, opened_at=AT + number, kind="LEAD", **won)

    async def recovered(name: str, by: Grouping | None = None) -> list[Any]:
        rows = await ask(Grant.VIEW_PURCHASE_RECOVERY_REPORT, await created.viewer(name), by)
        return [row.recovered_value for row in rows if row.won]

    assert await recovered("ben") == [5_000]
    # what it was worth is none of who lost it to a colleague
    assert await recovered("carl") == [0]
    assert await recovered("owner") == [5_000]
    assert sorted(await recovered("owner", Grouping.MEMBER)) == [0, 5_000]

"""Reports that list rows: pages and totals, each beside a statement written by hand for it."""

from functools import partial
from typing import Any

from authz.identity import identify
from authz.viewer import Viewer
from bench.make_data import ACCOUNT, DAY, END, PEOPLE, TEAM, collaborator_id, token, uid
from engine.rows.page import page
from engine.rows.select import Order, Selection
from models import database
from models.statement import Statement, one_of
from reports.declarations import REPORTS
from reports.lists import Listed, canceled_totals, overdue_totals
from reports.period import Bucket

SUBSCRIPTIONS, GONE, PAGE = 20_000, 3, 20
_PARTS = 20
_NUMBER = "CAST(SUBSTR(reference, 3) AS INTEGER)"
_COLUMNS = (
    "id account_id code status ended_by reason product_id price currency period known_since started_at"
    " ended_at paid_recurrences credit_id credit_team_id created_at"
)
_OVERDUE = (
    f"UPDATE sales SET status = 'OVERDUE', approved_at = NULL, subscription_code = 'S' || ({_NUMBER} % 1000),"
    " subscription_id = (SELECT p.id FROM subscriptions p WHERE p.account_id = sales.account_id"
    f" AND p.code = 'S' || ({_NUMBER} % 1000))"
    f" WHERE account_id = ? AND {_NUMBER} % 12 = 7 AND {_NUMBER} % {_PARTS} = ?"
)


async def vary() -> None:
    """Add subscriptions, of which most are canceled, late payments, and opportunities. Once."""
    if await database.read("SELECT 1 FROM subscriptions WHERE account_id = ? LIMIT 1", (ACCOUNT,)):
        return
    reasons = (None, "PRICE", "CONTENT", "NOT_USING")
    rows = []
    for number in range(SUBSCRIPTIONS):
        ended = END - number * 700 * DAY // SUBSCRIPTIONS
        person = number % 70  # the last have gone
        team = uid(5, (person - 3) // TEAM) if 3 <= person <= PEOPLE else uid(5, number % 3)
        rows.append(
            (uid(20, number), ACCOUNT, f"S{number}", "CANCELLED" if number % 4 else "EXPIRED", "UNKNOWN",
             reasons[number % 4], uid(7, number % 12), 4_900, "BRL", "MONTHLY", ended - 90 * DAY,
             ended - 90 * DAY, ended, 3,
             collaborator_id(person if person <= PEOPLE else 900 + person % GONE), team, END)
        )  # fmt: skip
    gone = [(collaborator_id(900 + place), ACCOUNT, uid(2, 1), f"Gone {place}", END) for place in range(GONE)]

    async def work() -> None:
        await database.insert_many("ended_seats", ["id", "account_id", "user_id", "name", "ended_at"], gone)
        await database.insert_many("subscriptions", _COLUMNS.split(), rows)

    await database.transact(work)
    for part in range(_PARTS):
        await database.transact(partial(database.write, _OVERDUE, (ACCOUNT, part)))
    await _add_opportunities()
    await database.transact(partial(database.write, "ANALYZE"))


async def _add_opportunities() -> None:
    """Add opportunities, of which some sales won several."""
    sales = await database.read(
        "SELECT id FROM sales WHERE account_id = ? AND approved_at > 0 ORDER BY id LIMIT 3000", (ACCOUNT,)
    )
    rows: list[tuple[Any, ...]] = []
    for number in range(SUBSCRIPTIONS):
        opened, status = END - number * 700 * DAY // SUBSCRIPTIONS, _STATUSES[number % len(_STATUSES)]
        winner = str(sales[number % len(sales)]["id"]) if status == "WON" else None
        closed = None if status == "TODO" else opened + DAY
        rows.append(
            (uid(21, number), ACCOUNT, _KINDS[number % 3], status, status, uid(7, number % 12), 4_900,
             "BRL", winner, uid(22, 0), opened, opened, opened, closed, opened,
             collaborator_id(number % PEOPLE))
        )  # fmt: skip
    step = (uid(22, 0), ACCOUNT, "New", 0)

    async def work() -> None:
        await database.insert_many("pipeline_steps", ["id", "account_id", "name", "position"], [step])
        await database.insert_many("opportunities", _OPPORTUNITY.split(), rows)

    await database.transact(work)


_KINDS = ("ABANDONED_CHECKOUT", "EXPIRED_SLIP", "REFUSED_PAYMENT")
_STATUSES = ("TODO", "WON", "LOST", "WON", "CANCELLED")
_OPPORTUNITY = (
    "id account_id kind status own_status product_id amount currency won_by_id step_id opened_at"
    " last_attempt_at touched_at closed_at created_at credit_id"
)


LISTS = {
    "cancelledSubscriptionsInDetail": ("subscriptions", Order("ended_at", descending=True), canceled_totals),
    "overdueSubscriptions": ("sales", Order("ordered_at"), overdue_totals),
}
_BY_HAND = {
    "cancelledSubscriptionsInDetail": "r.status = 'CANCELLED' AND r.ended_at >= ? AND r.ended_at < ?",
    "overdueSubscriptions": "r.status = 'OVERDUE' AND r.subscription_id IS NOT NULL"
    " AND r.ordered_at >= ? AND r.ordered_at < ?",
}
_TOTALS = {
    "cancelledSubscriptionsInDetail": "r.reason, r.currency, COUNT(*), SUM(r.price)",
    "overdueSubscriptions": "0, r.currency, COUNT(*), SUM(r.price)",
}


async def viewers() -> dict[str, Viewer]:
    """Who sees everything, who leads a team, and who sees their own."""
    return {
        name: await identify(token(who), ACCOUNT)
        for name, who in (("owner", "p0"), ("lead", "p3"), ("user", "p4"))
    }


def ways(name: str, viewer: Viewer, period: Bucket) -> dict[str, tuple[Any, Any]]:
    """The page and the totals of a list, each as the product reads it and by hand."""
    table, order, totals = LISTS[name]
    listed = Listed(REPORTS[name], period)
    selection = Selection(table, ("r.id", "r.price", f"r.{order.column}"))
    credit = Statement("")
    if viewer.collaborator_id is not None and viewer.role is not None:
        own = one_of("r.credit_id", sorted(viewer.own | viewer.led))
        credit = Statement(" AND (") + own
        if viewer.teams_led:
            ended = "SELECT id FROM ended_seats WHERE account_id = ?"
            credit = credit + Statement(f" OR (r.credit_id IN ({ended}) AND ", (ACCOUNT,))
            credit = credit + one_of("r.credit_team_id", sorted(viewer.teams_led)) + ")"
        credit = credit + ")"
    span = (ACCOUNT, period.start_ms, period.end_ms)
    where = (
        Statement(f" FROM {table} r WHERE r.account_id = ? AND {_BY_HAND[name]}", span, custom_plan=True)
        + credit
    )
    direction = "DESC" if order.descending else "ASC"

    written = page(
        selection, listed.within(viewer), listed.condition, (order,),
        reverse=False, limit=PAGE + 1, dialect=database.dialect(),
    )  # fmt: skip
    tail = f" ORDER BY r.{order.column} {direction}, r.id {direction} LIMIT {PAGE + 1}"
    by_hand = Statement(f"SELECT r.id, r.price, r.{order.column}") + where + tail

    async def own_page() -> Any:
        return await database.read(written, named=False)

    async def hand_page() -> Any:
        return await database.read(by_hand, named=False)

    async def hand_totals() -> Any:
        return await database.read(
            Statement(f"SELECT {_TOTALS[name]}") + where + " GROUP BY 1, 2", named=False
        )

    return {"page": (own_page, hand_page), "totals": (partial(totals, viewer, listed), hand_totals)}

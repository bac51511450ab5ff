"""The subscriptions in the demo, folded as the intake folds them, and what the desk does about them."""

from collections.abc import Awaitable, Callable, Mapping

from msgspec import structs

from actions.commerce.subscriptions.remind import remind_subscriber
from actions.commerce.subscriptions.request import (
    cancel_subscription,
    change_charge_day,
    request_reactivation,
    withdraw_subscription_request,
)
from actions.commerce.subscriptions.rounds import SUBSCRIPTION_RULES
from actions.commerce.subscriptions.rules import TOOL
from actions.kit.call import Call
from actions.tools.save import save
from actions.tools.subscription_rules import OverdueReminder, QuietHours, RenewalReminder, SubscriptionRules
from centrals.demo.chance import DAY, END, HOUR
from intake.subscriptions.settle import settle_subscriptions
from models import database
from models.tables.subscription import CancellationReason

_REASONS = (
    (CancellationReason.PRICE, None),
    (CancellationReason.NOT_USING, None),
    (CancellationReason.FINISHED, "O aluno terminou o curso."),
    (CancellationReason.PAYMENT_PROBLEM, None),
    (CancellationReason.OTHER, "Mudou de cidade."),
    (CancellationReason.CONTENT, None),
)
CANCELS, DAYS, REACTIVATIONS, WITHDRAWN = 6, 4, 2, 2
"""How many requests the desk makes, and how many to cancel it withdraws again."""
_MOST_REMINDED = 3

Calls = Callable[[int], Awaitable[Call]]


async def add_subscriptions(account_id: str, subscriptions: Mapping[str, str]) -> None:
    """Fold the subscriptions of an account, given their ids by code."""
    await settle_subscriptions(account_id, subscriptions)
    await database.write(
        "UPDATE subscriptions SET created_at = known_since WHERE account_id = ?", (account_id,)
    )


async def work_on_subscriptions(account_id: str, at: Calls) -> None:
    """Request ends, other days and new starts, and remind late payers. `at` is a call at a time."""
    active = await _codes(account_id, "status = 'ACTIVE' AND silent_from > ?", END)
    ended = await _codes(account_id, "status = 'CANCELLED' AND ended_at > ?", END - 60 * DAY)
    delayed = await _codes(account_id, "status = 'DELAYED' AND known_since <= ?", END)
    since = END - 12 * DAY
    for number, code in enumerate(active[: CANCELS + WITHDRAWN]):
        reason, note = _REASONS[number % len(_REASONS)]
        call = await at(since + number * 7 * HOUR)
        subscription_id = await cancel_subscription(call, code, reason, note, tell_subscriber=True)
        if number >= CANCELS:
            await _withdraw(account_id, subscription_id, await at(since + number * 7 * HOUR + DAY))
    for number, code in enumerate(active[CANCELS + WITHDRAWN :][:DAYS]):
        await change_charge_day(await at(since + number * 9 * HOUR), code, 5 * (number + 1))
    for number, code in enumerate(ended[:REACTIVATIONS]):
        await request_reactivation(await at(since + number * 11 * HOUR), code, charge=number == 0)
    for number, code in enumerate(delayed[:_MOST_REMINDED]):
        await remind_subscriber(await at(END - 3 * DAY + number * HOUR), code)


async def _codes(account_id: str, condition: str, value: int) -> list[str]:
    rows = await database.read(
        f"SELECT code FROM subscriptions WHERE account_id = ? AND {condition} ORDER BY known_since, code",
        (account_id, value),
    )
    return [row["code"] for row in rows]


async def _withdraw(account_id: str, subscription_id: str, call: Call) -> None:
    rows = await database.read(
        "SELECT id FROM subscription_requests WHERE account_id = ? AND subscription_id = ?",
        (account_id, subscription_id),
    )
    await withdraw_subscription_request(call, str(rows[0]["id"]))


async def work_by_rules(account_id: str, at: Calls) -> None:
    """Save subscription rules for the account and for the product that most subscribe to, and follow them.

    Until the end of the demo, the clock looks at them each day.
    """
    rows = await database.read(
        "SELECT product_id FROM subscriptions WHERE account_id = ?"
        " GROUP BY product_id ORDER BY COUNT(*) DESC, product_id LIMIT 1",
        (account_id,),
    )
    late = [OverdueReminder(1), OverdueReminder(3), OverdueReminder(7, with_slip=True)]
    common = SubscriptionRules(renewal=[RenewalReminder(3)], overdue=late)
    often = structs.replace(
        common,
        renewal=[RenewalReminder(days) for days in (14, 7, 2)],
        ask_cancel_after_unpaid=3,
        quiet_hours=QuietHours(21, 8),
    )
    await save(await at(END - 25 * DAY), TOOL, account_id, structs.replace(common, overdue=late[:2]), 0)
    await save(await at(END - 24 * DAY), TOOL, account_id, common, 1)
    await save(await at(END - 23 * DAY), TOOL, str(rows[0]["product_id"]), often, 0)
    for days in range(14, -1, -1):
        noon = END - days * DAY - 9 * HOUR
        await at(noon)
        for due in await SUBSCRIPTION_RULES.due(noon):
            if due.account_id == account_id:
                await SUBSCRIPTION_RULES.do(due, noon)

"""The subscriptions in the demo, folded as the intake folds them, and what the desk does about them."""

from collections.abc import Awaitable, Callable, Mapping

from actions.commerce.subscriptions.remind import remind_subscriber
from actions.commerce.subscriptions.request import (
    cancel_subscription,
    change_charge_day,
    request_reactivation,
    withdraw_subscription_request,
)
from actions.kit.call import Call
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

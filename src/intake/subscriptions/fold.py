"""Computes a subscription from its payments and messages: a pure function, whatever the order of arrival.

Payments and messages give it a status at points in time. The newest point decides: by time, then by the order
of the statuses, then by its key.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from intake.events.notice import SubscriptionFacts
from intake.subscriptions.period import after_periods, day_of_month
from intake.subscriptions.points import points_of, state_of
from intake.subscriptions.sources import Payment, PlanFacts, Said
from intake.values.money import minor_units
from intake.values.reading import Malformed
from models.product_vocabulary import PlanPeriod
from models.tables.subscription import EndedBy, SubscriptionStatus
from models.vocabulary import EventSource, SaleStatus

SILENT_AFTER_MS = 10 * 24 * 3_600_000
_LIVE = (SubscriptionStatus.STARTED, SubscriptionStatus.ACTIVE, SubscriptionStatus.DELAYED)


class FoldedSubscription(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription after its payments and messages. `None` is not known."""

    status: SubscriptionStatus
    ended_by: EndedBy | None
    ended_at: int | None
    plan: str | None
    period: PlanPeriod | None
    max_charges: int | None
    price: int | None
    currency: str | None
    bare_value: str | None
    trial: bool
    started_at: int | None
    known_since: int
    next_charge_at: int | None
    charge_day: int | None
    silent_from: int | None
    recurrence: int | None
    paid_recurrences: int
    overdue_recurrences: int
    subscriber_name: str | None
    subscriber_email: str | None
    subscriber_phone: str | None
    subscriber_document: str | None
    subscriber_country: str | None


def fold(
    payments: Iterable[Payment], said: Iterable[Said], plans: dict[str, PlanFacts], timezone: str
) -> FoldedSubscription:
    """The subscription after all of its payments and messages, of which there is at least one.

    `plans` are those of its product, by name.
    """
    paid_in_order = sorted(payments, key=lambda payment: payment.place)
    messages = sorted(said, key=lambda message: (message.happened_at, message.key))
    latest = [message.facts for message in reversed(messages)]
    plan = _plan(paid_in_order, messages)
    known = plans.get(plan or "", PlanFacts())
    period = known.period or _latest(latest, "period")
    max_charges = known.max_charges or _latest(latest, "max_charges")
    points = points_of(paid_in_order, messages, max_charges)
    status, ended_at, ended_by = state_of(points)
    price, currency, bare_value = _price(paid_in_order, messages)
    paid = [payment for payment in paid_in_order if payment.approved_at is not None]
    next_charge_at = _next_charge(paid_in_order, messages, paid, period, timezone)
    started_at = _started_at(paid_in_order, latest)
    heard = [payment.ordered_at for payment in paid_in_order] + [
        message.happened_at for message in messages if message.source is not EventSource.REST
    ]
    return FoldedSubscription(
        status=status,
        ended_by=ended_by,
        ended_at=ended_at,
        plan=plan,
        period=period,
        max_charges=max_charges,
        price=price,
        currency=currency,
        bare_value=bare_value,
        trial=bool(_latest(latest, "trial")) and not paid,
        started_at=started_at,
        known_since=started_at if started_at is not None else min(heard, default=points[0].since),
        next_charge_at=next_charge_at,
        charge_day=_charge_day(latest, next_charge_at, paid_in_order, timezone),
        silent_from=_silent_from(status, next_charge_at, paid_in_order, messages),
        recurrence=max(
            (number for number in _recurrences(paid_in_order, latest) if number is not None), default=None
        ),
        paid_recurrences=len(paid),
        overdue_recurrences=sum(payment.status is SaleStatus.OVERDUE for payment in paid_in_order),
        **_subscriber(paid_in_order, latest),
    )


def _latest(latest: Sequence[SubscriptionFacts], name: str) -> Any:
    return next((value for facts in latest if (value := getattr(facts, name)) is not None), None)


def _plan(payments: Sequence[Payment], messages: Sequence[Said]) -> str | None:
    """The plan that the newest message names."""
    named = [
        (payment.charge.plan_at or payment.ordered_at, payment.reference, payment.plan)
        for payment in payments
        if payment.plan is not None
    ]
    named += [
        (message.happened_at, message.key, message.facts.plan)
        for message in messages
        if message.facts.plan is not None
    ]
    return max(named)[2] if named else None


def _price(
    payments: Sequence[Payment], messages: Sequence[Said]
) -> tuple[int | None, str | None, str | None]:
    """The price and currency of the newest payment, or of a message since then; and a value without one."""
    found: tuple[int, int | None, str | None, str | None] = (-1, None, None, None)
    for payment in payments:
        found = (payment.ordered_at, payment.price, payment.currency, None)
    for message in messages:
        facts = message.facts
        if message.happened_at < found[0]:
            continue
        if facts.value is not None and facts.currency is not None:
            found = (message.happened_at, facts.value, facts.currency, None)
        elif facts.bare_value is not None and payments:
            currency = payments[-1].currency
            if (value := amount_of(facts.bare_value, currency)) is not None:
                found = (message.happened_at, value, currency, None)
        elif facts.bare_value is not None:
            found = (message.happened_at, None, None, facts.bare_value)
    return found[1:]


def amount_of(bare_value: str, currency: str) -> int | None:
    """An amount without a currency, in minor units of one."""
    try:
        return minor_units(Decimal(bare_value), currency)[0]
    except (ArithmeticError, Malformed):
        return None


def _next_charge(
    payments: Sequence[Payment],
    messages: Sequence[Said],
    paid: Sequence[Payment],
    period: PlanPeriod | None,
    timezone: str,
) -> int | None:
    """The next charge as the newest message has it; otherwise a period after the last payment."""
    named = [
        (*payment.charge.next_charge, payment.reference)
        for payment in payments
        if payment.charge.next_charge is not None
    ]
    named += [
        (message.happened_at, message.facts.next_charge_at, message.key)
        for message in messages
        if message.facts.next_charge_at is not None
    ]
    if named:
        return max(named, key=lambda found: (found[0], found[2]))[1]
    if not paid or period is None:
        return None
    return after_periods(max(payment.ordered_at for payment in paid), period, timezone)


def _charge_day(
    latest: Sequence[SubscriptionFacts],
    next_charge_at: int | None,
    payments: Sequence[Payment],
    timezone: str,
) -> int | None:
    """The day of the month that a message names, or that of the next charge or the newest payment."""
    named = _latest(latest, "charge_day")
    if named is not None and 1 <= named <= 31:
        return int(named)
    at = next_charge_at if next_charge_at is not None else payments[-1].ordered_at if payments else None
    return None if at is None else day_of_month(at, timezone)


def _silent_from(
    status: SubscriptionStatus,
    next_charge_at: int | None,
    payments: Sequence[Payment],
    messages: Sequence[Said],
) -> int | None:
    """Ten days after the next charge, or after what was heard since then."""
    if status not in _LIVE or next_charge_at is None:
        return None
    heard = [max(payment.charge.heard_at, payment.ordered_at) for payment in payments]
    heard += [message.happened_at for message in messages]
    return max(next_charge_at, *heard) + SILENT_AFTER_MS


def _started_at(payments: Sequence[Payment], latest: Sequence[SubscriptionFacts]) -> int | None:
    """What a page says, or when the first payment was ordered. Without the first payment it is not known."""
    named = _latest(latest, "started_at")
    if named is not None:
        return int(named)
    first = [payment.ordered_at for payment in payments if payment.recurrence == 1]
    if not first and all(payment.recurrence is None for payment in payments):
        first = [payment.ordered_at for payment in payments]
    return min(first, default=None)


def _recurrences(payments: Sequence[Payment], latest: Sequence[SubscriptionFacts]) -> Iterable[int | None]:
    return (*(payment.recurrence for payment in payments), *(facts.recurrence for facts in latest))


def _subscriber(payments: Sequence[Payment], latest: Sequence[SubscriptionFacts]) -> dict[str, Any]:
    """The subscriber as the newest payment with each fact describes them, or else the newest message."""
    newest = list(reversed(payments))
    found: dict[str, Any] = {}
    for name in ("name", "email", "phone", "document", "country"):
        values = (getattr(payment, f"buyer_{name}") for payment in newest)
        found[f"subscriber_{name}"] = next((value for value in values if value is not None), None)
    for name in ("subscriber_name", "subscriber_email"):
        if found[name] is None:
            found[name] = _latest(latest, name)
    return found

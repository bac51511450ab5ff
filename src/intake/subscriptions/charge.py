"""What one payment says about its subscription, computed from the payment's events."""

from collections.abc import Iterable

import msgspec

from intake.events.event import HistoryEvent
from models.tables.subscription import EndedBy, SubscriptionStatus
from models.vocabulary import OWN_SOURCES, SaleStatus


class Charge(msgspec.Struct, frozen=True, array_like=True):
    """What the messages of one payment say about its subscription. Times are milliseconds."""

    statuses: tuple[tuple[int, SubscriptionStatus, EndedBy | None], ...] = ()
    """The statuses of the subscription and who canceled it, each with the time since which messages repeat
    it."""
    next_charge: tuple[int, int] | None = None
    """The time of the newest message with a next charge, and when that is."""
    plan_at: int | None = None
    """The time of the newest message that names the plan."""
    overdue_at: int | None = None
    """Since when the payment is overdue, if it is."""
    heard_at: int = 0
    """The time of the newest message."""


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Charge)


def charge_text(charge: Charge) -> str:
    """A charge as `sales.charge` stores it."""
    return _encoder.encode(charge).decode()


def charge_in(text: str | None) -> Charge:
    """The charge in a stored value; an empty one of a sale that was not folded since it has one."""
    return Charge() if text is None else _decoder.decode(text)


def charge_of(ordered: Iterable[HistoryEvent]) -> Charge:
    """What the events of a payment, in their order, say about its subscription."""
    statuses: list[tuple[int, SubscriptionStatus, EndedBy | None]] = []
    next_charge = plan_at = overdue_at = None
    heard_at = 0
    for event in ordered:
        if event.source in OWN_SOURCES:
            continue
        facts, at = event.facts, event.happened_at
        heard_at = max(heard_at, at)
        status, ended_by = facts.subscription_status, facts.subscription_ended_by
        if status is not None and (not statuses or statuses[-1][1:] != (status, ended_by)):
            statuses.append((at, status, ended_by))
        if facts.next_charge_at is not None:
            next_charge = at, facts.next_charge_at
        if facts.subscription_plan is not None:
            plan_at = at
        if event.status is SaleStatus.OVERDUE:
            overdue_at = at if overdue_at is None else overdue_at
        elif event.status is not None:
            overdue_at = None
    return Charge(tuple(statuses), next_charge, plan_at, overdue_at, heard_at)

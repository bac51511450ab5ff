"""What other systems learn of subscriptions: how a fold differs from what was stored before it."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from intake.subscriptions.fold import FoldedSubscription
from models import database
from models.outgoing.note import note_event
from models.outgoing_events import EventType
from models.statement import one_of
from models.tables.subscription import SubscriptionStatus

_OF_STATUS = {
    SubscriptionStatus.DELAYED: EventType.SUBSCRIPTION_DELAYED,
    SubscriptionStatus.CANCELLED: EventType.SUBSCRIPTION_CANCELLED,
    SubscriptionStatus.EXPIRED: EventType.SUBSCRIPTION_EXPIRED,
    SubscriptionStatus.INACTIVE: EventType.SUBSCRIPTION_EXPIRED,
}


class Former(msgspec.Struct, frozen=True):
    """What was stored of a subscription before it is folded again."""

    status: SubscriptionStatus
    plan: str | None
    charge_day: int | None
    paid_recurrences: int


async def formerly(account_id: str, subscription_ids: Iterable[str]) -> dict[str, Former]:
    """What is stored of subscriptions, by their ids."""
    chosen = one_of("id", sorted(subscription_ids))
    rows = await database.read(
        "SELECT id, status, plan, charge_day, paid_recurrences FROM subscriptions"
        f" WHERE account_id = ? AND {chosen.text}",
        (account_id, *chosen.params),
        named=False,
    )
    return {str(row[0]): Former(SubscriptionStatus(row[1]), *row[2:]) for row in rows}


def note_turns(
    account_id: str,
    before: Mapping[str, Former],
    after: Iterable[tuple[str, FoldedSubscription, int]],
) -> None:
    """Note what happened to subscriptions: each by its id, with the fold and the time of its newest point."""
    for subscription_id, facts, at in after:
        for event in _events(before.get(subscription_id), facts):
            note_event(account_id, event, [subscription_id], at)


def _events(before: Former | None, after: FoldedSubscription) -> Iterator[EventType]:
    ended_or_late = _OF_STATUS.get(after.status)
    if before is None:
        yield ended_or_late or EventType.SUBSCRIPTION_STARTED
        return
    if ended_or_late is not None and ended_or_late is not _OF_STATUS.get(before.status):
        yield ended_or_late
    if before.paid_recurrences and after.paid_recurrences > before.paid_recurrences:
        yield EventType.SUBSCRIPTION_RENEWED
    if before.plan is not None and after.plan not in (None, before.plan):
        yield EventType.SUBSCRIPTION_PLAN_SWITCHED
    if before.charge_day is not None and after.charge_day not in (None, before.charge_day):
        yield EventType.SUBSCRIPTION_CHARGE_DAY_CHANGED

"""The points in time at which payments and messages give a subscription a status."""

from collections.abc import Sequence

import msgspec

from intake.subscriptions.sources import Payment, Said
from intake.values.reading import LATEST
from models.tables.subscription import ENDED, EndedBy, SubscriptionStatus
from models.vocabulary import UNPAID, SaleStatus

CANCELLATION = "SUBSCRIPTION_CANCELLATION"
_RANK = {status: rank for rank, status in enumerate(SubscriptionStatus)}


class Point(msgspec.Struct, frozen=True):
    """A status since a time."""

    at: int
    status: SubscriptionStatus
    key: str
    since: int
    """When it began, if it was only known at `at`."""
    ended_by: EndedBy | None = None


def points_of(payments: Sequence[Payment], messages: Sequence[Said], max_charges: int | None) -> list[Point]:
    """The statuses since times that payments and messages say, in their order. There is at least one."""
    points = [point for payment in payments for point in _points_of_payment(payment, payments)]
    points += [point for message in messages for point in _points_of_message(message)]
    approvals = sorted(payment.approved_at for payment in payments if payment.approved_at is not None)
    if max_charges and len(approvals) >= max_charges:
        at = approvals[max_charges - 1]
        points.append(Point(at, SubscriptionStatus.EXPIRED, "", at))
    if not points:
        # nothing says otherwise: its beginning is not known, and no message says that it ended
        at = min(
            *(payment.ordered_at for payment in payments),
            *(message.happened_at for message in messages),
            LATEST,
        )
        points.append(Point(at, SubscriptionStatus.ACTIVE, "", at))
    return sorted(points, key=lambda point: (point.at, _RANK[point.status], point.key))


def _points_of_payment(payment: Payment, payments: Sequence[Payment]) -> list[Point]:
    def point(at: int, status: SubscriptionStatus, ended_by: EndedBy | None = None) -> Point:
        return Point(at, status, payment.reference, at, ended_by)

    points = [point(at, status, ended_by) for at, status, ended_by in payment.charge.statuses]
    if payment.approved_at is not None:
        points.append(point(payment.approved_at, SubscriptionStatus.ACTIVE))
    elif payment.status in UNPAID and _is_first(payment, payments):
        points.append(point(payment.ended_at or payment.ordered_at, SubscriptionStatus.INACTIVE))
    elif payment.status is SaleStatus.OVERDUE and not _paid_since(payment, payments):
        points.append(point(payment.charge.overdue_at or payment.ordered_at, SubscriptionStatus.DELAYED))
    if _is_first(payment, payments):
        points.append(point(payment.ordered_at, SubscriptionStatus.STARTED))
    return points


def _is_first(payment: Payment, payments: Sequence[Payment]) -> bool:
    """Whether it is the first payment: by its number, or else by the times of their orders."""
    return payment is payments[0] if payment.recurrence is None else payment.recurrence <= 1


def _paid_since(overdue: Payment, payments: Sequence[Payment]) -> bool:
    """Whether a later payment was paid: by their numbers, or else by the times of their orders."""

    def is_later(payment: Payment) -> bool:
        if payment.recurrence is not None and overdue.recurrence is not None:
            return payment.recurrence > overdue.recurrence
        return payment.place > overdue.place

    return any(payment.approved_at is not None and is_later(payment) for payment in payments)


def _points_of_message(message: Said) -> list[Point]:
    facts, at = message.facts, message.happened_at
    if message.kind == CANCELLATION:
        ended_at = at if facts.ended_at is None else facts.ended_at
        return [Point(ended_at, SubscriptionStatus.CANCELLED, message.key, ended_at, facts.ended_by)]
    if facts.became is None:
        return []
    since = facts.ended_at if facts.became in ENDED and facts.ended_at is not None else at
    return [Point(at, facts.became, message.key, since, facts.ended_by)]


def state_of(points: Sequence[Point]) -> tuple[SubscriptionStatus, int | None, EndedBy | None]:
    """The status after all points, when the subscription ended, and who canceled it, if anyone says so."""
    status = points[-1].status
    if status not in ENDED:
        return status, None, None
    last: list[Point] = []
    for point in reversed(points):
        if point.status not in ENDED:
            break
        last.append(point)
    ended_at = min(point.since for point in last)
    said = (point.ended_by for point in last if point.status is SubscriptionStatus.CANCELLED)
    ended_by = next((by for by in said if by is not None), None)
    return status, ended_at, ended_by if status is SubscriptionStatus.CANCELLED else None

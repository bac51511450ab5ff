"""The statuses of a purchase in the demo, in order of time."""

from collections.abc import Iterator
from dataclasses import dataclass

from centrals.demo.chance import DAY, END, HOUR, MINUTE, Chance, Weighted, weighted
from centrals.demo.orders import Order
from models.vocabulary import PaymentMethod as Method
from models.vocabulary import SaleStatus as Status

_SECOND = 1000

# the share that is paid, the time that payment takes, and when they expire
_SLOW = {
    Method.PIX: (0.93, 40 * MINUTE, DAY),
    Method.BILLET: (0.62, 3 * DAY, 5 * DAY),
    Method.CASH: (0.7, 2 * DAY, 4 * DAY),
    Method.BANK_TRANSFER: (0.8, 2 * DAY, 4 * DAY),
}
# the first status of a purchase that is paid at once
_BEGINNINGS: Weighted[Status] = weighted(
    {
        Status.APPROVED: 94,
        Status.CANCELLED: 2.6,
        Status.UNDER_ANALYSIS: 1.4,
        Status.NO_FUNDS: 0.7,
        Status.PROCESSING: 0.7,
        Status.STARTED: 0.4,
        Status.BLOCKED: 0.2,
    }
)
_UNPAID = (Status.CANCELLED, Status.NO_FUNDS, Status.STARTED, Status.BLOCKED)
_RENEWALS: Weighted[Status] = weighted({Status.APPROVED: 94, Status.OVERDUE: 6})
_OVERDUE_ENDS: Weighted[Status] = weighted({Status.APPROVED: 58, Status.OVERDUE: 20, Status.CANCELLED: 22})
# the later statuses of a paid purchase
_ENDS: Weighted[Status] = weighted(
    {
        Status.COMPLETE: 94.4,
        Status.REFUNDED: 3.9,
        Status.DISPUTE: 0.5,
        Status.CHARGEBACK: 0.6,
        Status.PARTIALLY_REFUNDED: 0.6,
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    """A status of a sale, and its time."""

    status: Status
    at: int


def steps(chance: Chance, order: Order) -> list[Step]:
    """The statuses of a sale, up to the end of the demo's data."""
    first, *later = _steps(chance, order)
    return [first, *(step for step in later if step.at <= END)]


def _steps(chance: Chance, order: Order) -> Iterator[Step]:
    released_at = order.listing.title.released_at
    at = order.at + chance.number(2, 40) * _SECOND
    if released_at is not None:
        yield Step(Status.PRE_ORDER, at)
    elif order.method in _SLOW:
        yield from _slow(chance, order, at)
    elif (order.recurrence or 1) > 1:
        yield from _renewal(chance, order, at)
    else:
        yield from _immediate(chance, order, at)


def _slow(chance: Chance, order: Order, at: int) -> Iterator[Step]:
    paid, within, expires = _SLOW[order.method]
    yield Step(Status.WAITING_PAYMENT, at)
    if chance.falls(paid):
        yield from _paid(chance, order, at + chance.number(MINUTE, within))
    else:
        yield Step(Status.EXPIRED, order.at + expires)


def _renewal(chance: Chance, order: Order, at: int) -> Iterator[Step]:
    if chance.of(_RENEWALS) is Status.APPROVED:
        yield from _paid(chance, order, at)
        return
    yield Step(Status.OVERDUE, at)
    end = chance.of(_OVERDUE_ENDS)
    if end is Status.APPROVED:
        yield from _paid(chance, order, at + chance.number(DAY, 5 * DAY))
    elif end is Status.CANCELLED:
        yield Step(end, at + chance.number(8 * DAY, 15 * DAY))


def _immediate(chance: Chance, order: Order, at: int) -> Iterator[Step]:
    beginning = chance.of(_BEGINNINGS)
    if beginning is Status.APPROVED:
        yield from _paid(chance, order, at)
        return
    yield Step(beginning, at)
    if beginning not in _UNPAID:
        yield from _paid(chance, order, at + chance.number(10 * MINUTE, 20 * HOUR))


def _paid(chance: Chance, order: Order, at: int) -> Iterator[Step]:
    yield Step(Status.APPROVED, at)
    warranty = order.listing.title.warranty_days * DAY
    end = chance.of(_ENDS)
    if end is Status.COMPLETE:
        yield Step(end, at + warranty)
    elif end in {Status.REFUNDED, Status.PARTIALLY_REFUNDED}:
        yield Step(end, at + chance.number(6 * HOUR, warranty - HOUR))
    else:
        yield Step(Status.COMPLETE, at + warranty)
        disputed_at = at + warranty + chance.number(DAY, 25 * DAY)
        yield Step(Status.DISPUTE, disputed_at)
        if end is Status.CHARGEBACK:
            yield Step(end, disputed_at + chance.number(5 * DAY, 30 * DAY))

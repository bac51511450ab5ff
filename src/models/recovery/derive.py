"""Derives the opportunities of one contact and product: a pure function of what messages say.

Attempts at a checkout, and refused payments, belong together while each is within 30 days of the one before
and the contact has not bought in between; each unpaid slip stands alone. A sale that is still unpaid becomes
an opportunity some time after its order, and counts from the order on: what is paid sooner was never in
danger. The first sale of the product to the contact that is approved at or after the opening wins.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from models.tables.opportunity import OpportunityKind, OpportunityStatus
from models.vocabulary import UNPAID, PaymentMethod, SaleStatus, SlipKind

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
TOGETHER_MS = 30 * DAY_MS
_SLIPS = (PaymentMethod.BILLET, PaymentMethod.PIX, PaymentMethod.CASH, PaymentMethod.BANK_TRANSFER)
_NOT_YET = (SaleStatus.STARTED, SaleStatus.PRE_ORDER)
_AFTER_PAYMENT = (
    *(SaleStatus.APPROVED, SaleStatus.COMPLETE, SaleStatus.DISPUTE, SaleStatus.REFUNDED),
    *(SaleStatus.PARTIALLY_REFUNDED, SaleStatus.CHARGEBACK),
)


class Attempt(msgspec.Struct, frozen=True):
    """Someone gave up at the checkout."""

    key: str
    at: int
    offer_id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    country: str | None = None


class Purchase(msgspec.Struct, frozen=True):
    """A sale, as far as opportunities follow from it. `refused_at` is when its payment was first refused."""

    id: str
    reference: str
    status: SaleStatus
    ordered_at: int
    own: bool = True
    """Whether the contact is recognized by the buyer of this sale: others only win."""
    payment_method: PaymentMethod | None = None
    slip_kind: SlipKind | None = None
    approved_at: int | None = None
    ended_at: int | None = None
    refused_at: int | None = None

    @property
    def is_slip(self) -> bool:
        """Whether it is paid with a slip or code."""
        return self.payment_method in _SLIPS or self.slip_kind is not None

    @property
    def wait_ms(self) -> int:
        """How long after the order it is paid without having been in danger."""
        pix = self.payment_method is PaymentMethod.PIX or self.slip_kind is SlipKind.PIX
        return HOUR_MS if pix else DAY_MS

    @property
    def was_unpaid(self) -> bool:
        """Whether it was not paid at the order, as far as messages say."""
        if self.approved_at is None and self.status in _AFTER_PAYMENT:
            return False  # it is not known when it was paid
        if self.approved_at is not None and self.approved_at < self.ordered_at:
            return False
        if self.is_slip:
            return self.approved_at is not None or self.status not in _NOT_YET
        return self.refused_at is not None and (
            self.approved_at is None or self.approved_at > self.refused_at
        )


class Occurrence(msgspec.Struct, frozen=True, order=True):
    """What happened to an opportunity by the messages: a kind and a time, under a key of its own."""

    at: int
    key: str
    kind: str


OPENED, ATTEMPT, EXPIRED, WON, PAID_IN_TIME = "OPENED", "ATTEMPT", "EXPIRED", "WON", "PAID_IN_TIME"
OCCURRENCES = (OPENED, ATTEMPT, EXPIRED, WON, PAID_IN_TIME)


class Derived(msgspec.Struct, frozen=True):
    """An opportunity as messages make it. Times are milliseconds.

    One that is `due_at` later is none yet. One that was paid in time is none, unless it was one before the
    message arrived that says so.
    """

    kind: OpportunityKind
    opened_at: int
    last_at: int
    parts: tuple[Attempt | Purchase, ...]
    status: OpportunityStatus | None = None
    closed_at: int | None = None
    won_by: str | None = None
    due_at: int | None = None

    @property
    def sale_ids(self) -> tuple[str, ...]:
        """The unpaid sales that it is made of."""
        return tuple(part.id for part in self.parts if isinstance(part, Purchase))

    @property
    def occurrences(self) -> frozenset[Occurrence]:
        """What happened to it by the messages."""
        found = [
            Occurrence(_moment(part), _key(part), ATTEMPT if number else OPENED)
            for number, part in enumerate(self.parts)
        ]
        if self.kind is OpportunityKind.EXPIRED_SLIP:
            slips = [part for part in self.parts if isinstance(part, Purchase)]
            found += [_expiry(slip) for slip in slips]
        if self.status is not None and self.closed_at is not None:
            won = self.status is OpportunityStatus.WON
            found.append(Occurrence(self.closed_at, "closed", WON if won else PAID_IN_TIME))
        return frozenset(found)


def _expiry(slip: Purchase) -> Occurrence:
    at = slip.ordered_at if slip.ended_at is None else slip.ended_at
    return Occurrence(at, f"{slip.reference}:ended", EXPIRED)


def _moment(part: Attempt | Purchase) -> int:
    return part.at if isinstance(part, Attempt) else part.ordered_at


def _key(part: Attempt | Purchase) -> str:
    return part.key if isinstance(part, Attempt) else part.reference


Win = tuple[int, str, str]
Part = TypeVar("Part", Attempt, Purchase)


def derive(attempts: Iterable[Attempt], purchases: Sequence[Purchase]) -> list[Derived]:
    """The opportunities of a contact and a product, those opened first before the others."""
    wins = sorted(
        (purchase.approved_at, purchase.reference, purchase.id)
        for purchase in purchases
        if purchase.approved_at is not None
    )
    unpaid = [purchase for purchase in purchases if purchase.own and purchase.was_unpaid]
    refused = sorted(
        (purchase for purchase in unpaid if not purchase.is_slip),
        key=lambda purchase: (purchase.ordered_at, purchase.reference),
    )
    tried = sorted(attempts, key=lambda attempt: (attempt.at, attempt.key))
    found = [_abandoned(tuple(part), wins) for part in _together(tried, wins)]
    found += [
        _unpaid(OpportunityKind.REFUSED_PAYMENT, tuple(part), wins) for part in _together(refused, wins)
    ]
    found += [_unpaid(_slip_kind(slip), (slip,), wins) for slip in unpaid if slip.is_slip]
    return sorted(found, key=_order)


def _order(derived: Derived) -> tuple[int, str, str]:
    return derived.opened_at, derived.kind.value, _key(derived.parts[0])


def _slip_kind(slip: Purchase) -> OpportunityKind:
    ended = slip.approved_at is None and slip.status in UNPAID
    return OpportunityKind.EXPIRED_SLIP if ended else OpportunityKind.UNPAID_SLIP


def _together(parts: Iterable[Part], wins: Sequence[Win]) -> list[list[Part]]:
    """Parts of one opportunity each: one begins after 30 days, and after the contact has bought."""
    found: list[list[Part]] = []
    for part in parts:
        at = _moment(part)
        if found and at - _moment(found[-1][-1]) <= TOGETHER_MS:
            opened = _moment(found[-1][0])
            if not any(opened <= win[0] <= at for win in wins):
                found[-1].append(part)
                continue
        found.append([part])
    return found


def _first_win(opened_at: int, wins: Sequence[Win]) -> Win | None:
    return next((win for win in wins if win[0] >= opened_at), None)


def _abandoned(parts: tuple[Attempt, ...], wins: Sequence[Win]) -> Derived:
    win = _first_win(parts[0].at, wins)
    return _closed(OpportunityKind.ABANDONED_CHECKOUT, parts, win, due_at=None)


def _unpaid(kind: OpportunityKind, parts: tuple[Purchase, ...], wins: Sequence[Win]) -> Derived:
    opened_at = parts[0].ordered_at
    return _closed(kind, parts, _first_win(opened_at, wins), due_at=opened_at + parts[0].wait_ms)


def _closed(
    kind: OpportunityKind,
    parts: tuple[Attempt | Purchase, ...],
    win: Win | None,
    *,
    due_at: int | None,
) -> Derived:
    times = [_moment(part) for part in parts]
    if win is None:
        return Derived(kind, times[0], times[-1], parts, due_at=due_at)
    at, _, sale_id = win
    if due_at is not None and at < due_at:
        return Derived(kind, times[0], times[-1], parts, OpportunityStatus.CANCELLED, at, due_at=due_at)
    return Derived(kind, times[0], times[-1], parts, OpportunityStatus.WON, at, sale_id, due_at=due_at)

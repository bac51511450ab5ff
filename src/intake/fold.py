"""From a sale's events to the sale: a pure function of the set, whatever the order of arrival."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from intake.event import Happening
from intake.facts import Facts, Share
from models.folding import folded
from models.words import CommissionSource, SaleStatus

_LONGEST_FOLDED = 600

RANK = {status: rank for rank, status in enumerate(SaleStatus)}
"""Which of two statuses told for the same millisecond is the later: the order of the enum."""

_PLAIN = (
    "payment_method",
    "instalments",
    "buyer_name",
    "buyer_email",
    "buyer_phone",
    "buyer_document",
    "buyer_country",
    "buyer_address",
    "origin_src",
    "origin_sck",
    "checkout_origin",
    "device",
    "affiliate_code",
    "affiliate_name",
    "subscription_code",
    "recurrence",
    "ordered_at",
    "approved_at",
    "refunded_at",
    "warranty_until",
)

COLUMNS = (
    "status",
    "price",
    "currency",
    "full_price",
    "full_currency",
    "net",
    "net_currency",
    "buyer_folded",
    *_PLAIN,
)
"""What the fold decides of a sale's row, beside its product and offer. The rest is hand-made."""

_PAID = (SaleStatus.APPROVED, SaleStatus.COMPLETE)


class Folded(msgspec.Struct, frozen=True):
    """A sale as its events leave it: columns, shares, and the references of product and offer."""

    columns: dict[str, Any]
    shares: tuple[Share, ...]
    product_reference: str
    offer: tuple[str, str] | None
    """The offer's product and code, as one event told them together."""


def in_order(happenings: Iterable[Happening]) -> list[Happening]:
    """By event time, then status, then event id."""
    return sorted(happenings, key=lambda one: (one.happened_at, RANK[one.status], one.key))


def fold(happenings: Iterable[Happening]) -> Folded:
    """The sale after all of its events: of each fact the latest telling, the status of the last event."""
    ordered = in_order(happenings)
    latest = [one.facts for one in reversed(ordered)]
    columns: dict[str, Any] = {name: _latest(latest, name) for name in _PLAIN}
    price, currency = _pair(latest, "price", "currency") or (0, "XXX")
    full_price, full_currency = _pair(latest, "full_price", "full_currency") or (price, currency)
    shares: tuple[Share, ...] = _latest(latest, "commissions") or ()
    net, net_currency = _net(shares, currency)
    columns |= {
        "status": ordered[-1].status,
        "price": price,
        "currency": currency,
        "full_price": full_price,
        "full_currency": full_currency,
        "net": net,
        "net_currency": net_currency,
        "buyer_folded": searched(columns["buyer_name"]),
        "instalments": columns["instalments"] or 1,
    }
    _fill_times(columns, ordered)
    offer = _pair(latest, "offer_code", "product_reference")
    return Folded(
        columns=columns,
        shares=shares,
        product_reference=_latest(latest, "product_reference"),
        offer=(offer[1], offer[0]) if offer else None,
    )


def searched(name: str | None) -> str | None:
    """A name as it is searched, cut to its column: some letters fold to many."""
    return None if name is None else folded(name)[:_LONGEST_FOLDED]


def _latest(latest: Sequence[Facts], name: str) -> Any:
    for facts in latest:
        value = getattr(facts, name)
        if value is not None:
            return value
    return None


def _pair(latest: Sequence[Facts], first: str, second: str) -> tuple[Any, Any] | None:
    """Two facts that mean something only together, so from one event."""
    for facts in latest:
        one, other = getattr(facts, first), getattr(facts, second)
        if one is not None and other is not None:
            return one, other
    return None


def _net(shares: Sequence[Share], currency: str) -> tuple[int | None, str | None]:
    """What the producer is paid, in one currency: that of the price where there is one."""
    sums: dict[str, int] = {}
    for share in shares:
        if share.source is CommissionSource.PRODUCER:
            sums[share.currency] = sums.get(share.currency, 0) + share.amount
    if not sums:
        return None, None
    chosen = currency if currency in sums else next(iter(sums))
    return sums[chosen], chosen


def _fill_times(columns: dict[str, Any], ordered: Sequence[Happening]) -> None:
    """The dates that no event told, from the times of the events themselves."""
    if columns["ordered_at"] is None:
        columns["ordered_at"] = ordered[0].happened_at
    if columns["approved_at"] is None:
        columns["approved_at"] = _first_time(ordered, _PAID)
    if columns["refunded_at"] is None:
        columns["refunded_at"] = _first_time(ordered, (SaleStatus.REFUNDED,))


def _first_time(ordered: Sequence[Happening], statuses: Sequence[SaleStatus]) -> int | None:
    return next((one.happened_at for one in ordered if one.status in statuses), None)

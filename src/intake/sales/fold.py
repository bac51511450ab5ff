"""Computes a sale from its events: a pure function of the set, whatever the order of arrival."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec

from intake.events.event import HistoryEvent
from intake.events.facts import Facts, Share, Slip
from intake.sales.refusal import refusal_of
from intake.subscriptions.charge import charge_of, charge_text
from intake.values.searched import searched
from models.address import compared
from models.person_change import Assignment, Credit
from models.sales.columns import SaleColumns
from models.text import folded, normalised_email
from models.vocabulary import OWN_SOURCES, UNPAID, CommissionSource, EventSource, SaleStatus, SoldAs

_LONGEST_FOLDED = 600

RANK = {status: rank for rank, status in enumerate(SaleStatus)}
"""Which of two statuses with the same millisecond is the later one: the order of the enum."""

_PLAIN = tuple(
    name
    for name in SaleColumns.__struct_fields__
    if name in Facts.__struct_fields__
    and name
    not in {
        *("status", "sold_as", "price", "currency", "full_price", "full_currency", "refunded_amount"),
        *("refunded_currency", "vat", "vat_currency", "instalments", "in_funnel", "order_bump"),
        *("offer_price", "offer_currency"),
        *("ordered_at", "approved_at", "refunded_at"),
    }
)
"""The facts that are columns without a change. For each, the latest event that has it decides."""

_PAID = (SaleStatus.APPROVED, SaleStatus.COMPLETE)


class Folded(msgspec.Struct, frozen=True):
    """A sale after its events: columns, shares, and the references of its product and offer."""

    columns: SaleColumns
    shares: tuple[Share, ...]
    product_reference: str
    own: tuple[Share, ...]
    """The shares of the account's own role. If there are several, the account's name decides."""
    offer: tuple[str, str] | None
    """The offer's product and code, which one event named together."""
    status_at: int = 0
    """When the event happened that gave it its status."""
    assigned: tuple[int, Assignment] | None = None
    """When and how a person last assigned it. If no person did, the source codes decide."""
    credit: Credit | None = None
    """The credit that a person last decided."""

    @property
    def counted_at(self) -> int:
        """When the sale counts in reports of what was sold, if it does."""
        return self.columns.approved_at or self.columns.ordered_at


def in_order(events: Iterable[HistoryEvent]) -> list[HistoryEvent]:
    """Sorts by event time, then status, then event id. What happened here comes after all messages."""
    return sorted(events, key=_place)


def _place(event: HistoryEvent) -> tuple[bool, int, int, str]:
    rank = -1 if event.status is None else RANK[event.status]
    return event.source in OWN_SOURCES, event.happened_at, rank, event.key


def describes_sale(events: Iterable[HistoryEvent]) -> bool:
    """Whether the events are enough for a sale: a status, a product and a price."""
    facts = [event.facts for event in events]
    return (
        any(event.status is not None for event in facts)
        and any(fact.product_reference is not None for fact in facts)
        and any(fact.is_priced for fact in facts)
    )


def fold(events: Iterable[HistoryEvent]) -> Folded:
    """The sale after all of its events: each fact from the latest event that has it, and the last event's
    status."""
    ordered = in_order(events)
    moves = [event for event in ordered if event.status is not None]
    latest = [event.facts for event in reversed(ordered)]
    refunded_amount, refunded_currency = _pair(latest, "refunded_amount", "refunded_currency") or (None, None)
    price, currency = _pair(latest, "price", "currency") or (refunded_amount or 0, refunded_currency or "XXX")
    full_price, full_currency = _pair(latest, "full_price", "full_currency") or (price, currency)
    vat, vat_currency = _pair(latest, "vat", "vat_currency") or (None, None)
    offer_price, offer_currency = _pair(latest, "offer_price", "offer_currency") or (None, None)
    shares = _named_shares(_latest(latest, "commissions") or (), latest)
    sold_as = _latest(latest, "sold_as") or _role(shares)
    slip_issued_at, slip = _slip(ordered)
    net, net_currency = _net(
        [(share.amount, share.currency) for share in _of(shares, CommissionSource.PRODUCER)], currency
    )
    payout, payout_currency = _payout(_of(shares, CommissionSource.PRODUCER))
    plain: dict[str, Any] = {name: _latest(latest, name) for name in _PLAIN}
    ordered_at = _latest(latest, "ordered_at")
    approved_at = _latest(latest, "approved_at")
    refunded_at = _latest(latest, "refunded_at")
    address = plain["buyer_address"]
    status = _status(moves[-1], price, currency)
    if approved_at is None:
        approved_at = _first_time(moves, _PAID, ordered_at)
    columns = SaleColumns(
        status=status,
        price=price,
        currency=currency,
        full_price=full_price,
        full_currency=full_currency,
        net=net,
        net_currency=net_currency,
        payout=payout,
        payout_currency=payout_currency,
        refunded_amount=refunded_amount,
        refunded_currency=refunded_currency,
        vat=vat,
        vat_currency=vat_currency,
        offer_price=offer_price,
        offer_currency=offer_currency,
        sold_as=sold_as,
        slip_kind=slip.kind if slip else None,
        slip_code=slip.code if slip else None,
        slip_url=slip.url if slip else None,
        slip_expires_at=slip.expires_at if slip else None,
        slip_issued_at=slip_issued_at,
        instalments=_latest(latest, "instalments") or 1,
        refusal=refusal_of(plain["refusal_reason"]) if plain["refusal_reason"] else None,
        in_funnel=bool(_latest(latest, "in_funnel")),
        order_bump=bool(_latest(latest, "order_bump")),
        buyer_folded=searched(plain["buyer_name"]),
        marketplace_email=_marketplace_email(ordered),
        ordered_at=ordered[0].happened_at if ordered_at is None else ordered_at,
        approved_at=approved_at,
        refunded_at=_refund_time(moves) if refunded_at is None else refunded_at,
        charge=charge_text(charge_of(ordered)) if plain["subscription_code"] else None,
        ended_at=_first_time(moves, (status,), ordered_at)
        if status in UNPAID and approved_at is None
        else None,
        buyer_state=compared(address.state) if address else None,
        buyer_city=compared(address.city) if address else None,
        **plain,
    )
    offer = _pair(latest, "offer_code", "product_reference")
    changes = [(event.happened_at, event.change) for event in reversed(ordered) if event.change is not None]
    assigned = next(
        ((at, change.assignment) for at, change in changes if change.assignment is not None), None
    )
    return Folded(
        columns=columns,
        shares=shares,
        product_reference=_latest(latest, "product_reference"),
        own=tuple(_of(shares, CommissionSource(sold_as.value))),
        offer=(offer[1], offer[0]) if offer else None,
        status_at=moves[-1].happened_at,
        assigned=assigned,
        credit=next((change.credit for _, change in changes if change.credit is not None), None),
    )


def _marketplace_email(ordered: Sequence[HistoryEvent]) -> str | None:
    """The buyer's address as the marketplace last sent it, in the form that is compared.

    A person's correction does not change it: the marketplace's other messages keep naming the old one.
    """
    messages = (event.facts.buyer_email for event in reversed(ordered) if event.change is None)
    email = next((email for email in messages if email is not None), None)
    return None if email is None else normalised_email(email)[:_LONGEST_FOLDED]


def _latest(latest: Sequence[Facts], name: str) -> Any:
    for facts in latest:
        value = getattr(facts, name)
        if value is not None:
            return value
    return None


def _pair(latest: Sequence[Facts], first: str, second: str) -> tuple[Any, Any] | None:
    """Two facts that are meaningful only together, and so come from one event."""
    for facts in latest:
        left, right = getattr(facts, first), getattr(facts, second)
        if left is not None and right is not None:
            return left, right
    return None


def _status(last: HistoryEvent, price: int, currency: str) -> SaleStatus:
    """The last event's status. A refund of less than the price is a partial one, whatever its name."""
    assert last.status is not None
    amount = last.facts.refunded_amount
    if last.status is not SaleStatus.REFUNDED or amount is None:
        return last.status
    partial = 0 < amount < price and last.facts.refunded_currency == currency
    return SaleStatus.PARTIALLY_REFUNDED if partial else last.status


def _named_shares(shares: Sequence[Share], latest: Sequence[Facts]) -> tuple[Share, ...]:
    """The shares. A party that is the only one of its kind gets the name that other events give it."""
    sources = [share.source for share in shares]
    return tuple(
        msgspec.structs.replace(share, name=_latest(latest, name))
        if share.name is None
        and (name := _NAMES.get(share.source)) is not None
        and sources.count(share.source) == 1
        else share
        for share in shares
    )


_NAMES = {
    CommissionSource.PRODUCER: "producer_name",
    CommissionSource.AFFILIATE: "affiliate_name",
    CommissionSource.COPRODUCER: "coproducer_name",
}


def _of(shares: Sequence[Share], source: CommissionSource) -> list[Share]:
    return [share for share in shares if share.source is source]


def _role(shares: Sequence[Share]) -> SoldAs:
    """The account's role in a sale of which no event says it: messages to an affiliate have no share of the
    producer."""
    sources = {share.source for share in shares}
    promoted = CommissionSource.AFFILIATE in sources and CommissionSource.PRODUCER not in sources
    return SoldAs.AFFILIATE if promoted else SoldAs.PRODUCER


def _slip(ordered: Sequence[HistoryEvent]) -> tuple[int, Slip] | tuple[None, None]:
    """The newest payment slip, and when an event had it first: later events repeat it."""
    found = [(event.happened_at, event.facts.slip) for event in ordered if event.facts.slip is not None]
    if not found:
        return None, None
    newest = found[-1][1]
    return next(at for at, slip in found if slip == newest), newest


def own_share(shares: Sequence[Share], names: Collection[str]) -> Share | None:
    """The account's own share among those of its role: the only one, or the one with the account's name.

    `names` are the account's names, folded.
    """
    if len(shares) == 1:
        return shares[0]
    named = [share for share in shares if share.name is not None and folded(share.name) in names]
    return named[0] if len(named) == 1 else None


def _payout(own: Sequence[Share]) -> tuple[int | None, str | None]:
    """What the producer is paid after conversion; None if a share does not say."""
    converted = [
        (share.converted_amount, share.converted_currency)
        for share in own
        if share.converted_amount is not None and share.converted_currency is not None
    ]
    if len(converted) < len(own) or len({currency for _, currency in converted}) > 1:
        return None, None
    return _net(converted, "")


def _net(amounts: Sequence[tuple[int, str]], currency: str) -> tuple[int | None, str | None]:
    """What the producer is paid in one currency: that of the price if there is a share in it."""
    sums: dict[str, int] = {}
    for amount, of in amounts:
        sums[of] = sums.get(of, 0) + amount
    if not sums:
        return None, None
    chosen = currency if currency in sums else next(iter(sums))
    return sums[chosen], chosen


def _refund_time(moves: Sequence[HistoryEvent]) -> int | None:
    """When the sale was refunded, if no event has the date."""
    whole = _first_time(moves, (SaleStatus.REFUNDED,), None)
    return _first_time(moves, (SaleStatus.PARTIALLY_REFUNDED,), None) if whole is None else whole


def _first_time(
    moves: Sequence[HistoryEvent], statuses: Sequence[SaleStatus], otherwise: int | None
) -> int | None:
    """The time of the first event with one of the statuses.

    A page of the sales history only shows that the status was reached by then, so a message's time is
    preferred, and then `otherwise`.
    """
    of = [event for event in moves if event.status in statuses]
    first_message_at = next((event.happened_at for event in of if event.source is not EventSource.REST), None)
    if first_message_at is not None or not of:
        return first_message_at
    return of[0].happened_at if otherwise is None else otherwise

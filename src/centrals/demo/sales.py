"""The sales in the demo: each order's events, as the intake would store them, and the derived rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from actions.commerce.sales.events import SaleAssignment
from actions.kit.event import EVENTS, event_text
from centrals.demo.chance import DAY, END, HOUR, MINUTE, Chance
from centrals.demo.history import Step, steps
from centrals.demo.orders import Order
from centrals.demo.people import FAR, Collaborator
from centrals.demo.products import PLAN, Seller
from centrals.demo.slips import slip_of
from intake.events.event import Event
from intake.events.facts import Facts, Share, facts_text
from intake.hotmart.rest import KIND
from intake.hotmart.spelling import PURCHASE_KINDS
from intake.sales.fold import Folded, fold, own_share
from intake.sales.shares import SHARE_COLUMNS, share_values
from intake.sales.supplement import history_event_of
from models.person_change import Assignment, Author, Credit
from models.sales.columns import SALE_COLUMNS as FOLDED_COLUMNS
from models.vocabulary import CommissionSource, EventSource, PaymentMethod
from models.vocabulary import SaleStatus as Status

SALE_COLUMNS = (
    *("id", "account_id", "reference", "product_id", "offer_id"),
    *("created_at", "assignee_id", "team_id", "credit_id", "credit_team_id", "assigned_at"),
    *("own_amount", "own_currency", "subscription_id"),
    *FOLDED_COLUMNS,
)
COMMISSION_COLUMNS = ("id", "account_id", "sale_id", "position", *SHARE_COLUMNS)
EVENT_COLUMNS = (
    *(
        "id",
        "account_id",
        "sale_id",
        "key",
        "source",
        "kind",
        "status",
        "happened_at",
        "received_at",
        "facts",
    ),
)

REAIS_FOR_A_DOLLAR = 540
"""Hundredths: what a sale priced in USD pays its producer in BRL."""

# interest on installments by credit card, in ten-thousandths of the price
_INTEREST = {1: 0, 2: 302, 3: 455, 4: 608, 5: 763, 6: 919, 8: 1_234, 10: 1_554, 12: 1_879}
_FEE_PER_MILLE = 99
_FIXED_FEE = {"BRL": 100, "EUR": 50, "USD": 50}
_COPRODUCER_PERCENT = 25
_COUPON = 0.05
_COUPON_PERCENT = 10

_MONTH = 30 * DAY

_KINDS = {status: kind for kind, status in PURCHASE_KINDS.items()}


@dataclass(frozen=True, slots=True)
class SaleRows:
    """One sale as rows of three tables, with its newest data about its product."""

    sale: tuple[Any, ...]
    commissions: list[tuple[Any, ...]]
    events: list[tuple[Any, ...]]
    named: tuple[int, str]


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund that someone requests before the marketplace's message about it arrives."""

    reference: str
    requester: str
    """Their e-mail address."""
    requested_at: int
    message: Event
    received_at: int


REFUNDS = 24
"""How many refunds were requested first."""
_REFUNDED_WITHIN = 60 * DAY
_REQUESTED_BEFORE = 3 * HOUR
DESK = ("lead@example.com", "user@example.com", "south@example.com")
"""Who works at Aurora's desk."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Turns a seller's orders into sales, each with the next reference."""

    chance: Chance
    account_id: str
    seller: Seller
    collaborators: dict[str, Collaborator]
    owner: Author
    refunds: list[Refund] = field(default_factory=list)
    """Refunds whose messages are left out of their sales, for the desk to request them first."""
    subscriptions: dict[str, str] = field(default_factory=dict)
    """The ids of the subscriptions, by their codes."""

    def sales(self, orders: list[Order]) -> Iterator[SaleRows]:
        """The sales, in order."""
        number = self.seller.first_sale
        for order in orders:
            number += self.chance.number(3, 4_000)
            yield self._sale(order, f"HP{number}")

    def _sale(self, order: Order, reference: str) -> SaleRows:
        events = self._events(order, reference)
        sale_id = self.chance.id(order.at)
        received_at = [self._received(event) for event in events]
        assignment = self._assignment(order)
        refund = self._refund(order, events[-1], received_at[-1], assignment[-1])
        arrived = events if refund is None else events[:-1]
        folded = fold(map(history_event_of, arrived))
        return SaleRows(
            sale=(
                *(sale_id, self.account_id, reference, order.listing.id, order.offer.id),
                *(received_at[0], *assignment),
                *_own(folded),
                self._subscription(order),
                *folded.columns.values(),
            ),
            commissions=[
                (
                    *(self.chance.id(order.at), self.account_id, sale_id, position),
                    *share_values(share),
                )
                for position, share in enumerate(folded.shares)
            ],
            events=[
                (
                    *(self.chance.id(at), self.account_id, sale_id, event.key, event.source, event.kind),
                    *(stored.status, stored.happened_at, at, facts_text(stored.facts)),
                )
                for event, at in zip(events, received_at, strict=True)
                for stored in [history_event_of(event)]
            ][: len(arrived)]
            + self._changes(order, sale_id, assignment[-1]),
            named=(events[0].happened_at or 0, events[0].key),
        )

    def _subscription(self, order: Order) -> str | None:
        """The id of the subscription that the order is a payment of."""
        code = order.subscription
        if code is not None and code not in self.subscriptions:
            self.subscriptions[code] = Chance(f"{self.seller.name}, {code}").id(order.at)
        return None if code is None else self.subscriptions[code]

    def _refund(self, order: Order, last: Event, received_at: int, assigned_at: Any) -> Refund | None:
        """The refund that ends a sale, if the desk requests it first."""
        refunded_at = last.happened_at or 0
        if (
            last.facts is None
            or last.facts.status is not Status.REFUNDED
            or order.assignee not in DESK
            or order.method is PaymentMethod.DIRECT_DEBIT
            or refunded_at < max(END - _REFUNDED_WITHIN, assigned_at + 2 * _REQUESTED_BEFORE)
            or len(self.refunds) == REFUNDS
        ):
            return None
        facts = msgspec.structs.replace(last.facts, product_reference=order.listing.reference)
        message = msgspec.structs.replace(last, facts=facts)
        refund = Refund(
            str(last.reference), order.assignee, refunded_at - _REQUESTED_BEFORE, message, received_at
        )
        self.refunds.append(refund)
        return refund

    def _received(self, event: Event) -> int:
        return (event.happened_at or 0) + self.chance.number(400, 9_000)

    def _assignment(self, order: Order) -> tuple[str | int | None, ...]:
        collaborator = self.collaborators.get(order.assignee)
        if collaborator is None:
            return None, None, None, None, None
        at = min(END, order.at + self.chance.number(5 * MINUTE, 30 * HOUR))
        return collaborator.id, collaborator.team_id, collaborator.id, collaborator.team_id, at

    def _changes(self, order: Order, sale_id: str, at: str | int | None) -> list[tuple[Any, ...]]:
        """The event of its assignment, if it is assigned: the owner's act."""
        to = self.collaborators.get(order.assignee)
        if to is None:
            return []
        assignment = SaleAssignment(
            assignment=Assignment(to.id, to.name, to.team_id, to.team_name),
            credit=Credit(to.id, to.team_id),
        )
        chance = Chance(f"assignment of {sale_id}")
        of = (chance.id(order.at), self.account_id, sale_id, f"person:{chance.name()}")
        kinds = (EventSource.PERSON, EVENTS[SaleAssignment].kind, None)
        return [(*of, *kinds, at, at, event_text(assignment, self.owner))]

    def _events(self, order: Order, reference: str) -> list[Event]:
        taken = steps(self.chance, order)
        first = msgspec.structs.replace(self._first_facts(order), slip=slip_of(order, reference))
        events = []
        for place, step in enumerate(taken):
            details = _facts_of(order, step)
            facts = (
                msgspec.structs.replace(first, **details)
                if place == 0
                else Facts(**details, ordered_at=order.at)
            )
            events.append(self._event(reference, step, facts))
        return events

    def _event(self, reference: str, step: Step, facts: Facts) -> Event:
        kind = _KINDS.get(step.status)
        if kind is None:
            # the marketplace sends no messages about these: they come from its sales history
            key = f"rest:{reference}:{step.status.value}"
            return Event(key, KIND, EventSource.REST, step.at, reference, facts)
        return Event(self.chance.name(), kind, EventSource.WEBHOOK, step.at, reference, facts)

    def _first_facts(self, order: Order) -> Facts:
        offer, listing, buyer = order.offer, order.listing, order.buyer
        coupon = order.recurrence is None and self.chance.falls(_COUPON)
        price = offer.amount * (100 - _COUPON_PERCENT) // 100 if coupon else offer.amount
        return Facts(
            product_reference=listing.reference,
            product_ucode=listing.ucode,
            product_name=listing.title.name,
            product_support_email=self.seller.support_email,
            offer_code=offer.code,
            offer_price=offer.amount,
            offer_currency=offer.currency,
            price=price,
            currency=offer.currency,
            full_price=price + price * _INTEREST[order.instalments] // 10_000,
            full_currency=offer.currency,
            payment_method=order.method,
            instalments=order.instalments,
            buyer_name=buyer.name,
            buyer_email=buyer.email,
            buyer_phone=buyer.phone,
            buyer_document=buyer.document,
            buyer_country=buyer.market.country,
            buyer_address=buyer.address,
            origin_src=order.src,
            origin_sck=order.sck,
            checkout_origin=order.checkout,
            device=order.device,
            affiliate_code=order.affiliate.code if order.affiliate else None,
            affiliate_name=order.affiliate.name if order.affiliate else None,
            subscription_code=order.subscription,
            subscription_plan=PLAN if order.subscription else None,
            next_charge_at=order.at + _MONTH if order.subscription else None,
            recurrence=order.recurrence,
            commissions=self._shares(order, price),
            ordered_at=order.at,
        )

    def _shares(self, order: Order, price: int) -> tuple[Share, ...]:
        """The shares of the price, exact to the cent."""
        currency = "BRL" if order.paid_in_reais else order.offer.currency
        if order.paid_in_reais:
            price = price * REAIS_FOR_A_DOLLAR // 100
        fee = min(price, price * _FEE_PER_MILLE // 1000 + _FIXED_FEE[currency])
        left = price - fee
        shares = []
        if order.affiliate is not None:
            part = left * order.affiliate.percent // 100
            shares.append(Share(CommissionSource.AFFILIATE, part, currency, order.affiliate.name))
        if order.listing.title.coproducer is not None:
            part = (left - sum(share.amount for share in shares)) * _COPRODUCER_PERCENT // 100
            shares.append(Share(CommissionSource.COPRODUCER, part, currency, order.listing.title.coproducer))
        own = left - sum(share.amount for share in shares)
        return (
            Share(CommissionSource.MARKETPLACE, fee, currency),
            Share(CommissionSource.PRODUCER, own, currency, self.seller.name),
            *shares,
        )


def _own(folded: Folded) -> tuple[int | None, str | None]:
    share = own_share(folded.own, ())
    return (share.amount, share.currency) if share else (None, None)


def _facts_of(order: Order, step: Step) -> dict[str, Any]:
    """The facts that a step adds to a sale."""
    details: dict[str, Any] = {"status": step.status}
    if step.status is Status.APPROVED:
        # those of the last day can be refunded whenever someone looks
        ends = step.at + order.listing.title.warranty_days * DAY if step.at < END - DAY else FAR
        details |= {"approved_at": step.at, "warranty_until": ends}
    if step.status is Status.REFUNDED:
        details["refunded_at"] = step.at
    return details

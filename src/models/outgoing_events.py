"""The events that go out to other systems, each declared once: its object, what it carries, and an example.

An event names its object, and carries fields of it by their paths in the API. What a receiver gets of them is
read through the API as it is sent, so a gate that is closed leaves a field out.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from models.vocabulary import SaleStatus


class EventType(StrEnum):
    """What happened. Other systems get its name in lower case, with a dot for the first underscore."""

    SALE_OPENED = "SALE_OPENED"
    """A sale began, and is not paid yet."""
    SALE_APPROVED = "SALE_APPROVED"
    """The payment of a sale was approved."""
    SALE_COMPLETED = "SALE_COMPLETED"
    """The payment of a sale was approved, and its warranty period is over."""
    SALE_CANCELLED = "SALE_CANCELLED"
    """A sale was canceled, blocked or refused before it was paid."""
    SALE_EXPIRED = "SALE_EXPIRED"
    """A sale was not paid in time."""
    SALE_OVERDUE = "SALE_OVERDUE"
    """A recurring payment is late."""
    SALE_DISPUTED = "SALE_DISPUTED"
    """The buyer disputes a sale."""
    SALE_REFUNDED = "SALE_REFUNDED"
    """The price of a sale was refunded."""
    SALE_PARTIALLY_REFUNDED = "SALE_PARTIALLY_REFUNDED"
    """A part of the price of a sale was refunded."""
    SALE_CHARGED_BACK = "SALE_CHARGED_BACK"
    """The buyer's bank reversed the payment of a sale."""
    SALE_ASSIGNED = "SALE_ASSIGNED"
    """A sale was assigned to someone else, or to no one."""
    SALE_BUYER_EMAIL_CHANGED = "SALE_BUYER_EMAIL_CHANGED"
    """The e-mail address of a sale's buyer was changed."""
    SALE_REFUND_REQUESTED = "SALE_REFUND_REQUESTED"
    """The refund of a sale was requested from the marketplace."""
    SALE_REFUND_WITHDRAWN = "SALE_REFUND_WITHDRAWN"
    """The request to refund a sale was withdrawn."""
    SALE_SLIP_REQUESTED = "SALE_SLIP_REQUESTED"
    """A new payment slip was requested from the marketplace."""
    SUBSCRIPTION_STARTED = "SUBSCRIPTION_STARTED"
    """A subscription began."""
    SUBSCRIPTION_RENEWED = "SUBSCRIPTION_RENEWED"
    """A further payment of a subscription was approved."""
    SUBSCRIPTION_DELAYED = "SUBSCRIPTION_DELAYED"
    """A payment of a subscription is overdue."""
    SUBSCRIPTION_CANCELLED = "SUBSCRIPTION_CANCELLED"
    """A subscription was canceled."""
    SUBSCRIPTION_EXPIRED = "SUBSCRIPTION_EXPIRED"
    """The term of a subscription is over, or its first payment was never made."""
    SUBSCRIPTION_PLAN_SWITCHED = "SUBSCRIPTION_PLAN_SWITCHED"
    """A subscription has another plan."""
    SUBSCRIPTION_CHARGE_DAY_CHANGED = "SUBSCRIPTION_CHARGE_DAY_CHANGED"
    """A subscription is charged on another day of the month."""
    SUBSCRIPTION_CANCEL_REQUESTED = "SUBSCRIPTION_CANCEL_REQUESTED"
    """It was requested from the marketplace to cancel a subscription."""
    SUBSCRIPTION_CHARGE_DAY_REQUESTED = "SUBSCRIPTION_CHARGE_DAY_REQUESTED"
    """Another day of charge was requested from the marketplace."""
    SUBSCRIPTION_REACTIVATION_REQUESTED = "SUBSCRIPTION_REACTIVATION_REQUESTED"
    """It was requested from the marketplace to activate a subscription again."""
    OPPORTUNITY_OPENED = "OPPORTUNITY_OPENED"
    """An opportunity was found, or someone added one."""
    OPPORTUNITY_ASSIGNED = "OPPORTUNITY_ASSIGNED"
    """An opportunity was assigned to someone else, or to no one."""
    OPPORTUNITY_WON = "OPPORTUNITY_WON"
    """An opportunity was won."""
    OPPORTUNITY_LOST = "OPPORTUNITY_LOST"
    """An opportunity was lost."""
    OPPORTUNITY_CANCELLED = "OPPORTUNITY_CANCELLED"
    """An opportunity turned out to be none."""
    OPPORTUNITY_REOPENED = "OPPORTUNITY_REOPENED"
    """A closed opportunity was opened again."""
    WITHDRAWAL_REQUESTED = "WITHDRAWAL_REQUESTED"
    """A withdrawal was requested, and needs no further approval."""
    WITHDRAWAL_APPROVED = "WITHDRAWAL_APPROVED"
    """The owner approved a withdrawal."""
    WITHDRAWAL_REFUSED = "WITHDRAWAL_REFUSED"
    """The owner refused a withdrawal."""
    WITHDRAWAL_CANCELLED = "WITHDRAWAL_CANCELLED"
    """A withdrawal was canceled, or was not approved in time."""
    WITHDRAWAL_PAID = "WITHDRAWAL_PAID"
    """A withdrawal was paid out."""
    WITHDRAWAL_FAILED = "WITHDRAWAL_FAILED"
    """The payout of a withdrawal failed."""
    WEBHOOK_TEST = "WEBHOOK_TEST"
    """Someone tries an endpoint. It is about no object."""

    @property
    def wire(self) -> str:
        """Its name in messages to other systems, for example `sale.approved`."""
        return self.value.lower().replace("_", ".", 1)


class ObjectKind(msgspec.Struct, frozen=True):
    """A kind of object that events are about."""

    type_name: str
    """Its type in the API."""
    prefix: str
    """What the API's ids of such objects begin with."""
    table: str
    fields: Mapping[str, Any]
    """The paths of the fields that its events carry, each with an example."""
    key: str | None = None
    """The column of the name by which the marketplace knows it."""
    key_name: str | None = None
    """The field of that column in the API."""
    product: str | None = None
    """The column of its product."""


_MONEY = {"amount": "49.90", "currency": "BRL"}
_PERSON = {"name": "Nora Buyer", "country": "BR", "email": "nora@example.com", "phone": "+5511999990000"}
_CONTACT = {**_PERSON, "document": "12345678909"}

SALE = ObjectKind(
    "Sale",
    "sale",
    "sales",
    {
        "reference": "HP1234567890",
        "status": "APPROVED",
        "soldAs": "PRODUCER",
        "product": {"id": "product_0197", "name": "Photography course"},
        "offer": {"code": "p1a"},
        "price": _MONEY,
        "fullPrice": _MONEY,
        "net": {"amount": "44.91", "currency": "BRL"},
        "refundedAmount": _MONEY,
        "coupon": None,
        "paymentMethod": "PIX",
        "installments": 1,
        "buyer": _CONTACT,
        "origin": {"src": "newsletter", "sck": None},
        "affiliate": {"code": "A1B2C3", "name": "Pat Partner"},
        "subscription": {"code": "SUB123", "recurrence": 2},
        "orderedAt": "2026-06-05T14:00:00Z",
        "approvedAt": "2026-06-05T14:00:30Z",
        "refundedAt": None,
        "warrantyUntil": "2026-06-12T14:00:30Z",
        "assignee": {"name": "Sam Support"},
        "team": {"name": "North"},
    },
    key="reference",
    key_name="reference",
    product="product_id",
)
SUBSCRIPTION = ObjectKind(
    "ProductSubscription",
    "subscription",
    "subscriptions",
    {
        "code": "SUB123",
        "status": "ACTIVE",
        "endedBy": None,
        "product": {"id": "product_0197", "name": "Club"},
        "plan": {"name": "Monthly"},
        "price": _MONEY,
        "startedAt": "2026-06-02T11:00:00Z",
        "nextChargeAt": "2026-08-02T11:00:00Z",
        "chargeDay": 2,
        "paidRecurrences": 2,
        "endedAt": None,
        "reason": None,
        "subscriber": _CONTACT,
        "assignee": {"name": "Sam Support"},
        "team": {"name": "North"},
    },
    key="code",
    key_name="code",
    product="product_id",
)
OPPORTUNITY = ObjectKind(
    "Opportunity",
    "opportunity",
    "opportunities",
    {
        "title": "Nora Buyer",
        "kind": "ABANDONED_CHECKOUT",
        "status": "TODO",
        "step": {"name": "New"},
        "amount": _MONEY,
        "product": {"id": "product_0197", "name": "Photography course"},
        "contact": _CONTACT,
        "openedAt": "2026-06-04T09:00:00Z",
        "closedAt": None,
        "lostReason": None,
        "wonBy": {"reference": "HP1234567890"},
        "assignee": {"name": "Sam Support"},
        "team": {"name": "North"},
    },
    product="product_id",
)
WITHDRAWAL = ObjectKind(
    "Withdrawal",
    "withdrawal",
    "withdrawals",
    {
        "amount": {"amount": "1500.00", "currency": "BRL"},
        "status": "REQUESTED",
        "destination": {"ending": "4321"},
        "requestedAt": "2026-06-20T10:00:00Z",
        "failure": None,
        "closedAt": None,
    },
)


class OutgoingEvent(msgspec.Struct, frozen=True):
    """An event as it was declared."""

    object: ObjectKind | None
    more: Mapping[str, Any] = {}
    """What it carries besides the fields of its object, or with another example."""

    @property
    def fields(self) -> dict[str, Any]:
        """The fields that it carries, each with an example that shows what is below it."""
        return {} if self.object is None else {**self.more, **self.object.fields}

    @property
    def example(self) -> dict[str, Any]:
        """The same, as they are after such an event."""
        return {} if self.object is None else {**self.object.fields, **self.more}


def _status(**more: Any) -> OutgoingEvent:
    return OutgoingEvent(SALE, {"refundedAmount": None, **more})


_REFUND = {"id": "refund_0197", "status": "REQUESTED", "reason": "REGRET", "amount": _MONEY}
_SLIP = {"kind": "BILLET", "status": "REQUESTED"}
_REQUEST = {"id": "subscriptionRequest_0197", "kind": "CANCEL", "status": "REQUESTED", "day": None}
OUTGOING: dict[EventType, OutgoingEvent] = {
    EventType.SALE_OPENED: _status(status="WAITING_PAYMENT", approvedAt=None),
    EventType.SALE_APPROVED: _status(),
    EventType.SALE_COMPLETED: _status(status="COMPLETE"),
    EventType.SALE_CANCELLED: _status(status="CANCELLED", approvedAt=None, refusal="INSUFFICIENT_FUNDS"),
    EventType.SALE_EXPIRED: _status(status="EXPIRED", approvedAt=None),
    EventType.SALE_OVERDUE: _status(status="OVERDUE", approvedAt=None),
    EventType.SALE_DISPUTED: _status(status="DISPUTE"),
    EventType.SALE_REFUNDED: _status(status="REFUNDED", refundedAt="2026-06-09T14:00:00Z"),
    EventType.SALE_PARTIALLY_REFUNDED: _status(status="PARTIALLY_REFUNDED", refundedAmount=_MONEY),
    EventType.SALE_CHARGED_BACK: _status(status="CHARGEBACK"),
    EventType.SALE_ASSIGNED: _status(),
    EventType.SALE_BUYER_EMAIL_CHANGED: _status(),
    EventType.SALE_REFUND_REQUESTED: _status(refundRequest=_REFUND),
    EventType.SALE_REFUND_WITHDRAWN: _status(refundRequest=_REFUND | {"status": "WITHDRAWN"}),
    EventType.SALE_SLIP_REQUESTED: _status(paymentSlip=_SLIP),
    EventType.SUBSCRIPTION_STARTED: OutgoingEvent(SUBSCRIPTION, {"paidRecurrences": 1}),
    EventType.SUBSCRIPTION_RENEWED: OutgoingEvent(SUBSCRIPTION),
    EventType.SUBSCRIPTION_DELAYED: OutgoingEvent(SUBSCRIPTION, {"status": "DELAYED"}),
    EventType.SUBSCRIPTION_CANCELLED: OutgoingEvent(SUBSCRIPTION, {"status": "CANCELLED"}),
    EventType.SUBSCRIPTION_EXPIRED: OutgoingEvent(SUBSCRIPTION, {"status": "EXPIRED"}),
    EventType.SUBSCRIPTION_PLAN_SWITCHED: OutgoingEvent(SUBSCRIPTION),
    EventType.SUBSCRIPTION_CHARGE_DAY_CHANGED: OutgoingEvent(SUBSCRIPTION),
    EventType.SUBSCRIPTION_CANCEL_REQUESTED: OutgoingEvent(SUBSCRIPTION, {"requests": [_REQUEST]}),
    EventType.SUBSCRIPTION_CHARGE_DAY_REQUESTED: OutgoingEvent(
        SUBSCRIPTION, {"requests": [_REQUEST | {"kind": "CHARGE_DAY", "day": 10}]}
    ),
    EventType.SUBSCRIPTION_REACTIVATION_REQUESTED: OutgoingEvent(
        SUBSCRIPTION, {"requests": [_REQUEST | {"kind": "REACTIVATE"}]}
    ),
    EventType.OPPORTUNITY_OPENED: OutgoingEvent(OPPORTUNITY, {"wonBy": None}),
    EventType.OPPORTUNITY_ASSIGNED: OutgoingEvent(OPPORTUNITY, {"wonBy": None}),
    EventType.OPPORTUNITY_WON: OutgoingEvent(OPPORTUNITY, {"status": "WON"}),
    EventType.OPPORTUNITY_LOST: OutgoingEvent(OPPORTUNITY, {"status": "LOST", "lostReason": "PRICE"}),
    EventType.OPPORTUNITY_CANCELLED: OutgoingEvent(OPPORTUNITY, {"status": "CANCELLED"}),
    EventType.OPPORTUNITY_REOPENED: OutgoingEvent(OPPORTUNITY),
    EventType.WITHDRAWAL_REQUESTED: OutgoingEvent(WITHDRAWAL),
    EventType.WITHDRAWAL_APPROVED: OutgoingEvent(WITHDRAWAL),
    EventType.WITHDRAWAL_REFUSED: OutgoingEvent(WITHDRAWAL, {"status": "REFUSED"}),
    EventType.WITHDRAWAL_CANCELLED: OutgoingEvent(WITHDRAWAL, {"status": "CANCELLED"}),
    EventType.WITHDRAWAL_PAID: OutgoingEvent(WITHDRAWAL, {"status": "PAID"}),
    EventType.WITHDRAWAL_FAILED: OutgoingEvent(
        WITHDRAWAL, {"status": "FAILED", "failure": "The account was closed."}
    ),
    EventType.WEBHOOK_TEST: OutgoingEvent(None),
}
"""Every event by its type."""

_OF_STATUS = {
    SaleStatus.APPROVED: EventType.SALE_APPROVED,
    SaleStatus.COMPLETE: EventType.SALE_COMPLETED,
    SaleStatus.OVERDUE: EventType.SALE_OVERDUE,
    SaleStatus.CANCELLED: EventType.SALE_CANCELLED,
    SaleStatus.BLOCKED: EventType.SALE_CANCELLED,
    SaleStatus.NO_FUNDS: EventType.SALE_CANCELLED,
    SaleStatus.EXPIRED: EventType.SALE_EXPIRED,
    SaleStatus.DISPUTE: EventType.SALE_DISPUTED,
    SaleStatus.PARTIALLY_REFUNDED: EventType.SALE_PARTIALLY_REFUNDED,
    SaleStatus.REFUNDED: EventType.SALE_REFUNDED,
    SaleStatus.CHARGEBACK: EventType.SALE_CHARGED_BACK,
}


def type_of_status(status: SaleStatus) -> EventType:
    """The event of a status that a sale reaches."""
    return _OF_STATUS.get(status, EventType.SALE_OPENED)

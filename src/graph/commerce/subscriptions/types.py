"""Subscriptions to products."""

import strawberry

from actions.commerce.subscriptions.found import subscriptions
from authz import reach
from authz.gates import Needs, gated, needs
from authz.grant import Grant
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Children, Embedded, children, computed, embedded, joined, sourced
from graph.commerce.products.types import PlanName, Product
from graph.commerce.sales.types import DOCUMENT, EMAIL, PHONE, Sale
from graph.commerce.subscriptions.history import REMINDERS, SubscriptionEvent, SubscriptionReminderSent
from graph.commerce.subscriptions.request import SubscriptionRequest
from graph.kit.money import Money, priced
from graph.kit.node import Node, found_within
from graph.kit.scalars import DateTime
from graph.membership.collaborators.types import Person
from graph.membership.teams.types import Team
from models import database
from models.masking import masked_email, masked_number
from models.product_vocabulary import PlanPeriod
from models.tables.subscription import CancellationReason, EndedBy, SubscriptionStatus

strawberry.enum(SubscriptionStatus)
strawberry.enum(EndedBy)

_SUBSCRIPTIONS = Needs(grant=Grant.MANAGE_SUBSCRIPTIONS)


@gated(_SUBSCRIPTIONS)
@strawberry.type
class Subscriber:
    """The subscriber, as the newest payment describes them, or else the newest message about the
    subscription.

    If the account reveals personal data only on record (`Account.revealOnRecord`), collaborators see the
    e-mail address, the phone number and the document masked.
    """

    name: str | None
    """The subscriber's name."""
    country: str | None
    """The subscriber's country as an ISO 3166 code, for example `BR`."""
    email: str | None = needs(Grant.CHANGE_BUYER_EMAIL, EMAIL)
    """The subscriber's e-mail address."""
    email_masked: str | None = computed(masked_email, "email")
    """The first letters of the e-mail address and of its domain, for example `m…@e…`."""
    phone: str | None = needs(Grant.ISSUE_PAYMENT_SLIPS, PHONE)
    """The subscriber's phone number."""
    phone_masked: str | None = computed(masked_number, "phone")
    """The last two digits of the phone number, for example `…42`."""
    document: str | None = needs(Grant.SEND_RECEIPTS, DOCUMENT)
    """The number of the subscriber's identity or tax document."""


def _silent(silent_from: int | None) -> bool:
    return silent_from is not None and silent_from <= database.now()


@gated(_SUBSCRIPTIONS)
@row_of("subscriptions", "subscription")
@strawberry.type
class ProductSubscription(Node):
    """One subscriber's subscription to a product."""

    code: str
    """The marketplace's code of the subscriber, unique in the account, for example `KOBB7XB2`."""
    status: SubscriptionStatus
    """The current status of the subscription. A request does not change it."""
    ended_by: EndedBy | None
    """Who canceled the subscription; null if it is not canceled."""
    product: Product = joined("product_id")
    """The product that is subscribed to."""
    plan: PlanName | None = sourced(Embedded(names={"name": "plan"}, present="plan"))
    """The plan of the subscription; null if it is not known."""
    period: PlanPeriod | None
    """How often the subscription is paid; null if it is not known."""
    price: Money | None = sourced(priced("price"))
    """The price of one payment: that of the newest payment, or what the marketplace said since then."""
    trial: bool
    """Whether the subscription is in a trial and nothing is paid yet."""
    silent: bool = computed(_silent, "silent_from")
    """Whether the next charge is more than 10 days past and nothing was heard since. A silent subscription
    keeps its status."""
    started_at: DateTime | None
    """When the subscription started; null if its first payment is not known."""
    next_charge_at: DateTime | None
    """When the next payment is due: what the marketplace said last, otherwise a period after the last
    payment."""
    charge_day: int | None
    """The day of the month on which the subscription is charged, from 1 to 31."""
    recurrence: int | None
    """The highest number of a payment that is known, starting at 1."""
    paid_recurrences: int
    """The number of payments that were approved."""
    overdue_recurrences: int
    """The number of payments that are overdue now."""
    ended_at: DateTime | None
    """When the subscription ended; null if it has not. If only a page of the marketplace reports the end,
    this is when the page was read."""
    reason: CancellationReason | None
    """The reason for which it was canceled, as it was requested here; null if it is not canceled."""
    note: str | None
    """The note of the request by which it was canceled."""
    subscriber: Subscriber = embedded("subscriber_")
    """The subscriber."""
    assignee: Person | None = joined("assignee_id")
    """The collaborator the subscription is assigned to; null if it is unassigned. If it was never assigned by
    hand, it is the assignee of its newest payment that has one."""
    team: Team | None = joined("team_id")
    """The team in which the subscription was assigned; null for none."""
    requests: list[SubscriptionRequest] = children("subscription_id", Order("requested_at", descending=True))
    """What was requested from the marketplace, newest first."""
    reminders: list[SubscriptionReminderSent] = sourced(REMINDERS)
    """The e-mails that were sent to the subscriber about charges, overdue payments and the end, oldest first:
    by people, and by the subscription rules."""
    history: list[SubscriptionEvent] = children("subscription_id", Order("happened_at"))
    """The events of the subscription outside of its payments, oldest first."""
    payments: list[Sale] = needs(
        Grant.SEARCH_SALES,
        Children("subscription_id", Order("ordered_at", descending=True), reach=reach.sales),
    )
    """The payments of the subscription within your reach, newest first: one for each period, for example 12 a
    year."""


found_within(ProductSubscription, subscriptions)

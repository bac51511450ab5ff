"""How a list of subscriptions is filtered and sorted."""

from enum import Enum
from typing import Any

import strawberry

from authz.gates import ON_RECORD, grant_bit
from authz.grant import Grant
from graph.commerce.products.types import Product
from graph.commerce.subscriptions.types import ProductSubscription
from graph.kit.filters import Criterion, Indexed, absent, criterion, equal, is_null, search, within
from graph.kit.period import PeriodInput
from graph.kit.search import holds, holds_as_written, is_as_written, needle_of
from graph.membership.collaborators.types import Person
from models import database
from models.statement import Statement, either
from models.tables.subscription import SubscriptionStatus


def _overdue(chosen: Criterion) -> Statement:
    return Statement(f"r.overdue_recurrences {'>' if chosen.value else '='} 0")


def _silent(chosen: Criterion) -> Statement:
    now = database.now()
    if chosen.value:
        return Statement("r.silent_from <= ?", (now,))
    return Statement("(r.silent_from IS NULL OR r.silent_from > ?)", (now,))


def _text(chosen: Criterion) -> Statement:
    text, viewer = chosen.value, chosen.viewer
    searched = [holds_as_written("r.code", text), holds("r.subscriber_folded", needle_of(text))]
    if viewer.mask & ON_RECORD:
        # by its parts, what is masked could be guessed; a whole address is known already
        if viewer.mask & grant_bit(Grant.CHANGE_BUYER_EMAIL):
            searched.append(is_as_written("r.subscriber_email", text))
        return either(searched)
    for column, grant in (
        ("r.subscriber_email", Grant.CHANGE_BUYER_EMAIL),
        ("r.subscriber_phone", Grant.ISSUE_PAYMENT_SLIPS),
        ("r.subscriber_document", Grant.SEND_RECEIPTS),
    ):
        if viewer.mask & grant_bit(grant):
            searched.append(holds_as_written(column, text))
    return either(searched)


@strawberry.input
class SubscriptionFilter:
    """A filter for subscriptions. Only subscriptions that meet all given conditions are listed."""

    status: list[SubscriptionStatus] | None = equal("status", indexed=Indexed("status"))
    """Subscriptions with one of these statuses."""
    product: strawberry.ID | None = equal("product_id", Product)
    """Subscriptions to the product with this id."""
    plan: str | None = equal("plan")
    """Subscriptions with the plan of this name, exactly as the marketplace sent it."""
    overdue: bool | None = criterion(_overdue)
    """True: subscriptions with an overdue payment. False: all other subscriptions."""
    silent: bool | None = criterion(_silent)
    """True: subscriptions whose next charge is more than 10 days past without any news. False: all others."""
    next_charge: PeriodInput | None = within("next_charge_at")
    """Subscriptions whose next payment is due in this period."""
    started: PeriodInput | None = within("started_at")
    """Subscriptions that started in this period."""
    ended: PeriodInput | None = within("ended_at")
    """Subscriptions that ended in this period."""
    assignee: strawberry.ID | None = equal("assignee_id", Person)
    """Subscriptions assigned to the person with this id."""
    unassigned: bool | None = absent("assignee_id")
    """True: subscriptions that are not assigned to anyone. False: those that are assigned to someone."""
    text: str | None = criterion(_text)
    """Subscriptions whose code or subscriber's name contains this text; case and accents are ignored. If you
    can read the subscriber's e-mail address, phone number or document, these are searched too. Where the
    owner has personal data revealed on record only, an e-mail address is found by the whole of it, and a
    phone number or document is not found."""


@strawberry.enum
class SubscriptionOrderField(Enum):
    """A field by which subscriptions can be sorted."""

    STARTED_AT = "known_since"
    """When the subscription started. If that is not known, the first thing known of it counts."""
    NEXT_CHARGE_AT = "next_charge_at"
    """When the next payment is due. Subscriptions without a known date are left out."""
    ENDED_AT = "ended_at"
    """When the subscription ended. Subscriptions that have not ended are left out."""


def _dated(_filter: SubscriptionFilter | None, order: Any) -> Statement | None:
    """A position in an order is a time, so rows without that time are left out."""
    if order is None or order.field is SubscriptionOrderField.STARTED_AT:
        return None
    return is_null(order.field.value, False)


find_subscriptions = search(
    ProductSubscription, SubscriptionFilter, order=SubscriptionOrderField.STARTED_AT, also=_dated
)

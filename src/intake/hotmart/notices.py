"""Hotmart's messages outside of sales: about subscriptions, and about the use of products."""

from collections.abc import Callable
from typing import Any

from intake.events.notice import FIRST_ACCESS, ContactNotice, Notice, SubscriptionFacts, SubscriptionNotice
from intake.hotmart.facts import first, plan_of
from intake.values.fields import Fields
from models.text import normalised_email

_LONGEST_EMAIL = 600


def _contact(data: Fields) -> ContactNotice | None:
    product, user = data.at("product"), data.at("user")
    reference = first(product.name("id", 64), product.name("ucode", 64))
    email = user.name("email", 254)
    if reference is None or email is None:
        data.doubt("product or user is missing.")
        return None
    return ContactNotice(
        product_reference=reference,
        email=normalised_email(email)[:_LONGEST_EMAIL],
        name=user.text("name", 300),
        module=data.at("module").text("name", 300),
    )


def _subscription(data: Fields) -> SubscriptionNotice | None:
    subscription = data.at("subscription")
    subscriber = data.at("subscriber") if data.tree.get("subscriber") else subscription.at("subscriber")
    code = subscriber.name("code", 64)
    if code is None:
        data.doubt("subscriber.code is missing.")
        return None
    plan = _plan(data)
    return SubscriptionNotice(code, _facts(data, subscription, subscriber, plan))


def _plan(data: Fields) -> Fields:
    """The plan: of several, the current one."""
    plans = list(data.each("plans"))
    current = next((plan for plan in plans if plan.truth("current")), None)
    return current or data.at("plan")


def _facts(data: Fields, subscription: Fields, subscriber: Fields, plan: Fields) -> SubscriptionFacts:
    product = first(*(part.at("product") for part in (data, subscription) if part.tree.get("product")))
    product = product or data.at("product")
    value: Any = data.money("actual_recurrence_value", _currency(data))
    return SubscriptionFacts(
        status=subscription.text("status", 60),
        product_reference=first(product.name("id", 64), product.name("ucode", 64)),
        product_name=product.text("name", 300),
        plan=first(plan.text("name", 300), plan_of(subscription)),
        plan_code=first(plan.at("offer").name("code", 64), plan.name("code", 64)),
        subscriber_name=subscriber.text("name", 300),
        subscriber_email=subscriber.name("email", 254),
        value=value and value[0],
        currency=value and value[1],
        ended_at=data.moment("cancellation_date"),
        next_charge_at=first(data.moment("date_next_charge"), subscription.moment("date_next_charge")),
        charge_day=first(subscription.whole("new_charge_day"), data.whole("new_charge_day")),
        former_charge_day=first(subscription.whole("old_charge_day"), data.whole("old_charge_day")),
    )


def _currency(data: Fields) -> str | None:
    """The currency of what is paid; the messages seldom have one."""
    return data.currency("currency", "currency_code", "currency_value")


NOTICES: dict[str, Callable[[Fields], Notice | None]] = {
    FIRST_ACCESS: _contact,
    "CLUB_MODULE_COMPLETED": _contact,
    "SUBSCRIPTION_CANCELLATION": _subscription,
    "SWITCH_PLAN": _subscription,
    "UPDATE_SUBSCRIPTION_CHARGE_DATE": _subscription,
}
"""How messages of these kinds are read. Messages of other kinds are only stored."""

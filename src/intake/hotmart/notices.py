"""Hotmart's messages outside of sales: about subscriptions, and about the use of products."""

from collections.abc import Callable
from decimal import Decimal

from intake.events.notice import (
    FIRST_ACCESS,
    CheckoutNotice,
    ContactNotice,
    Notice,
    SubscriptionFacts,
    SubscriptionNotice,
)
from intake.hotmart.facts import checkout_facts, first
from intake.hotmart.subscription import plan_of, subscription_status
from intake.values.fields import Fields, Money
from models.product_vocabulary import PlanPeriod
from models.recovery.contact import contact_of_attempt
from models.tables.subscription import ENDED
from models.text import normalised_email

_LONGEST_EMAIL = 600
_LONGEST_VALUE = 40


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


def _checkout(data: Fields) -> CheckoutNotice | None:
    facts = checkout_facts(data)
    if facts.product_reference is None:
        data.doubt("product is missing.")
        return None
    contact = contact_of_attempt(facts.buyer_email, facts.buyer_phone)
    if contact is None:
        data.doubt("buyer has neither an e-mail address nor a phone number.")
        return None
    return CheckoutNotice(contact, facts)


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
    value, bare_value = _value(data)
    became, ended_by = subscription_status(subscription)
    return SubscriptionFacts(
        status=subscription.text("status", 60),
        became=became,
        ended_by=ended_by,
        product_reference=first(product.name("id", 64), product.name("ucode", 64)),
        product_name=product.text("name", 300),
        plan=first(plan.text("name", 300), plan_of(subscription)),
        plan_code=first(plan.at("offer").name("code", 64), plan.name("code", 64)),
        subscriber_name=subscriber.text("name", 300),
        subscriber_email=subscriber.name("email", 254),
        value=value and value[0],
        currency=value and value[1],
        bare_value=bare_value,
        ended_at=data.moment("cancellation_date"),
        next_charge_at=first(data.moment("date_next_charge"), subscription.moment("date_next_charge")),
        charge_day=first(subscription.whole("new_charge_day"), data.whole("new_charge_day")),
        former_charge_day=first(subscription.whole("old_charge_day"), data.whole("old_charge_day")),
    )


def _value(data: Fields) -> tuple[Money | None, str | None]:
    """What is paid each time. Without a currency, it is an amount that waits for one."""
    currency = _currency(data)
    value = data.tree.get("actual_recurrence_value")
    bare = str(value)
    if currency is None and isinstance(value, int | Decimal) and len(bare) <= _LONGEST_VALUE:
        return None, bare
    return data.money("actual_recurrence_value", currency), None


def _currency(data: Fields) -> str | None:
    """The currency of what is paid; the messages seldom have one."""
    return data.currency("currency", "currency_code", "currency_value")


NOTICES: dict[str, Callable[[Fields], Notice | None]] = {
    FIRST_ACCESS: _contact,
    "CLUB_MODULE_COMPLETED": _contact,
    "PURCHASE_OUT_OF_SHOPPING_CART": _checkout,
    "SUBSCRIPTION_CANCELLATION": _subscription,
    "SWITCH_PLAN": _subscription,
    "UPDATE_SUBSCRIPTION_CHARGE_DATE": _subscription,
}
"""How messages of these kinds are read. Messages of other kinds are only stored."""

SUBSCRIPTION_PAGES = ("SUBSCRIPTIONS", "SUBSCRIPTIONS_SUMMARY")
"""The kinds of REST pages whose items describe a subscription."""

_DAYS = {
    7: PlanPeriod.WEEKLY,
    30: PlanPeriod.MONTHLY,
    60: PlanPeriod.BIMONTHLY,
    90: PlanPeriod.QUARTERLY,
    180: PlanPeriod.BIANNUAL,
    360: PlanPeriod.ANNUAL,
    365: PlanPeriod.ANNUAL,
}


def subscription_notice(item: Fields, at: int) -> SubscriptionNotice | None:
    """What an item of a page says about a subscription, read at a time."""
    code = item.name("subscriber_code", 64)
    if code is None:
        item.doubt("subscriber_code is missing.")
        return None
    product, subscriber, plan = item.at("product"), item.at("subscriber"), _page_plan(item)
    price = item.money("price")
    became, ended_by = subscription_status(item)
    ended_at = item.moment("end_accession_date") if became in ENDED else None
    days = plan.whole("recurrency_period")
    facts = SubscriptionFacts(
        status=item.text("status", 60),
        became=became,
        ended_by=ended_by,
        product_reference=first(product.name("id", 64), product.name("ucode", 64)),
        product_name=product.text("name", 300),
        plan=plan_of(item),
        subscriber_name=subscriber.text("name", 300),
        subscriber_email=subscriber.name("email", 254),
        value=price and price[0],
        currency=price and price[1],
        ended_at=ended_at if ended_at is not None and ended_at <= at else None,
        next_charge_at=item.moment("date_next_charge"),
        started_at=item.moment("accession_date"),
        trial=item.truth("trial"),
        period=None if days is None else _DAYS.get(days),
        max_charges=plan.whole("max_charge_cycles") or None,
        recurrence=item.at("last_recurrency").whole("number"),
    )
    return SubscriptionNotice(code, facts)


def _page_plan(item: Fields) -> Fields:
    return Fields({}, item.path, item.doubts) if type(item.tree.get("plan")) is str else item.at("plan")

"""What an event says outside of sales: about someone's use of a product, or about a subscription."""

import msgspec

from intake.events.facts import Facts
from models.product_vocabulary import PaymentMode, PlanPeriod, ProductFormat, ProductStatus
from models.tables.subscription import EndedBy, SubscriptionStatus

FIRST_ACCESS = "CLUB_FIRST_ACCESS"


class ContactNotice(msgspec.Struct, frozen=True):
    """Someone used a product. The address is as it is compared."""

    product_reference: str
    email: str
    name: str | None = None
    module: str | None = None


class SubscriptionFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one event says about a subscription. Times are milliseconds, amounts minor units."""

    status: str | None = None
    """The marketplace's own word."""
    product_reference: str | None = None
    product_name: str | None = None
    plan: str | None = None
    plan_code: str | None = None
    subscriber_name: str | None = None
    subscriber_email: str | None = None
    value: int | None = None
    currency: str | None = None
    ended_at: int | None = None
    next_charge_at: int | None = None
    charge_day: int | None = None
    former_charge_day: int | None = None
    became: SubscriptionStatus | None = None
    """What the word of its status means."""
    ended_by: EndedBy | None = None
    bare_value: str | None = None
    """An amount without a currency, in major units."""
    started_at: int | None = None
    trial: bool | None = None
    period: PlanPeriod | None = None
    max_charges: int | None = None
    recurrence: int | None = None


class SubscriptionNotice(msgspec.Struct, frozen=True):
    """Something happened to a subscription."""

    code: str
    facts: SubscriptionFacts


class CatalogFacts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one item of a page says about a product, an offer or a plan. `None` is not said."""

    name: str | None = None
    reference: str | None = None
    ucode: str | None = None
    status: ProductStatus | None = None
    format: ProductFormat | None = None
    warranty_days: int | None = None
    main: bool | None = None
    payment_mode: PaymentMode | None = None
    period: PlanPeriod | None = None
    trial_days: int | None = None
    max_charges: int | None = None


class CatalogNotice(msgspec.Struct, frozen=True):
    """What a page says about a product, which it names by its number or its ucode, or about one of its offers
    or plans, by their code."""

    product: str
    facts: CatalogFacts
    code: str | None = None
    price: tuple[int, str] | None = None


class CheckoutNotice(msgspec.Struct, frozen=True):
    """Someone began to buy and gave up. The facts are about the product, the offer and who it was."""

    contact: str
    """Who it was, as `models.recovery.contact` recognizes them."""
    facts: Facts


PRODUCTS, OFFERS, PLANS = "PRODUCTS", "OFFERS", "PLANS"
"""The kinds of events that have a notice of the catalog."""

Notice = ContactNotice | SubscriptionNotice | CatalogNotice | CheckoutNotice

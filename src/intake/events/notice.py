"""What an event says outside of sales: about someone's use of a product, or about a subscription."""

import msgspec

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


class SubscriptionNotice(msgspec.Struct, frozen=True):
    """Something happened to a subscription."""

    code: str
    facts: SubscriptionFacts


Notice = ContactNotice | SubscriptionNotice

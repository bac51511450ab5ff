"""What a subscription is folded from: payments, messages and plans."""

import msgspec

from intake.events.notice import SubscriptionFacts
from intake.subscriptions.charge import Charge
from models.product_vocabulary import PlanPeriod
from models.vocabulary import EventSource, SaleStatus


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """A sale that is a payment of the subscription."""

    reference: str
    status: SaleStatus
    product_id: str
    ordered_at: int
    recurrence: int | None = None
    approved_at: int | None = None
    ended_at: int | None = None
    price: int = 0
    currency: str = "XXX"
    plan: str | None = None
    buyer_name: str | None = None
    buyer_email: str | None = None
    buyer_phone: str | None = None
    buyer_document: str | None = None
    buyer_country: str | None = None
    charge: Charge = Charge()

    @property
    def place(self) -> tuple[int, str]:
        """Its place among the payments."""
        return self.ordered_at, self.reference


class Said(msgspec.Struct, frozen=True):
    """What a message says about the subscription outside of its payments."""

    key: str
    kind: str
    source: EventSource
    happened_at: int
    facts: SubscriptionFacts


class PlanFacts(msgspec.Struct, frozen=True):
    """What a page of the catalog says about the plan."""

    period: PlanPeriod | None = None
    max_charges: int | None = None

"""What one event says about a sale, in Centrals' own terms. A sale is folded from these facts."""

import msgspec

from models.address import Address
from models.tables.subscription import EndedBy, SubscriptionStatus
from models.vocabulary import CommissionSource, PaymentMethod, SaleStatus, SlipKind, SoldAs

__all__ = ["Address", "Facts", "Share", "Slip", "facts_of", "facts_text"]


class Share(msgspec.Struct, frozen=True, omit_defaults=True):
    """One commission: the party, and the amount in minor units before and after conversion."""

    source: CommissionSource
    amount: int
    currency: str
    name: str | None = None
    converted_amount: int | None = None
    converted_currency: str | None = None


class Slip(msgspec.Struct, frozen=True, omit_defaults=True):
    """A payment slip: a code, or the address of a page that shows it."""

    kind: SlipKind
    code: str | None = None
    url: str | None = None
    expires_at: int | None = None


class Facts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one event says. Amounts are minor units, times are milliseconds since 1970, and `None` is not
    said.

    An event without a status, such as a page of commissions, adds facts to a sale and leaves its status.
    """

    status: SaleStatus | None = None

    product_reference: str | None = None
    product_ucode: str | None = None
    product_name: str | None = None
    product_support_email: str | None = None
    product_coproduced: bool | None = None
    offer_code: str | None = None
    offer_name: str | None = None
    offer_price: int | None = None
    offer_currency: str | None = None

    price: int | None = None
    currency: str | None = None
    full_price: int | None = None
    full_currency: str | None = None
    refunded_amount: int | None = None
    refunded_currency: str | None = None
    vat: int | None = None
    vat_currency: str | None = None
    payment_method: PaymentMethod | None = None
    instalments: int | None = None
    refusal_reason: str | None = None
    slip: Slip | None = None
    sold_as: SoldAs | None = None
    coupon: str | None = None
    in_funnel: bool | None = None
    order_bump: bool | None = None
    parent_reference: str | None = None

    buyer_name: str | None = None
    buyer_email: str | None = None
    buyer_phone: str | None = None
    buyer_document: str | None = None
    buyer_country: str | None = None
    buyer_address: Address | None = None

    origin_src: str | None = None
    origin_sck: str | None = None
    origin_xcod: str | None = None
    checkout_origin: str | None = None
    device: str | None = None
    affiliate_code: str | None = None
    affiliate_name: str | None = None
    producer_name: str | None = None
    coproducer_name: str | None = None
    subscription_code: str | None = None
    subscription_plan: str | None = None
    subscription_status: SubscriptionStatus | None = None
    subscription_ended_by: EndedBy | None = None
    next_charge_at: int | None = None
    recurrence: int | None = None
    commissions: tuple[Share, ...] | None = None

    ordered_at: int | None = None
    approved_at: int | None = None
    refunded_at: int | None = None
    warranty_until: int | None = None

    @property
    def describes_sale(self) -> bool:
        """Whether this event alone is enough to create a sale."""
        return self.status is not None and self.product_reference is not None and self.is_priced

    @property
    def is_priced(self) -> bool:
        """Whether it contains the sale's price."""
        return self.price is not None or self.refunded_amount is not None


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Facts)


def facts_text(facts: Facts) -> str:
    """The facts as JSON text for `sale_events.facts`."""
    return _encoder.encode(facts).decode()


def facts_of(text: str | bytes) -> Facts:
    """The facts in a `sale_events` row."""
    return _decoder.decode(text)

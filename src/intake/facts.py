"""What one event says about a sale, in the project's own words: the unit that a sale is folded from."""

import msgspec

from models.words import CommissionSource, PaymentMethod, SaleStatus


class Address(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a buyer lives, as far as the marketplace tells."""

    street: str | None = None
    number: str | None = None
    complement: str | None = None
    neighborhood: str | None = None
    city: str | None = None
    state: str | None = None
    postcode: str | None = None
    country: str | None = None


class Share(msgspec.Struct, frozen=True, omit_defaults=True):
    """One commission: whose it is, and how much in minor units of its currency."""

    source: CommissionSource
    amount: int
    currency: str
    name: str | None = None


class Facts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one event says; amounts are minor units, times milliseconds since 1970, `None` is untold."""

    status: SaleStatus | None = None

    product_reference: str | None = None
    product_ucode: str | None = None
    product_name: str | None = None
    product_support_email: str | None = None
    offer_code: str | None = None
    offer_price: int | None = None
    offer_currency: str | None = None

    price: int | None = None
    currency: str | None = None
    full_price: int | None = None
    full_currency: str | None = None
    payment_method: PaymentMethod | None = None
    instalments: int | None = None

    buyer_name: str | None = None
    buyer_email: str | None = None
    buyer_phone: str | None = None
    buyer_document: str | None = None
    buyer_country: str | None = None
    buyer_address: Address | None = None

    origin_src: str | None = None
    origin_sck: str | None = None
    checkout_origin: str | None = None
    device: str | None = None
    affiliate_code: str | None = None
    affiliate_name: str | None = None
    subscription_code: str | None = None
    recurrence: int | None = None
    commissions: tuple[Share, ...] | None = None

    ordered_at: int | None = None
    approved_at: int | None = None
    refunded_at: int | None = None
    warranty_until: int | None = None


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Facts)


def facts_text(facts: Facts) -> str:
    """The facts as the JSON text that `sale_events.facts` holds."""
    return _encoder.encode(facts).decode()


def facts_of(text: str | bytes) -> Facts:
    """The facts that a `sale_events` row holds."""
    return _decoder.decode(text)

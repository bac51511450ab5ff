"""The columns of a sale that its events decide, defined once from the fold to the table."""

from enum import Enum
from typing import Any

import msgspec

from models.address import Address, stored_address
from models.vocabulary import PaymentMethod, PaymentRefusal, SaleStatus, SlipKind, SoldAs


class SaleColumns(msgspec.Struct, frozen=True, kw_only=True):
    """The folded columns of `sales`. Amounts are minor units; times are milliseconds since 1970."""

    status: SaleStatus
    price: int
    currency: str
    full_price: int
    full_currency: str
    net: int | None
    net_currency: str | None
    payout: int | None
    payout_currency: str | None
    refunded_amount: int | None
    refunded_currency: str | None
    vat: int | None
    vat_currency: str | None
    payment_method: PaymentMethod | None
    instalments: int
    sold_as: SoldAs
    refusal: PaymentRefusal | None
    refusal_reason: str | None
    offer_price: int | None
    offer_currency: str | None
    coupon: str | None
    in_funnel: bool
    order_bump: bool
    parent_reference: str | None
    slip_kind: SlipKind | None
    slip_code: str | None
    slip_url: str | None
    slip_expires_at: int | None
    slip_issued_at: int | None

    buyer_name: str | None
    buyer_folded: str | None
    buyer_email: str | None
    marketplace_email: str | None
    buyer_phone: str | None
    buyer_document: str | None
    buyer_country: str | None
    buyer_address: Address | None
    buyer_state: str | None
    buyer_city: str | None

    origin_src: str | None
    origin_sck: str | None
    origin_xcod: str | None
    checkout_origin: str | None
    device: str | None
    affiliate_code: str | None
    affiliate_name: str | None
    subscription_code: str | None
    subscription_plan: str | None
    recurrence: int | None
    charge: str | None

    ordered_at: int
    approved_at: int | None
    refunded_at: int | None
    ended_at: int | None
    warranty_until: int | None

    def values(self) -> list[Any]:
        """The stored values, in the order of `SALE_COLUMNS`."""
        return [_stored(value) for value in msgspec.structs.astuple(self)]


SALE_COLUMNS = SaleColumns.__struct_fields__


def _stored(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if type(value) is Address:
        return stored_address(value)
    return value

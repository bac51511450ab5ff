"""Amounts of money."""

from decimal import Decimal as Number
from typing import Any

import strawberry

from engine.rows import computed
from graph.scalars import Decimal
from intake.money import exponent_of


@strawberry.type
class Money:
    """An exact amount in one currency."""

    minor: strawberry.Private[int]
    currency: str
    """ISO 4217 code, as BRL."""

    @strawberry.field
    def amount(self) -> Decimal:
        """The amount in major units, with as many decimals as the currency has."""
        return Decimal(Number(self.minor).scaleb(-exponent_of(self.currency)))


def money(minor: int | None, currency: str | None) -> Money | None:
    """Money of minor units; none where either is missing."""
    return None if minor is None or currency is None else Money(minor=minor, currency=currency)


def priced(amount: str, currency: str = "currency") -> Any:
    """A field made of an amount's column and its currency's."""
    return computed(money, amount, currency)

"""Amounts of money."""

from decimal import Decimal as Number

import strawberry

from engine.source import Computed, Embedded, sourced
from graph.scalars import Decimal
from intake.money import exponent_of


def _amount(minor: int, currency: str) -> Number:
    return Number(minor).scaleb(-exponent_of(currency))


@strawberry.type
class Money:
    """An exact amount in one currency."""

    minor: strawberry.Private[int]
    currency: str
    """ISO 4217 code, as BRL."""
    amount: Decimal = sourced(Computed(_amount, ("minor", "currency"), of_object=True))
    """The amount in major units, with as many decimals as the currency has."""


def priced(amount: str, currency: str = "currency") -> Embedded:
    """Money of an amount's column and its currency's; none where the amount is null."""
    return Embedded(names={"minor": amount, "currency": currency}, present=amount)

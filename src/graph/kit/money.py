"""Amounts of money."""

import strawberry

from engine.rows.source import Computed, Embedded, sourced
from graph.kit.scalars import Decimal
from models.currency import major_units


@strawberry.type
class Money:
    """An exact amount in one currency."""

    minor: strawberry.Private[int]
    currency: str
    """The currency's ISO 4217 code, for example `BRL`."""
    amount: Decimal = sourced(Computed(major_units, ("minor", "currency"), of_object=True))
    """The amount in major units, with as many decimals as the currency has, for example `"1497.00"`."""


@strawberry.input
class MoneyInput:
    """An exact amount in one currency."""

    amount: Decimal
    """The amount in major units, for example `"10.50"`."""
    currency: str
    """The currency's ISO 4217 code, for example `BRL`."""


def priced(amount: str, currency: str = "currency") -> Embedded:
    """Money from the columns of an amount and its currency. None if the amount is null."""
    return Embedded(names={"minor": amount, "currency": currency}, present=amount)

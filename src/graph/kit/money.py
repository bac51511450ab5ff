"""Amounts of money."""

import strawberry

from engine.rows.source import Computed, Embedded, sourced
from graph.kit.scalars import Decimal
from models.currency import exponent_of

_HUNDREDTHS = [f".{part:02d}" for part in range(100)]


def _amount(minor: int, currency: str) -> str:
    """The amount as it is written in responses: as text."""
    exponent = exponent_of(currency)
    if exponent == 2 and minor >= 0:  # nearly every amount, and a page has a hundred
        return f"{minor // 100}{_HUNDREDTHS[minor % 100]}"
    if exponent == 0:
        return str(minor)
    whole, part = divmod(abs(minor), 10**exponent)
    return f"{'-' if minor < 0 else ''}{whole}.{part:0{exponent}d}"


@strawberry.type
class Money:
    """An exact amount in one currency."""

    minor: strawberry.Private[int]
    currency: str
    """The currency's ISO 4217 code, for example `BRL`."""
    amount: Decimal = sourced(Computed(_amount, ("minor", "currency"), of_object=True))
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

"""Currencies and amounts of money as people name them."""

from decimal import Decimal

from authz.refusal import ErrorCode, Refusal
from models.currency import exponent_of
from models.places import CURRENCIES

_MOST = 10**12


def require_currency(currency: str, field: tuple[str, ...] = ("currency",)) -> None:
    """Refuse an unknown currency with BAD_INPUT."""
    if currency not in CURRENCIES:
        raise Refusal(ErrorCode.BAD_INPUT, "no_currency", field)


def minor_amount(amount: Decimal, currency: str, field: tuple[str, ...]) -> tuple[int, str]:
    """A positive amount in minor units, and the code of its currency. Any other amount is refused."""
    code = currency.upper()
    require_currency(code, (*field, "currency"))
    minor = amount.scaleb(exponent_of(code)) if abs(amount) <= _MOST else Decimal(-1)
    if minor != minor.to_integral_value() or minor <= 0:
        raise Refusal(
            ErrorCode.BAD_INPUT, "withdrawal_amount", (*field, "amount"), decimals=exponent_of(code)
        )
    return int(minor), code

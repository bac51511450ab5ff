"""Amounts as integers of minor units, read from decimal text and never through a float."""

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Any

from intake.values.reading import LARGEST, Malformed
from models.currency import exponent_of

_CURRENCY = re.compile(r"[A-Z]{3}")
_DECIMAL = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,30})?")
_NOISE = Decimal("0.001")
_LONGEST = 60
_PLAIN = 16  # as many digits as any decimal context holds
_EXACT = Context(prec=120)


def minor_units(value: Any, currency: str) -> tuple[int, bool]:
    """The amount in minor units, rounded half to even, and whether it was exact.

    The marketplace's own binary noise (`922.2199999999999`), less than a thousandth of a minor unit, counts
    as exact.
    """
    if (
        type(value) is Decimal
        and value.is_finite()
        and len(value.as_tuple().digits) <= _PLAIN
        and abs(value.adjusted()) <= _PLAIN
    ):
        scaled = value.scaleb(exponent_of(currency))
        if scaled == (whole := int(scaled)) and abs(whole) <= LARGEST:
            return whole, True
    with localcontext(_EXACT):
        exact = _decimal(value).scaleb(exponent_of(currency))
        nearest = exact.to_integral_value(ROUND_HALF_EVEN)
        even = exact == nearest or abs(exact - nearest) < _NOISE
    if abs(nearest) > LARGEST:
        raise Malformed("An amount is too large.")
    return int(nearest), even


def _decimal(value: Any) -> Decimal:
    if type(value) is str and _DECIMAL.fullmatch(value):
        value = Decimal(value)
    if type(value) is int:
        if abs(value) > LARGEST:
            raise Malformed("An amount is too large.")
        return Decimal(value)
    if type(value) is not Decimal or not value.is_finite():
        raise Malformed("An amount is not a number.")
    if value and abs(value.adjusted()) > _LONGEST:
        raise Malformed("An amount is too large or too small.")
    if len(value.as_tuple().digits) > _LONGEST:
        raise Malformed("An amount has too many digits.")
    return value


def currency_of(value: Any) -> str:
    """A currency's code in capitals."""
    if type(value) is str and len(value) == 3 and value.isascii() and value.isalpha() and value.isupper():
        return value
    code = value.strip().upper() if type(value) is str else ""
    if not _CURRENCY.fullmatch(code):
        raise Malformed("A currency is not a code of three letters.")
    return code

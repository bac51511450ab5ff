"""The cells of a report: amounts and dates as people write them, read by one convention for each file."""

import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from intake.values.reading import Malformed
from models.currency import exponent_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_AMOUNT = re.compile(r"-?[0-9][0-9.,]*")
_NOISE = re.compile(r"[^0-9.,-]")
_DATE = re.compile(
    r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})"
    r"(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.]\d+)? ?([AaPp][Mm])?)?"
)


class Custom(msgspec.Struct, frozen=True):
    """How a file writes amounts and dates."""

    decimal: str | None
    """The file's decimal mark, if one of its amounts shows it."""
    month_first: bool
    zone: ZoneInfo


def custom_of(amounts: Iterable[Any], dates: Iterable[Any], zone: ZoneInfo) -> Custom:
    """What some amounts and dates of a file show about all of them."""
    decimal = next((mark for cell in amounts if (mark := _decimal_mark(cell))), None)
    return Custom(decimal, any(map(_is_month_first, dates)), zone)


def _decimal_mark(cell: Any) -> str | None:
    """The mark before an amount's fraction, if it cannot be a thousands separator."""
    if type(cell) is not str:
        return None
    cell = _NOISE.sub("", cell)
    marks = [mark for mark in cell if mark in ".,"]
    if not marks:
        return None
    fraction = len(cell) - 1 - max(cell.rfind("."), cell.rfind(","))
    if len(set(marks)) > 1:
        return marks[-1] if marks.count(marks[-1]) == 1 else None
    return marks[0] if len(marks) == 1 and (fraction != 3 or cell.lstrip("-").startswith("0")) else None


def _is_month_first(cell: Any) -> bool:
    found = _DATE.fullmatch(cell.strip()) if type(cell) is str else None
    return bool(found and len(found[1]) <= 2 and (int(found[2]) > 12 or found[7]))


def amount(cell: Any, currency: str, custom: Custom, column: str) -> Decimal:
    """An amount. If its mark is ambiguous, the file's other amounts decide what it means."""
    if type(cell) in (int, float) and math.isfinite(cell):
        return Decimal(repr(cell))
    text = _NOISE.sub("", str(cell)) if type(cell) is str else ""
    if not _AMOUNT.fullmatch(text):
        raise Malformed(f"{column} is not an amount.")
    decimal = _decimal_mark(text) or _meant(text, currency, custom)
    whole, _, fraction = text.rpartition(decimal) if decimal and decimal in text else (text, "", "")
    whole = whole.replace(".", "").replace(",", "")
    if not whole.lstrip("-"):
        whole += "0"
    return Decimal(f"{whole}.{fraction}" if fraction else whole)


def _meant(text: str, currency: str, custom: Custom) -> str | None:
    """The decimal mark in `1.234` or `1,234`: the file's own; otherwise the mark separates thousands."""
    if custom.decimal:
        return custom.decimal if text.count(custom.decimal) == 1 else None
    mark = "." if "." in text else ","
    return mark if exponent_of(currency) == 3 and text.count(mark) == 1 else None


def moment(cell: Any, custom: Custom, column: str) -> int:
    """A date or time in milliseconds since 1970. Without a zone, it is in the account's time zone."""
    try:
        if type(cell) is datetime:
            found = cell
        elif type(cell) is date:
            found = datetime.combine(cell, time())
        else:
            found = _written(str(cell).strip(), custom)
        if found.tzinfo is None:
            found = found.replace(tzinfo=custom.zone)
        return int((found - _EPOCH).total_seconds() * 1000)
    except (ValueError, OverflowError):
        raise Malformed(f"{column} is not a date.") from None


def _written(text: str, custom: Custom) -> datetime:
    found = _DATE.fullmatch(text)
    if not found:
        return datetime.fromisoformat(text)
    first, second, third = (int(found[number]) for number in (1, 2, 3))
    if len(found[1]) == 4:
        year, month, day = first, second, third
    else:
        day, month = (second, first) if custom.month_first else (first, second)
        year = third if len(found[3]) == 4 else third + 2000
    hour = int(found[4] or 0)
    if found[7]:
        hour = hour % 12 + (12 if found[7].lower() == "pm" else 0)
    return datetime(year, month, day, hour, int(found[5] or 0), int(found[6] or 0))  # noqa: DTZ001

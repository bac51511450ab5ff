"""Scalars: how times, dates and decimals are written and read."""

from datetime import date, datetime, timedelta
from decimal import Decimal as Number
from functools import lru_cache
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

DateTime = NewType("DateTime", int)
Date = NewType("Date", date)
Decimal = NewType("Decimal", Number)
# a page has a hundred times, and writing one by the calendar takes four times as long
_EPOCH = date(1970, 1, 1)
_MINUTES = [f"T{minute // 60:02d}:{minute % 60:02d}:" for minute in range(1440)]
_SECONDS = [f"{second:02d}Z" for second in range(60)]


@lru_cache(maxsize=4_096)
def _day(number: int) -> str:
    return (_EPOCH + timedelta(number)).isoformat()


def write_time(milliseconds: int) -> str:
    seconds = milliseconds // 1000
    text = _day(seconds // 86_400) + _MINUTES[seconds // 60 % 1440] + _SECONDS[seconds % 60]
    rest = milliseconds - seconds * 1000
    return f"{text[:-1]}.{rest:03d}Z" if rest else text


def _read_time(text: object) -> int:
    try:
        moment = datetime.fromisoformat(str(text)) if isinstance(text, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise GraphQLError("A DateTime is RFC 3339 text with a time zone, for example 2026-01-31T09:30:00Z.")
    return int(moment.timestamp() * 1000)


def _read_date(text: object) -> date:
    try:
        if isinstance(text, str) and len(text) == len("2026-01-31"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise GraphQLError("A Date is a calendar day as text, for example 2026-01-31.")


def _read_decimal(text: object) -> Number:
    if isinstance(text, str) and 0 < len(text) <= 30 and text.isascii():
        digits = text.removeprefix("-").replace(".", "", 1)
        if digits.isdigit() and text[-1] != "." and text.removeprefix("-")[0] != ".":
            return Number(text)
    raise GraphQLError('A Decimal is a number as text, for example "1497.00".')


SCALARS: dict[object, ScalarDefinition] = {
    DateTime: strawberry.scalar(
        name="DateTime",
        description="A point in time in UTC, as RFC 3339 text, for example `2026-01-31T09:30:00Z`.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
        serialize=write_time,
        parse_value=_read_time,
    ),
    Date: strawberry.scalar(
        name="Date",
        description="A calendar day, for example `2026-01-31`.",
        specified_by_url="https://scalars.graphql.org/andimarek/local-date.html",
        serialize=lambda day: day.isoformat(),
        parse_value=_read_date,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='An exact decimal number as text, for example `"1497.00"`.',
        specified_by_url="https://speleotrove.com/decimal/daconvs.html",
        serialize=str,
        parse_value=_read_decimal,
    ),
}

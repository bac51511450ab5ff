"""Reads a message: each value has the requested shape, or the message is malformed."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

DEEPEST = 60
LATEST = 253_402_300_799_999  # the last millisecond of the year 9999
LARGEST = 2**63 - 1
_SECONDS = (10**8, 10**11)
LONGEST_STORED = 1_048_576
_WHOLE = re.compile(r"-?[0-9]{1,19}")
_MOST_ESCAPES = 50_000
_HIGH, _LOW = rb"u[dD][89abAB][0-9a-fA-F]{2}", rb"u[dD][c-fC-F][0-9a-fA-F]{2}"
# each alternative begins with the backslash, so that the text between is skipped
_ESCAPE = re.compile(rb"\\(?:%b\\%b|(?P<half>%b|%b)|.)" % (_HIGH, _LOW, _HIGH, _LOW), re.DOTALL)

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_quick_decoder = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder(decimal_format="number")

Tree = dict[str, Any]


class Malformed(ValueError):
    """A message that says something impossible. The text says what, and never repeats a value."""


def decoded(body: bytes, *, exact: bool = True) -> Any:
    """The JSON value with exact numbers: integers as `int`, all others as `Decimal`.

    Without `exact`, which takes ten times as long, other numbers are those of the processor.
    """
    try:
        body.decode()
        return (_decoder if exact else _quick_decoder).decode(body)
    except RecursionError:
        raise Malformed("The message is nested too deeply.") from None
    except ArithmeticError:
        raise Malformed("A number of the message is out of range.") from None
    except UnicodeDecodeError:
        raise Malformed("The message is not UTF-8.") from None
    except msgspec.MsgspecError as fault:
        whole = _without_half_pairs(body)
        if whole == body:
            raise Malformed(f"The message is not JSON: {fault}") from None
    return decoded(whole, exact=exact)


def _without_half_pairs(body: bytes) -> bytes:
    """The text without unpaired surrogates: tools that cut a name may cut an emoji in two."""
    if body.count(b"\\") > _MOST_ESCAPES:
        return body
    return _ESCAPE.sub(lambda match: rb"\ufffd" if match["half"] else match[0], body)


def encoded(tree: Any) -> str:
    """The JSON text of a decoded value, with numbers as exact as they arrived."""
    return _encoder.encode(tree).decode()


def tree_at(tree: Tree, path: str) -> Tree:
    """The object under a key. An absent, null or empty value is an empty object."""
    value = tree.get(path)
    if value is None or value == "":
        return {}
    if type(value) is not dict:
        raise Malformed(f"{path} is not an object.")
    return value


def text_at(tree: Tree, key: str, limit: int) -> str | None:
    """A descriptive text, cut to the length of its column. The stored message has the whole text."""
    value = text_of(tree, key)
    return value[:limit].rstrip() or None if value is not None else None


def name_at(tree: Tree, key: str, limit: int) -> str | None:
    """A text that identifies something. It cannot be cut, so a text that is too long is malformed."""
    value = text_of(tree, key)
    if value is not None and len(value) > limit:
        raise Malformed(f"{key} is longer than {limit} characters.")
    return value


def text_of(tree: Tree, key: str) -> str | None:
    """A text without surrounding whitespace; None if nothing is left. A number counts as a text."""
    value = tree.get(key)
    if value is None:
        return None
    if type(value) is int:
        value = str(value)
    if type(value) is not str:
        raise Malformed(f"{key} is not a text.")
    if "\0" in value:
        raise Malformed(f"{key} holds a NUL character.")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Malformed(f"{key} holds half a surrogate pair.") from None
    return value.strip() or None


def whole_at(tree: Tree, key: str, largest: int = 2**31 - 1) -> int | None:
    """A count: a whole number, 0 or more."""
    value = tree.get(key)
    if value is None or value == "":
        return None
    number = _whole(value)
    if number is None or not 0 <= number <= largest:
        raise Malformed(f"{key} is not a whole number from 0 to {largest}.")
    return number


def moment_at(tree: Tree, key: str) -> int | None:
    """A time in milliseconds since 1970, read from milliseconds, seconds, or an ISO 8601 text (UTC without a
    zone).

    Numbers that are taken for seconds would all be in the years 1970 to 1973 if they were milliseconds.
    """
    value = tree.get(key)
    if value is None or value == "":
        return None
    number = _whole(value)
    if number is None and type(value) is str:
        number = _iso(value)
    elif number is not None and _SECONDS[0] <= number < _SECONDS[1]:
        number *= 1000
    if number is None or not 0 <= number <= LATEST:
        raise Malformed(f"{key} is not a time.")
    return number


def _whole(value: Any) -> int | None:
    if type(value) is int:
        return value
    if type(value) is str and _WHOLE.fullmatch(value):
        return int(value)
    if type(value) is Decimal and abs(value.adjusted()) <= 19 and value == value.to_integral_value():
        return int(value)
    return None


def _iso(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
    except (ValueError, OverflowError):
        return None

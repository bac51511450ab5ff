"""Reading a message: each value has the shape that is asked for, or the message is malformed."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

DEEPEST = 60
LATEST = 253_402_300_799_999  # the last millisecond of the year 9999
LARGEST = 2**63 - 1
_SECONDS = (10**8, 10**11)
LONGEST_KEPT = 1_048_576
_WHOLE = re.compile(r"-?[0-9]{1,19}")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_HOTTOK = re.compile(r"""("hottok"\s*:\s*)("[^"]*"?|[^\s,}\]]+)""", re.IGNORECASE)
_PLACEHOLDER = "[secret]"
_SHORT_SECRET = 8

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_encoder = msgspec.json.Encoder(decimal_format="number")

Tree = dict[str, Any]


class Malformed(ValueError):
    """A message that says something impossible; the text tells what, and never repeats a value."""


def decoded(body: bytes) -> Any:
    """The JSON value, its numbers exact: integers as `int`, all others as `Decimal`."""
    try:
        body.decode()
        return _decoder.decode(body)
    except RecursionError:
        raise Malformed("The message is nested too deeply.") from None
    except ArithmeticError:
        raise Malformed("A number of the message is out of range.") from None
    except UnicodeDecodeError:
        raise Malformed("The message is not UTF-8.") from None
    except msgspec.MsgspecError as fault:
        raise Malformed(f"The message is not JSON: {fault}") from None


def encoded(tree: Any) -> str:
    """The JSON text of a decoded value, its numbers as exact as they came."""
    return _encoder.encode(tree).decode()


def stripped(tree: Any, secret: str | None, depth: int = 0) -> Any:
    """The value without any `hottok`, and without the secret's text wherever it stands."""
    if type(tree) is str:
        return _without(tree, secret) if secret and secret in tree else tree
    if type(tree) is dict:
        _bounded(depth)
        return {
            _without(key, secret): None if key.lower() == "hottok" else stripped(value, secret, depth + 1)
            for key, value in tree.items()
        }
    if type(tree) is list:
        _bounded(depth)
        return [stripped(value, secret, depth + 1) for value in tree]
    if secret and type(tree) is not bool and str(tree) == secret:
        return None
    return tree


def _bounded(depth: int) -> None:
    if depth > DEEPEST:
        raise Malformed("The message is nested too deeply.")


def _without(text: str, secret: str | None) -> str:
    """A short secret is looked for as the whole text only: as a part it is in any text by chance."""
    if not secret or (len(secret) < _SHORT_SECRET and text != secret):
        return text
    return text.replace(secret, _PLACEHOLDER)


def scrubbed(body: bytes, secret: str | None) -> str:
    """What can be kept of a message that cannot be read: text that both databases hold, no secret in it."""
    text = body.decode("utf-8", "replace").replace("\0", "")
    if secret and secret in _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text):
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    text = _HOTTOK.sub(r"\1null", _without(text, secret))
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:LONGEST_KEPT]


def tree_at(tree: Tree, path: str) -> Tree:
    """The object under a key; absent, null or empty, an empty one."""
    value = tree.get(path)
    if value is None or value == "":
        return {}
    if type(value) is not dict:
        raise Malformed(f"{path} is not an object.")
    return value


def text_at(tree: Tree, key: str, limit: int) -> str | None:
    """A descriptive text, cut to what its column holds: the whole stays in the kept message."""
    value = text_of(tree, key)
    return value[:limit].rstrip() or None if value is not None else None


def name_at(tree: Tree, key: str, limit: int) -> str | None:
    """A text that identifies something; cut, it would name something else, so too long is malformed."""
    value = text_of(tree, key)
    if value is not None and len(value) > limit:
        raise Malformed(f"{key} is longer than {limit} characters.")
    return value


def text_of(tree: Tree, key: str) -> str | None:
    """A text without the blanks around it; empty, nothing. A number counts as one."""
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
    """A count: a whole number from zero on."""
    value = tree.get(key)
    if value is None or value == "":
        return None
    number = _whole(value)
    if number is None or not 0 <= number <= largest:
        raise Malformed(f"{key} is not a whole number from 0 to {largest}.")
    return number


def moment_at(tree: Tree, key: str) -> int | None:
    """A time in milliseconds since 1970, given so, in seconds, or as an ISO 8601 text; without a zone, UTC.

    As milliseconds, the numbers that are taken for seconds would all lie in the years 1970 to 1973.
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

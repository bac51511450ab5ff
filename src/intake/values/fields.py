"""Reads secondary fields: an invalid one is left out and noted as a doubt.

A doubt names the field and what was wrong with it, but never its value.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import TypeVar

from intake.values.money import currency_of, minor_units
from intake.values.reading import Malformed, Tree, moment_at, text_of, whole_at
from models.text import tidied

T = TypeVar("T")

MOST_DOUBTS = 50
_LONGEST_DOUBT = 200
_USUAL_MOMENTS = (10**11, 10**13)  # values that can only be milliseconds
_NUMBERS = (int, Decimal, str)

Money = tuple[int, str]


class Fields:
    """An object in a message, with its path and the list that collects its doubts."""

    __slots__ = ("doubts", "path", "tree")

    def __init__(self, tree: Tree, path: str, doubts: list[str]) -> None:
        self.tree = tree
        self.path = path
        self.doubts = doubts

    def doubt(self, text: str) -> None:
        """Note a doubt about a field below this object."""
        if len(self.doubts) < MOST_DOUBTS:
            self.doubts.append(f"{self.path}{text}"[:_LONGEST_DOUBT])

    def _read(self, read: Callable[[Tree, str], T], key: str) -> T | None:
        try:
            return read(self.tree, key)
        except Malformed as fault:
            self.doubt(str(fault))
            return None

    def at(self, key: str) -> "Fields":
        """The object under a key, or an empty one."""
        value = self.tree.get(key)
        if type(value) is not dict:
            if value is not None and value != "":
                self.doubt(f"{key} is not an object.")
            value = {}
        return Fields(value, f"{self.path}{key}.", self.doubts)

    def each(self, key: str) -> Iterator["Fields"]:
        """The objects in the list under a key, without nulls. A single object counts as a list of one."""
        value = self.tree.get(key)
        if not value or type(value) is bool:
            return
        if type(value) is dict:
            value = [value]
        if type(value) is not list:
            self.doubt(f"{key} is not a list.")
            return
        for number, item in enumerate(value):
            if type(item) is dict:
                yield Fields(item, f"{self.path}{key}[{number}].", self.doubts)
            elif item is not None:
                self.doubt(f"{key}[{number}] is not an object.")

    def text(self, key: str, limit: int) -> str | None:
        """A descriptive text, cut to the length of its column. The stored message has the whole text."""
        value = self.tree.get(key)
        if value is None:
            return None
        if type(value) is str and len(value) <= limit and value.isprintable():
            return tidied(value, limit)
        value = self._read(text_of, key)
        if value is not None and len(value) > limit:
            self.doubt(f"{key} is longer than {limit} characters; it was cut.")
        return None if value is None else tidied(value, limit)

    def name(self, key: str, limit: int) -> str | None:
        """A text that identifies something.

        It is never cut, because it would then identify something else.
        """
        value = self.tree.get(key)
        if value is None:
            return None
        if type(value) is str and len(value) <= limit and value.isprintable():
            return value.strip() or None
        value = self._read(text_of, key)
        if value is not None and len(value) > limit:
            self.doubt(f"{key} is longer than {limit} characters.")
            return None
        return value

    def whole(self, key: str) -> int | None:
        """A count: a whole number, 0 or more."""
        return None if self.tree.get(key) is None else self._read(whole_at, key)

    def moment(self, key: str) -> int | None:
        """A time, in milliseconds since 1970."""
        value = self.tree.get(key)
        if value is None or (type(value) is int and _USUAL_MOMENTS[0] <= value <= _USUAL_MOMENTS[1]):
            return value
        return self._read(moment_at, key)

    def truth(self, key: str) -> bool | None:
        """A yes or no."""
        value = self.tree.get(key)
        if type(value) is bool or value is None:
            return value
        if value in ("true", "false"):
            return bool(value == "true")
        self.doubt(f"{key} is neither true nor false.")
        return None

    def currency(self, *keys: str) -> str | None:
        """The currency under the first of the keys that has one."""
        for key in keys:
            if self.tree.get(key):
                try:
                    return currency_of(self.tree[key])
                except Malformed:
                    self.doubt(f"{key} is not a currency of three letters.")
        return None

    def money(self, key: str, otherwise: str | None = None) -> Money | None:
        """The amount and currency of `{value, currency_value}` or `{value, currency_code}` under a key.

        An amount without a currency of its own is in the currency `otherwise`.
        """
        value = self.tree.get(key)
        if value is None or value == "":
            return None
        if type(value) in _NUMBERS:
            tree = Fields({key: value}, self.path, self.doubts)
            return tree.amount(key, None, otherwise)
        tree = self.at(key)
        return tree.amount("value", tree.currency("currency_value", "currency_code"), otherwise)

    def amount(
        self, key: str, currency: str | None, otherwise: str | None = None, *, quotient: bool = False
    ) -> Money | None:
        """An amount under a key, in its own currency or else in that of the sale.

        An amount that is a quotient, such as a share of a price, is rounded without a doubt.
        """
        value = self.tree.get(key)
        if value is None or value == "":
            return None
        if currency is None:
            self.doubt(
                "currency is missing." if otherwise is None else "currency is missing; the sale's counts."
            )
            currency = otherwise
        if currency is None:
            return None
        try:
            amount, exact = minor_units(value, currency)
        except Malformed as fault:
            self.doubt(f"{key}: {fault}")
            return None
        if not exact and not quotient:
            self.doubt(f"{key} has more decimals than its currency; it was rounded.")
        return amount, currency

"""SQL as text with its parameters: written once with `?`, run on both databases."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import msgspec


class Statement(msgspec.Struct, frozen=True):
    """A piece of SQL and the values of its `?`, in order.

    With `custom_plan`, PostgreSQL plans it for its values each time. A statement needs this if no single plan
    suits all values: if the number of rows that a condition leaves depends on its value, and the best way to
    find them depends on that number. Planning costs some tenths of a millisecond, so statements that find
    rows by a key, or by the same index for all values, do without.
    """

    text: str
    params: tuple[Any, ...] = ()
    custom_plan: bool = False

    def __and__(self, other: "Statement") -> "Statement":
        return Statement(
            f"{self.text} AND {other.text}", self.params + other.params, self.custom_plan or other.custom_plan
        )

    def __add__(self, other: "Statement | str") -> "Statement":
        if isinstance(other, str):
            return Statement(self.text + other, self.params, self.custom_plan)
        return Statement(
            self.text + other.text, self.params + other.params, self.custom_plan or other.custom_plan
        )


NEVER = Statement("1 = 0")


def one_of(column: str, values: Iterable[Any]) -> Statement:
    """The rows whose column has one of the values; without values, no rows."""
    params = tuple(values)
    if not params:
        return NEVER
    if len(params) == 1:
        return Statement(f"{column} = ?", params)
    return Statement(f"{column} IN ({', '.join('?' * len(params))})", params)


EACH_ID = "unnest(CAST(CAST(? AS text) AS uuid[]))"
"""PostgreSQL's rows for the ids in one parameter, which is what `each_id` makes of them."""


def each_id(ids: Iterable[str]) -> str:
    """Ids as one text: the driver would examine an array element by element."""
    return "{" + ",".join(ids) + "}"


def either(statements: Iterable[Statement]) -> Statement:
    """The rows that meet any of the conditions; without conditions, no rows."""
    parts = tuple(statements)
    if not parts:
        return NEVER
    return Statement(
        "(" + " OR ".join(part.text for part in parts) + ")",
        tuple(value for part in parts for value in part.params),
        any(part.custom_plan for part in parts),
    )


def all_of(statements: Iterable[Statement]) -> Statement | None:
    """The rows that meet all of the conditions; without conditions, every row."""
    found: Statement | None = None
    for part in statements:
        found = part if found is None else found & part
    return found


def joined(statements: Iterable[Statement], between: str) -> Statement:
    """Several pieces, joined by a text."""
    parts = tuple(statements)
    return Statement(
        between.join([part.text for part in parts]),
        tuple([value for part in parts for value in part.params]),
        True in [part.custom_plan for part in parts],
    )


@lru_cache(maxsize=2048)
def numbered(text: str) -> str:
    """The text with PostgreSQL's `$1, $2, …` for each `?` outside quotes."""
    pieces: list[str] = []
    count, quoted = 0, False
    for character in text:
        if character == "'":
            quoted = not quoted
        if character == "?" and not quoted:
            count += 1
            pieces.append(f"${count}")
        else:
            pieces.append(character)
    return "".join(pieces)

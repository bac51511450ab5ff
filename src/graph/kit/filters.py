"""Filters and sort orders of lists, declared: each field of a filter has its condition beside it.

    @strawberry.input
    class ProductFilter:
        \"""A filter for products. Only products that meet all given conditions are listed.\"""

        text: str | None = matches("name_folded", exact=("reference",))
        \"""Products whose name or reference contains this text.\"""

    find_products = search(Product, ProductFilter, order=Order("sort_key"))

A field that is omitted or null adds no condition, unless its default is `UNSET`: null is then a value.
Conditions call the row `r`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from enum import Enum
from functools import cache
from inspect import Parameter, Signature
from typing import Any, NamedTuple, TypeVar

import strawberry
from strawberry.utils.str_converters import to_camel_case

from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from engine.rows.lists import Rows
from engine.rows.searched import Found
from engine.rows.select import Order, Ranges
from graph.kit.node import RowNode, node_of, row_ids
from graph.kit.order import OrderDirection, sorted_by
from graph.kit.search import holds, holds_as_written, needle_of
from graph.kit.storable import storable
from models import database
from models.statement import Statement, all_of, either, one_of
from reports.period import Period

T = TypeVar("T")
MOST_VALUES = 100
"""The most values of one field, each of which is a condition of the statement."""
_CONDITION = "condition"
_INDEXED = "indexed"
_IDS = "ids"


class Criterion(NamedTuple):
    """A field of a filter with the value that the request gives it."""

    viewer: Viewer
    value: Any
    name: str
    filter: Any


Condition = Callable[[Criterion], Statement | None]


class Indexed(NamedTuple):
    """A column with indexes that have the rows of each value in the order of the list: those of the account,
    and those of each assignee. They leave out the `usual` value, whose rows are found without them."""

    column: str
    usual: str | None = None

    def has(self, values: list[Any]) -> bool:
        """Whether the indexes have all rows with some values."""
        return bool(values) and None not in values and self.usual not in values

    @property
    def condition(self) -> Statement | None:
        """The condition of partial indexes, literally, as SQLite recognizes it."""
        return None if self.usual is None else Statement(f"r.{self.column} <> '{self.usual}'")


def criterion(
    condition: Condition,
    *gates: object,
    default: Any = None,
    indexed: Indexed | None = None,
    ids: Condition | None = None,
) -> Any:
    """A field with its own condition.

    `ids` returns a SELECT of the ids of the rows that meet it, by an index.
    """
    metadata = {_CONDITION: condition, _INDEXED: indexed, _IDS: ids}
    return strawberry.field(default=default, directives=gates, metadata=metadata)


def narrowed(field: Any, condition: Condition) -> Any:
    """The same field, with another condition that its rows must meet too."""
    own: Condition = field.metadata[_CONDITION]
    return criterion(
        lambda chosen: all_of(part for part in (condition(chosen), own(chosen)) if part),
        *field.directives,
        default=field.default,
    )


def equal(
    column: str, cls: type | None = None, gates: tuple[object, ...] = (), indexed: Indexed | None = None
) -> Any:
    """Rows whose column has the value, or one of the values; null among them finds rows without one.

    With `cls`, the value is the id of an object of that type. What is `indexed` is found by its indexes if
    all that is filtered is.
    """

    def condition(chosen: Criterion) -> Statement:
        if cls is not None:
            return one_of(f"r.{column}", row_ids(cls, chosen.value))
        # SQLite, which does not know that most rows may have a value, takes an index beside a better one
        compared = f"+r.{column}" if indexed and database.dialect() == "sqlite" else f"r.{column}"
        found = one_of(compared, [_stored(value) for value in _listed(chosen.value) if value is not None])
        return either([found, Statement(f"r.{column} IS NULL")]) if None in _listed(chosen.value) else found

    return criterion(condition, *gates, indexed=indexed)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def absent(column: str, gates: tuple[object, ...] = ()) -> Any:
    """True: rows whose column is null. False: rows whose column has a value."""
    return criterion(lambda chosen: is_null(column, chosen.value), *gates)


def present(column: str, gates: tuple[object, ...] = ()) -> Any:
    """True: rows whose column has a value. False: rows whose column is null."""
    return criterion(lambda chosen: is_null(column, not chosen.value), *gates)


def within(column: str, gates: tuple[object, ...] = ()) -> Any:
    """Rows whose time is in a period of days, in the account's time zone."""

    def condition(chosen: Criterion) -> Statement:
        assert chosen.viewer.central is not None
        period = Period(chosen.value.from_, chosen.value.to, to_camel_case(chosen.name))
        bucket = period.whole(chosen.viewer.central.timezone)
        return Statement(f"r.{column} >= ? AND r.{column} < ?", (bucket.start_ms, bucket.end_ms))

    return criterion(condition, *gates)


def matches(*folded: str, exact: tuple[str, ...] = ()) -> Any:
    """Rows in which a column contains the text: a folded one without its accents, an exact one as written."""

    def condition(chosen: Criterion) -> Statement:
        needle = needle_of(chosen.value)
        found = [holds(f"r.{column}", needle) for column in folded]
        return either([*found, *(holds_as_written(f"r.{column}", chosen.value) for column in exact)])

    return criterion(condition)


def is_null(column: str, null: bool) -> Statement:
    """The rows whose column is null, or those in which it is not."""
    return Statement(f"r.{column} IS {'' if null else 'NOT '}NULL")


def currency_code(currency: str, field: tuple[str, ...] = ("filter", "currency")) -> str:
    """The currency of a filter, in capitals. Refuses what cannot be one."""
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
        raise Refusal(ErrorCode.BAD_INPUT, "no_currency", field)
    return currency.upper()


def conditions(viewer: Viewer, chosen: Any) -> Statement | None:
    """What the rows that a filter leaves must meet; None for all rows."""
    return None if chosen is None else all_of(_conditions(viewer, chosen))


def _conditions(viewer: Viewer, chosen: Any) -> Iterator[Statement]:
    for field, value in _criteria(chosen):
        found = field.metadata[_CONDITION](Criterion(viewer, value, field.name, chosen))
        if found is not None:
            yield found


def _criteria(chosen: Any) -> Iterator[tuple[Any, Any]]:
    """The fields of a filter that add a condition, and their values."""
    for field in fields(chosen):
        value = _distinct(field.name, getattr(chosen, field.name))
        if _CONDITION in field.metadata and value is not strawberry.UNSET and value is not field.default:
            yield field, value


def _ranges(viewer: Viewer, chosen: Any) -> Ranges | None:
    """What a filter leaves, if it is about nothing but indexed columns. Of several, a rare value is read."""
    criteria = [] if chosen is None else list(_criteria(chosen))
    indexed = [field.metadata[_INDEXED] for field, _ in criteria]
    if not criteria or None in indexed:
        return None
    able = [place for place, (_, value) in enumerate(criteria) if indexed[place].has(_listed(value))]
    if not able:
        return None
    place = max(able, key=lambda place: indexed[place].usual is not None)
    rest = [
        field.metadata[_CONDITION](Criterion(viewer, value, field.name, chosen))
        for field, value in (*criteria[:place], *criteria[place + 1 :])
    ]
    values = tuple(dict.fromkeys(map(_stored, _listed(criteria[place][1]))))
    parts = [part for part in (indexed[place].condition, *rest) if part is not None]
    return Ranges(indexed[place].column, values, all_of(parts))


def _found(viewer: Viewer, chosen: Any, more: Iterable[Statement]) -> Found | None:
    """What a filter leaves, if an index finds the rows of one of its conditions. `more` are others."""
    criteria = [] if chosen is None else list(_criteria(chosen))
    place = next((place for place, (field, _) in enumerate(criteria) if field.metadata[_IDS]), None)
    if place is None:
        return None
    field, value = criteria.pop(place)
    ids = field.metadata[_IDS](Criterion(viewer, value, field.name, chosen))
    rest = (
        field.metadata[_CONDITION](Criterion(viewer, value, field.name, chosen)) for field, value in criteria
    )
    return Found(ids, all_of([*more, *(part for part in rest if part is not None)]))


def _distinct(name: str, value: Any) -> Any:
    """The values of a list, each once; any other value as it is."""
    if not isinstance(value, list):
        return value
    distinct = list(dict.fromkeys(value))
    if len(distinct) > MOST_VALUES:
        field = ("filter", to_camel_case(name))
        raise Refusal(ErrorCode.BAD_INPUT, "too_many_of", field, most=MOST_VALUES)
    return distinct


def _stored(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return storable(value) if isinstance(value, str) else value


@cache
def order_input(fields: type[Enum], rows: str, direction: OrderDirection) -> Any:
    """The input by which a list of `rows` is sorted: one of the fields, and a direction with its default."""
    name = fields.__name__.removesuffix("Field")
    attributes = {
        "__annotations__": {"field": fields, "direction": OrderDirection},
        "field": strawberry.field(description="The field to sort by."),
        "direction": strawberry.field(default=direction, description="The direction of the order."),
    }
    return strawberry.input(type(name, (), attributes), description=f"The sort order of a list of {rows}.")


def search(
    cls: type[T],
    filter: type | None = None,  # noqa: A002 - the argument's name in the API
    *,
    order: Order | Enum,
    direction: OrderDirection = OrderDirection.DESC,
    reach: Callable[[Viewer], Reach] | None = None,
    also: Callable[[Any, Any], Statement | None] | None = None,
    cursor_scope: Callable[[Any, Any], str] | None = None,
) -> Callable[..., Rows[T]]:
    """A function that finds the rows which a viewer can see and a filter leaves, in an order, for `listed`.

    The rows are those that `node(id:)` finds, or those within another `reach`. `order` is the default order;
    if it is a member of an enum of columns, requests can choose another one, and `direction` is the default.
    `also` returns a condition that depends on the filter and the order. `cursor_scope` returns what positions
    in the list depend on, and refuses a filter and an order that do not go together.
    """
    node = node_of(cls) if reach is None else RowNode(cls, reach)
    name = node.reach.__name__
    usual = Order(order.value, direction is OrderDirection.DESC) if isinstance(order, Enum) else order

    def find(viewer: Viewer, filter: Any = None, order: Any = None) -> Rows[T]:  # noqa: A002
        scope = cursor_scope(filter, order) if cursor_scope else ""
        always = node.always(viewer) if node.always else None
        more = [part for part in (always, also and also(filter, order)) if part]
        chosen = conditions(viewer, filter)
        chosen_order = sorted_by(order, usual)
        # the indexes have the default order, in both directions
        alone = node.always is None and chosen_order.column == usual.column
        ranges = _ranges(viewer, filter) if alone else None
        where = all_of(more if chosen is None else [*more, chosen])
        found = _found(viewer, filter, more)
        return Rows(cls, node.reach(viewer), where, (chosen_order,), scope, ranges, found)

    arguments = {"filter": filter | None} if filter else {}
    if isinstance(order, Enum):
        arguments["order"] = order_input(type(order), name.replace("_", " "), direction) | None
    find.__name__ = f"find_{name}"
    find.__annotations__ = {"viewer": Viewer, **arguments, "return": Rows[cls]}  # type: ignore[valid-type]
    find.__signature__ = Signature(  # type: ignore[attr-defined]
        [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in ("viewer", *arguments)]
    )
    return find

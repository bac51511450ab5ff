"""Objects for the standard executor: every attribute of a type, made of a row."""

from collections.abc import Callable, Sequence
from enum import Enum
from functools import cache
from typing import Any

import msgspec

from engine.rows.select import Selection
from engine.rows.tree import (
    Binding,
    Columns,
    ColumnValue,
    ComputedValue,
    ObjectValue,
    RowObject,
    StampedValue,
    Value,
)

Row = Sequence[Any]
RowReader = Callable[[Row], Any]


class ObjectReader:
    """What to select for one object of a type, and the function that makes it of a row."""

    def __init__(self, binding: Binding) -> None:
        self.columns = Columns(binding.table)
        self.make = self._object(RowObject.of(binding))

    def selection(self, extra: tuple[str, ...] = ()) -> Selection:
        """What the statement selects; `extra` columns come last."""
        return self.columns.selection(extra)

    def _object(self, row_object: RowObject) -> RowReader:
        cls, new = row_object.cls, object.__new__
        readers = [(name, self._reader(value, type_)) for name, value, type_ in row_object.attributes()]

        def make(row: Row) -> Any:
            instance: Any = new(cls)
            instance.__dict__ = {name: read(row) for name, read in readers}
            return instance

        return make

    def _reader(self, value: Value, type_: Any) -> RowReader:
        match value:
            case StampedValue(place):
                return lambda row: row[place]
            case ColumnValue():
                self.columns.join(value.join)
                return _column_reader(value, type_, self.columns.position(value.expression))
            case ComputedValue(make, expressions, joins):
                for join in joins:
                    self.columns.join(join)
                positions = [self.columns.position(expression) for expression in expressions]
                return lambda row: make(*[row[position] for position in positions])
            case ObjectValue(row_object, present, join):
                self.columns.join(join)
                position = None if present is None else self.columns.position(present)
                read = self._object(row_object)
                if position is None:
                    return read
                return lambda row: read(row) if row[position] is not None else None
        raise TypeError(f"No attribute: {value}")


@cache
def object_reader(binding: Binding) -> ObjectReader:
    """The reader of a type's objects, built once, when every type is known."""
    return ObjectReader(binding)


def decoded(stored: Any) -> Any:
    """JSON from a column: one database returns its text, the other may have parsed it."""
    return msgspec.json.decode(stored) if isinstance(stored, str | bytes) else stored


def _column_reader(value: ColumnValue, type_: Any, position: int) -> RowReader:
    if value.id_prefix:
        prefix = value.id_prefix
        return lambda row: prefix + row[position]
    wrapped = getattr(type_, "wrapped_cls", type_)
    if isinstance(wrapped, type) and issubclass(wrapped, Enum):
        return lambda row: wrapped(row[position]) if row[position] is not None else None
    if type_ is bool:
        return lambda row: None if row[position] is None else bool(row[position])
    return lambda row: row[position]

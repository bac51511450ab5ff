"""A single row with the lists below it, from one statement: PostgreSQL returns each list as JSON.

A round trip costs more than reading a list. So where a selection has lists below a single row, and nothing
below these, the row's statement has a column for each. Only values that JSON leaves as they are can be read
so: texts, ids, numbers and truth values.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from tortoise import Tortoise
from tortoise.fields import BigIntField, BooleanField, CharField, IntField, TextField, UUIDField

from engine.plan.run import Run
from engine.plan.shape import ListLevel, Shape
from engine.rows.lists import Rows
from engine.rows.select import MOST_TEXTS, Order, Selection, sort_clause, whole
from models import database
from models.statement import Statement

_PLAIN = (BigIntField, BooleanField, CharField, IntField, TextField, UUIDField)
_JOIN = re.compile(r"JOIN (\w+) (\w+) ON")
_COLUMN = re.compile(r"(\w+)\.(\w+)")
_nested: WeakKeyDictionary[Shape, tuple[ListLevel, ...]] = WeakKeyDictionary()
_decode = msgspec.json.Decoder(list[list[Any]]).decode

Read = tuple[Sequence[Any], Run, list[dict[str, Any]]]


async def read_nested(shape: Shape, value: Rows[Any], run: Run, limit: int | None) -> Read | None:
    """The rows, the run and the lists below the rows; None if they take a statement for each list."""
    found = _nested.get(shape)
    if found is None:
        found = _nested[shape] = _nested_levels(shape)
    if not found:
        return None
    rows = await database.read(_statement(shape, value, found, run.info.context.viewer, limit), named=False)
    first = len(rows[0]) - len(found) if rows else 0
    below: list[dict[str, Any]] = [
        {row[level.parent_position]: level.build(_listed(row[place]), run, []) for row in rows}
        for place, level in enumerate(found, first)
    ]
    return rows, run, below


def _nested_levels(shape: Shape) -> tuple[ListLevel, ...]:
    """The lists below the rows of a shape, if the row's statement can return all of them, else none."""
    if database.dialect() != "postgres":
        return ()
    found = [level for level in shape.levels if isinstance(level, ListLevel) and _is_plain(level.shape)]
    return tuple(found) if len(found) == len(shape.levels) else ()


def _statement(
    shape: Shape, value: Rows[Any], levels: Sequence[ListLevel], viewer: Any, limit: int | None
) -> Statement:
    selection = shape.selection()
    outer = whole(selection, value.condition, value.order, limit)
    params: list[Any] = []
    lists = []
    for level in levels:
        condition = level.source.condition(viewer)
        source = level.source
        lists.append(
            _list_text(
                level.shape.selection(), condition.text, source.key, source.order, level.parent_position
            )
        )
        params += condition.params
    text = _nested_text(outer.text, len(selection.columns), tuple(lists))
    return Statement(text, (*params, *outer.params), outer.custom_plan)


@lru_cache(maxsize=MOST_TEXTS)
def _nested_text(outer: str, columns: int, lists: tuple[str, ...]) -> str:
    names = ", ".join(f"c{place}" for place in range(columns))
    return f"SELECT q.*, {', '.join(lists)} FROM ({outer}) q({names})"


@lru_cache(maxsize=MOST_TEXTS)
def _list_text(inner: Selection, condition: str, key: str, order: tuple[Order, ...], parent: int) -> str:
    return (
        f"(SELECT json_agg(json_build_array({', '.join(inner.columns)})"
        f" ORDER BY {sort_clause(order, reverse=False)})"
        f" FROM {inner.table} r{''.join(inner.joins)}"
        f" WHERE {condition} AND r.{key} = q.c{parent})"
    )


def _listed(stored: str | None) -> list[list[Any]]:
    return [] if stored is None else _decode(stored)


def _is_plain(shape: Shape) -> bool:
    """Whether the rows of a shape have no lists below them, and only values that JSON leaves as they are."""
    selection = shape.selection()
    tables = {
        "r": selection.table,
        **{alias: table for table, alias in _JOIN.findall("".join(selection.joins))},
    }
    found = [_COLUMN.fullmatch(column) for column in selection.columns]
    return not shape.levels and all(
        column is not None and (tables.get(column[1]), column[2]) in _plain_columns() for column in found
    )


@cache
def _plain_columns() -> frozenset[tuple[str, str]]:
    return frozenset(
        (model._meta.db_table, name)
        for model in Tortoise.apps["models"].values()
        for name, field in model._meta.fields_map.items()
        if isinstance(field, _PLAIN)
    )

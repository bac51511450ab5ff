"""One run of a plan, and the levels of children that it reads."""

from collections import defaultdict
from typing import Any

import msgspec
import strawberry
from graphql.execution.values import VariableValues

from engine.plan.shape import Count, Level, Shape
from engine.rows.select import counted_by, whole
from models import database


class PlanInfo(msgspec.Struct):
    """What resolvers may ask of the operation while a plan runs."""

    context: Any
    schema: strawberry.Schema


class Run(msgspec.Struct):
    """One run of a plan."""

    info: PlanInfo
    variables: VariableValues


async def levels(shape: Shape, rows: Any, run: Run) -> list[dict[str, Any]]:
    """The children of a shape's rows, or how many they are, by parent: one statement for each level."""
    found: list[dict[str, Any]] = []
    for level in shape.levels:
        named = dict.fromkeys([row[level.parent_position] for row in rows])
        keys = [key for key in named if key is not None]
        if not keys:
            found.append({})
        elif isinstance(level, Count):
            found.append(await _counts(level, keys, run))
        else:
            found.append(await _children(level, keys, run))
    return found


async def _counts(level: Count, keys: list[str], run: Run) -> dict[str, int]:
    source = level.source
    within = source.children.within(run.info.context.viewer, keys)
    return dict(await database.read(counted_by(source.table, source.children.key, within), named=False))


async def _children(level: Level, keys: list[str], run: Run) -> dict[str, list[Any]]:
    source = level.source
    within = source.within(run.info.context.viewer, keys)
    selection = level.shape.selection((f"r.{source.key}",))
    children = await database.read(whole(selection, within, source.order, None), named=False)
    below = await levels(level.shape, children, run) if level.shape.levels else []
    if len(keys) == 1:
        return {keys[0]: level.build(children, run, below)}
    position = len(level.shape.columns)
    by_parent: dict[str, list[Any]] = defaultdict(list)
    for row, built in zip(children, level.build(children, run, below), strict=True):
        by_parent[row[position]].append(built)
    return by_parent

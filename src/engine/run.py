"""One run of a plan, and the levels of children that it reads."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql.execution.values import VariableValues

from engine.select import whole
from engine.shape import Shape
from models import database


@dataclass(slots=True)
class PlanInfo:
    """What resolvers may ask of the operation while a plan runs."""

    context: Any
    schema: strawberry.Schema


@dataclass(slots=True)
class Run:
    """One run of a plan."""

    info: PlanInfo
    variables: VariableValues


async def levels(shape: Shape, rows: Any, run: Run) -> list[dict[str, list[Any]]]:
    """The children of a shape's rows, by parent: one statement for each level."""
    found: list[dict[str, list[Any]]] = []
    for level in shape.levels:
        keys = list(dict.fromkeys(row[level.parent_position] for row in rows))
        keys = [key for key in keys if key is not None]
        by_parent: dict[str, list[Any]] = defaultdict(list)
        if keys:
            source = level.source
            within = source.within(run.info.context.viewer, keys)
            selection = level.shape.selection([f"r.{source.key}"])
            children = await database.read(whole(selection, within, source.order, None))
            below = await levels(level.shape, children, run)
            position = len(level.shape.columns)
            for row, built in zip(children, level.build(children, run, below), strict=True):
                by_parent[row[position]].append(built)
        found.append(by_parent)
    return found

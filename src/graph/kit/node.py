"""Objects with an id, and the two fields that find them by it."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import strawberry

from actions.kit.chosen_central import NOWHERE
from authz.reach import Reach
from authz.viewer import Viewer
from engine.rows.lists import BINDINGS, ByIds, Key, Objects, Rows
from models.statement import Statement, one_of

_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@strawberry.interface
class Node:
    """An object with an id that never changes."""

    id: strawberry.ID
    """The object's id, an opaque string that is unique among all objects and finds the object again."""


@dataclass(frozen=True, slots=True)
class RowNode:
    """A type whose objects are rows of a table, within a reach and under an optional condition."""

    cls: type
    reach: Callable[[Viewer], Reach]
    always: Callable[[Viewer], Statement] | None = None

    @property
    def type_name(self) -> str:
        """The name of the type in the schema."""
        name: str = self.cls.__strawberry_definition__.name  # type: ignore[attr-defined]
        return name


ReadNodes = Callable[[Any, Sequence[str]], Awaitable[Mapping[str, Any]]]
"""Reads the objects of one type that the viewer of a context has, by what their ids name: one statement."""


@dataclass(frozen=True, slots=True)
class OwnNode:
    """A type whose objects are read in another way, such as the viewer."""

    type_name: str
    read: ReadNodes


NODES: dict[str, list[RowNode | OwnNode]] = {}
"""The types whose ids begin with a prefix."""


def found_within(
    cls: type, reach: Callable[[Viewer], Reach], always: Callable[[Viewer], Statement] | None = None
) -> None:
    """Say where the objects of a type are found: by `node(id:)`, and by the lists that `search` declares.

    `always` is a condition that all of them meet.
    """
    prefix = BINDINGS[cls].prefix
    assert prefix is not None
    NODES.setdefault(prefix, []).append(RowNode(cls, reach, always))


def node_of(cls: type) -> RowNode:
    """Where the objects of a type are found."""
    nodes = NODES.get(BINDINGS[cls].prefix or "", ())
    return next(node for node in nodes if isinstance(node, RowNode) and node.cls is cls)


def found_by(prefix: str, type_name: str, read: ReadNodes) -> None:
    """Let `node(id:)` find the objects of a type that a function reads."""
    NODES.setdefault(prefix.removesuffix("_"), []).append(OwnNode(type_name, read))


def row_id(cls: type, global_id: str | None) -> str | None:
    """The row that an id of a type names. None if it is not an id of that type."""
    prefix, _, name = (global_id or "").partition("_")
    if prefix != BINDINGS[cls].prefix or not is_uuid(name):
        return None
    return name


def row_ids(cls: type, global_id: str | None) -> list[str]:
    """The row that an id of a type names, as a list of values for a column. Empty if it names none."""
    found = row_id(cls, global_id)
    return [found] if found else []


def is_uuid(text: str) -> bool:
    """Whether a text is a UUID as the databases write it, which both read in the same way."""
    return _UUID.fullmatch(text) is not None


def named(global_id: str, *kinds: type) -> str:
    """The row that an id of one of the types names. Any other text names a row that does not exist.

    It is then refused, and logged, exactly as the id of a missing row is.
    """
    return next((found for kind in kinds if (found := row_id(kind, global_id))), NOWHERE)


def prefixed(prefix: str, global_id: str) -> str:
    """The same for an id of what is not bound to a table, by its prefix with the underscore."""
    name = global_id.removeprefix(prefix)
    return name if global_id.startswith(prefix) and is_uuid(name) else NOWHERE


def find(context: Any, ids: Sequence[str], visible: Callable[[str], bool], *, single: bool) -> ByIds:
    """The objects of ids, in their order, each within its reach: one statement for each type among them.

    An id of a type that does not exist for the viewer runs none, and is as good as no id at all.
    """
    kinds: dict[str, RowNode | OwnNode] = {}
    sought: dict[str, set[str]] = {}
    wanted: list[tuple[Key, ...]] = []
    for node_id in ids:
        prefix, _, name = node_id.partition("_")
        keys: list[Key] = []
        for kind in NODES.get(prefix, ()) if is_uuid(name) else ():
            if visible(kind.type_name):
                kinds[kind.type_name] = kind
                sought.setdefault(kind.type_name, set()).add(name)
                keys.append((kind.cls if isinstance(kind, RowNode) else kind.type_name, name))
        wanted.append(tuple(keys))
    groups = [_group(kind, context, sorted(sought[name])) for name, kind in kinds.items()]
    return ByIds(tuple(group for group in groups if group is not None), tuple(wanted), single)


def _group(kind: RowNode | OwnNode, context: Any, names: list[str]) -> Rows[Any] | Objects | None:
    if isinstance(kind, OwnNode):
        return Objects(kind.type_name, partial(kind.read, context, names))
    within = kind.reach(context.viewer)
    if within.account_id is None:
        return None
    named = one_of("r.id", names)
    return Rows(kind.cls, within, named if kind.always is None else named & kind.always(context.viewer))

"""Objects that have an id of their own, and the two fields that find them by it."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import strawberry

from actions.kit.door import NOWHERE
from authz.reach import Reach
from authz.viewer import Viewer
from engine.rows.lists import BINDINGS, ByIds, Rows
from models.statement import one_of


@strawberry.interface
class Node:
    """An object with an id that never changes."""

    id: strawberry.ID
    """The object's id, an opaque string that is unique among all objects. `node(id:)` accepts it."""


NODES: dict[str, tuple[type, Callable[[Viewer], Reach]]] = {}


def found_within(cls: type, reach: Callable[[Viewer], Reach]) -> None:
    """Let `node(id:)` find a type, within a reach."""
    prefix = BINDINGS[cls].prefix
    assert prefix is not None
    NODES[prefix] = (cls, reach)


def row_id(cls: type, global_id: str | None) -> str | None:
    """The row that an id of a type names; None where it is no id of that type."""
    prefix, _, name = (global_id or "").partition("_")
    if prefix != BINDINGS[cls].prefix or not is_uuid(name):
        return None
    return name


def row_ids(cls: type, global_id: str | None) -> list[str]:
    """The row that an id of a type names, as the values that a column may have: none where it names none."""
    found = row_id(cls, global_id)
    return [found] if found else []


def is_uuid(text: str) -> bool:
    """Whether a text is a UUID as the database writes one: both kinds then read it alike."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def named(global_id: str, *kinds: type) -> str:
    """The row that an id of one of the types names; what is no such id names a row that does not exist.

    It is then refused, and logged, exactly as the id of a missing row is.
    """
    return next((found for kind in kinds if (found := row_id(kind, global_id))), NOWHERE)


def prefixed(prefix: str, global_id: str) -> str:
    """The same for an id of what is not bound to a table, by its prefix with the underscore."""
    name = global_id.removeprefix(prefix)
    return name if global_id.startswith(prefix) and is_uuid(name) else NOWHERE


def find(viewer: Viewer, ids: Sequence[str], visible: Callable[[str], bool], *, single: bool) -> ByIds:
    """The objects of ids, in their order, each within its reach: one statement for each type among them.

    An id of a type that does not exist for the viewer runs none, and is as good as no id at all.
    """
    wanted: list[tuple[type, str] | None] = []
    named: dict[str, set[str]] = {}
    for one in ids:
        prefix, _, name = one.partition("_")
        if prefix in NODES and is_uuid(name):
            named.setdefault(prefix, set()).add(name)
            wanted.append((NODES[prefix][0], name))
        else:
            wanted.append(None)
    groups: list[Rows[Any]] = []
    for prefix, names in named.items():
        cls, reach = NODES[prefix]
        within = reach(viewer)
        if within.account_id is not None and visible(cls.__strawberry_definition__.name):  # type: ignore[attr-defined]
            groups.append(Rows(cls, within, one_of("r.id", sorted(names))))
    return ByIds(tuple(groups), tuple(wanted), single)

"""What the settings of every tool have in common: versions, who saved them, and their history."""

from typing import Any

import msgspec
import strawberry

from actions.tools.settings import Tool
from authz import reach
from authz.viewer import Viewer
from engine.rows.connection import Connection
from engine.rows.lists import Rows, decoded, row_of
from engine.rows.select import Order
from engine.rows.source import computed
from graph.kit.listed import listed
from graph.kit.node import Node
from graph.kit.scalars import DateTime
from models.statement import Statement


@strawberry.type
class ToolEditor:
    """A person who saved settings."""

    name: str
    """The person's name at that time."""


@strawberry.type
class ToolChange:
    """The value of one setting before and after a version was saved."""

    field: str
    """The setting's coordinate in the schema: its type and field, with a dot in between."""
    before: str | None
    """The previous value, as JSON."""
    after: str | None
    """The new value, as JSON."""


def _changes(stored: Any) -> list[ToolChange]:
    return [
        ToolChange(field=change["field"], before=_json(change["before"]), after=_json(change["after"]))
        for change in decoded(stored)
    ]


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _editor(name: str) -> ToolEditor:
    return ToolEditor(name=name)


@row_of("tool_versions")
@strawberry.type
class ToolVersion:
    """A version of a tool's settings."""

    version: int
    """The version's number, from 1."""
    at: DateTime = computed(DateTime, "changed_at")
    """When the version was saved."""
    by: ToolEditor = computed(_editor, "changed_by")
    """The person who saved the version."""
    changes: list[ToolChange] = computed(_changes, "changes")
    """The settings that differ from the previous version."""


def find_versions(parent: "ToolSettings") -> Rows[ToolVersion]:
    """The versions of a tool's settings, newest first."""
    viewer, tool, scope_id = parent.owner
    chosen = Statement("r.tool = ? AND r.scope_id = ?", (tool.name, scope_id))
    newest_first = (Order("version", descending=True),)
    within = reach.tool_rows(viewer, "tool_versions", tool.gate)
    return Rows(ToolVersion, within, chosen, newest_first, cursor_scope=f"{tool.name}:{scope_id}")


@strawberry.type
class ToolSettings(Node):
    """What the settings of every tool have in common."""

    owner: strawberry.Private[tuple[Viewer, Tool, str]]
    id: strawberry.ID
    """The id of the settings, which is the same for all of their versions."""
    version: int
    """The number of the newest version; 0 if nobody has saved the settings yet and the defaults apply."""
    changed_at: DateTime | None
    """When the newest version was saved."""
    changed_by: ToolEditor | None
    """The person who saved the newest version."""
    history: Connection[ToolVersion] | None = listed(find_versions, strawberry.field)
    """The versions of the settings, newest first."""

"""The audit log: what was done and what was refused."""

from typing import Any

import strawberry

from authz import reach
from authz.gates import AdminOnly, gated
from authz.refusal import ErrorCode
from engine.rows import decoded, row_of
from engine.scope import exists
from graph.context import Info
from graph.node import Node, found_within
from graph.scalars import DateTime


@gated(AdminOnly())
@strawberry.type
class AuditChange:
    """One field before and after an act. Shown only to those for whom the field itself exists."""

    field: str
    """The field's coordinate in the schema: its type, a dot, and its name."""
    before: str | None
    """What it held."""
    after: str | None
    """What it holds since."""


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else str(value)


@gated(AdminOnly())
@row_of("audit_entries", "entry", carries={"stored": "changes"})
@strawberry.type
class AuditEntry(Node):
    """One act, done or refused."""

    stored: strawberry.Private[Any]
    at: DateTime
    """When."""
    user_name: str | None
    """Who, by the name of the time."""
    act: str
    """What: the mutation's name."""
    object_type: str | None
    """On what kind of thing."""
    object_id: str | None
    """On which one, as the caller named it."""
    let_by: str | None
    """The grant or standing that let it through."""
    refusal: ErrorCode | None
    """Why it was refused; none where it was done."""
    request_id: str
    """The request's id, as in the server's log."""
    address: str | None
    """The network address that it came from."""

    @strawberry.field
    def changes(self, info: Info) -> list[AuditChange]:
        """What it changed, as far as the changed fields exist for you."""
        return [
            AuditChange(field=one["field"], before=_text(one["before"]), after=_text(one["after"]))
            for one in decoded(self.stored)
            if exists(info.schema._schema, one["field"])
        ]


found_within(AuditEntry, reach.audit)

"""The part of an account that its log is."""

from typing import Any

import strawberry

from actions.kit.proof import head_of
from authz.gates import admin_only
from authz.viewer import Viewer
from engine.rows.connection import Connection, page
from graph.audit.types import AuditEntry, AuditFilter, AuditHead, found_entries
from graph.kit.context import Info


@strawberry.type
class AccountAudit:
    """The log of what was done in the account, for those who may read it."""

    viewer: strawberry.Private[Viewer]

    @admin_only()
    async def audit_head(self) -> AuditHead:
        """Where the log ends."""
        assert self.viewer.central is not None
        head = await head_of(self.viewer.central.account_id)
        return AuditHead(sequence=head.sequence, digest=head.digest)

    @admin_only()
    def audit_log(
        self,
        info: Info,
        filter: AuditFilter | None = None,  # noqa: A002
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[AuditEntry] | None:
        """What was done and what was refused, newest first.

        Args:
            filter: Which of it.
            first: How many from the start, at most 100; 20 by default.
            after: The cursor to start behind.
            last: How many from the end, at most 100.
            before: The cursor to end before.
        """
        found = found_entries(self.viewer, filter)
        asked: dict[str, Any] = {"first": first, "after": after, "last": last, "before": before}
        connection: Connection[AuditEntry] = page(found, info.context.seal, most=100, **asked)
        return connection

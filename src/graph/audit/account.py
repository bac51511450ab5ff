"""The account's log, as part of `Account`."""

import strawberry

from actions.kit.proof import head_of
from authz.gates import admin_only
from engine.rows.connection import Connection
from graph.audit.types import AuditEntry, AuditHead, find_entries
from graph.kit.listed import listed
from graph.kit.noun import AccountPart


@strawberry.type
class AuditOfAccount(AccountPart):
    """The account's audit log."""

    @admin_only()
    async def audit_head(self) -> AuditHead:
        """The end of the audit log."""
        assert self.viewer.central is not None
        head = await head_of(self.viewer.central.account_id)
        return AuditHead(sequence=head.sequence, digest=head.digest)

    audit_log: Connection[AuditEntry] | None = listed(find_entries, admin_only())
    """The actions that were done or refused in the account, newest first."""

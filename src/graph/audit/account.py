"""The account's log, as part of `Account`."""

import strawberry

from actions.kit.proof import head_of
from authz.gates import admin_only
from engine.rows.connection import Connection
from graph.audit.types import AuditEntry, AuditHead, found_entries
from graph.kit.listed import listed
from graph.kit.noun import AccountPart


@strawberry.type
class AuditOfAccount(AccountPart):
    """The log of what was done in the account, for those who may read it."""

    @admin_only()
    async def audit_head(self) -> AuditHead:
        """Where the log ends."""
        assert self.viewer.central is not None
        head = await head_of(self.viewer.central.account_id)
        return AuditHead(sequence=head.sequence, digest=head.digest)

    audit_log: Connection[AuditEntry] | None = listed(found_entries, admin_only(), filter_says="Which of it.")
    """What was done and what was refused, newest first."""

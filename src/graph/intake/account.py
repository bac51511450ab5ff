"""The account's intake, as part of `Account`."""

import strawberry

from authz.gates import admin_only, owner_only
from engine.rows.connection import Connection
from graph.intake.types import IntakeCount, IntakeFilter, IntakeMessage, counts_of, found_messages
from graph.kit.context import Info
from graph.kit.listed import listed
from graph.kit.noun import AccountPart
from models import database


@strawberry.type
class IntakeOfAccount(AccountPart):
    """The messages that came in, for those who may know of them."""

    @owner_only()
    async def intake_url(self, info: Info) -> str:
        """The address that a marketplace's webhooks go to."""
        assert self.viewer.central is not None
        rows = await database.read(
            "SELECT intake_id FROM accounts WHERE id = ?", (self.viewer.central.account_id,)
        )
        return f"{info.context.serving.public_url}/intake/hotmart/{rows[0]['intake_id']}"

    intake: Connection[IntakeMessage] | None = listed(found_messages, admin_only())
    """The marketplace's messages and what became of each, newest first."""

    @admin_only()
    async def intake_counts(self, filter: IntakeFilter | None = None) -> list[IntakeCount] | None:  # noqa: A002
        """The number of the marketplace's messages by outcome: one entry for each outcome, zeros included.

        Args:
            filter: Which messages to count.
        """
        return await counts_of(self.viewer, filter)

"""The account's intake, as part of `Account`."""

import strawberry

from authz.gates import admin_only, owner_only
from engine.rows.connection import Connection
from graph.intake.types import IntakeCount, IntakeFilter, IntakeMessage, counts_of, find_messages
from graph.kit.context import Info
from graph.kit.listed import listed
from graph.kit.noun import AccountPart
from models import database


@strawberry.type
class IntakeOfAccount(AccountPart):
    """The marketplace's messages."""

    @owner_only()
    async def intake_url(self, info: Info) -> str:
        """The address to which the marketplace sends its webhooks."""
        assert self.viewer.central is not None
        rows = await database.read(
            "SELECT intake_id FROM accounts WHERE id = ?", (self.viewer.central.account_id,)
        )
        return f"{info.context.serving.public_url}/intake/hotmart/{rows[0]['intake_id']}"

    intake: Connection[IntakeMessage] | None = listed(find_messages, admin_only())
    """The marketplace's messages and the result of each, newest first."""

    @admin_only()
    async def intake_counts(self, filter: IntakeFilter | None = None) -> list[IntakeCount] | None:  # noqa: A002
        """The number of the marketplace's messages by outcome, with one entry for each outcome, including
        zeros.

        Args:
            filter: The messages to count.
        """
        return await counts_of(self.viewer, filter)

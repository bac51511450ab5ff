"""The part of an account that its intake is."""

import strawberry

from authz.gates import admin_only
from authz.viewer import Viewer
from engine.rows.connection import Connection, page
from graph.intake.types import IntakeCount, IntakeFilter, IntakeMessage, counts_of, found_messages
from graph.kit.context import Info


@strawberry.type
class AccountIntake:
    """The messages that came in, for those who may know of them."""

    viewer: strawberry.Private[Viewer]

    @admin_only()
    def intake(
        self,
        info: Info,
        filter: IntakeFilter | None = None,  # noqa: A002
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[IntakeMessage] | None:
        """The marketplace's messages and what became of each, newest first.

        Args:
            filter: Which of them.
            first: How many from the start, at most 100; 20 by default.
            after: The cursor to start behind.
            last: How many from the end, at most 100.
            before: The cursor to end before.
        """
        found = found_messages(self.viewer, filter)
        connection: Connection[IntakeMessage] = page(
            found, info.context.seal, most=100, first=first, after=after, last=last, before=before
        )
        return connection

    @admin_only()
    async def intake_counts(self, filter: IntakeFilter | None = None) -> list[IntakeCount] | None:  # noqa: A002
        """The number of the marketplace's messages by outcome: one entry for each outcome, zeros included.

        Args:
            filter: Which messages to count.
        """
        return await counts_of(self.viewer, filter)

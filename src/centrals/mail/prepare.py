"""What is read as an e-mail is sent, since the recipient's access at that time counts."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from actions.schedules.emails import SCHEDULED_REPORT
from centrals.mail.compose import QueuedEmail

if TYPE_CHECKING:
    from graph.http.handler import GraphQLHandler

Prepare = Callable[[QueuedEmail], Awaitable[QueuedEmail | None]]


def preparing(handler: "Callable[[], GraphQLHandler]") -> Prepare:
    """The function that completes e-mails. It returns None for those that may not be sent any more."""

    async def prepare(queued: QueuedEmail) -> QueuedEmail | None:
        if queued.kind != SCHEDULED_REPORT.kind:
            return queued
        from graph.export.scheduled import Scheduled, scheduled_parts

        scheduled = msgspec.convert(queued.data, Scheduled)
        parts = await scheduled_parts(handler(), queued.recipient, scheduled)
        return None if parts is None else replace(queued, data=queued.data | parts)

    return prepare

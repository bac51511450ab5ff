"""What is read as an e-mail is sent, since the recipient's access at that time counts."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from actions.commerce.subscriptions.emails import SUBSCRIPTION_WIN_BACK
from actions.commerce.subscriptions.refused import is_refused_for
from actions.kit.email import UNSUBSCRIBE
from actions.notices.digest import Digest, digest_parts
from actions.notices.emails import NOTICE_DIGEST
from actions.schedules.emails import SCHEDULED_REPORT
from centrals.mail.compose import QueuedEmail

if TYPE_CHECKING:
    from graph.http.handler import GraphQLHandler

Prepare = Callable[[QueuedEmail], Awaitable[QueuedEmail | None]]


def preparing(handler: "Callable[[], GraphQLHandler]") -> Prepare:
    """The function that completes e-mails. It returns None for those that may not be sent any more."""

    async def prepare(queued: QueuedEmail) -> QueuedEmail | None:
        if queued.kind == SUBSCRIPTION_WIN_BACK.kind:
            return await _with_way_out(handler(), queued)
        if queued.kind == NOTICE_DIGEST.kind:
            digest = msgspec.convert(queued.data, Digest)
            parts = await digest_parts(digest, queued.recipient, queued.locale)
            return None if parts is None else replace(queued, data=queued.data | parts)
        if queued.kind != SCHEDULED_REPORT.kind:
            return queued
        from graph.export.scheduled import Scheduled, scheduled_parts

        scheduled = msgspec.convert(queued.data, Scheduled)
        parts = await scheduled_parts(handler(), queued.recipient, scheduled)
        return None if parts is None else replace(queued, data=queued.data | parts)

    return prepare


async def _with_way_out(handler: "GraphQLHandler", queued: QueuedEmail) -> QueuedEmail | None:
    """A marketing e-mail with the link that ends such e-mails, if its recipient has not ended them."""
    from graph.export.unsubscribe import UNSUBSCRIBE_PATH, marketing_token

    subscription_id, digest = queued.data["subscription_id"], queued.data["digest"]
    if await is_refused_for(subscription_id, digest):
        return None
    leave = UNSUBSCRIBE_PATH + marketing_token(handler.serving.secret_key, subscription_id, digest)
    data = {UNSUBSCRIBE: leave, "leave": handler.serving.public_url + leave}
    return replace(queued, data=queued.data | data)

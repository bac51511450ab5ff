"""E-mails that an act causes: written in its transaction, sent by a worker once it is done."""

from typing import Any

import msgspec

from models import database


async def post(kind: str, recipient: str, locale: str, data: dict[str, Any]) -> None:
    """Leave an e-mail in the outbox; `data` may hold a token, and is emptied once the e-mail is sent."""
    now = database.now()
    await database.insert(
        "outbox_messages",
        {
            "id": database.new_id(),
            "kind": kind,
            "recipient": recipient,
            "locale": locale,
            "data": msgspec.json.encode(data).decode(),
            "attempts": 0,
            "created_at": now,
            "next_at": now,
            "sent_at": None,
            "dead_at": None,
            "error": None,
        },
    )

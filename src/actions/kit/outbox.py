"""E-mails that an act causes: written in its transaction, sent by a worker once it is done."""

from typing import Any

import msgspec

from actions.kit.email import Email
from models import database


async def post(email: Email, recipient: str, locale: str, data: dict[str, Any]) -> None:
    """Leave an e-mail in the outbox; `data` may hold a token, and is emptied once the e-mail is sent.

    Raises `ValueError` for data that its text would miss: in the mutation, where it is noticed, not in the
    worker.
    """
    _complete(email, data)
    now = database.now()
    await database.insert(
        "outbox_messages",
        {
            "id": database.new_id(),
            "kind": email.kind,
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


async def post_to_user(email: Email, address: str, data: dict[str, Any], *, due: bool = True) -> None:
    """Leave an e-mail for the user of an address, in their language.

    Where there is none or a disabled one, and where it is not due, the same work leaves nothing.
    """
    _complete(email, data)
    now = database.now()
    columns = database.typed("?:uuid, ?, u.email, u.locale, ?:jsonb, 0, ?:bigint, ?:bigint")
    await database.write(
        "INSERT INTO outbox_messages (id, kind, recipient, locale, data, attempts, created_at, next_at)"
        f" SELECT {columns} FROM users u WHERE u.email = ? AND u.disabled_at IS NULL",
        (database.new_id(), email.kind, msgspec.json.encode(data).decode(), now, now, address if due else ""),
    )


def _complete(email: Email, data: dict[str, Any]) -> None:
    if missing := email.data - data.keys():
        raise ValueError(f"An e-mail of kind {email.kind} needs {', '.join(sorted(missing))}.")

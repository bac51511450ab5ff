"""E-mails that an act causes: written in its transaction, sent by a worker once it is done."""

from typing import Any

import msgspec

from models import database

# what each kind's words and link are made of; a `token` becomes the link's, and stands nowhere else
KINDS: dict[str, frozenset[str]] = {
    # what goes to an address that nobody proved holds no text of whoever asked for it
    "verify_email": frozenset({"token"}),
    "already_registered": frozenset(),
    "reset_password": frozenset({"token"}),
    "password_changed": frozenset(),
    "invitation": frozenset({"name", "inviter", "account", "token"}),
    "invitation_to_newcomer": frozenset({"account", "token"}),
    "invitation_declined": frozenset({"name", "invited", "account"}),
    "collaborator_removed": frozenset({"name", "account"}),
    "transfer_offered": frozenset({"name", "owner", "account"}),
    "transfer_accepted": frozenset({"name", "owner", "account"}),
    "buyer_email_changed": frozenset({"name", "by", "account", "reference", "before", "after"}),
    "buyer_email_moved": frozenset({"account", "reference"}),
    "account_closed": frozenset({"name", "account"}),
    "account_reopened": frozenset({"name", "account"}),
}


async def post(kind: str, recipient: str, locale: str, data: dict[str, Any]) -> None:
    """Leave an e-mail in the outbox; `data` may hold a token, and is emptied once the e-mail is sent.

    Raises `ValueError` for a kind that there is not, and for data that its words would miss: in the act,
    where it is noticed, rather than in the worker.
    """
    _complete(kind, data)
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


async def post_to_user(kind: str, email: str, data: dict[str, Any], *, due: bool = True) -> None:
    """Leave an e-mail for the user of an address, in their language.

    Where there is none, and where it is not due, the same work leaves nothing.
    """
    _complete(kind, data)
    now = database.now()
    columns = database.typed("?:uuid, ?, u.email, u.locale, ?:jsonb, 0, ?:bigint, ?:bigint")
    await database.write(
        "INSERT INTO outbox_messages (id, kind, recipient, locale, data, attempts, created_at, next_at)"
        f" SELECT {columns} FROM users u WHERE u.email = ?",
        (database.new_id(), kind, msgspec.json.encode(data).decode(), now, now, email if due else ""),
    )


def _complete(kind: str, data: dict[str, Any]) -> None:
    if kind not in KINDS:
        raise ValueError(f"No kind of e-mail: {kind}")
    if missing := KINDS[kind] - data.keys():
        raise ValueError(f"An e-mail of kind {kind} needs {', '.join(sorted(missing))}.")

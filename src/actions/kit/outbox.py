"""E-mails that a mutation causes: written in its transaction, and sent by a worker after the commit."""

from typing import Any

import msgspec

from actions.kit.email import Email
from models import database


class About(msgspec.Struct, frozen=True):
    """What an e-mail to a buyer is about, and where answers go."""

    account_id: str
    sale_id: str
    reply_to: str | None = None


async def post(
    email: Email, recipient: str, locale: str, data: dict[str, Any], about: About | None = None
) -> None:
    """Put an e-mail into the outbox. `data` can contain a token, and is emptied when the e-mail is sent.

    Raises `ValueError` if data that its text needs is missing: in the mutation, where it is noticed, rather
    than in the worker.
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
            "account_id": about and about.account_id,
            "sale_id": about and about.sale_id,
            "reply_to": about and about.reply_to,
        },
    )


async def post_to_user(email: Email, address: str, data: dict[str, Any], *, due: bool = True) -> None:
    """Put an e-mail for the user of an address into the outbox, in their language.

    If there is no user, or a disabled one, or if the e-mail is not due, the same work is done without effect.
    """
    _complete(email, data)
    now = database.now()
    columns = database.typed("?:uuid, ?, u.email, u.locale, ?:jsonb, 0, ?:bigint, ?:bigint")
    await database.write(
        "INSERT INTO outbox_messages (id, kind, recipient, locale, data, attempts, created_at, next_at)"
        f" SELECT {columns} FROM users u WHERE u.email = ? AND u.disabled_at IS NULL",
        (database.new_id(), email.kind, msgspec.json.encode(data).decode(), now, now, address if due else ""),
    )


async def post_to_owner(email: Email, account_id: str, data: dict[str, Any]) -> None:
    """Put an e-mail for the owner of an account into the outbox, in their language and with both names."""
    rows = await database.read(
        "SELECT u.name, u.email, COALESCE(a.brand_name, a.name) AS account FROM accounts a"
        " JOIN users u ON u.id = a.owner_id WHERE a.id = ?",
        (account_id,),
    )
    names = {"name": rows[0]["name"], "account": rows[0]["account"]}
    await post_to_user(email, rows[0]["email"], names | data)


def _complete(email: Email, data: dict[str, Any]) -> None:
    if missing := email.required - data.keys():
        raise ValueError(f"An e-mail of kind {email.kind} needs {', '.join(sorted(missing))}.")

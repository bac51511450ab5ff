"""The e-mails that acts left in the outbox."""

from typing import Any

import msgspec

from actions.identity.users.mailbox import HOUR_MS
from models import database


async def letters(email: str, kind: str | None = None) -> list[dict[str, Any]]:
    """The e-mails to an address, oldest first; each with its `kind`, `locale` and the data of its words."""
    rows = await database.read(
        "SELECT kind, locale, CAST(data AS TEXT) AS data FROM outbox_messages WHERE recipient = ? ORDER BY id",
        (email,),
    )
    found = [
        {"kind": row["kind"], "locale": row["locale"], **msgspec.json.decode(row["data"])} for row in rows
    ]
    return [letter for letter in found if kind is None or letter["kind"] == kind]


async def link(email: str, kind: str) -> str:
    """The token of the newest link of a kind that went to an address."""
    return str((await letters(email, kind))[-1]["token"])


async def an_hour_passes(email: str) -> None:
    """As if what went to an address had gone an hour earlier: one e-mail with a link goes there an hour."""
    await database.transact(
        lambda: database.write(
            "UPDATE outbox_messages SET created_at = created_at - ? WHERE recipient = ?", (HOUR_MS, email)
        )
    )


async def own_log(user_id: str | None, act: str) -> list[dict[str, Any]]:
    """What someone did, or was refused, in no central: newest last."""
    who = "user_id IS NULL" if user_id is None else "user_id = ?"
    rows = await database.read(
        f"SELECT * FROM user_entries WHERE {who} AND act = ? ORDER BY at, id",
        (act,) if user_id is None else (user_id, act),
    )
    return [dict(row) for row in rows]

"""Versions of what is replaced as a whole, states of invitations, whose a token is, letters by address."""

import json
import time
from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.migrate import Statements

_CENTER = "ACCESS_COLLABORATORS_CENTER"
_PENDING = """
SELECT i.id, i.role, a.owner_id, i.inviter_id, c.id AS seat, c.suspended_at, c.starts_at, c.ends_at,
       CAST(p.grants AS TEXT) AS given, CAST(h.grants AS TEXT) AS held
FROM invitations i
JOIN accounts a ON a.id = i.account_id
JOIN profiles p ON p.account_id = i.account_id AND p.id = i.profile_id
LEFT JOIN collaborators c ON c.account_id = i.account_id AND c.user_id = i.inviter_id
LEFT JOIN profiles h ON h.account_id = c.account_id AND h.id = c.profile_id
WHERE i.status = 'PENDING'
"""
_SETS = {
    "sqlite": "UPDATE invitations SET status = ?, falls_at = ? WHERE id = ?",
    "postgres": "UPDATE invitations SET status = $1, falls_at = $2 WHERE id = $3",
}


def _covers(row: Any) -> bool:
    """Whether the inviter holds a seat that could send the invitation; its end is judged as it passes."""
    if row["owner_id"] == row["inviter_id"]:
        return True
    if row["seat"] is None or row["suspended_at"] is not None or row["role"] != "USER":
        return False
    if row["starts_at"] is not None and row["starts_at"] > time.time_ns() // 1_000_000:
        return False
    held = set(json.loads(row["held"] or "[]"))
    return _CENTER in held and not set(json.loads(row["given"])) - (held - {_CENTER})


async def _judge_pending(_apps: Any, state_editor: Any) -> None:
    client = state_editor.client
    write = _SETS["postgres" if client.capabilities.dialect == "postgres" else "sqlite"]
    _, rows = await client.execute_query(_PENDING)
    for row in rows:
        ends = None if row["owner_id"] == row["inviter_id"] else row["ends_at"]
        status = "PENDING" if _covers(row) else "FALLEN"
        await client.execute_query(write, [status, ends, row["id"]])


def _nothing(_apps: Any, _state_editor: Any) -> None:
    return None


_SEATED = (
    "UPDATE access_tokens SET collaborator_id = (SELECT c.id FROM collaborators c"
    " WHERE c.account_id = access_tokens.account_id AND c.user_id = access_tokens.user_id)"
    " WHERE user_id <> (SELECT a.owner_id FROM accounts a WHERE a.id = access_tokens.account_id)"
)
_INDEXED = "CREATE INDEX outbox_messages_by_recipient ON outbox_messages (recipient, created_at)"


class Migration(migrations.Migration):
    dependencies = [("models", "0012_credit")]
    initial = False

    operations = [
        *(
            ops.AddField(model_name=model, name="version", field=fields.IntField(db_default=1))
            for model in ("Account", "Collaborator", "OwnerDetails", "Profile", "Team")
        ),
        ops.AddField(model_name="Invitation", name="falls_at", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="AccessToken", name="collaborator_id", field=fields.UUIDField(null=True)),
        Statements(
            dict.fromkeys(("sqlite", "postgres"), (_SEATED, _INDEXED)), {"sqlite": (), "postgres": ()}
        ),
        ops.RunPython(_judge_pending, _nothing),
    ]

"""An entry in the log of people, which cannot be removed, marks a database as the demo's."""

import msgspec

from actions.accounts.operator import operator
from actions.kit.log import Change, log_operator
from models import database
from models.statement import Statement, one_of

_ACT = "createDemo"
_ACCOUNTS, _USERS = "Account.id", "Viewer.id"


async def mark(accounts: list[str], users: list[str], secret_key: bytes) -> None:
    """Log, in the transaction that creates the demo, which accounts and users are the demo's."""
    changes = (Change(_ACCOUNTS, None, accounts), Change(_USERS, None, users))
    await log_operator(operator(secret_key), _ACT, "Demo", changes=changes)


async def demo_ids() -> dict[str, list[str]]:
    """The ids of the demo's accounts and users. Empty if the demo did not create the database."""
    rows = await database.read("SELECT changes FROM user_entries WHERE user_id IS NULL AND act = ?", (_ACT,))
    if not rows:
        return {}
    stored = rows[-1]["changes"]
    changes = msgspec.json.decode(stored) if isinstance(stored, str) else stored
    return {change["field"]: change["after"] for change in changes}


async def strangers() -> str | None:
    """A description of an account or a person that the demo did not create."""
    ids = await demo_ids()
    account = await database.read(_beside("name", "accounts", ids.get(_ACCOUNTS, [])))
    if account:
        return f"the account {account[0]['name']}"
    person = await database.read(_beside("email", "users", ids.get(_USERS, [])))
    return f"the user {person[0]['email']}" if person else None


def _beside(column: str, table: str, ids: list[str]) -> Statement:
    chosen = Statement(f"SELECT {column} FROM {table}")
    if ids:
        chosen = chosen + Statement(" WHERE NOT (") + one_of("id", ids) + ")"
    return chosen + " ORDER BY created_at, id LIMIT 1"

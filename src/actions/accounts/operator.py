"""What the operator does at the command line: it needs no permission, and everything is logged."""

import hashlib
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from actions.accounts.emails import ACCOUNT_CLOSED
from actions.kit.call import Call
from actions.kit.chain import chain_key
from actions.kit.log import Change, log_operator
from actions.kit.outbox import post_to_owner
from authz.viewer import Central, Viewer
from models import database
from models.vocabulary import Edition, Privacy

NAME = "command line"
"""The author that the log shows."""


def operator(secret_key: bytes) -> Call:
    """The operator, at the command line."""
    return Call(Viewer(name=NAME), database.new_id(), chain_key=chain_key(secret_key))


def within(call: Call, account: Mapping[str, Any]) -> Call:
    """The operator in an account, whose log records what they do."""
    central = Central(
        str(account["id"]), account["name"], False, Privacy.OWN, account["timezone"], account["currency"]
    )
    return replace(call, viewer=replace(call.viewer, central=central))


async def set_edition(call: Call, account_id: str, edition: Edition) -> None:
    """Set an account's edition. Raises `LookupError` if there is no such account."""

    async def work() -> None:
        account = await _account(account_id)
        await database.write("UPDATE accounts SET edition = ? WHERE id = ?", (edition, account_id))
        changed = account["edition"] != edition
        changes = (Change("Account.edition", account["edition"], edition),) if changed else ()
        await log_operator(within(call, account), "setEdition", "Account", account_id, changes)

    await database.transact(work)


async def set_intake_secret(call: Call, account_id: str, secret: str) -> str:
    """Set the secret that a marketplace's messages carry, and return the intake's id.

    Only the secret's digest is stored. Raises `LookupError` where there is no such account.
    """
    digest = hashlib.sha256(secret.encode()).hexdigest()

    async def work() -> str:
        account = await _account(account_id)
        await database.write(
            "UPDATE accounts SET intake_secret_digest = ? WHERE id = ?", (digest, account_id)
        )
        changes = (Change("Account.intakeSecretSet", None, "changed"),)
        await log_operator(within(call, account), "setIntakeSecret", "Account", account_id, changes)
        return str(account["intake_id"])

    return await database.transact(work)


async def close_account(call: Call, account_id: str) -> None:
    """Close an account as its owner could. The owner can still enter it, export its data and reopen it.

    A pending offer to transfer it becomes void, and the owner gets an e-mail. Raises `LookupError` where
    there is no such account, `ValueError` if it is closed already.
    """

    async def work() -> None:
        account, now = await _account(account_id), database.now()
        changed = await database.write(
            "UPDATE accounts SET closed_at = ? WHERE id = ? AND closed_at IS NULL", (now, account_id)
        )
        if not changed:
            raise ValueError(f"The account {account_id} is closed already.")
        await _cancel_offers(account_id, now)
        await post_to_owner(ACCOUNT_CLOSED, account_id, {})
        changes = (Change("Account.closedAt", None, now),)
        await log_operator(within(call, account), "closeAccount", "Account", account_id, changes)

    await database.transact(work)


async def _cancel_offers(account_id: str, now: int) -> None:
    await database.write(
        "UPDATE transfers SET status = 'CANCELLED', decided_at = ?"
        " WHERE account_id = ? AND status = 'OFFERED'",
        (now, account_id),
    )


async def _account(account_id: str) -> Any:
    rows = await database.read(
        "SELECT id, name, timezone, currency, edition, intake_id FROM accounts WHERE id = ?", (account_id,)
    )
    if not rows:
        raise LookupError(f"There is no account {account_id}.")
    return rows[0]

"""The addresses that an account sends no marketing e-mails to, since their owners ended them."""

import hashlib

from models import database
from models.text import address_of


def digest_of_address(account_id: str, email: str | None) -> str:
    """What is stored of an address: it shows whether an address is the same one, and no more."""
    address = address_of(email) if email else ""
    return hashlib.sha256(f"{account_id} {address}".encode()).hexdigest()


async def has_refused(account_id: str, email: str | None) -> bool:
    """Whether the owner of an address ended an account's marketing e-mails."""
    rows = await database.read(
        "SELECT 1 FROM refused_emails WHERE account_id = ? AND digest = ?",
        (account_id, digest_of_address(account_id, email)),
    )
    return bool(rows)


async def is_refused_for(subscription_id: str, digest: str) -> bool:
    """The same for the account of a subscription, by what is stored of the address."""
    rows = await database.read(
        "SELECT 1 FROM refused_emails d JOIN subscriptions s ON s.account_id = d.account_id"
        " WHERE s.id = ? AND d.digest = ?",
        (subscription_id, digest),
    )
    return bool(rows)


async def refuse_marketing(subscription_id: str, digest: str) -> bool:
    """End the marketing e-mails of a subscription's account to an address.

    False: there is no such subscription.
    """

    async def work() -> bool:
        rows = await database.read("SELECT account_id FROM subscriptions WHERE id = ?", (subscription_id,))
        if not rows:
            return False
        row = {
            "id": database.new_id(),
            "account_id": rows[0]["account_id"],
            "digest": digest,
            "refused_at": database.now(),
        }
        insertion = database.insertion("refused_emails", tuple(row))
        await database.write(f"{insertion} ON CONFLICT DO NOTHING", tuple(row.values()))
        return True

    return await database.transact(work)

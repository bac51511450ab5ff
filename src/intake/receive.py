"""One message from a marketplace: nothing is kept before its secret matches."""

import hashlib
import hmac
import uuid

import msgspec

from intake.arrival import Arrival, arrival_of, malformed
from intake.hotmart_webhook import webhook_event
from intake.keep import keep, lock_clause
from intake.reading import Malformed, decoded
from models import database
from models.words import IntakeOutcome

_NOBODY = str(uuid.UUID(int=0))
_DUMMY = "0" * 64


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer to a message: an HTTP status, and what its body says."""

    status: int
    code: str
    reason: str | None = None


REFUSED = Receipt(401, "UNAUTHENTICATED", "There is no such address, or its secret is another.")
CLOSED = Receipt(410, "ACCOUNT_CLOSED", "The account is closed.")


async def receive(intake_id: str, secret: str | None, body: bytes) -> Receipt:
    """Take one message in; `secret` is the header, and without one the body's `hottok` counts.

    An address that is not there, an account without a secret and a wrong secret cost the same work
    and get the same answer. A known event changes nothing.
    """
    try:
        message, fault = decoded(body), None
    except Malformed as met:
        message, fault = None, met
    if secret is None:
        secret = _told_secret(message)
    account_id = await _account(intake_id, secret)
    if account_id is None:
        return REFUSED
    arrival = malformed(body, secret, fault) if fault else arrival_of(message, secret, webhook_event)

    async def work() -> dict[str, IntakeOutcome] | None:
        if not await _stays_open(account_id, lock_clause([arrival])):
            return None
        return await keep(account_id, [arrival], locked=True)

    new = await database.transact(work)
    return CLOSED if new is None else _receipt(arrival, new)


async def _stays_open(account_id: str, lock: str) -> bool:
    """Whether an account is open, and is closed by nobody until the commit."""
    rows = await database.read(f"SELECT closed_at FROM accounts WHERE id = ?{lock}", (account_id,))
    return rows[0]["closed_at"] is None


def _receipt(arrival: Arrival, new: dict[str, IntakeOutcome]) -> Receipt:
    if arrival.reason is not None:
        return Receipt(400, "MALFORMED", arrival.reason)
    return Receipt(200, new[arrival.key].value if arrival.key in new else "KNOWN")


def _told_secret(message: object) -> str | None:
    told = message.get("hottok") if isinstance(message, dict) else None
    return told if isinstance(told, str) else None


async def _account(intake_id: str, secret: str | None) -> str | None:
    """The account at an address that the secret opens."""
    rows = await database.read(
        "SELECT id, intake_secret_digest FROM accounts WHERE intake_id = ?",
        (_address(intake_id),),
    )
    stored = rows[0]["intake_secret_digest"] if rows else None
    told = hashlib.sha256((secret or "").encode("utf-8", "surrogatepass")).hexdigest()
    matches = hmac.compare_digest(told, stored or _DUMMY)
    return str(rows[0]["id"]) if matches and secret and stored else None


def _address(intake_id: str) -> str:
    """The address as a UUID; what is none becomes one that nobody has, and is looked up all the same."""
    try:
        address = str(uuid.UUID(intake_id))
    except ValueError:
        return _NOBODY
    return address if address == intake_id.lower() else _NOBODY

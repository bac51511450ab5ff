"""One request from a marketplace or a tool. Nothing is stored before its secret matches."""

import hmac
import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from intake.hotmart.postback import form_fields
from intake.hotmart.webhook import webhook_event
from intake.messages.arrival import Arrival, TooManyMessages, arrivals_of, malformed
from intake.messages.secret import Secrets, digest, secret_in
from intake.messages.store import lock_clause, store_arrivals
from intake.messages.wrapper import is_message
from intake.values.reading import Malformed, decoded
from models import database
from models.json_size import most_values
from models.vocabulary import IntakeChannel, IntakeOutcome

MOST_MESSAGES = 500
MOST_VALUES = 50_000
_NOBODY = str(uuid.UUID(int=0))
_DUMMY = "0" * 64
_TOO_MANY = Malformed(f"A request holds at most {MOST_MESSAGES} messages.")
_TOO_LARGE = Malformed(f"A request holds at most {MOST_VALUES:,} values.")
_KNOWN = "KNOWN"
# the code that stands for all messages of a request with several
_RANK = (*(outcome.value for outcome in IntakeOutcome if outcome is not IntakeOutcome.MALFORMED), _KNOWN)


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """The response to a request: an HTTP status and a body."""

    status: int
    code: str
    reason: str | None = None
    messages: dict[str, int] | None = None
    """The outcome of each message, if there were several."""


REFUSED = Receipt(401, "UNAUTHENTICATED", "There is no such address, or its secret is another.")
CLOSED = Receipt(410, "ACCOUNT_CLOSED", "The account is closed.")


async def receive(intake_id: str, secret: str | None, body: bytes) -> Receipt:
    """Process a request. `secret` is the one in its header; without it, the secret in the body counts.

    An unknown address, an account without a secret and a wrong secret cost the same work and get the same
    response. A known event changes nothing.
    """
    if secret is None:
        secret = secret_in(_read(body, exact=False)[0])  # from anyone, so no more is done than it takes
    account_id = await account_at(intake_id, secret)
    return REFUSED if account_id is None or secret is None else await take(account_id, secret, body)


def _read(body: bytes, *, exact: bool = True) -> tuple[Any, Malformed | None]:
    """The content of a body, or why it cannot be read. A form is read as an object of texts."""
    if most_values(body) > MOST_VALUES:
        return None, _TOO_LARGE
    try:
        return decoded(body, exact=exact), None
    except Malformed as fault:
        fields = form_fields(body)
        return fields, None if fields else fault


async def take(account_id: str, secret: str, body: bytes) -> Receipt:
    """Process a request whose secret matched an account's."""
    arrivals = _arrivals(Secrets(secret), body, *_read(body))

    async def work() -> dict[str, IntakeOutcome] | None:
        if not await _stays_open(account_id, lock_clause()):
            return None
        return await store_arrivals(account_id, arrivals, IntakeChannel.WEBHOOK, locked=True)

    new = await database.transact(work)
    return CLOSED if new is None else _receipt(arrivals, new)


def _arrivals(secrets: Secrets, body: bytes, document: Any, fault: Malformed | None) -> list[Arrival]:
    if fault is not None:
        return [malformed(body, secrets, fault)]
    try:
        return arrivals_of(document, secrets, webhook_event, is_message, MOST_MESSAGES)
    except TooManyMessages:
        return [malformed(body, secrets, _TOO_MANY)]


async def _stays_open(account_id: str, lock: str) -> bool:
    """Whether an account is open. It cannot be closed before the commit."""
    rows = await database.read(f"SELECT closed_at FROM accounts WHERE id = ?{lock}", (account_id,))
    return rows[0]["closed_at"] is None


def _receipt(arrivals: Sequence[Arrival], new: dict[str, IntakeOutcome]) -> Receipt:
    """The response.

    It is an error only if no message was understood, since the sender would repeat good ones too.
    """
    codes = Counter(_code(arrival, new) for arrival in arrivals)
    messages = dict(codes) if len(arrivals) > 1 else None
    code = next((code for code in _RANK if codes[code]), None)
    if code is not None:
        return Receipt(200, code, messages=messages)
    return Receipt(400, IntakeOutcome.MALFORMED.value, arrivals[0].reason, messages)


def _code(arrival: Arrival, new: dict[str, IntakeOutcome]) -> str:
    if arrival.outcome is IntakeOutcome.MALFORMED:
        return arrival.outcome.value
    return new[arrival.key].value if arrival.key in new else _KNOWN


async def account_at(intake_id: str, secret: str | None) -> str | None:
    """The account at an address, if the secret is its secret."""
    rows = await database.read(
        "SELECT id, intake_secret_digest FROM accounts WHERE intake_id = ?",
        (_address(intake_id),),
    )
    stored = rows[0]["intake_secret_digest"] if rows else None
    matches = hmac.compare_digest(digest(secret or ""), stored or _DUMMY)
    return str(rows[0]["id"]) if matches and secret and stored else None


def _address(intake_id: str) -> str:
    """The address as a UUID.

    Anything else becomes a UUID that no account has, and is looked up all the same.
    """
    try:
        address = str(uuid.UUID(intake_id))
    except ValueError:
        return _NOBODY
    return address if address == intake_id.lower() else _NOBODY

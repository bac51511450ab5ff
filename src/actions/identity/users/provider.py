"""Signing in with an OpenID Connect provider: the visit there, and the user that the provider vouches for."""

import hmac
import secrets
from dataclasses import dataclass

from actions.identity.sessions.attempts import may_try
from actions.identity.sessions.session import SecondFactorNeeded, Tokens, open_or_ask
from actions.identity.users.mailbox import locked_user, prove
from actions.identity.users.user import LONGEST_NAME, make_user
from actions.kit.call import Call
from actions.kit.email_address import address_of
from actions.kit.mutation import Done, Mutation
from authz.identity import digest
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.text import tidied

VISIT_MS = 10 * 60_000

SIGN_IN_WITH_PROVIDER = Mutation(
    "signInWithProvider",
    None,
    "Session",
    codes=(ErrorCode.UNVERIFIED_ADDRESS, ErrorCode.BAD_CREDENTIALS, ErrorCode.RATE_LIMITED),
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit to the provider: what the callback must match."""

    state: str
    nonce: str
    verifier: str
    return_to: str


@dataclass(frozen=True, slots=True)
class Vouched:
    """The person that a provider vouches for."""

    issuer: str
    subject: str
    email: str | None
    email_verified: bool
    name: str | None
    locale: str


async def begin_visit(call: Call, return_to: str) -> Visit:
    """Begin a visit to the provider. The state goes through the browser, and everything else stays here."""
    async with SIGN_IN_WITH_PROVIDER.refusals_logged(call):
        await may_try(SIGN_IN_WITH_PROVIDER.name, None, call.address)
    visit = Visit(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        return_to=return_to,
    )
    now = database.now()
    row = {
        "id": database.new_id(),
        "state_digest": digest(visit.state),
        "nonce": visit.nonce,
        "verifier": visit.verifier,
        "return_to": visit.return_to,
        "created_at": now,
        "expires_at": now + VISIT_MS,
    }

    async def work() -> None:
        await database.write("DELETE FROM provider_visits WHERE expires_at < ?", (now,))
        await database.insert("provider_visits", row)

    await database.transact(work)
    return visit


async def end_visit(state: str, cookie: str) -> Visit | None:
    """The visit of someone who returns, once and in the same browser. None for any other."""
    if not hmac.compare_digest(state.encode(), cookie.encode()):
        return None
    stored, now = digest(state), database.now()

    async def work() -> Visit | None:
        rows = await database.read(
            "SELECT nonce, verifier, return_to FROM provider_visits"
            " WHERE state_digest = ? AND expires_at > ?",
            (stored, now),
        )
        ended = await database.write("DELETE FROM provider_visits WHERE state_digest = ?", (stored,))
        if not ended or not rows:
            return None
        return Visit(state, rows[0]["nonce"], rows[0]["verifier"], rows[0]["return_to"])

    return await database.transact(work)


async def sign_in_vouched(call: Call, vouched: Vouched, agent: str) -> Tokens | SecondFactorNeeded:
    """Open a session of the user whom a provider vouches for, or ask for the second factor that they have.

    It is known by issuer and subject. At the first time, an address that the provider has verified makes a
    user, or is linked to the one who has it. If that one never verified it, a stranger perhaps, the
    provider's word proves it: whatever the stranger made of it ends.
    """
    created: list[Tokens | SecondFactorNeeded] = []

    async def work(_viewer: Viewer) -> Done:
        user_id = await _known_still(vouched) or await _linked(vouched)
        user = await locked_user("id", user_id)
        opened = await open_or_ask(user, agent)
        created.append(opened)
        session_id = opened.session_id if isinstance(opened, Tokens) else ""
        return Done(session_id, by=Viewer(user_id=user_id, name=user["name"]))

    await SIGN_IN_WITH_PROVIDER.perform(call, work)
    return created[0]


async def _known(vouched: Vouched) -> str | None:
    rows = await database.read(
        "SELECT user_id FROM identities WHERE issuer = ? AND subject = ?", (vouched.issuer, vouched.subject)
    )
    return str(rows[0]["user_id"]) if rows else None


async def _known_still(vouched: Vouched) -> str | None:
    """The known user, locked. A proof of the address could have ended the link meanwhile."""
    user_id = await _known(vouched)
    if user_id is None:
        return None
    await locked_user("id", user_id)
    return await _known(vouched)


async def _linked(vouched: Vouched) -> str:
    address = address_of(vouched.email) if vouched.email and vouched.email_verified else None
    if address is None:
        raise Refusal(ErrorCode.UNVERIFIED_ADDRESS, "address_unverified")
    user_id = await make_user(
        {
            "id": database.new_id(),
            "email": address,
            "name": _name(vouched, address),
            "password_hash": None,
            "locale": vouched.locale,
            "email_verified_at": database.now(),
        }
    )
    user = await locked_user("id", user_id)
    if user["email_verified_at"] is None:
        await prove(user)
        await database.write(
            "UPDATE users SET name = ?, locale = ? WHERE id = ?",
            (_name(vouched, address), vouched.locale, user_id),
        )
    row = {
        "id": database.new_id(),
        "user_id": user_id,
        "issuer": vouched.issuer,
        "subject": vouched.subject,
        "created_at": database.now(),
    }
    await database.insert_many("identities", tuple(row), [tuple(row.values())], skip_known=True)
    return await _known(vouched) or user_id


def _name(vouched: Vouched, address: str) -> str:
    return tidied(vouched.name or "", LONGEST_NAME) or address.partition("@")[0]

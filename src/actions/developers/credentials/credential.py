"""API credentials: what machines get their tokens with, on behalf of whoever created them."""

import secrets
from dataclasses import dataclass
from typing import Any

import msgspec

from actions.developers.credentials import emails
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.naming import checked_name
from actions.kit.outbox import post_to_owner
from authz import reach
from authz.gates import NEVER_OF_TOKENS, grant_bit
from authz.grant import Grant
from authz.identity import digest
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement

MOST_CREDENTIALS = 20
MOST_DAYS = 366
LONGEST_NAME = 100
SECRET_PREFIX = "cpcs_"  # noqa: S105 - what the secret of a credential begins with
_DAY_MS = 24 * 3_600_000
_GATE = Grant.MANAGE_API_CREDENTIALS

CREATE_API_CREDENTIAL = Mutation(
    "createApiCredential",
    _GATE,
    "ApiCredential",
    codes=(ErrorCode.NOT_HELD, ErrorCode.TOO_MANY, ErrorCode.NAME_TAKEN, ErrorCode.BAD_INPUT),
    replays=True,
    changes_access=False,
    while_closed=False,
)
ROTATE_API_CREDENTIAL = Mutation(
    "rotateApiCredential",
    _GATE,
    "ApiCredential",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.FORBIDDEN, ErrorCode.WRONG_STATE),
    replays=True,
    while_closed=False,
)
REVOKE_API_CREDENTIAL = Mutation(
    "revokeApiCredential",
    _GATE,
    "ApiCredential",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE),
    replays=True,
    while_closed=True,
)


@dataclass(frozen=True, slots=True)
class NewApiCredential:
    """The properties of a new credential."""

    name: str
    grants: tuple[Grant, ...]
    days: int


async def create_api_credential(call: Call, chosen: NewApiCredential) -> tuple[str, str | None]:
    """Create a credential. Returns its id and its secret, which a repeated call does not get again."""
    new_id, secret = database.new_id(), _secret()

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        name, now, account_id = _checked(viewer, chosen), database.now(), viewer.central.account_id
        await _leave_room(viewer, name)
        grants = [grant.value for grant in Grant if grant in chosen.grants]
        row = {
            "id": new_id,
            "account_id": account_id,
            "user_id": viewer.user_id,
            "name": name,
            "grants": msgspec.json.encode(grants).decode(),
            "client_id": f"{account_id.replace('-', '')}_{secrets.token_urlsafe(12)}",
            "digest": digest(secret),
            "created_at": now,
            "created_by_name": viewer.name,
            "expires_at": now + chosen.days * _DAY_MS,
            "last_used_at": None,
            "ended_at": None,
            "fell": False,
        }
        await database.insert("api_credentials", row)
        words = {"by": viewer.name, "credential": name}
        await post_to_owner(emails.NEW_CREDENTIAL, account_id, words)
        changes = (("name", name), ("grants", grants))
        return Done(new_id, tuple(Change(f"ApiCredential.{field}", None, after) for field, after in changes))

    found = await CREATE_API_CREDENTIAL.perform(call, work)
    return found, secret if found == new_id else None


def _secret() -> str:
    return f"{SECRET_PREFIX}{secrets.token_urlsafe(32)}"


def _checked(viewer: Viewer, chosen: NewApiCredential) -> str:
    name = checked_name(chosen.name, LONGEST_NAME)
    if not 1 <= chosen.days <= MOST_DAYS:
        raise Refusal(ErrorCode.BAD_INPUT, "credential_days", ("days",), most=MOST_DAYS)
    if not chosen.grants:
        raise Refusal(ErrorCode.BAD_INPUT, "credential_without_grants", ("grants",))
    never = [grant.value for grant in chosen.grants if NEVER_OF_TOKENS & grant_bit(grant)]
    if never:
        raise Refusal(ErrorCode.BAD_INPUT, "never_of_tokens", ("grants",), names=", ".join(never))
    lacked = [grant.value for grant in chosen.grants if not viewer.mask & grant_bit(grant)]
    if lacked:
        raise Refusal(ErrorCode.NOT_HELD, "not_held", ("grants",), names=", ".join(lacked))
    return name


async def _leave_room(viewer: Viewer, name: str) -> None:
    """Refuse a name that is taken, or one credential too many. The account is locked meanwhile."""
    rows = await database.read(
        Statement(
            "SELECT k.name FROM api_credentials k WHERE k.ended_at IS NULL AND k.expires_at > ? AND ",
            (database.now(),),
        )
        + reach.api_credentials(viewer).where("k")
    )
    if any(row["name"].casefold() == name.casefold() for row in rows):
        raise Refusal(ErrorCode.NAME_TAKEN, "credential_name_taken", ("name",))
    if len(rows) >= MOST_CREDENTIALS:
        raise Refusal(ErrorCode.TOO_MANY, "too_many_credentials", most=MOST_CREDENTIALS)


async def rotate_api_credential(call: Call, credential_id: str) -> str | None:
    """Replace the secret of one's own credential, and end its tokens. Returns the new secret, once."""
    secret = _secret()
    rotated = False

    async def work(viewer: Viewer) -> Done:
        nonlocal rotated
        found = await _found(viewer, credential_id)
        if str(found["user_id"]) != viewer.user_id:
            raise Refusal(ErrorCode.FORBIDDEN, "not_your_credential", ("id",))
        await database.write(
            Statement(
                "UPDATE api_credentials AS k SET digest = ? WHERE k.id = ? AND ",
                (digest(secret), credential_id),
            )
            + reach.own_api_credentials(viewer).where("k")
        )
        await _end_tokens_of(found)
        rotated = True
        return Done(credential_id, (Change("ApiCredential.secret", None, "changed"),))

    await ROTATE_API_CREDENTIAL.perform(call, work, credential_id)
    return secret if rotated else None


async def revoke_api_credential(call: Call, credential_id: str) -> str:
    """End a credential and its tokens, whoever created it."""

    async def work(viewer: Viewer) -> Done:
        found = await _found(viewer, credential_id)
        await database.write(
            Statement(
                "UPDATE api_credentials AS k SET ended_at = ? WHERE k.id = ? AND ",
                (database.now(), credential_id),
            )
            + reach.api_credentials(viewer).where("k")
        )
        await _end_tokens_of(found)
        return Done(credential_id, (Change("ApiCredential.name", found["name"], None),))

    return await REVOKE_API_CREDENTIAL.perform(call, work, credential_id)


async def _found(viewer: Viewer, credential_id: str) -> Any:
    """A credential that is still valid. The account is locked, so it stays so."""
    rows = await database.read(
        Statement(
            "SELECT k.id, k.account_id, k.user_id, k.name, k.ended_at, k.expires_at"
            " FROM api_credentials k WHERE k.id = ? AND ",
            (credential_id,),
        )
        + reach.api_credentials(viewer).where("k")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_credential", ("id",))
    if rows[0]["ended_at"] is not None or rows[0]["expires_at"] <= database.now():
        raise Refusal(ErrorCode.WRONG_STATE, "credential_ended", ("id",))
    return rows[0]


async def _end_tokens_of(credential: Any) -> None:
    await database.write(
        "UPDATE access_tokens SET ended_at = ?"
        " WHERE account_id = ? AND user_id = ? AND credential_id = ? AND ended_at IS NULL",
        (database.now(), credential["account_id"], credential["user_id"], str(credential["id"])),
    )

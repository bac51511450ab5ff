"""Passkeys: registering, naming and removing them, and signing in with one."""

import asyncio
import importlib
from typing import Any

from actions.identity.sessions.challenge import (
    Challenge,
    OpenChallenge,
    begin_challenge,
    end_challenge,
    open_challenge,
)
from actions.identity.sessions.factors import note_factors
from actions.identity.sessions.session import end_sessions
from actions.identity.two_factor import emails
from actions.identity.two_factor.codes import renew_recovery_codes
from actions.identity.two_factor.identity_check import IDENTITY_CODES, Shown, checked_identity
from actions.identity.two_factor.relying_party import RelyingParty
from actions.identity.users.mailbox import locked_user
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.naming import checked_name
from actions.kit.outbox import post_to_user
from actions.kit.vault import Vault
from authz.gates import Standing
from authz.identity import digest
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.vocabulary import ChallengeKind

MOST_PASSKEYS = 20
LONGEST_NAME = 100
LONGEST_CREDENTIAL = 16_384
_LONGEST_ID = 1_400

START_PASSKEY = Mutation(
    "startPasskey",
    Standing.SESSION,
    "Passkey",
    codes=(*IDENTITY_CODES, ErrorCode.TOO_MANY),
    outside=True,
    alone=True,
)
ADD_PASSKEY = Mutation(
    "addPasskey",
    Standing.SESSION,
    "Passkey",
    codes=(ErrorCode.BAD_CODE, ErrorCode.BAD_INPUT, ErrorCode.CHALLENGE_ENDED, ErrorCode.TOO_MANY),
    outside=True,
    alone=True,
)
RENAME_PASSKEY = Mutation(
    "renamePasskey",
    Standing.SESSION,
    "Passkey",
    codes=(ErrorCode.BAD_INPUT, ErrorCode.NOT_FOUND),
    outside=True,
)
REMOVE_PASSKEY = Mutation(
    "removePasskey",
    Standing.SESSION,
    "Passkey",
    codes=(*IDENTITY_CODES, ErrorCode.NOT_FOUND),
    outside=True,
    alone=True,
)


async def ceremony() -> Any:
    """The module of the ceremonies, imported beside the requests."""
    return await asyncio.to_thread(importlib.import_module, "actions.identity.two_factor.ceremony")


async def start_passkey(call: Call, vault: Vault, party: RelyingParty, shown: Shown) -> tuple[Challenge, str]:
    """Begin to register a passkey for the caller, and return the options for the browser as JSON."""
    check = await checked_identity(call, START_PASSKEY, vault, shown)
    steps, begun = await ceremony(), []

    async def work(viewer: Viewer) -> Done:
        user_id = str(viewer.user_id)
        await check(viewer)
        known = [row["credential_id"] for row in await passkeys_of(user_id)]
        if len(known) >= MOST_PASSKEYS:
            raise Refusal(ErrorCode.TOO_MANY, "too_many_passkeys", None, most=MOST_PASSKEYS)
        challenge = await begin_challenge(ChallengeKind.NEW_PASSKEY, user_id)
        options = steps.creation_options(
            party, challenge.challenge, user_id, viewer.email, viewer.name, known
        )
        begun.append((challenge, options))
        return Done(user_id)

    await START_PASSKEY.perform(call, work, call.viewer.user_id)
    return begun[0]


async def add_passkey(
    call: Call, party: RelyingParty, token: str, credential: str, name: str
) -> tuple[str, list[str]]:
    """Store the passkey that the browser created. Returns its id and, for a first factor, recovery codes."""
    steps, codes = await ceremony(), []

    async def work(viewer: Viewer) -> Done:
        label = checked_name(name, LONGEST_NAME)
        user = await locked_user("id", viewer.user_id)
        found = await open_challenge(token, ChallengeKind.NEW_PASSKEY)
        if found.user_id != viewer.user_id:
            raise Refusal(ErrorCode.CHALLENGE_ENDED, "challenge_ended", ("token",))
        new = None
        if len(credential) <= LONGEST_CREDENTIAL:
            new = steps.registered(party, found.challenge, credential)
        if new is None or len(new.credential_id) > _LONGEST_ID:
            raise Refusal(ErrorCode.BAD_CODE, "bad_passkey", ("credential",))
        await end_challenge(found)
        passkey_id = await _insert(viewer, new, label)
        if user["two_factor_at"] is None:
            codes.extend(await renew_recovery_codes(str(user["id"])))
            await end_sessions(str(user["id"]), but=viewer.session_id)
        await note_factors(str(viewer.user_id))
        await post_to_user(emails.PASSKEY_ADDED, viewer.email, {})
        return Done(passkey_id, (Change("Passkey.name", None, label),))

    return await ADD_PASSKEY.perform(call, work), codes


async def _insert(viewer: Viewer, new: Any, name: str) -> str:
    known = await passkeys_of(str(viewer.user_id))
    if len(known) >= MOST_PASSKEYS:
        raise Refusal(ErrorCode.TOO_MANY, "too_many_passkeys", None, most=MOST_PASSKEYS)
    row = {
        "id": database.new_id(),
        "user_id": viewer.user_id,
        "credential_id": new.credential_id,
        "credential_digest": digest(new.credential_id),
        "public_key": new.public_key,
        "sign_count": new.sign_count,
        "name": name,
        "created_at": database.now(),
        "last_used_at": None,
    }
    await database.insert_many("passkeys", tuple(row), [tuple(row.values())], skip_known=True)
    rows = await database.read("SELECT id FROM passkeys WHERE id = ?", (row["id"],))
    if not rows:  # someone has registered the same passkey already
        raise Refusal(ErrorCode.BAD_CODE, "bad_passkey", ("credential",))
    return str(row["id"])


async def rename_passkey(call: Call, passkey_id: str, name: str) -> str:
    """Rename one of the caller's own passkeys."""

    async def work(viewer: Viewer) -> Done:
        label = checked_name(name, LONGEST_NAME)
        passkey = await _own(viewer, passkey_id)
        await database.write("UPDATE passkeys SET name = ? WHERE id = ?", (label, passkey["id"]))
        return Done(passkey_id, (Change("Passkey.name", passkey["name"], label),))

    return await RENAME_PASSKEY.perform(call, work, passkey_id)


async def remove_passkey(call: Call, vault: Vault, passkey_id: str, shown: Shown) -> str:
    """Remove one of the caller's own passkeys."""
    check = await checked_identity(call, REMOVE_PASSKEY, vault, shown)

    async def work(viewer: Viewer) -> Done:
        await check(viewer)
        passkey = await _own(viewer, passkey_id)
        await database.write("DELETE FROM passkeys WHERE id = ?", (passkey["id"],))
        still = await note_factors(str(viewer.user_id))
        await post_to_user(emails.PASSKEY_REMOVED if still else emails.DISABLED, viewer.email, {})
        return Done(passkey_id, (Change("Passkey.name", passkey["name"], None),))

    return await REMOVE_PASSKEY.perform(call, work, passkey_id)


async def _own(viewer: Viewer, passkey_id: str) -> Any:
    await locked_user("id", viewer.user_id)
    rows = await database.read(
        "SELECT id, name FROM passkeys WHERE id = ? AND user_id = ?", (passkey_id, viewer.user_id)
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_passkey", ("id",))
    return rows[0]


async def passkeys_of(user_id: str) -> list[Any]:
    """A user's passkeys, the oldest first."""
    return list(
        await database.read(
            "SELECT id, credential_id, name, created_at, last_used_at FROM passkeys WHERE user_id = ?"
            " ORDER BY created_at, id",
            (user_id,),
        )
    )


async def request_options(party: RelyingParty, challenge: Challenge, user_id: str | None) -> str:
    """The options with which a browser asks for a passkey, as JSON: anyone's, or one of a user's."""
    steps = await ceremony()
    known = [] if user_id is None else [row["credential_id"] for row in await passkeys_of(user_id)]
    options: str = steps.request_options(party, challenge.challenge, known, alone=user_id is None)
    return options


async def signer_of(party: RelyingParty, found: OpenChallenge, credential: str) -> str | None:
    """The user whose passkey signed a challenge, in a transaction. None if the response is invalid.

    A passkey without a password has verified its user: by a fingerprint, a face or a PIN.
    """
    steps = await ceremony()
    named = steps.credential_id(credential) if len(credential) <= LONGEST_CREDENTIAL else None
    rows = await database.read(
        "SELECT id, user_id, public_key, sign_count FROM passkeys WHERE credential_digest = ?",
        (digest(named or ""),),
    )
    if not rows or found.user_id not in (None, str(rows[0]["user_id"])):
        return None
    passkey = rows[0]
    count = steps.signed(party, found.challenge, credential, passkey, alone=found.user_id is None)
    if count is None:
        return None
    used = await database.write(
        "UPDATE passkeys SET sign_count = ?, last_used_at = ? WHERE id = ? AND sign_count = ?",
        (count, database.now(), passkey["id"], passkey["sign_count"]),
    )
    return str(passkey["user_id"]) if used else None

"""Codes that people type: those of an authenticator app, each valid once, and recovery codes."""

import hmac
import secrets
import unicodedata
from typing import Any

import pyotp

from actions.kit.vault import DecryptionError, Vault
from authz.identity import digest
from models import database

ISSUER = "Centrals"
RECOVERY_CODES = 10
_PERIOD = 30  # seconds
_DIGITS = 6
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # no two of them look alike
_GROUPS, _GROUP = 4, 4
_LONGEST = 100


def new_secret() -> str:
    """A secret for an authenticator app, in base32: 160 bits."""
    return pyotp.random_base32()


def uri_of(secret: str, email: str) -> str:
    """The URI that an authenticator app reads, usually from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


async def accept_code(vault: Vault, user_id: str, code: str, *, recovery: bool = True) -> bool:
    """Whether a code is valid for a locked user, from an app or a recovery code. It is then used up."""
    typed = _typed(code)
    if len(typed) == _DIGITS and typed.isdecimal():
        return await _accept_of_app(vault, user_id, typed, confirmed=True)
    return recovery and await _accept_recovery(user_id, typed)


async def confirm_app(vault: Vault, user_id: str, code: str) -> bool:
    """Whether a code is from the app that a locked user is setting up.

    If so, the app is in use from then on.
    """
    if not await _accept_of_app(vault, user_id, _typed(code), confirmed=False):
        return False
    changed = await database.write(
        "UPDATE authenticator_apps SET confirmed_at = ? WHERE user_id = ? AND confirmed_at IS NULL",
        (database.now(), user_id),
    )
    return bool(changed)


async def _accept_of_app(vault: Vault, user_id: str, code: str, *, confirmed: bool) -> bool:
    state = "IS NOT NULL" if confirmed else "IS NULL"
    rows = await database.read(
        f"SELECT id, secret FROM authenticator_apps WHERE user_id = ? AND confirmed_at {state}", (user_id,)
    )
    secret = _opened(vault, user_id, rows[0]["secret"]) if rows else None
    step = _step_of(secret, code) if secret else None
    if step is None:
        return False
    # a code is valid once, and older ones are invalid after it
    accepted = await database.write(
        "UPDATE authenticator_apps SET last_step = ? WHERE id = ? AND last_step < ?",
        (step, rows[0]["id"], step),
    )
    if accepted and secret and not vault.is_current(user_id, rows[0]["secret"]):
        await database.write(
            "UPDATE authenticator_apps SET secret = ? WHERE id = ?",
            (vault.seal(user_id, secret), rows[0]["id"]),
        )
    return bool(accepted)


def _opened(vault: Vault, user_id: str, stored: str) -> str | None:
    try:
        return vault.open(user_id, stored)
    except DecryptionError:
        return None  # its key is gone: recovery codes and passkeys remain


def _step_of(secret: str, code: str) -> int | None:
    """The period of a code: the current, previous or next one, because clocks differ."""
    totp, now = pyotp.TOTP(secret, digits=_DIGITS, interval=_PERIOD), database.now() // 1000 // _PERIOD
    steps = [step for step in (now, now - 1, now + 1) if hmac.compare_digest(totp.generate_otp(step), code)]
    return steps[0] if steps else None


async def renew_recovery_codes(user_id: str) -> list[str]:
    """New recovery codes for a locked user, shown once. The old ones become invalid."""
    now = database.now()
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    await database.write("DELETE FROM recovery_codes WHERE user_id = ?", (user_id,))
    await database.insert_many(
        "recovery_codes",
        ("id", "user_id", "digest", "created_at", "used_at"),
        [(database.new_id(), user_id, digest(_typed(code)), now, None) for code in codes],
    )
    return codes


async def _accept_recovery(user_id: str, typed: str) -> bool:
    used = await database.write(
        "UPDATE recovery_codes SET used_at = ? WHERE user_id = ? AND digest = ? AND used_at IS NULL",
        (database.now(), user_id, digest(typed)),
    )
    return bool(used)


def _new_code() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _typed(code: str) -> str:
    """A code without spaces and hyphens, in lower case and with ASCII digits."""
    characters = (
        character for character in code[:_LONGEST].lower() if not (character.isspace() or character == "-")
    )
    return "".join(_digit(character) for character in characters)


def _digit(character: str) -> str:
    value: Any = unicodedata.decimal(character, None)
    return character if value is None else str(int(value))

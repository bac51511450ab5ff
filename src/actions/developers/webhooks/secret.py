"""The secrets that sign what an endpoint gets: the current one, and the former while it is replaced."""

import base64
import secrets
from typing import Any

import msgspec

from actions.kit.vault import Vault
from models import database

PREFIX = "whsec_"
_BYTES = 32


class StoredSecret(msgspec.Struct, frozen=True):
    """A secret as it is stored. Times are milliseconds."""

    ciphertext: str
    ending: str
    created_at: int
    until: int | None = None
    """When it stops signing; None for the current one."""


def new_secret() -> str:
    """A new secret, as Standard Webhooks writes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def stored(vault: Vault, endpoint_id: str, secret: str) -> StoredSecret:
    """A secret as it is stored for an endpoint."""
    return StoredSecret(vault.seal(endpoint_id, secret), secret[-4:], database.now())


def secrets_in(value: Any) -> list[StoredSecret]:
    """The secrets of an endpoint that sign now, the current one first."""
    content = value if isinstance(value, str | bytes) else msgspec.json.encode(value)
    now = database.now()
    found = msgspec.json.decode(content, type=list[StoredSecret])
    return [secret for secret in found if secret.until is None or secret.until > now]


def stored_text(found: list[StoredSecret]) -> str:
    """Secrets as a row has them."""
    return msgspec.json.encode(found).decode()

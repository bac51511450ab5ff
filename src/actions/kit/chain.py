"""The chain of an account's log: each entry's digest covers the one before it, under a key of the server."""

import hmac
from collections.abc import Mapping
from hashlib import blake2b, sha256
from typing import Any

import msgspec

from models import database

COVERED = (
    "id",
    "account_id",
    "user_id",
    "user_name",
    "act",
    "object_type",
    "object_id",
    "let_by",
    "refusal",
    "changes",
    "request_id",
    "address",
    "at",
    "sequence",
)
TOKEN = ("token_id", "token_name")  # covered where there is one: entries from before these columns have none


def chain_key(secret: bytes) -> bytes:
    """The key of the chains, of the server's secret."""
    return blake2b(secret, person=b"audit chain", digest_size=32).digest()


def link(key: bytes, previous: str | None, entry: Mapping[str, Any]) -> str:
    """The digest of an entry that follows another, in hex. `changes` is taken as decoded JSON."""
    covered = [previous, *(entry[name] for name in COVERED)]
    token = [entry.get(name) for name in TOKEN]
    if token != [None, None]:
        covered += token
    return hmac.new(key, msgspec.json.encode(covered, order="deterministic"), sha256).hexdigest()


async def append(key: bytes, entry: dict[str, Any]) -> None:
    """Write an entry at the end of its account's chain; the account's row is locked until the commit."""
    lock = " FOR NO KEY UPDATE" if database.dialect() == "postgres" else ""
    heads = await database.read(
        f"SELECT chain_sequence, chain_digest FROM accounts WHERE id = ?{lock}", (entry["account_id"],)
    )
    sequence = heads[0]["chain_sequence"] + 1
    digest = link(key, heads[0]["chain_digest"], entry | {"sequence": sequence})
    row = entry | {"sequence": sequence, "digest": digest}
    await database.insert("audit_entries", row | {"changes": msgspec.json.encode(row["changes"]).decode()})
    await database.write(
        "UPDATE accounts SET chain_sequence = ?, chain_digest = ? WHERE id = ?",
        (sequence, digest, entry["account_id"]),
    )

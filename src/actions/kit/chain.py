"""The chains of the logs: each entry's digest covers the one before it, under a key of the server.

Each account's log is a chain of its own, and so is the log of people, who belong to no account.
"""

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
TOKEN = ("token_id", "token_name")  # included only if present: entries from before these columns have none
# not `user_id`, which becomes empty when a user is removed; with fewer columns than an account's entry,
# an entry of one log can never pass for one of the other
COVERED_OF_PEOPLE = (
    "id",
    "actor_id",
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
PEOPLE = "people"
_NEW_HEAD = "UPDATE accounts SET chain_sequence = ?, chain_digest = ? WHERE id = ?"


def chain_key(secret: bytes) -> bytes:
    """The key of the chains, derived from the server's secret."""
    return blake2b(secret, person=b"audit chain", digest_size=32).digest()


def link(
    key: bytes, previous: str | None, entry: Mapping[str, Any], covered: tuple[str, ...] = COVERED
) -> str:
    """The digest of an entry that follows another, in hex. `changes` is taken as decoded JSON."""
    values = [previous, *(entry[name] for name in covered)]
    token = [entry.get(name) for name in TOKEN]
    if token != [None, None]:
        values += token
    return hmac.new(key, msgspec.json.encode(values, order="deterministic"), sha256).hexdigest()


async def append(key: bytes, entry: dict[str, Any]) -> None:
    """Write an entry at the end of its account's chain; the account's row is locked until the commit."""
    lock = " FOR NO KEY UPDATE" if database.dialect() == "postgres" else ""
    heads = await database.read(
        f"SELECT chain_sequence, chain_digest FROM accounts WHERE id = ?{lock}", (entry["account_id"],)
    )
    sequence = heads[0]["chain_sequence"] + 1
    digest = link(key, heads[0]["chain_digest"], entry | {"sequence": sequence})
    changes = msgspec.json.encode(entry["changes"]).decode()
    row = entry | {"changes": changes, "sequence": sequence, "digest": digest}
    await _write(row, (sequence, digest, entry["account_id"]))


async def _write(row: dict[str, Any], head: tuple[int, str, str]) -> None:
    """Write an entry and the new end of its chain, without a round trip or a call for each."""
    entering = database.insertion("audit_entries", tuple(row))
    if database.dialect() == "postgres":
        await database.write(f"WITH entered AS ({entering}) {_NEW_HEAD}", (*row.values(), *head))
    else:
        await database.write_later(entering, [tuple(row.values())])
        await database.write_later(_NEW_HEAD, [head])


async def append_of_people(key: bytes, entry: dict[str, Any]) -> None:
    """Write an entry at the end of the log of people, whose end is locked until the commit."""
    head = await _head_of_people()
    if head is None:
        await _begin_people(key)
        head = await _head_of_people()
        assert head is not None
    sequence = head["sequence"] + 1
    entry = entry | {"actor_id": entry["user_id"], "sequence": sequence}
    digest = link(key, head["digest"], entry, COVERED_OF_PEOPLE)
    row = entry | {"changes": msgspec.json.encode(entry["changes"]).decode(), "digest": digest}
    await database.insert("user_entries", row)
    await database.write(
        "UPDATE log_heads SET sequence = ?, digest = ? WHERE id = ?", (sequence, digest, PEOPLE)
    )


async def chain_people(key: bytes) -> None:
    """Start the chain of the log of people with the entries that precede it, unless it exists."""
    if not await database.read("SELECT id FROM log_heads WHERE id = ?", (PEOPLE,)):
        await database.transact(lambda: _begin_people(key))


async def _begin_people(key: bytes) -> None:
    head = {"id": PEOPLE, "sequence": 0, "digest": None}
    await database.insert_many("log_heads", tuple(head), [tuple(head.values())], skip_known=True)
    begun = await _head_of_people()
    if begun is None or begun["sequence"]:
        return
    names = ", ".join(name for name in COVERED_OF_PEOPLE if name != "sequence")
    rows = await database.read(f"SELECT {names} FROM user_entries WHERE sequence IS NULL ORDER BY at, id")
    digest: str | None = None
    for sequence, row in enumerate(rows, 1):
        digest = link(key, digest, decoded(row) | {"sequence": sequence}, COVERED_OF_PEOPLE)
        await database.write(
            "UPDATE user_entries SET sequence = ?, digest = ? WHERE id = ?", (sequence, digest, row["id"])
        )
    await database.write(
        "UPDATE log_heads SET sequence = ?, digest = ? WHERE id = ?", (len(rows), digest, PEOPLE)
    )


async def _head_of_people() -> Any:
    lock = " FOR NO KEY UPDATE" if database.dialect() == "postgres" else ""
    rows = await database.read(f"SELECT sequence, digest FROM log_heads WHERE id = ?{lock}", (PEOPLE,))
    return rows[0] if rows else None


def decoded(row: Mapping[str, Any]) -> dict[str, Any]:
    """A stored entry with its changes as decoded JSON."""
    stored = row["changes"]
    changes = msgspec.json.decode(stored) if isinstance(stored, str | bytes) else stored
    return {**dict(row), "changes": changes}

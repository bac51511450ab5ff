"""Proof that no entry of a log was changed, removed, cut off or inserted."""

import hmac
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from actions.kit.chain import COVERED, COVERED_OF_PEOPLE, PEOPLE, TOKEN, decoded, link
from models import database

_PAGE = 2_000


class Fault(StrEnum):
    """What is wrong with the first broken entry."""

    ALTERED = "ALTERED"
    """It was changed, or an entry before it was removed and the numbers were changed."""
    MISSING = "MISSING"
    """It is missing, although later ones exist."""
    DUPLICATE = "DUPLICATE"
    """Two entries have its number."""
    INSERTED = "INSERTED"
    """It has no number: it was never in the chain."""
    TRUNCATED = "TRUNCATED"
    """The log ends before it."""
    PAST_THE_HEAD = "PAST_THE_HEAD"
    """It is after the head that the account's row records."""
    RETIRED_KEY = "RETIRED_KEY"
    """It was signed with a key that was replaced before."""
    OTHER_HEAD = "OTHER_HEAD"
    """It fits those before it, but not a head that was saved elsewhere."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a log: the number of its last entry, and the digest of everything up to it."""

    sequence: int
    digest: str | None

    def __str__(self) -> str:
        return f"{self.sequence}:{self.digest or '-'}"


@dataclass(frozen=True, slots=True)
class BrokenEntry:
    """The first broken entry: its number, its id if it exists, and what is wrong."""

    sequence: int | None
    entry_id: str | None
    fault: Fault


@dataclass(frozen=True, slots=True)
class Proof:
    """The result of verifying a log."""

    head: Head
    proven: int
    broken: BrokenEntry | None = None


def read_head(text: str) -> Head:
    """A head as `str` writes it. Raises `ValueError` for anything else."""
    number, _, digest = text.strip().partition(":")
    sequence = int(number)
    known = None if digest in ("", "-") else digest
    if (
        sequence < 0
        or (known is None) != (sequence == 0)
        or not all(c in "0123456789abcdef" for c in known or "")
    ):
        raise ValueError(text)
    return Head(sequence, known)


async def head_of(account_id: str | None) -> Head:
    """The end of an account's log, according to its row. Without an account, the end of the log of people."""
    if account_id is None:
        rows = await database.read("SELECT sequence, digest FROM log_heads WHERE id = ?", (PEOPLE,))
        return Head(rows[0]["sequence"], rows[0]["digest"]) if rows else Head(0, None)
    rows = await database.read(
        "SELECT chain_sequence, chain_digest FROM accounts WHERE id = ?", (account_id,)
    )
    return Head(rows[0]["chain_sequence"], rows[0]["chain_digest"])


async def prove(
    key: bytes, account_id: str | None, known: Sequence[Head] = (), previous_keys: Sequence[bytes] = ()
) -> Proof:
    """Verify an account's log, or without an account the log of people.

    The `known` heads were saved elsewhere, and the log must contain them. Entries can be signed with
    `previous_keys`, the newest first, up to the first one with a newer key. Someone who can write to the
    database can cut off the end of a log without a trace. Only a head that was saved elsewhere reveals this.
    """
    head = await head_of(account_id)
    covered = COVERED_OF_PEOPLE if account_id is None else COVERED
    walk = _Walk([*reversed(previous_keys), key], [head, *known], covered)
    async for row in _entries(account_id):
        walk.step(row)
        if walk.broken is not None:
            break
    # entries written in the meantime are as good as those before, if the account's row records them
    broken = walk.broken or walk.ended(await head_of(account_id)) or await _unchained(account_id)
    return Proof(head, walk.sequence, broken)


class _Walk:
    """The position of a verification in a chain."""

    def __init__(self, keys: Sequence[bytes], known: Sequence[Head], covered: tuple[str, ...]) -> None:
        self.keys = keys
        self.covered = covered
        self.current: int = 0
        self.known = [head for head in known if head.sequence]
        self.sequence = 0
        self.digest: str | None = None
        self.broken: BrokenEntry | None = None

    def step(self, row: Any) -> None:
        number = row["sequence"]
        if number > self.sequence + 1:
            self.broken = BrokenEntry(self.sequence + 1, None, Fault.MISSING)
        elif number <= self.sequence:
            self.broken = BrokenEntry(number, row["id"], Fault.DUPLICATE)
        else:
            self._follow(row)

    def _follow(self, row: Any) -> None:
        number, digest = row["sequence"], str(row["digest"])
        signer = self._signer(decoded(row), digest) if self._names_one_person(row) else None
        if signer is None:
            self.broken = BrokenEntry(number, row["id"], Fault.ALTERED)
        elif signer < self.current:
            self.broken = BrokenEntry(number, row["id"], Fault.RETIRED_KEY)
        elif any(head.sequence == number and head.digest != digest for head in self.known):
            self.broken = BrokenEntry(number, row["id"], Fault.OTHER_HEAD)
        else:
            self.sequence, self.digest, self.current = number, digest, signer

    def _names_one_person(self, row: Any) -> bool:
        """Whether an entry of people names the user it was written about, or a user who was removed."""
        return self.covered is not COVERED_OF_PEOPLE or row["user_id"] in (None, row["actor_id"])

    def _signer(self, entry: Mapping[str, Any], digest: str) -> int | None:
        """The key that an entry was signed with; usually that of the entry before it."""
        count = len(self.keys)
        for step in range(count):
            position = (self.current + step) % count
            if hmac.compare_digest(link(self.keys[position], self.digest, entry, self.covered), digest):
                return position
        return None

    def ended(self, now: Head) -> BrokenEntry | None:
        if self.sequence < max([0, *(head.sequence for head in self.known)]):
            return BrokenEntry(self.sequence + 1, None, Fault.TRUNCATED)
        if self.sequence > now.sequence:
            return BrokenEntry(now.sequence + 1, None, Fault.PAST_THE_HEAD)
        return None


async def _entries(account_id: str | None) -> AsyncIterator[Any]:
    """The chained entries in their order, a page at a time."""
    of_people = f"SELECT {', '.join((*COVERED_OF_PEOPLE, 'user_id', 'digest'))} FROM user_entries WHERE"
    of_account = (
        f"SELECT {', '.join((*COVERED, *TOKEN, 'digest'))} FROM audit_entries WHERE account_id = ? AND"
    )
    opening, order = (of_people, "") if account_id is None else (of_account, "account_id, ")
    owner = () if account_id is None else (account_id,)
    at: tuple[int, str] | None = None
    while True:
        beyond = "" if at is None else " AND (sequence, id) > (?, ?)"
        page = await database.read(
            f"{opening} sequence IS NOT NULL{beyond} ORDER BY {order}sequence, id LIMIT {_PAGE}",
            (*owner, *(at or ())),
        )
        for row in page:
            yield row
        if len(page) < _PAGE:
            return
        at = (page[-1]["sequence"], page[-1]["id"])


async def _unchained(account_id: str | None) -> BrokenEntry | None:
    """An entry without a number. Nothing in it, not even its time, proves where it belongs."""
    if account_id is None:
        rows = await database.read("SELECT id FROM user_entries WHERE sequence IS NULL ORDER BY id LIMIT 1")
    else:
        rows = await database.read(
            "SELECT id FROM audit_entries WHERE account_id = ? AND sequence IS NULL ORDER BY id LIMIT 1",
            (account_id,),
        )
    return BrokenEntry(None, rows[0]["id"], Fault.INSERTED) if rows else None

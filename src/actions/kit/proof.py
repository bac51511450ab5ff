"""Proof that nothing of a log was changed, removed, cut off or slipped in."""

import hmac
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from actions.kit.chain import COVERED, COVERED_OF_PEOPLE, PEOPLE, TOKEN, decoded, link
from models import database

_PAGE = 2_000


class Fault(StrEnum):
    """What is wrong with the first entry that does not fit."""

    ALTERED = "ALTERED"
    """It is not what was written, or something before it was removed and the numbers were changed."""
    MISSING = "MISSING"
    """It is not there, though later ones are."""
    TWICE = "TWICE"
    """Two entries have its number."""
    SLIPPED_IN = "SLIPPED_IN"
    """It has no number: it never stood in the chain."""
    CUT_OFF = "CUT_OFF"
    """The log ends before it."""
    PAST_THE_HEAD = "PAST_THE_HEAD"
    """It stands after the head that the account remembers."""
    RETIRED_KEY = "RETIRED_KEY"
    """It was signed with a key that was replaced before."""
    OTHER_HEAD = "OTHER_HEAD"
    """It fits those before it, and is not what a head was kept of."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a log ends: the number of its last entry, and the digest of everything up to it."""

    sequence: int
    digest: str | None

    def __str__(self) -> str:
        return f"{self.sequence}:{self.digest or '-'}"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not fit: its number, its id where it is there, and what is wrong."""

    sequence: int | None
    entry_id: str | None
    fault: Fault


@dataclass(frozen=True, slots=True)
class Proof:
    """What a walk along a log found."""

    head: Head
    proven: int
    broken: Broken | None = None


def read_head(text: str) -> Head:
    """A head as `str` wrote it; raises `ValueError` for anything else."""
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
    """Where an account's log ends, as its row tells; without an account, where the log of people ends."""
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
    """Walk along an account's log, or without an account along the log of people.

    The `known` heads were kept elsewhere, and must lie on its way.
    Entries may be signed with `previous_keys`, the newest first, up to the first one with a newer key.
    What stands in the database alone can be cut off without a trace by whoever may write to it: only a head
    that was kept elsewhere tells.
    """
    head = await head_of(account_id)
    covered = COVERED_OF_PEOPLE if account_id is None else COVERED
    walk = _Walk([*reversed(previous_keys), key], [head, *known], covered)
    async for row in _entries(account_id):
        walk.step(row)
        if walk.broken is not None:
            break
    # entries that were written during the walk are as good as those before, if the account knows of them
    broken = walk.broken or walk.ended(await head_of(account_id)) or await _slipped_in(account_id)
    return Proof(head, walk.sequence, broken)


class _Walk:
    """Where a walk along a chain stands."""

    def __init__(self, keys: Sequence[bytes], known: Sequence[Head], covered: tuple[str, ...]) -> None:
        self.keys = keys
        self.covered = covered
        self.current: int = 0
        self.known = [head for head in known if head.sequence]
        self.sequence = 0
        self.digest: str | None = None
        self.broken: Broken | None = None

    def step(self, row: Any) -> None:
        number = row["sequence"]
        if number > self.sequence + 1:
            self.broken = Broken(self.sequence + 1, None, Fault.MISSING)
        elif number <= self.sequence:
            self.broken = Broken(number, row["id"], Fault.TWICE)
        else:
            self._follow(row)

    def _follow(self, row: Any) -> None:
        number, digest = row["sequence"], str(row["digest"])
        signer = self._signer(decoded(row), digest) if self._names_one_person(row) else None
        if signer is None:
            self.broken = Broken(number, row["id"], Fault.ALTERED)
        elif signer < self.current:
            self.broken = Broken(number, row["id"], Fault.RETIRED_KEY)
        elif any(head.sequence == number and head.digest != digest for head in self.known):
            self.broken = Broken(number, row["id"], Fault.OTHER_HEAD)
        else:
            self.sequence, self.digest, self.current = number, digest, signer

    def _names_one_person(self, row: Any) -> bool:
        """Whether an entry of people still names whom it was written about, or nobody: users are removed."""
        return self.covered is not COVERED_OF_PEOPLE or row["user_id"] in (None, row["actor_id"])

    def _signer(self, entry: Mapping[str, Any], digest: str) -> int | None:
        """Which key an entry was signed with: the one of the entry before it, mostly."""
        count = len(self.keys)
        for step in range(count):
            position = (self.current + step) % count
            if hmac.compare_digest(link(self.keys[position], self.digest, entry, self.covered), digest):
                return position
        return None

    def ended(self, now: Head) -> Broken | None:
        if self.sequence < max([0, *(head.sequence for head in self.known)]):
            return Broken(self.sequence + 1, None, Fault.CUT_OFF)
        if self.sequence > now.sequence:
            return Broken(now.sequence + 1, None, Fault.PAST_THE_HEAD)
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


async def _slipped_in(account_id: str | None) -> Broken | None:
    """An entry without a number: nothing that it tells of itself, as its time, says where it belongs."""
    if account_id is None:
        rows = await database.read("SELECT id FROM user_entries WHERE sequence IS NULL ORDER BY id LIMIT 1")
    else:
        rows = await database.read(
            "SELECT id FROM audit_entries WHERE account_id = ? AND sequence IS NULL ORDER BY id LIMIT 1",
            (account_id,),
        )
    return Broken(None, rows[0]["id"], Fault.SLIPPED_IN) if rows else None

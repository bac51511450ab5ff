"""A premise: what a request takes for granted, checked by the very statement that reads for it.

Whoever is identified by the same credential and central as a moment ago is most likely the same viewer. On
PostgreSQL, a round trip costs more than a short statement, so the first statement of a request checks that
and reads in one go: it returns rows only if the premise still holds, in the same snapshot. Otherwise
nothing that was read is used, and the request starts again without a premise.
"""

import secrets
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec

from models.connection.reader import Reader
from models.statement import Statement, numbered

# A hash of every value of every row, with a seed that only this process knows: no one can choose values that
# leave it as it was. SHA-256 of the rows' text would cost more than finding them.
_DIGEST = "CAST(SUM(hash_record_extended(p, ?)) AS text)"
_SEED = secrets.randbits(63)


class Refuted(Exception):
    """The premise of a request does not hold: its viewer is not what they were."""


class Premise(msgspec.Struct):
    """A statement, and the digest of the rows that it is expected to return."""

    statement: Statement
    digest: str
    holds: bool | None = None
    """Whether it was found to hold; None as long as nothing was read."""

    def refute(self) -> None:
        """Note that it does not hold, and end what was based on it."""
        self.holds = False
        raise Refuted

    async def check(self, reader: Reader) -> None:
        """Find out by a statement of its own whether it holds."""
        values = (_SEED, self.digest, *self.statement.params)
        rows = await reader.fetch(_alone(self.statement.text), values, named=False)
        self.holds = bool(rows[0][0])

    async def read(self, reader: Reader, text: str, values: Sequence[Any], *, named: bool) -> Sequence[Any]:
        """The rows of a statement, which fails with a division by zero where the premise does not hold.

        Whether a statement without rows evaluated the premise is PostgreSQL's choice, so it is checked alone.
        """
        guarded = _guarded(self.statement.text, text)
        values = (*values, _SEED, self.digest, *self.statement.params)
        try:
            rows = await reader.fetch(guarded, values, named=named)
        except Exception as error:
            if type(error).__name__ == "DivisionByZeroError":  # asyncpg's, which need not be installed
                self.refute()
            raise
        if rows:
            self.holds = True
        else:
            await self.check(reader)
            if not self.holds:
                self.refute()
        return rows


def described(statement: Statement) -> Statement:
    """The statement, which returns the digest of all of its rows as one more column."""
    return Statement(_described(statement.text), (*statement.params, _SEED))


@lru_cache(maxsize=2_048)
def _guarded(premise: str, text: str) -> str:
    guard = f"SELECT 1 / CASE WHEN {_DIGEST} = ? THEN 1 ELSE 0 END FROM ({premise}) p"
    return numbered(f"SELECT d.* FROM ({text}) d WHERE ({guard}) = 1")


@lru_cache(maxsize=16)
def _alone(premise: str) -> str:
    return numbered(f"SELECT COALESCE({_DIGEST} = ?, FALSE) FROM ({premise}) p")


@lru_cache(maxsize=16)
def _described(premise: str) -> str:
    digest = f"(SELECT {_DIGEST} FROM premise p)"
    return f"WITH premise AS MATERIALIZED ({premise}) SELECT p.*, {digest} FROM premise p"

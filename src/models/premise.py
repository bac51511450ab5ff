"""A premise: what a request takes for granted, checked by the very statement that reads for it.

Whoever is identified by the same credential and central as a moment ago is most likely the same viewer. On
PostgreSQL, a round trip costs more than a short statement, so the first statement of a request checks that
and reads in one go: it returns rows only if the premise still holds, in the same snapshot. Otherwise
nothing that was read is used, and the request starts again without a premise.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec

from models.reader import Reader
from models.statement import Statement, numbered

# the digest of all rows, in an order that no plan changes; a row's text is unambiguous
_DIGEST = (
    "(SELECT sha256(convert_to(string_agg(CAST(p AS text), ',' ORDER BY CAST(p AS text)), 'UTF8'))"
    " FROM premise p)"
)


class Refuted(Exception):
    """The premise of a request does not hold: its viewer is not what they were."""


class Premise(msgspec.Struct):
    """A statement, and the digest of the rows that it is expected to return."""

    statement: Statement
    digest: bytes
    holds: bool | None = None
    """Whether it was found to hold; None as long as nothing was read."""

    def refute(self) -> None:
        """Note that it does not hold, and end what was based on it."""
        self.holds = False
        raise Refuted

    async def check(self, reader: Reader) -> None:
        """Find out by a statement of its own whether it holds."""
        text, values = _alone(self.statement.text), (*self.statement.params, self.digest)
        rows = await reader.fetch(text, values, named=False)
        self.holds = bool(rows[0][0])

    async def read(self, reader: Reader, text: str, values: Sequence[Any], *, named: bool) -> Sequence[Any]:
        """The rows of a statement, which fails with a division by zero where the premise does not hold.

        Whether a statement without rows evaluated the premise is PostgreSQL's choice, so it is checked alone.
        """
        guarded = _guarded(self.statement.text, text)
        values = (*self.statement.params, *values, self.digest)
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
    return Statement(_described(statement.text), statement.params)


@lru_cache(maxsize=2_048)
def _guarded(premise: str, text: str) -> str:
    matches = f"CASE WHEN {_DIGEST} = ? THEN 1 ELSE 0 END"
    return numbered(
        f"WITH premise AS MATERIALIZED ({premise})"
        f" SELECT d.* FROM ({text}) d WHERE (SELECT 1 / {matches}) = 1"
    )


@lru_cache(maxsize=16)
def _alone(premise: str) -> str:
    return numbered(f"WITH premise AS MATERIALIZED ({premise}) SELECT COALESCE({_DIGEST} = ?, FALSE)")


@lru_cache(maxsize=16)
def _described(premise: str) -> str:
    return f"WITH premise AS MATERIALIZED ({premise}) SELECT p.*, {_DIGEST} FROM premise p"

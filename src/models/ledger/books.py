"""The books of an account, open in a transaction: entries, and the balances that they add up to."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from models import database
from models.tables.ledger import LedgerAccount, LedgerKind

COLUMNS = tuple(account.value.lower() for account in LedgerAccount)
"""The columns of an entry and of a balance, one for each account of the ledger."""

_TERMS = ("next_release_at", "opened_at", "payout_days", "minimum")
_ENTRY = (*("id", "account_id", "at", "kind", "currency", *COLUMNS, "reference", "withdrawal_id"),)
_STORED = ("id", "account_id", "currency", *COLUMNS, *_TERMS)
_UPSERT = " ON CONFLICT (account_id, currency) DO UPDATE SET " + ", ".join(
    f"{name} = excluded.{name}" for name in (*COLUMNS, *_TERMS)
)


class CurrencyBalance(msgspec.Struct):
    """The balance in one currency, in minor units, and the terms of that currency."""

    currency: str
    external: int = 0
    pending: int = 0
    available: int = 0
    disputed: int = 0
    held: int = 0
    paid_out: int = 0
    owed: int = 0
    next_release_at: int | None = None
    opened_at: int | None = None
    payout_days: int | None = None
    minimum: int | None = None

    def add(self, moves: Mapping[LedgerAccount, int]) -> dict[str, int]:
        """Add what an entry moves, and return its lines.

        Available and owed are two halves of one sum: what comes in repays first what is owed, and what is
        taken back and not there any more is owed. The marketplace's line balances the others.
        """
        lines = dict.fromkeys(COLUMNS, 0)
        for account, amount in moves.items():
            lines[account.value.lower()] += amount
        lines["external"] -= sum(moves.values())
        total = self.available + self.owed + lines["available"]
        lines["available"] = max(0, total) - self.available
        lines["owed"] = min(0, total) - self.owed
        for name, amount in lines.items():
            setattr(self, name, getattr(self, name) + amount)
        return lines


class Books:
    """The balances of an account, which is locked, and the entries that are to be written."""

    def __init__(self, account_id: str, balances: Iterable[CurrencyBalance]) -> None:
        self.account_id = account_id
        self._balances = {balance.currency: balance for balance in balances}
        self._changed: dict[str, CurrencyBalance] = {}
        self._entries: list[tuple[Any, ...]] = []

    @classmethod
    async def open(cls, account_id: str) -> "Books":
        """Read and lock the balances."""
        lock = " ORDER BY currency FOR UPDATE" if database.dialect() == "postgres" else ""
        rows = await database.read(
            f"SELECT currency, {', '.join((*COLUMNS, *_TERMS))} FROM balances WHERE account_id = ?{lock}",
            (account_id,),
            named=False,
        )
        return cls(account_id, [CurrencyBalance(*row) for row in rows])

    @property
    def currencies(self) -> list[str]:
        """The currencies in which something was booked, or that have terms of their own."""
        return sorted(self._balances)

    def balance(self, currency: str) -> CurrencyBalance:
        """The balance in a currency; zeros if nothing was booked in it."""
        return self._balances.setdefault(currency, CurrencyBalance(currency))

    def changed(self, currency: str) -> CurrencyBalance:
        """The balance in a currency, to be written at the end."""
        return self._changed.setdefault(currency, self.balance(currency))

    def post(
        self,
        kind: LedgerKind,
        currency: str,
        moves: Mapping[LedgerAccount, int],
        at: int,
        *,
        reference: str | None = None,
        withdrawal_id: str | None = None,
    ) -> None:
        """Add an entry."""
        lines = self.changed(currency).add(moves)
        self._entries.append(
            (
                *(database.new_id(), self.account_id, at, kind.value, currency),
                *(lines[name] for name in COLUMNS),
                *(reference, withdrawal_id),
            )
        )

    async def write(self) -> None:
        """Write the entries and the balances that they change."""
        if not self._changed:
            return
        await database.write_later(database.insertion("ledger_entries", _ENTRY), self._entries)
        await database.write_later(
            database.insertion("balances", _STORED) + _UPSERT,
            [
                (
                    *(database.new_id(), self.account_id, currency),
                    *(getattr(balance, name) for name in (*COLUMNS, *_TERMS)),
                )
                for currency, balance in sorted(self._changed.items())
            ],
        )
        self._entries, self._changed = [], {}

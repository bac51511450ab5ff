"""Writes the opportunities that follow from messages, below what people did with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from models import database
from models.changes import ChangeKind, note
from models.outgoing.note import note_event
from models.outgoing.status import note_status
from models.outgoing_events import EventType
from models.price_history import stored_histories
from models.prices import PriceEntry
from models.recovery.columns import MESSAGE_COLUMNS, message_columns
from models.recovery.derive import Derived, derive
from models.recovery.state import STATE_COLUMNS, state_of
from models.recovery.steps import first_step
from models.recovery.stored import Found, Group, concerned, message_events, read_groups
from models.tables.opportunity import OpportunityKind, OpportunityStatus
from models.vocabulary import EventSource

_BY_PEOPLE = (OpportunityKind.MANUAL, OpportunityKind.LEAD)
_EVENT = (
    *("id", "account_id", "opportunity_id", "key", "source", "kind", "happened_at", "received_at", "facts"),
)


async def settle_opportunities(
    account_id: str,
    sale_ids: Iterable[str] = (),
    groups: Iterable[Group] = (),
    now: int | None = None,
    *,
    gone: Collection[str] = (),
) -> None:
    """Derive the opportunities again that sales or groups are about. The account is locked.

    `gone` are the ids of sales that are not stored any more.
    """
    changed_sales = set(sale_ids)
    chosen = await concerned(account_id, changed_sales) | set(groups)
    if not chosen and not gone:
        return
    found = await read_groups(account_id, chosen, changed_sales | set(gone))
    await _Settlement(account_id, database.now() if now is None else now, found).settle(chosen)


class _Pair(msgspec.Struct):
    """A derived opportunity with the rows that it is stored as; others join the first of them."""

    group: Group
    derived: Derived
    rows: list[Any]


class _Settlement:
    """One settlement: what is derived is compared with what is stored, and the differences are written."""

    def __init__(self, account_id: str, now: int, found: Found) -> None:
        self.account_id, self.now, self.found = account_id, now, found
        self.changed: list[str] = []

    async def settle(self, groups: Collection[Group]) -> None:
        """Write what differs."""
        rows = [row for row in self.found.rows if row["kind"] not in _BY_PEOPLE]
        pairs = [
            _Pair(group, derived, [])
            for group in sorted(groups)
            for derived in derive(self.found.attempts.get(group, ()), self.found.purchases.get(group, ()))
        ]
        matching = _Pairs(pairs)
        unmatched = [row for row in rows if not matching.take(row)]
        present = [pair for pair in pairs if pair.rows]
        new = [pair for pair in pairs if not pair.rows and self._counts(pair.derived)]
        await self._note_due(pairs)
        prices = await self._prices([*present, *new])
        events = await message_events(
            self.account_id, {str(row["id"]) for pair in present for row in pair.rows}
        )
        await self._remove([row for row in unmatched if row["own_touched_at"] is None])
        for row in unmatched:
            if row["own_touched_at"] is not None:
                await self._orphan(row)
        for pair in present:
            await self._update(pair, prices, events)
        await self._insert(new, prices)
        await self._win_by_people(groups)
        if self.changed:
            note(self.account_id, ChangeKind.OPPORTUNITY, self.changed)

    def _counts(self, derived: Derived) -> bool:
        """Whether it has become an opportunity: in time it was paid, or it may be paid in time yet."""
        if derived.due_at is None:
            return True
        return derived.status is not OpportunityStatus.CANCELLED and derived.due_at <= self.now

    async def _note_due(self, pairs: Iterable[_Pair]) -> None:
        """Let the clock know when unpaid sales become opportunities."""
        due = {
            pair.derived.sale_ids[0]: pair.derived.due_at
            for pair in pairs
            if not pair.rows
            and pair.derived.due_at is not None
            and pair.derived.status is None
            and pair.derived.due_at > self.now
        }
        await database.write_later(
            "UPDATE sales SET recovery_due_at = ? WHERE account_id = ? AND id = ?",
            [
                (due.get(sale_id), self.account_id, sale_id)
                for sale_id, row in sorted(self.found.sales.items())
                if row["recovery_due_at"] != due.get(sale_id)
            ],
        )

    async def _prices(self, pairs: Iterable[_Pair]) -> dict[str, dict[int, PriceEntry]]:
        offers = {
            attempt.offer_id
            for pair in pairs
            if pair.derived.kind is OpportunityKind.ABANDONED_CHECKOUT
            for attempt in self.found.attempts.get(pair.group, ())
            if attempt.offer_id is not None
        }
        return await stored_histories(self.account_id, sorted(offers)) if offers else {}

    async def _insert(self, pairs: Sequence[_Pair], prices: Mapping[str, dict[int, PriceEntry]]) -> None:
        if not pairs:
            return
        step, rows, events = await first_step(self.account_id), [], []
        columns = (
            "id",
            "account_id",
            "step_id",
            "created_at",
            "own_status",
            *MESSAGE_COLUMNS,
            *STATE_COLUMNS,
        )
        for pair in pairs:
            said = message_columns(pair.group, pair.derived, self.found, prices)
            said["touched_at"] = _touched(said, None)
            own = {"own_status": OpportunityStatus.TODO.value, "own_closed_at": None, "own_sale_id": None}
            row_id = database.new_id()
            state = state_of(said | own)
            values = (said[name] for name in MESSAGE_COLUMNS)
            rows.append((row_id, self.account_id, step, self.now, own["own_status"], *values, *state))
            events += self._event_rows(row_id, pair.derived, {})
            self.changed.append(row_id)
            note_event(self.account_id, EventType.OPPORTUNITY_OPENED, [row_id], said["opened_at"])
        await database.write_later(database.insertion("opportunities", columns), rows)
        await database.write_later(database.insertion("opportunity_events", _EVENT), events)

    async def _update(
        self,
        pair: _Pair,
        prices: Mapping[str, dict[int, PriceEntry]],
        events: Mapping[str, dict[str, tuple[str, int]]],
    ) -> None:
        row, *others = sorted(pair.rows, key=lambda row: (-(row["own_touched_at"] or 0), str(row["id"])))
        await self._join(str(row["id"]), others)
        said = message_columns(pair.group, pair.derived, self.found, prices)
        if row["priced"]:
            said |= {name: row[name] for name in ("amount", "currency")}
        if row["assigned_at"] is not None or said["sale_id"] is None:
            said |= {name: row[name] for name in ("assignee_id", "team_id", "credit_id", "credit_team_id")}
        said["touched_at"] = _touched(said, row["own_touched_at"])
        after = said | dict(zip(STATE_COLUMNS, state_of(dict(row) | said), strict=True))
        changed = {name: value for name, value in after.items() if _plain(row[name]) != _plain(value)}
        row_id = str(row["id"])
        if changed:
            await database.write(
                f"UPDATE opportunities SET {', '.join(f'{name} = ?' for name in changed)}"
                " WHERE account_id = ? AND id = ?",
                (*changed.values(), self.account_id, row_id),
            )
            self.changed.append(row_id)
            self._note_status(row, after)
        await self._write_events(row_id, pair.derived, events.get(row_id, {}))

    async def _write_events(
        self, row_id: str, derived: Derived, stored: Mapping[str, tuple[str, int]]
    ) -> None:
        wanted = {item.key: (item.kind, item.at) for item in derived.occurrences}
        gone = [key for key, value in stored.items() if wanted.get(key) != value]
        if gone:
            await database.write_later(
                "DELETE FROM opportunity_events WHERE account_id = ? AND opportunity_id = ? AND key = ?",
                [(self.account_id, row_id, key) for key in sorted(gone)],
            )
        rows = self._event_rows(row_id, derived, stored)
        await database.write_later(
            database.insertion("opportunity_events", _EVENT) + " ON CONFLICT DO NOTHING", rows
        )

    def _event_rows(
        self, row_id: str, derived: Derived, stored: Mapping[str, tuple[str, int]]
    ) -> list[tuple[Any, ...]]:
        return [
            (
                *(database.new_id(), self.account_id, row_id, item.key, EventSource.WEBHOOK.value, item.kind),
                *(item.at, self.now, "{}"),
            )
            for item in sorted(derived.occurrences)
            if stored.get(item.key) != (item.kind, item.at)
        ]

    async def _join(self, row_id: str, others: Sequence[Any]) -> None:
        """Let what people did with rows that turned out to be one stand in the history of one."""
        for other in others:
            of = (self.account_id, str(other["id"]))
            await database.write(
                "DELETE FROM opportunity_events WHERE account_id = ? AND opportunity_id = ? AND source = ?",
                (*of, EventSource.WEBHOOK.value),
            )
            for table in ("opportunity_events", "opportunity_notes"):
                await database.write(
                    f"UPDATE {table} SET opportunity_id = ? WHERE account_id = ? AND opportunity_id = ?",
                    (row_id, *of),
                )
        await self._remove(others)

    async def _remove(self, rows: Sequence[Any]) -> None:
        """Remove opportunities that no message makes, with which nobody did anything."""
        for row in rows:
            of = (self.account_id, str(row["id"]))
            for table in ("opportunity_events", "opportunity_notes"):
                await database.write(f"DELETE FROM {table} WHERE account_id = ? AND opportunity_id = ?", of)
            await database.write("DELETE FROM opportunities WHERE account_id = ? AND id = ?", of)
            self.changed.append(of[1])

    async def _orphan(self, row: Any) -> None:
        """Cancel an opportunity that no message makes any more, but that someone worked on."""
        said = {
            "marketplace_status": OpportunityStatus.CANCELLED.value,
            "marketplace_at": row["last_attempt_at"],
            "marketplace_sale_id": None,
            "sale_id": None,
        }
        await self._write_result(row, said)

    async def _win_by_people(self, groups: Collection[Group]) -> None:
        """Let sales win what people added and forms brought."""
        for row in self.found.rows:
            group = (str(row["product_id"] or ""), row["contact"] or "")
            if row["kind"] not in _BY_PEOPLE or group not in groups:
                continue
            wins = [
                (purchase.approved_at, purchase.reference, purchase.id)
                for purchase in self.found.purchases[group]
                if purchase.approved_at is not None and purchase.approved_at >= row["opened_at"]
            ]
            at, _, sale_id = min(wins, default=(None, "", None))
            won = None if at is None else OpportunityStatus.WON.value
            await self._write_result(
                row, {"marketplace_status": won, "marketplace_at": at, "marketplace_sale_id": sale_id}
            )

    async def _write_result(self, row: Any, said: dict[str, Any]) -> None:
        if all(_plain(row[name]) == _plain(value) for name, value in said.items()):
            return
        after = said | dict(zip(STATE_COLUMNS, state_of(dict(row) | said), strict=True))
        after["touched_at"] = _touched(dict(row) | said, row["own_touched_at"])
        await database.write(
            f"UPDATE opportunities SET {', '.join(f'{name} = ?' for name in after)}"
            " WHERE account_id = ? AND id = ?",
            (*after.values(), self.account_id, str(row["id"])),
        )
        self.changed.append(str(row["id"]))
        self._note_status(row, after)

    def _note_status(self, row: Any, after: Mapping[str, Any]) -> None:
        at = after.get("closed_at")
        note_status(self.account_id, str(row["id"]), row["status"], after["status"], at)


class _Pairs:
    """Pairs by what a stored row can be recognized by."""

    def __init__(self, pairs: Sequence[_Pair]) -> None:
        self.by_sale = {sale_id: pair for pair in pairs for sale_id in pair.derived.sale_ids}
        self.by_group: dict[Group, list[_Pair]] = {}
        for pair in pairs:
            self.by_group.setdefault(pair.group, []).append(pair)

    def take(self, row: Any) -> bool:
        """Give a row to the pair that it is stored for, if there is one."""
        pair = self.by_sale.get(str(row["sale_id"])) or self._overlapping(row)
        if pair is not None:
            pair.rows.append(row)
        return pair is not None

    def _overlapping(self, row: Any) -> _Pair | None:
        """The pair of the same kind whose attempts are at the same time; a slip has none but its own."""
        if row["kind"] not in _CLUSTERS:
            return None
        for pair in self.by_group.get((str(row["product_id"] or ""), row["contact"]), ()):
            derived = pair.derived
            overlap = row["opened_at"] <= derived.last_at and row["last_attempt_at"] >= derived.opened_at
            if row["kind"] == derived.kind and overlap:
                return pair
        return None


_CLUSTERS = (OpportunityKind.ABANDONED_CHECKOUT, OpportunityKind.REFUSED_PAYMENT)


def _touched(said: Mapping[str, Any], by_people: int | None) -> int:
    """When something last happened to it, by messages or by people."""
    last: int = said["last_attempt_at"]
    return max(last, said["marketplace_at"] or 0, by_people or 0)


def _plain(value: Any) -> Any:
    """A value as both databases return it: ids as texts, and truth values as numbers."""
    return value if value is None or type(value) in (int, str) else str(value)

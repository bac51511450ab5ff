"""The log of changes that subscriptions follow, written in the transaction that makes the changes.

A transaction adds one row, whatever it changes: the kinds of its changes with the ids of the changed rows.
The row's position comes from the counter of its scope, whose row stays locked until the commit. So positions
are in the order of the commits, without a gap: a reader at a position misses nothing later, which
sequences and times of concurrent transactions do not promise.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from models import database
from models.connection.closing import closing
from models.statement import Statement, either

RETENTION_MS = 24 * 3_600_000
"""How long a change can be followed afterwards."""
MOST_ROWS = 500
"""How many rows are read at once."""


class ChangeKind(StrEnum):
    """What changed."""

    ACCESS = "ACCESS"
    """Something that may decide what someone can see: a standing, a session, a setting."""
    SALE = "SALE"
    """Sales, new ones included."""
    ARRIVAL = "ARRIVAL"
    """New sales, as the marketplace reported them."""
    SUBSCRIPTION = "SUBSCRIPTION"
    """Subscriptions, new ones included."""
    OPPORTUNITY = "OPPORTUNITY"
    """Opportunities, new ones included."""
    WITHDRAWAL = "WITHDRAWAL"
    """Withdrawals, new ones included."""
    DELIVERY = "DELIVERY"
    """Deliveries to other systems that failed."""
    NOTICE = "NOTICE"
    """Notices to people who want them live."""
    INTAKE = "INTAKE"
    """Messages from the marketplace, as they were stored."""


Ids = dict[ChangeKind, list[str]]


class ChangeRow(msgspec.Struct, frozen=True):
    """What one transaction changed in a scope."""

    scope_id: str
    position: int
    at: int
    changes: Ids


class _Noted:
    """The changes of a transaction by scope."""

    def __init__(self) -> None:
        self._scopes: dict[str, dict[ChangeKind, dict[str, None]]] = {}

    def add(self, scope_id: str, kind: ChangeKind, ids: Iterable[str]) -> None:
        self._scopes.setdefault(scope_id, {}).setdefault(kind, {}).update(dict.fromkeys(ids))

    async def write(self) -> None:
        """Add a row for each scope, nearly always one. In their order, no two transactions can wait for each
        other."""
        now, statements = database.now(), _INSERTIONS[database.dialect()]
        for scope_id, kinds in sorted(self._scopes.items()):
            changes = msgspec.json.encode({kind: list(ids) for kind, ids in kinds.items()}).decode()
            values = {"id": database.new_id(), "scope": scope_id, "at": now, "changes": changes}
            for statement, names in statements:
                await database.write_later(statement, [[values[name] for name in names]])

    def committed(self) -> None:
        """Let this process's own followers know at once."""
        for listener in _listeners:
            listener()


_listeners: list[Callable[[], None]] = []
_ADVANCE = (
    "INSERT INTO event_counters (scope_id, newest) VALUES (?, 1)"
    " ON CONFLICT (scope_id) DO UPDATE SET newest = event_counters.newest + 1"
)
_COLUMNS = "id, scope_id, position, at, changes"
_INSERT = (
    f"INSERT INTO events ({_COLUMNS}) SELECT ?, c.scope_id, c.newest, ?, ?"
    " FROM event_counters c WHERE c.scope_id = ?"
)
_ADVANCE_AND_INSERT = (
    f"WITH c AS ({_ADVANCE} RETURNING scope_id, newest) INSERT INTO events ({_COLUMNS})"
    " SELECT CAST(? AS UUID), c.scope_id, c.newest, CAST(? AS BIGINT), CAST(? AS TEXT) FROM c"
)
_INSERTIONS: Mapping[str, Sequence[tuple[str, tuple[str, ...]]]] = {
    # both are deferred to the commit, and cost no call of their own
    "sqlite": ((_ADVANCE, ("scope",)), (_INSERT, ("id", "at", "changes", "scope"))),
    "postgres": ((_ADVANCE_AND_INSERT, ("scope", "id", "at", "changes")),),
}


def note(scope_id: str, kind: ChangeKind, ids: Iterable[str] = ()) -> None:
    """Note a change in a scope, an account or a user; the transaction writes it at its end."""
    closing(_Noted).add(scope_id, kind, ids)


def listen(listener: Callable[[], None]) -> Callable[[], None]:
    """Call a function after each commit of this process that noted changes; returns how to stop it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


async def newest(scope_ids: Iterable[str]) -> dict[str, int]:
    """The newest position in each of some scopes; 0 where nothing ever changed."""
    chosen = list(scope_ids)
    found = dict.fromkeys(chosen, 0)
    for start in range(0, len(chosen), MOST_ROWS):
        part = chosen[start : start + MOST_ROWS]
        marks = ", ".join("?" * len(part))
        rows = await database.read(
            f"SELECT scope_id, newest FROM event_counters WHERE scope_id IN ({marks})", part, named=False
        )
        found.update({str(row[0]): int(row[1]) for row in rows})
    return found


async def rows_after(positions: Mapping[str, int]) -> list[ChangeRow]:
    """The changes after a position in each of some scopes, those of a scope in their order."""
    after = either(
        Statement("(scope_id = ? AND position > ?)", (scope_id, position))
        for scope_id, position in positions.items()
    )
    rows = await database.read(
        Statement("SELECT scope_id, position, at, changes FROM events WHERE ")
        + after
        + f" ORDER BY scope_id, position LIMIT {MOST_ROWS}",
        named=False,
    )
    return [ChangeRow(str(row[0]), row[1], row[2], _decoder.decode(row[3])) for row in rows]


_decoder = msgspec.json.Decoder(Ids)


async def reaches_back_to(scope_id: str, position: int) -> bool:
    """Whether everything after a position can still be read."""
    rows = await database.read(
        "SELECT c.newest, (SELECT MIN(e.position) FROM events e WHERE e.scope_id = c.scope_id)"
        " FROM event_counters c WHERE c.scope_id = ?",
        (scope_id,),
        named=False,
    )
    last, first = (rows[0][0], rows[0][1]) if rows else (0, None)
    if position > last:
        return False  # a cursor of another database
    return bool(position == last or (first is not None and first <= position + 1))


async def changed_rows(table: str, condition: Statement) -> list[str]:
    """The ids of the rows of an alias `r` that a statement is about to change."""
    rows: Any = await database.read(Statement(f"SELECT r.id FROM {table} r WHERE ") + condition, named=False)
    return [str(row[0]) for row in rows]

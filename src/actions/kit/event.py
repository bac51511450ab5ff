"""How events that people or time cause are declared, each once with its facts, and how they are recorded.

    @event(SALE_HISTORY, "RECEIPT_SENT", Grant.SEND_RECEIPTS)
    class ReceiptSent(EventFacts, frozen=True):
        \"""The receipt was sent by e-mail.\"""

        recipient: Annotated[str, Shown()]
        \"""The address that it was sent to.\"""

An event is a row of a history, beside the marketplace's events. From its declaration, `graph.kit.event`
generates the API's type of its facts, its field and its enum value.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec

from authz.gates import Standing
from authz.grant import Grant
from authz.reach import Reach
from authz.viewer import Viewer
from models import database
from models.person_change import Author
from models.statement import Statement, one_of
from models.vocabulary import EventSource


class History(msgspec.Struct, frozen=True):
    """Where the events of a table's rows are.

    The table of events has the columns id, account_id, that of the row's id, key, source, kind, happened_at,
    received_at and facts.
    """

    table: str
    rows: str
    row_id: str
    enum: str
    """The API's name for the kinds of events that people cause."""
    grant: Grant
    """The grant that the API's type of an event needs."""
    folded: type[msgspec.Struct]
    """The facts that decide columns of the row: only an event declared as `folded` has any of them."""
    copied: tuple[str, ...] = ()
    """Further columns that the events have from the row."""


class Read(msgspec.Struct, frozen=True):
    """A fact read from the row `r` when the event is recorded: its SQL, or that of each of its fields."""

    sql: str | dict[str, str]


class Shown(msgspec.Struct, frozen=True):
    """A fact that the API shows; all others are only stored."""

    name: str | None = None
    """Its name, if the API has another one."""
    gate: Grant | Standing | None = None
    """Its own gate, in addition to that of the event's facts."""
    of: tuple[str, ...] = ()
    """What is shown of a struct."""
    cover: Callable[[Any], Any] | None = None
    """What is shown instead to viewers who reveal personal data on record only."""


class EventFacts(msgspec.Struct, frozen=True):
    """The facts of an event. Whoever records it provides those that are not read from the row.

    A fact needs a default if rows without it are stored.
    """


class Event(msgspec.Struct, frozen=True):
    """An event as it was declared."""

    history: History
    kind: str
    """Its name in the API, which the history stores."""
    facts: type[EventFacts]
    field: str
    """The field of the API that shows its facts."""
    gate: Grant | Standing | None
    """What that field needs besides the grant of the history."""
    moment: str | None
    """The row's column that says when it happened. Without one it is later than every event of the row that
    people caused before."""


EVENTS: dict[type[EventFacts], Event] = {}
"""The events by their facts, in the order of their declarations."""

Declared = TypeVar("Declared", bound=EventFacts)


def event(
    history: History,
    kind: str,
    gate: Grant | Standing | None = None,
    *,
    field: str | None = None,
    moment: str | None = None,
    folded: bool = False,
) -> Callable[[type[Declared]], type[Declared]]:
    """Declare an event whose facts the API shows behind a gate. Its field has the name of its kind.

    Raises `ValueError` if the fold would take its facts for the row's own.
    """

    def declare(cls: type[Declared]) -> type[Declared]:
        taken = set(cls.__struct_fields__) & set(history.folded.__struct_fields__)
        if taken and not folded:
            raise ValueError(f"{kind} has facts that are folded: {', '.join(sorted(taken))}.")
        EVENTS[cls] = Event(history, kind, cls, field or kind.lower(), gate, moment)
        return cls

    return declare


def events_of(history: History) -> list[Event]:
    """The events of a history, in the order of their declarations."""
    return [declared for declared in EVENTS.values() if declared.history is history]


@cache
def marks_of(cls: type[EventFacts]) -> dict[str, tuple[Any, Read | None, Shown | None]]:
    """The type of each fact, how it is read, and how it is shown."""
    return {name: _marks(hint) for name, hint in get_type_hints(cls, include_extras=True).items()}


def _marks(hint: Any) -> tuple[Any, Read | None, Shown | None]:
    marks = get_args(hint)[1:] if hasattr(hint, "__metadata__") else ()
    read = next((mark for mark in marks if isinstance(mark, Read)), None)
    shown = next((mark for mark in marks if isinstance(mark, Shown)), None)
    return (get_args(hint)[0] if marks else hint), read, shown


def event_text(facts: EventFacts, author: Author) -> str:
    """The facts and their author as the JSON text that a history stores."""
    values = {name: getattr(facts, name) for name in facts.__struct_fields__}
    return msgspec.json.encode({"by": author} | values).decode()


async def record(viewer: Viewer, facts: EventFacts, of: Statement) -> None:
    """Record an event of each row `r` of the viewer's account that a condition chooses, in one statement.

    It belongs in the transaction that changes the rows: before a change if a fact is read as it was, after
    it if it is read as it is.
    """
    assert viewer.central is not None
    now = database.now()
    moments = () if EVENTS[type(facts)].moment else (now, now)
    author = Author(viewer.user_id, viewer.name or None)
    await _record(viewer.central.account_id, EventSource.PERSON, author, facts, moments, of)


async def record_by_clock(
    account_id: str, facts: EventFacts, row_id: str, at: int, key: str | None = None
) -> None:
    """Record an event of a row of an account that happened at a moment because time passed.

    A row has at most one event with a key.
    """
    of = Statement("r.id = ?", (row_id,))
    await _record(account_id, EventSource.CLOCK, None, facts, (at,), of, key)


async def _record(
    account_id: str,
    source: EventSource,
    author: Author | None,
    facts: EventFacts,
    moments: tuple[int, ...],
    of: Statement,
    key: str | None = None,
) -> None:
    cls, event_id = type(facts), database.new_id()
    values = [getattr(facts, name) for name, (_, read, _) in marks_of(cls).items() if read is None]
    params = (
        *(event_id[:_BEGINNING], key or f"{source.value.lower()}:{event_id}", *moments, database.now()),
        *(msgspec.json.encode(value).decode() for value in (author, *values)),
        account_id,
    )
    await database.write(Statement(_insertion(cls, source, database.dialect()), params) + of)


# version 7 of one moment: its beginning is given, and its end is random
_BEGINNING = 19
_NEW_ID = {
    "sqlite": (
        "? || substr('89ab', 1 + (random() & 3), 1) || substr(lower(hex(randomblob(2))), 2) || '-'"
        " || lower(hex(randomblob(6)))"
    ),
    "postgres": "CAST(CAST(? AS TEXT) || substr(CAST(gen_random_uuid() AS TEXT), 20) AS UUID)",
}
_OBJECT = {"sqlite": "json_object", "postgres": "jsonb_build_object"}
_JSON = {"sqlite": "json(?)", "postgres": "CAST(? AS JSONB)"}
_LATER = (
    "(SELECT CASE WHEN MAX(e.happened_at) >= CAST(? AS BIGINT) THEN MAX(e.happened_at) + 1"
    " ELSE CAST(? AS BIGINT) END FROM {table} e"
    " WHERE e.account_id = r.account_id AND e.{row_id} = r.id AND e.source = '{source}')"
)


@cache
def _insertion(cls: type[EventFacts], source: EventSource, dialect: str) -> str:
    """The statement that records an event, up to the condition on its rows."""
    declared = EVENTS[cls]
    history = declared.history
    if source is EventSource.CLOCK:
        moment = "CAST(? AS BIGINT)"
    elif declared.moment:
        moment = f"r.{declared.moment}"
    else:
        moment = _LATER.format(table=history.table, row_id=history.row_id, source=source.value)
    json, make = _JSON[dialect], _OBJECT[dialect]
    facts = ", ".join((f"'by', {json}", *_stored_facts(cls, dialect)))
    copied = [f"r.{name}" for name in history.copied]
    return (
        f"INSERT INTO {history.table} (id, account_id, {', '.join((history.row_id, *history.copied))},"
        " key, source, kind, happened_at, received_at, facts)"
        f" SELECT {_NEW_ID[dialect]}, r.account_id, {', '.join(('r.id', *copied))}, CAST(? AS VARCHAR(150)),"
        f" '{source.value}',"
        f" '{declared.kind}', {moment}, CAST(? AS BIGINT), {make}({facts})"
        f" FROM {history.rows} r WHERE r.account_id = ? AND "
    )


def _stored_facts(cls: type[EventFacts], dialect: str) -> Iterator[str]:
    for name, (_, read, _) in marks_of(cls).items():
        if read is None:
            value = _JSON[dialect]
        elif isinstance(read.sql, str):
            value = read.sql
        else:
            inner = ", ".join(f"'{key}', {sql}" for key, sql in read.sql.items())
            value = f"{_OBJECT[dialect]}({inner})"
        yield f"'{name}', {value}"


async def count_since(
    classes: type[EventFacts] | tuple[type[EventFacts], ...], within: Reach, row_id: str, since: int
) -> int:
    """How often people caused some events of a row after a moment, for limits such as three a day."""
    some = classes if isinstance(classes, tuple) else (classes,)
    of = _caused_by_people(some, within, row_id)
    rows = await database.read(
        Statement("SELECT COUNT(*) AS n ") + of & Statement("e.happened_at > ?", (since,))
    )
    return int(rows[0]["n"])


async def newest_of(
    classes: tuple[type[EventFacts], ...], within: Reach, row_id: str
) -> type[EventFacts] | None:
    """Which of some events people caused last of a row."""
    of = _caused_by_people(classes, within, row_id)
    rows = await database.read(Statement("SELECT e.kind ") + of + " ORDER BY e.happened_at DESC LIMIT 1")
    return next((cls for cls in classes for row in rows if EVENTS[cls].kind == row["kind"]), None)


def _caused_by_people(classes: tuple[type[EventFacts], ...], within: Reach, row_id: str) -> Statement:
    """The events `e` of some kinds, of one history, that people caused of a row."""
    history = EVENTS[classes[0]].history
    source = (within.account_id, row_id, EventSource.PERSON.value)
    return Statement(
        f"FROM {history.table} e WHERE e.account_id = ? AND e.{history.row_id} = ? AND e.source = ?", source
    ) & one_of("e.kind", [EVENTS[cls].kind for cls in classes])


def newest_key(cls: type[EventFacts], within: Reach, row_id: str) -> Statement:
    """The key of a row's newest event of a kind, as a subquery: rows that were recorded together share it."""
    declared = EVENTS[cls]
    return Statement(
        f"(SELECT m.key FROM {declared.history.table} m WHERE m.account_id = ?"
        f" AND m.{declared.history.row_id} = ? AND m.source = ? AND m.kind = ?"
        " ORDER BY m.happened_at DESC LIMIT 1)",
        (within.account_id, row_id, EventSource.PERSON.value, declared.kind),
    )


def newest_moment(cls: type[EventFacts]) -> Statement:
    """When an event of the row `r` last happened, as a subquery; null if it never did."""
    declared = EVENTS[cls]
    history = declared.history
    return Statement(
        f"(SELECT MAX(m.happened_at) FROM {history.table} m WHERE m.account_id = r.account_id"
        f" AND m.{history.row_id} = r.id AND m.source = ? AND m.kind = ?)",
        (EventSource.PERSON.value, declared.kind),
    )

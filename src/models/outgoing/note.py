"""Where events for other systems are noted: in the transaction of what happened, which writes the deliveries.

A transaction that notes events reads the receivers of the account once, at its end. Each receiver that
takes an event gets a delivery, which a worker sends after the commit. Events from before a receiver are not
for it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from models import database
from models.connection.closing import closing
from models.outgoing_events import OUTGOING, EventType, ObjectKind
from models.statement import one_of
from models.tables.delivery import RECEIVERS, DeliveryStatus, ReceiverKind


class NotedEvent(msgspec.Struct, frozen=True):
    """Something that happened to an object."""

    type: EventType
    object_id: str
    at: int
    id: str


class Taker(msgspec.Struct, frozen=True):
    """What decides which events a receiver takes."""

    kind: ReceiverKind
    id: str
    events: frozenset[str]
    products: frozenset[str]
    created_at: int

    def takes(self, event: NotedEvent, product_id: str | None) -> bool:
        """Whether an event that happens now is for it."""
        return event.at >= self.created_at and self.wants(event.type, product_id)

    def wants(self, event_type: EventType, product_id: str | None) -> bool:
        """Whether it takes events of a type about a product."""
        return (not self.events or event_type in self.events) and (
            not self.products or product_id in self.products
        )


class Subject(msgspec.Struct, frozen=True):
    """What is stored of an event's object: its product, and the marketplace's name of it."""

    product_id: str | None
    reference: str | None


DELIVERY_COLUMNS = (
    *("id", "account_id", "receiver_kind", "receiver_id", "event", "event_id", "object_id", "reference"),
    *("happened_at", "created_at", "status", "again", "reduced", "tries", "next_at", "attempts"),
)
_listeners: list[Callable[[], None]] = []


def listen(listener: Callable[[], None]) -> Callable[[], None]:
    """Call a function after each commit of this process with deliveries; returns how to stop it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


class _Outgoing:
    """The events that a transaction notes, by account."""

    def __init__(self) -> None:
        self._events: dict[str, dict[tuple[EventType, str], int]] = {}
        self.written = False

    def add(self, account_id: str, event_type: EventType, object_id: str, at: int) -> None:
        self._events.setdefault(account_id, {})[event_type, object_id] = at

    def forget(self) -> None:
        self._events.clear()

    async def write(self) -> None:
        for account_id, noted in sorted(self._events.items()):
            found = await takers(account_id)
            if not found:
                continue
            events = [NotedEvent(*named, at, new_event_id()) for named, at in noted.items()]
            known = await subjects(account_id, events)
            for event in events:
                subject = known.get(event.object_id)
                if subject is not None:
                    chosen = [taker for taker in found if taker.takes(event, subject.product_id)]
                    await deliver(account_id, event, subject, [(taker.kind, taker.id) for taker in chosen])

    def committed(self) -> None:
        if self.written:
            for listener in _listeners:
                listener()


def note_event(
    account_id: str, event_type: EventType, object_ids: Iterable[str], at: int | None = None
) -> None:
    """Note that something happened to objects of an account: now, or when the marketplace says it did."""
    noted, moment = closing(_Outgoing), database.now() if at is None else at
    for object_id in object_ids:
        noted.add(account_id, event_type, object_id, moment)


def forget_events() -> None:
    """Forget what this transaction has noted: a past that is made up is not sent to anyone."""
    closing(_Outgoing).forget()


def new_event_id() -> str:
    """The id of another event."""
    return f"evt_{database.new_id().replace('-', '')}"


async def takers(account_id: str) -> list[Taker]:
    """The enabled receivers of an account."""
    tables = " UNION ALL ".join(
        f"SELECT '{kind.value}' AS kind, id, events, products, created_at FROM {table}"
        " WHERE account_id = ? AND enabled"
        for kind, table in RECEIVERS.items()
    )
    rows = await database.read(tables, (account_id,) * len(RECEIVERS), named=False)
    return [
        Taker(ReceiverKind(kind), str(row_id), _set(events), _set(products), created_at)
        for kind, row_id, events, products, created_at in rows
    ]


def _set(stored: Any) -> frozenset[str]:
    return frozenset(msgspec.json.decode(stored) if isinstance(stored, str | bytes) else stored)


async def subjects(account_id: str, events: Iterable[NotedEvent]) -> dict[str, Subject]:
    """What is stored of the objects of events, by their ids."""
    ids: dict[str, set[str]] = {}
    kinds: dict[str, ObjectKind] = {}
    for event in events:
        kind = OUTGOING[event.type].object
        assert kind is not None
        kinds[kind.table] = kind
        ids.setdefault(kind.table, set()).add(event.object_id)
    found: dict[str, Subject] = {}
    for table, chosen in ids.items():
        kind, of = kinds[table], one_of("r.id", sorted(chosen))
        columns = ", ".join(f"r.{name}" if name else "NULL" for name in (kind.product, kind.key))
        rows = await database.read(
            f"SELECT r.id, {columns} FROM {table} r WHERE r.account_id = ? AND {of.text}",
            (account_id, *of.params),
            named=False,
        )
        found |= {str(row_id): Subject(product and str(product), key) for row_id, product, key in rows}
    return found


async def deliver(
    account_id: str,
    event: NotedEvent,
    subject: Subject,
    receivers: Sequence[tuple[ReceiverKind, str]],
    *,
    at: int | None = None,
    again: bool = False,
) -> None:
    """Let the workers send an event to receivers, once the transaction is committed.

    `again` marks what people send once more of a sale.
    """
    closing(_Outgoing).written = True
    now = database.now() if at is None else at
    rows = [
        (
            *(database.new_id(), account_id, kind.value, receiver_id, event.type.value, event.id),
            *(event.object_id or None, subject.reference, event.at, now, DeliveryStatus.WAITING.value),
            *(again, False, 0, now, "[]"),
        )
        for kind, receiver_id in receivers
    ]
    await database.write_later(database.insertion("deliveries", DELIVERY_COLUMNS), rows)


def example_of(event_type: EventType) -> Mapping[str, Any]:
    """An example of the data that an event carries for someone who holds and reaches everything."""
    declared = OUTGOING[event_type]
    if declared.object is None:
        return {"account": "account_0197"}
    named = {"id": f"{declared.object.prefix}_0197", "account": "account_0197"}
    return {**named, "object": declared.object.type_name, **declared.example}

"""Sending events of a sale to other systems again."""

from collections.abc import Sequence
from typing import Any

from actions.kit.buyer_outbox import DAY_MS
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from authz import reach
from authz.grant import Grant
from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.outgoing.note import NotedEvent, Subject, Taker, deliver, new_event_id, takers
from models.outgoing_events import EventType, type_of_status
from models.statement import Statement
from models.vocabulary import SaleStatus

RESEND_NOTIFICATIONS = Mutation(
    "resendNotifications",
    Grant.RESEND_NOTIFICATIONS,
    "Sale",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.NOTHING_TO_SEND, ErrorCode.BAD_INPUT, ErrorCode.RATE_LIMITED),
    replays=True,
    changes_access=False,
    while_closed=False,
)
MOST_A_DAY = 5


async def resend_notifications(
    call: Call, reference: str, types: Sequence[EventType], endpoints: Sequence[str] | None
) -> tuple[str, int]:
    """Send events of a sale again: the newest status by default, to every receiver that takes it.

    Returns the id of the sale and the number of deliveries.
    """

    counted: int | None = None

    async def work(viewer: Viewer) -> Done:
        nonlocal counted
        within = reach.rows(viewer, "sales", Grant.RESEND_NOTIFICATIONS)
        sale = await _sale(within, reference)
        sale_id, account_id = str(sale["id"]), str(within.account_id)
        await _require_few(account_id, sale_id)
        events = await _events(account_id, sale, types)
        chosen = _chosen(await takers(account_id), endpoints)
        subject = Subject(str(sale["product_id"]), reference)
        now, count = database.now(), 0
        for event in events:
            of = [(taker.kind, taker.id) for taker in chosen if taker.wants(event.type, subject.product_id)]
            await deliver(account_id, event, subject, of, at=now, again=True)
            count += len(of)
        if not count:
            raise Refusal(ErrorCode.NOTHING_TO_SEND, "nothing_to_send", ("reference",))
        counted = count
        wires = ", ".join(event.type.value for event in events)
        return Done(sale_id, (Change("ResendNotificationsInput.types", None, wires),))

    sale_id = await RESEND_NOTIFICATIONS.perform(call, work, reference)
    within = reach.rows(call.viewer, "sales", Grant.RESEND_NOTIFICATIONS)
    return sale_id, await _count(str(within.account_id), sale_id) if counted is None else counted


async def _sale(within: Reach, reference: str) -> Any:
    rows = await database.read(
        Statement("SELECT r.id, r.status, r.product_id FROM sales r WHERE r.reference = ? AND ", (reference,))
        + within.where("r")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_sale", ("reference",))
    return rows[0]


async def _require_few(account_id: str, sale_id: str) -> None:
    rows = await database.read(
        "SELECT COUNT(DISTINCT created_at) AS n FROM deliveries"
        " WHERE account_id = ? AND object_id = ? AND again AND created_at > ?",
        (account_id, sale_id, database.now() - DAY_MS),
    )
    if rows[0]["n"] >= MOST_A_DAY:
        raise Refusal(ErrorCode.RATE_LIMITED, "too_many_notifications", ("reference",), most=MOST_A_DAY)


async def _events(account_id: str, sale: Any, types: Sequence[EventType]) -> list[NotedEvent]:
    """The sale's own events of some types, each as it was sent. Refuses a type that the sale never had."""
    sale_id = str(sale["id"])
    wanted = list(dict.fromkeys(types)) or [type_of_status(SaleStatus(sale["status"]))]
    rows = await database.read(
        "SELECT status, MAX(happened_at) AS at FROM sale_events"
        " WHERE account_id = ? AND sale_id = ? AND status IS NOT NULL GROUP BY status",
        (account_id, sale_id),
    )
    moments = {type_of_status(SaleStatus(sale["status"])): max((row["at"] for row in rows), default=0)}
    for row in rows:
        moments.setdefault(type_of_status(SaleStatus(row["status"])), row["at"])
    events = {kind: NotedEvent(kind, sale_id, at, new_event_id()) for kind, at in moments.items()}
    sent = await database.read(
        "SELECT event, event_id, happened_at FROM deliveries WHERE account_id = ? AND object_id = ?"
        " ORDER BY happened_at, created_at, id",
        (account_id, sale_id),
    )
    for row in sent:
        kind = EventType(row["event"])
        events[kind] = NotedEvent(kind, sale_id, row["happened_at"], row["event_id"])
    if any(kind not in events for kind in wanted):
        raise Refusal(ErrorCode.BAD_INPUT, "no_such_event", ("types",))
    return [events[kind] for kind in wanted]


def _chosen(found: Sequence[Taker], endpoints: Sequence[str] | None) -> list[Taker]:
    if endpoints is None:
        return list(found)
    by_id = {taker.id: taker for taker in found}
    for number, name in enumerate(endpoints):
        if name not in by_id:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_webhook", ("endpoints", str(number)))
    return [by_id[name] for name in dict.fromkeys(endpoints)]


async def _count(account_id: str, sale_id: str) -> int:
    """How many deliveries the last call made: for a repeated one."""
    rows = await database.read(
        "SELECT COUNT(*) AS n FROM deliveries d WHERE d.account_id = ? AND d.object_id = ? AND d.again"
        " AND d.created_at = (SELECT MAX(m.created_at) FROM deliveries m WHERE m.account_id = d.account_id"
        " AND m.object_id = d.object_id AND m.again)",
        (account_id, sale_id),
    )
    return int(rows[0]["n"])

"""Deliveries that people cause: a test, and one that is sent once more."""

from actions.developers.webhooks.found import GATE, OBJECT, found_endpoint, taken_over
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.refusals import wrong_state
from authz import reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.outgoing.note import NotedEvent, Subject, deliver, new_event_id
from models.outgoing_events import EventType
from models.statement import Statement
from models.tables.delivery import DeliveryStatus, ReceiverKind

MOST_TESTS = 10
_HOUR_MS = 3_600_000

TEST_WEBHOOK = Mutation(
    "testWebhook",
    GATE,
    OBJECT,
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE, ErrorCode.RATE_LIMITED),
    replays=True,
    changes_access=False,
    while_closed=False,
)
REDELIVER = Mutation(
    "redeliver",
    GATE,
    "Delivery",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE),
    replays=True,
    changes_access=False,
    while_closed=False,
)


async def test_webhook(call: Call, endpoint_id: str) -> str:
    """Send a test to an endpoint."""

    async def work(viewer: Viewer) -> Done:
        within = reach.deliveries(viewer)
        assert within.account_id is not None
        endpoint = await found_endpoint(viewer, endpoint_id)
        _require_enabled(endpoint["enabled"])
        rows = await database.read(
            Statement(
                "SELECT COUNT(*) AS n FROM deliveries r WHERE r.receiver_id = ? AND r.event = ?"
                " AND r.created_at > ? AND ",
                (endpoint_id, EventType.WEBHOOK_TEST.value, database.now() - _HOUR_MS),
            )
            + within.where("r")
        )
        if rows[0]["n"] >= MOST_TESTS:
            raise Refusal(ErrorCode.RATE_LIMITED, "too_many_tests", ("id",), most=MOST_TESTS)
        event = NotedEvent(EventType.WEBHOOK_TEST, "", database.now(), new_event_id())
        receiver = (ReceiverKind.WEBHOOK, endpoint_id)
        await deliver(within.account_id, event, Subject(None, None), [receiver])
        return Done(endpoint_id)

    return await TEST_WEBHOOK.perform(call, work, endpoint_id)


def _require_enabled(enabled: object) -> None:
    if not enabled:
        raise wrong_state("DISABLED", ["ACTIVE", "FAILING"], ("id",))


async def redeliver(call: Call, delivery_id: str) -> str:
    """Send an event to its endpoint once more, as another delivery with the same event id. Takes the endpoint
    over: it gets what the caller holds and reaches. Returns the id of the new delivery."""

    async def work(viewer: Viewer) -> Done:
        within = reach.deliveries(viewer)
        assert within.account_id is not None
        rows = await database.read(
            Statement(
                "SELECT r.receiver_kind, r.receiver_id, r.event, r.event_id, r.object_id, r.reference,"
                " r.happened_at, r.status FROM deliveries r WHERE r.id = ? AND ",
                (delivery_id,),
            )
            + within.where("r")
        )
        if not rows or rows[0]["receiver_kind"] != ReceiverKind.WEBHOOK:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_delivery", ("id",))
        row, done = rows[0], (DeliveryStatus.SENT, DeliveryStatus.GIVEN_UP)
        endpoint = await found_endpoint(viewer, str(row["receiver_id"]))
        if row["status"] not in done:
            raise wrong_state(row["status"], [status.value for status in done], ("id",))
        _require_enabled(endpoint["enabled"])
        taken = await taken_over(viewer, endpoint)
        event = NotedEvent(
            EventType(row["event"]),
            "" if row["object_id"] is None else str(row["object_id"]),
            row["happened_at"],
            row["event_id"],
        )
        receiver = (ReceiverKind.WEBHOOK, str(row["receiver_id"]))
        await deliver(within.account_id, event, Subject(None, row["reference"]), [receiver])
        return Done(delivery_id, (Change("Delivery.eventId", None, row["event_id"]), *taken))

    return await REDELIVER.perform(call, work, delivery_id)

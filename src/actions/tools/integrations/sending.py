"""What people send of an integration: a message on trial, which goes nowhere, and one once more."""

from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.refusals import wrong_state
from actions.tools.integrations.integration import GATE, OBJECT, found_integration
from actions.tools.targets.target import require_confirmed
from authz import reach
from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.outgoing.note import NotedEvent, Subject, deliver
from models.outgoing_events import EventType
from models.statement import Statement
from models.tables.delivery import DeliveryStatus, ReceiverKind
from models.tables.target import TargetPurpose

TRY_INTEGRATION = Mutation(
    "tryIntegration",
    GATE,
    OBJECT,
    codes=(ErrorCode.NOT_FOUND,),
    changes_access=False,
    while_closed=False,
)
RESEND_INTEGRATION_DELIVERY = Mutation(
    "resendIntegrationDelivery",
    GATE,
    "IntegrationDelivery",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE, ErrorCode.TARGET_UNCONFIRMED),
    replays=True,
    changes_access=False,
    while_closed=False,
)


async def try_integration(call: Call, integration_id: str, reference: str) -> tuple[str, str]:
    """The ids of an integration and of a sale within reach, for a message on trial."""
    sale_id = ""

    async def work(viewer: Viewer) -> Done:
        nonlocal sale_id
        await found_integration(viewer, integration_id)
        rows = await database.read(
            Statement("SELECT r.id FROM sales r WHERE r.reference = ? AND ", (reference,))
            + reach.rows(viewer, "sales", Grant.SEARCH_SALES).where("r")
        )
        if not rows:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_sale", ("reference",))
        sale_id = str(rows[0]["id"])
        return Done(integration_id)

    return await TRY_INTEGRATION.perform(call, work, integration_id), sale_id


async def resend_integration_delivery(call: Call, delivery_id: str) -> str:
    """Send an event to its integration once more, as another delivery."""

    async def work(viewer: Viewer) -> Done:
        within = reach.integration_deliveries(viewer)
        assert within.account_id is not None
        rows = await database.read(
            Statement(
                "SELECT r.receiver_id, r.event, r.event_id, r.object_id, r.reference, r.happened_at,"
                " r.status FROM deliveries r WHERE r.id = ? AND ",
                (delivery_id,),
            )
            + within.where("r")
        )
        if not rows:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_delivery", ("id",))
        row, integration_id = rows[0], str(rows[0]["receiver_id"])
        integration = await found_integration(viewer, integration_id)
        if row["status"] not in (DeliveryStatus.SENT, DeliveryStatus.GIVEN_UP):
            raise wrong_state(row["status"], (DeliveryStatus.SENT, DeliveryStatus.GIVEN_UP), ("id",))
        if not integration["enabled"]:
            raise wrong_state("DISABLED", ("ENABLED",), ("id",))
        await require_confirmed(within.account_id, TargetPurpose.INTEGRATION, integration_id)
        event = NotedEvent(
            EventType(row["event"]), str(row["object_id"] or ""), row["happened_at"], row["event_id"]
        )
        receiver = (ReceiverKind.INTEGRATION, integration_id)
        await deliver(within.account_id, event, Subject(None, row["reference"]), [receiver])
        return Done(delivery_id, (Change("IntegrationDelivery.eventId", None, row["event_id"]),))

    return await RESEND_INTEGRATION_DELIVERY.perform(call, work, delivery_id)

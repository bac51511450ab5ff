"""Reminding a subscriber of an overdue payment."""

from actions.commerce.subscriptions import emails
from actions.commerce.subscriptions.events import SubscriptionReminder, note_subscriptions
from actions.commerce.subscriptions.found import locked_subscription, newest_payment, subscriptions
from actions.kit.buyer_outbox import post_to_buyer
from actions.kit.call import Call
from actions.kit.event import record
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.refusals import wrong_state
from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models.statement import one_of
from models.tables.subscription import SubscriptionStatus

REMIND_SUBSCRIBER = Mutation(
    "remindSubscriber",
    Grant.MANAGE_SUBSCRIPTIONS,
    "ProductSubscription",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE, ErrorCode.NO_ADDRESS, ErrorCode.RATE_LIMITED),
    replays=True,
    alone=True,
    changes_access=False,
)


async def remind_subscriber(call: Call, code: str) -> str:
    """E-mail the subscriber about the overdue payment. Returns the id of the subscription."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        found = await locked_subscription(viewer, code)
        if found["status"] != SubscriptionStatus.DELAYED:
            raise wrong_state(found["status"], [SubscriptionStatus.DELAYED.value], ("code",))
        subscription_id = str(found["id"])
        sale_id = await newest_payment(subscription_id, viewer.central.account_id)
        if sale_id is None:
            raise Refusal(ErrorCode.NO_ADDRESS, "no_buyer_address", ("code",))
        await post_to_buyer(emails.SUBSCRIPTION_OVERDUE, sale_id, field=("code",))
        of = one_of("r.id", [subscription_id]) & subscriptions(viewer).where("r")
        await record(viewer, SubscriptionReminder(), of)
        note_subscriptions(viewer, [subscription_id])
        return Done(subscription_id, (Change("RemindSubscriberPayload.sent", None, True),))

    return await REMIND_SUBSCRIBER.perform(call, work, code)

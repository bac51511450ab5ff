"""Assigning subscriptions to someone, or to no one. From then on, they do not follow their payments."""

from collections.abc import Sequence

from actions.commerce.assign import Assignable, assign
from actions.commerce.sales.events import NEXT_MOMENT
from actions.commerce.subscriptions.events import SubscriptionAssignment
from actions.commerce.subscriptions.found import require_few, subscriptions
from actions.kit.call import Call
from actions.kit.mutation import Done, Mutation
from authz.gates import Standing
from authz.refusal import ErrorCode
from authz.viewer import Viewer
from models.changes import ChangeKind

SUBSCRIPTIONS = Assignable(
    "subscriptions",
    "code",
    "ProductSubscription",
    SubscriptionAssignment,
    ChangeKind.SUBSCRIPTION,
    visible=subscriptions,
    moment=NEXT_MOMENT,
    missing="no_such_subscription",
    not_assignable="subscription_not_assignable",
    not_unassigned="lead_cannot_unassign",
)
ASSIGN_SUBSCRIPTION = Mutation(
    "assignSubscription",
    Standing.LEAD,
    "ProductSubscription",
    codes=(ErrorCode.NOT_FOUND,),
    replays=True,
    changes_access=False,
)
ASSIGN_SUBSCRIPTIONS = Mutation(
    "assignSubscriptions",
    Standing.LEAD,
    "ProductSubscription",
    codes=(ErrorCode.NOT_FOUND,),
    replays=True,
    changes_access=False,
)


async def assign_subscription(call: Call, code: str, assignee_id: str | None, team_id: str | None) -> str:
    """Assign the subscription with a code and return its id, by the rules of `assign_sale`."""

    async def work(viewer: Viewer) -> Done:
        ids, changes = await assign(
            viewer, SUBSCRIPTIONS, {code: ("code",)}, assignee_id, team_id, alone=True
        )
        return Done(ids[code], changes)

    return await ASSIGN_SUBSCRIPTION.perform(call, work, code)


async def assign_subscriptions(
    call: Call, *, codes: Sequence[str], assignee_id: str | None, team_id: str | None
) -> None:
    """Assign several subscriptions, all or none of them. The error names the first that is refused."""

    async def work(viewer: Viewer) -> Done:
        require_few(codes)
        fields = {code: ("codes", str(codes.index(code))) for code in codes}
        _, changes = await assign(viewer, SUBSCRIPTIONS, fields, assignee_id, team_id)
        return Done("", changes)

    await ASSIGN_SUBSCRIPTIONS.perform(call, work)

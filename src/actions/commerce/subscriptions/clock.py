"""What becomes of subscriptions because time passes.

Requests expire if the marketplace does nothing for 30 days, and rules send e-mails.
"""

from actions.commerce.subscriptions.events import SubscriptionRequestChange
from actions.commerce.subscriptions.rounds import SUBSCRIPTION_RULES
from actions.kit.clock import Due, Job
from actions.kit.event import record_by_clock
from models import database
from models.changes import ChangeKind, note
from models.tables.subscription import (
    CancellationReason,
    SubscriptionRequestKind,
    SubscriptionRequestStatus,
)

_REQUESTED, _EXPIRED = SubscriptionRequestStatus.REQUESTED, SubscriptionRequestStatus.EXPIRED


async def _announce(due: Due, _now: int) -> None:
    """Record the expiry in the subscription's history, and notify those who follow it."""
    rows = await database.read(
        "SELECT subscription_id, kind, reason, day FROM subscription_requests"
        " WHERE account_id = ? AND id = ?",
        (due.account_id, due.id),
    )
    row = rows[0]
    facts = SubscriptionRequestChange(
        kind=SubscriptionRequestKind(row["kind"]),
        status=_EXPIRED,
        reason=CancellationReason(row["reason"]) if row["reason"] else None,
        day=row["day"],
    )
    subscription_id = str(row["subscription_id"])
    await record_by_clock(due.account_id, facts, subscription_id, due.since)
    note(due.account_id, ChangeKind.SUBSCRIPTION, [subscription_id])


SUBSCRIPTION_REQUEST_EXPIRY = Job(
    "subscription_request_expiry",
    table="subscription_requests",
    since="expires_at",
    work=_announce,
    where=f"r.status = '{_REQUESTED.value}'",
    writes=f"status = '{_EXPIRED.value}', own_status = '{_EXPIRED.value}', closed_at = expires_at,"
    " own_closed_at = expires_at",
)

JOBS = (SUBSCRIPTION_REQUEST_EXPIRY, SUBSCRIPTION_RULES)

"""What is requested from the marketplace for a subscription: an end, another charge day, a new start.

A request is stated and never shown as done: it is open until a message of the marketplace closes it, which
the intake decides, or until people or time do.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from actions.commerce.subscriptions import emails
from actions.commerce.subscriptions.events import SubscriptionRequestChange, note_subscriptions
from actions.commerce.subscriptions.found import (
    locked_request,
    locked_subscription,
    locked_subscriptions,
    newest_payment,
    subscriptions,
)
from actions.kit.buyer_outbox import post_by_rule
from actions.kit.call import Call
from actions.kit.event import record
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.refusals import already_requested, wrong_state
from actions.notices.mentions import mention
from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from authz.viewer import MyRole, Viewer
from models import database
from models.outgoing.note import note_event
from models.outgoing_events import EventType
from models.product_vocabulary import PlanPeriod
from models.statement import Statement, one_of
from models.tables.subscription import (
    CancellationReason,
    SubscriptionRequestKind,
    SubscriptionRequestStatus,
    SubscriptionStatus,
)

_OUTGOING = {
    SubscriptionRequestKind.CANCEL: EventType.SUBSCRIPTION_CANCEL_REQUESTED,
    SubscriptionRequestKind.CHARGE_DAY: EventType.SUBSCRIPTION_CHARGE_DAY_REQUESTED,
    SubscriptionRequestKind.REACTIVATE: EventType.SUBSCRIPTION_REACTIVATION_REQUESTED,
}
CANCEL_SUBSCRIPTION = Mutation(
    "cancelSubscription",
    Grant.MANAGE_SUBSCRIPTIONS,
    "ProductSubscription",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE, ErrorCode.ALREADY_REQUESTED),
    replays=True,
    alone=True,
    changes_access=False,
)
CANCEL_SUBSCRIPTIONS = Mutation(
    "cancelSubscriptions",
    Grant.MANAGE_SUBSCRIPTIONS,
    "ProductSubscription",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE, ErrorCode.ALREADY_REQUESTED),
    replays=True,
    alone=True,
    changes_access=False,
)
CHANGE_CHARGE_DAY = Mutation(
    "changeChargeDay",
    Grant.MANAGE_SUBSCRIPTIONS,
    "ProductSubscription",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE, ErrorCode.ALREADY_REQUESTED),
    replays=True,
    changes_access=False,
)
REQUEST_REACTIVATION = Mutation(
    "requestReactivation",
    Grant.MANAGE_SUBSCRIPTIONS,
    "ProductSubscription",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE, ErrorCode.ALREADY_REQUESTED),
    replays=True,
    changes_access=False,
)
WITHDRAW_SUBSCRIPTION_REQUEST = Mutation(
    "withdrawSubscriptionRequest",
    Grant.MANAGE_SUBSCRIPTIONS,
    "SubscriptionRequest",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE),
    replays=True,
    changes_access=False,
)

SHORTEST_NOTE = 5
LONGEST_NOTE = 500
REQUEST_MS = 30 * 24 * 3_600_000
_KIND, _STATUS = SubscriptionRequestKind, SubscriptionStatus
_REQUESTED = SubscriptionRequestStatus.REQUESTED
_ALLOWED = {
    _KIND.CANCEL: (_STATUS.STARTED, _STATUS.ACTIVE, _STATUS.DELAYED),
    _KIND.CHARGE_DAY: (_STATUS.ACTIVE, _STATUS.DELAYED),
    _KIND.REACTIVATE: (_STATUS.CANCELLED, _STATUS.INACTIVE),
}
_MONTHS = {PlanPeriod.BIMONTHLY: 2, PlanPeriod.QUARTERLY: 3, PlanPeriod.BIANNUAL: 6, PlanPeriod.ANNUAL: 12}


async def cancel_subscription(
    call: Call,
    code: str,
    reason: CancellationReason,
    note: str | None,
    *,
    tell_subscriber: bool,
    mentions: Sequence[str] = (),
) -> str:
    """Request that a subscription is canceled, and e-mail the subscriber if `tell_subscriber`.

    The collaborators whom the note mentions are notified.
    """

    async def work(viewer: Viewer) -> Done:
        words = _note(reason, note, required=bool(mentions))
        found = await locked_subscription(viewer, code)
        await _require_requestable(viewer, [found], _KIND.CANCEL)
        await mention(viewer, "subscriptions", str(found["id"]), mentions)
        await _cancel(viewer, [found], reason, words, tell_subscriber=tell_subscriber)
        return Done(str(found["id"]), _cancel_changes(reason, words))

    return await CANCEL_SUBSCRIPTION.perform(call, work, code)


async def cancel_subscriptions(
    call: Call, codes: Sequence[str], reason: CancellationReason, note: str | None, *, tell_subscriber: bool
) -> None:
    """Request that several subscriptions are canceled, all or none. The error names the first refused one."""

    async def work(viewer: Viewer) -> Done:
        words = _note(reason, note)
        found = await locked_subscriptions(viewer, codes)
        await _require_requestable(viewer, found, _KIND.CANCEL, list(codes))
        await _cancel(viewer, found, reason, words, tell_subscriber=tell_subscriber)
        named = [Change("ProductSubscription.code", row["code"], row["code"]) for row in found]
        return Done("", (*named, *_cancel_changes(reason, words)))

    await CANCEL_SUBSCRIPTIONS.perform(call, work)


async def change_charge_day(call: Call, code: str, day: int) -> str:
    """Request that a subscription is charged on another day of the month, from the charge after the next."""

    async def work(viewer: Viewer) -> Done:
        if not 1 <= day <= 31:
            raise Refusal(ErrorCode.BAD_INPUT, "charge_day", ("day",))
        found = await locked_subscription(viewer, code)
        await _require_requestable(viewer, [found], _KIND.CHARGE_DAY)
        effective = effective_from(viewer, found, day)
        values = {"day": day, "effective_from": effective.isoformat()}
        await _insert(viewer, [found], _KIND.CHARGE_DAY, values)
        facts = SubscriptionRequestChange(kind=_KIND.CHARGE_DAY, status=_REQUESTED, day=day)
        await _record(viewer, [found], facts)
        return Done(str(found["id"]), (Change("SubscriptionRequest.day", None, day),))

    return await CHANGE_CHARGE_DAY.perform(call, work, code)


async def request_reactivation(call: Call, code: str, *, charge: bool) -> str:
    """Request that a canceled subscription is activated again, charged at once or at its next charge."""

    async def work(viewer: Viewer) -> Done:
        found = await locked_subscription(viewer, code)
        await _require_requestable(viewer, [found], _KIND.REACTIVATE)
        await _insert(viewer, [found], _KIND.REACTIVATE, {"charge": charge})
        facts = SubscriptionRequestChange(kind=_KIND.REACTIVATE, status=_REQUESTED)
        await _record(viewer, [found], facts)
        changes = (
            Change("SubscriptionRequest.kind", None, _KIND.REACTIVATE.value),
            Change("SubscriptionRequest.charge", None, charge),
        )
        return Done(str(found["id"]), changes)

    return await REQUEST_REACTIVATION.perform(call, work, code)


async def withdraw_subscription_request(call: Call, request_id: str) -> str:
    """Withdraw an open request: for who made it, a lead of the subscription's assignee, the owner, admins."""

    async def work(viewer: Viewer) -> Done:
        found = await locked_request(viewer, request_id)
        mine = str(found["requested_by_id"]) == viewer.user_id
        leads = found["assignee_id"] is not None and str(found["assignee_id"]) in viewer.led
        if not (mine or leads or viewer.role in (MyRole.OWNER, MyRole.ADMIN)):
            raise Refusal(ErrorCode.FORBIDDEN, "not_your_subscription_request", ("id",))
        if found["status"] != _REQUESTED:
            raise wrong_state(found["status"], [_REQUESTED.value], ("id",))
        await _withdraw(viewer, found)
        withdrawn = SubscriptionRequestStatus.WITHDRAWN.value
        return Done(str(found["id"]), (Change("SubscriptionRequest.status", _REQUESTED.value, withdrawn),))

    return await WITHDRAW_SUBSCRIPTION_REQUEST.perform(call, work, request_id)


def effective_from(viewer: Viewer, found: Any, day: int) -> date:
    """The first day that is charged on the new day: one period after the next charge, which stays.

    In a month that has no such day, it is the last one.
    """
    assert viewer.central is not None
    at = found["next_charge_at"] if found["next_charge_at"] is not None else database.now()
    local = datetime.fromtimestamp(at / 1000, ZoneInfo(viewer.central.timezone))
    period = PlanPeriod(found["period"]) if found["period"] else PlanPeriod.MONTHLY
    years, month = divmod(local.month - 1 + _MONTHS.get(period, 1), 12)
    year, month = local.year + years, month + 1
    return date(year, month, min(day, monthrange(year, month)[1]))


def _note(reason: CancellationReason, note: str | None, *, required: bool = False) -> str | None:
    words = (note or "").strip()
    least = SHORTEST_NOTE if words or required or reason is CancellationReason.OTHER else 0
    if not least <= len(words) <= LONGEST_NOTE:
        field = ("note",)
        raise Refusal(ErrorCode.BAD_INPUT, "cancellation_note", field, least=SHORTEST_NOTE, most=LONGEST_NOTE)
    return words or None


async def _require_requestable(
    viewer: Viewer, found: Sequence[Any], kind: SubscriptionRequestKind, codes: Sequence[str] = ()
) -> None:
    """Refuse the first subscription in a state that the request does not cover, or with the same one open.

    The mutations of an account run one after the other, so of two requests at once the second is refused.
    """
    assert viewer.central is not None
    chosen = one_of("subscription_id", [row["id"] for row in found])
    rows = await database.read(
        Statement(
            "SELECT subscription_id FROM subscription_requests WHERE account_id = ? AND kind = ?"
            " AND status = ? AND ",
            (viewer.central.account_id, kind.value, _REQUESTED.value),
        )
        + chosen
    )
    requested = {str(row["subscription_id"]) for row in rows}
    for row in found:
        field = ("codes", str(codes.index(row["code"]))) if codes else ("code",)
        if SubscriptionStatus(row["status"]) not in _ALLOWED[kind]:
            raise wrong_state(row["status"], [status.value for status in _ALLOWED[kind]], field)
        if kind is _KIND.CHARGE_DAY and row["trial"]:
            raise Refusal(ErrorCode.WRONG_STATE, "subscription_in_trial", field)
        if str(row["id"]) in requested:
            raise already_requested(field)


async def _cancel(
    viewer: Viewer,
    found: Sequence[Any],
    reason: CancellationReason,
    note: str | None,
    *,
    tell_subscriber: bool,
) -> None:
    assert viewer.central is not None
    await _insert(viewer, found, _KIND.CANCEL, {"reason": reason.value, "note": note})
    facts = SubscriptionRequestChange(kind=_KIND.CANCEL, status=_REQUESTED, reason=reason)
    await _record(viewer, found, facts)
    if not tell_subscriber:
        return
    for row in found:
        sale_id = await newest_payment(str(row["id"]), viewer.central.account_id)
        if sale_id is not None:
            # who has no address, or has received too many e-mails, gets none; the request stands
            await post_by_rule(emails.SUBSCRIPTION_CANCEL_REQUEST, sale_id)


def _cancel_changes(reason: CancellationReason, note: str | None) -> tuple[Change, ...]:
    changes = (
        Change("SubscriptionRequest.kind", None, _KIND.CANCEL.value),
        Change("SubscriptionRequest.reason", None, reason.value),
    )
    return (*changes, Change("SubscriptionRequest.note", None, note)) if note else changes


async def _insert(
    viewer: Viewer, found: Sequence[Any], kind: SubscriptionRequestKind, values: dict[str, Any]
) -> None:
    """Add a request for each subscription: where each request begins, and from which it goes out."""
    assert viewer.central is not None
    now = database.now()
    rows = [
        {
            "id": database.new_id(),
            "account_id": viewer.central.account_id,
            "subscription_id": row["id"],
            "assignee_id": row["assignee_id"],
            "kind": kind.value,
            "status": _REQUESTED.value,
            "own_status": _REQUESTED.value,
            # later than an end that is known, even if the marketplace's clock is ahead
            "requested_at": max(now, (row["ended_at"] or 0) + 1),
            "requested_by_id": viewer.user_id,
            "requested_by_name": viewer.name,
            "expires_at": now + REQUEST_MS,
            **values,
        }
        for row in found
    ]
    await database.insert_many("subscription_requests", tuple(rows[0]), [tuple(row.values()) for row in rows])
    note_event(viewer.central.account_id, _OUTGOING[kind], [str(row["id"]) for row in found])


async def _withdraw(viewer: Viewer, found: Any) -> None:
    assert viewer.central is not None
    now, withdrawn = database.now(), SubscriptionRequestStatus.WITHDRAWN
    await database.write(
        "UPDATE subscription_requests SET status = ?, own_status = ?, closed_at = ?, own_closed_at = ?"
        " WHERE account_id = ? AND id = ?",
        (withdrawn.value, withdrawn.value, now, now, viewer.central.account_id, found["id"]),
    )
    reason = CancellationReason(found["reason"]) if found["reason"] else None
    kind = SubscriptionRequestKind(found["kind"])
    facts = SubscriptionRequestChange(kind=kind, status=withdrawn, reason=reason, day=found["day"])
    await _record(viewer, [{"id": found["subscription_id"]}], facts)


async def _record(viewer: Viewer, found: Sequence[Any], facts: SubscriptionRequestChange) -> None:
    ids = [str(row["id"]) for row in found]
    await record(viewer, facts, one_of("r.id", ids) & subscriptions(viewer).where("r"))
    note_subscriptions(viewer, ids)

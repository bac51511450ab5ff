"""What subscription rules do as time passes: e-mails to subscribers, and requests to cancel."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from actions.commerce.sales.events import PaymentSlipRequest
from actions.commerce.sales.slip import SLIP_STATE, slip_data, status_of
from actions.commerce.subscriptions import emails
from actions.commerce.subscriptions.due import BATCH, Step, due_now, steps_of, unpaid_in_a_row
from actions.commerce.subscriptions.events import (
    SubscriptionEmailSent,
    SubscriptionEmailSkipped,
    SubscriptionRequestChange,
)
from actions.commerce.subscriptions.refused import digest_of_address, has_refused
from actions.commerce.subscriptions.request import REQUEST_MS
from actions.commerce.subscriptions.rules import TOOL, InForce, in_force
from actions.kit.buyer_outbox import post_by_rule
from actions.kit.clock import Due, Job
from actions.kit.event import record_by_clock
from actions.tools.subscription_rules import offer_on_sale
from authz.refusal import ErrorCode
from models import database
from models.changes import ChangeKind, note
from models.currency import major_units
from models.sales.slip import SlipStatus
from models.statement import Statement
from models.tables.subscription import (
    NOBODY,
    CancellationReason,
    SubscriptionEmailKind,
    SubscriptionRequestKind,
    SubscriptionRequestStatus,
)

_PERIOD_MS = 5 * 60_000
"""How often rules are looked at. What is due is found late by at most this."""
_KIND = SubscriptionEmailKind
_EMAILS = {
    _KIND.RENEWAL: emails.SUBSCRIPTION_RENEWAL,
    _KIND.OVERDUE: emails.SUBSCRIPTION_OVERDUE,
    _KIND.WIN_BACK: emails.SUBSCRIPTION_WIN_BACK,
}


async def _round(due: Due, now: int) -> None:
    """Do what the rules of an account or a product say now."""
    rows = await database.read(
        "SELECT scope_id FROM tool_versions WHERE account_id = ? AND id = ?", (due.account_id, due.id)
    )
    found = await in_force(due.account_id, rows[0]["scope_id"])
    if found is None or found.quiet(now):
        return
    full = False
    for step in steps_of(found.rules):
        late = await database.read(due_now(step, found.scope, found.rules, found.since(step), now))
        full = full or len(late) == BATCH
        for row in late:
            await _send(found, step, row, now)
    if found.rules.ask_cancel_after_unpaid is not None:
        unpaid = await database.read(unpaid_in_a_row(found.scope, found.rules, found.asks_since(), now))
        full = full or len(unpaid) == BATCH
        for row in unpaid:
            await _request_end(due.account_id, row, now)
    if full:
        # there may be more: they are next
        await database.write(
            "UPDATE tool_versions SET work_at = ? WHERE account_id = ? AND id = ?",
            (now, due.account_id, due.id),
        )


async def _send(found: InForce, step: Step, row: Mapping[str, Any], now: int) -> None:
    """Send an e-mail, or record why not."""
    account_id, sale_id = found.scope.account_id, str(row["sale_id"])
    data = await _data(found, step, row)
    refused: ErrorCode | None = None
    if step.kind is _KIND.WIN_BACK and await has_refused(account_id, row["buyer_email"]):
        refused = ErrorCode.FORBIDDEN
    elif step.with_slip:
        data |= await _slip(account_id, sale_id, now)
    if refused is None:
        refused = await post_by_rule(_EMAILS[step.kind], sale_id, data)
    event = SubscriptionEmailSent if refused is None else SubscriptionEmailSkipped
    subscription_id = str(row["id"])
    await record_by_clock(
        account_id, event(email=step.kind, days=step.days), subscription_id, now, row["key"]
    )
    note(account_id, ChangeKind.SUBSCRIPTION, [subscription_id])


async def _data(found: InForce, step: Step, row: Mapping[str, Any]) -> dict[str, Any]:
    if step.kind is _KIND.RENEWAL:
        day = datetime.fromtimestamp(row["anchor"] / 1000, ZoneInfo(found.timezone)).date()
        amount = (
            row["price"] is not None and f"{major_units(row['price'], row['currency'])} {row['currency']}"
        )
        return {"day": day.isoformat()} | ({"amount": amount} if amount else {})
    if step.kind is _KIND.WIN_BACK:
        assert found.rules.win_back is not None
        rows = await database.read(
            Statement(
                "SELECT r.checkout_url FROM offers r WHERE r.account_id = ? AND ", (found.scope.account_id,)
            )
            + offer_on_sale(found.rules.win_back.offer)
            + " ORDER BY r.id LIMIT 1"
        )
        # the address's digest becomes a part of the link that ends such e-mails
        digest = digest_of_address(found.scope.account_id, row["buyer_email"])
        return {"checkout": rows[0]["checkout_url"], "subscription_id": str(row["id"]), "digest": digest}
    return {}


async def _slip(account_id: str, sale_id: str, now: int) -> dict[str, str]:
    """The payment slip, if it can be paid. Otherwise, a new one is requested, unless one is."""
    rows = await database.read(
        f"SELECT {', '.join(SLIP_STATE)}, slip_code, slip_url FROM sales WHERE account_id = ? AND id = ?",
        (account_id, sale_id),
    )
    status = status_of(rows[0], now)
    if status is SlipStatus.PAYABLE:
        return slip_data(rows[0]["slip_code"], rows[0]["slip_url"])
    if status is not SlipStatus.REQUESTED:
        at = max(now, (rows[0]["slip_issued_at"] or 0) + 1)
        await database.write(
            "UPDATE sales SET slip_requested_at = ?, slip_requested_by = NULL"
            " WHERE account_id = ? AND id = ?",
            (at, account_id, sale_id),
        )
        await record_by_clock(account_id, PaymentSlipRequest(), sale_id, now)
        note(account_id, ChangeKind.SALE, [sale_id])
    return {}


async def _request_end(account_id: str, row: Mapping[str, Any], now: int) -> None:
    """Request the end of a subscription from the marketplace, and e-mail its subscriber."""
    requested, kind = SubscriptionRequestStatus.REQUESTED, SubscriptionRequestKind.CANCEL
    reason = CancellationReason.PAYMENT_PROBLEM
    subscription_id = str(row["id"])
    await database.insert(
        "subscription_requests",
        {
            "id": database.new_id(),
            "account_id": account_id,
            "subscription_id": subscription_id,
            "assignee_id": row["assignee_id"],
            "kind": kind.value,
            "status": requested.value,
            "own_status": requested.value,
            "reason": reason.value,
            "requested_at": max(now, (row["ended_at"] or 0) + 1),
            "requested_by_id": NOBODY,
            "requested_by_name": "",
            "expires_at": now + REQUEST_MS,
        },
    )
    facts = SubscriptionRequestChange(kind=kind, status=requested, reason=reason)
    await record_by_clock(account_id, facts, subscription_id, now, row["key"])
    await post_by_rule(emails.SUBSCRIPTION_CANCEL_REQUEST, str(row["sale_id"]))
    note(account_id, ChangeKind.SUBSCRIPTION, [subscription_id])


SUBSCRIPTION_RULES = Job(
    "subscription_rules",
    table="tool_versions",
    since="work_at",
    work=_round,
    where=f"r.tool = '{TOOL.name}'",
    again_ms=_PERIOD_MS,
)
"""The rules of an account or a product are looked at again."""

"""Subscriptions and requests within reach, locked for a mutation."""

from collections.abc import Sequence
from typing import Any

from authz import reach
from authz.grant import Grant
from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement, one_of

MOST_SUBSCRIPTIONS = 100
"""How many subscriptions one call can change."""
_COLUMNS = (
    "r.id, r.code, r.status, r.trial, r.period, r.next_charge_at, r.assignee_id, r.subscriber_email,"
    " r.ended_at"
)


def subscriptions(viewer: Viewer) -> Reach:
    """The subscriptions that a viewer can see: those that are assigned within reach."""
    return reach.rows(viewer, "subscriptions", Grant.MANAGE_SUBSCRIPTIONS)


def subscription_requests(viewer: Viewer) -> Reach:
    """The requests that a viewer can see: those of the subscriptions that are assigned within reach."""
    return reach.rows(viewer, "subscription_requests", Grant.MANAGE_SUBSCRIPTIONS)


def row_lock() -> str:
    """The end of a statement that reads a row which the mutation changes."""
    return " FOR UPDATE" if database.dialect() == "postgres" else ""


async def locked_subscription(viewer: Viewer, code: str) -> Any:
    """The subscription with a code, within reach."""
    within = subscriptions(viewer)
    rows = await database.read(
        Statement(f"SELECT {_COLUMNS} FROM subscriptions r WHERE r.code = ? AND ", (code,))
        + within.where("r")
        + row_lock()
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_subscription", ("code",))
    return rows[0]


async def locked_subscriptions(viewer: Viewer, codes: Sequence[str]) -> list[Any]:
    """The subscriptions with some codes, each once and all within reach. The first that is not is named."""
    require_few(codes)
    within = subscriptions(viewer)
    rows = await database.read(
        Statement(f"SELECT {_COLUMNS} FROM subscriptions r WHERE ")
        + one_of("r.code", list(dict.fromkeys(codes)))
        + " AND "
        + within.where("r")
        + " ORDER BY r.code"
        + row_lock()
    )
    found = {row["code"]: row for row in rows}
    for number, code in enumerate(codes):
        if code not in found:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_subscription", ("codes", str(number)))
    return [found[code] for code in dict.fromkeys(codes)]


def require_few(codes: Sequence[str]) -> None:
    """Refuse none, or more than one call can change."""
    if not 1 <= len(codes) <= MOST_SUBSCRIPTIONS:
        raise Refusal(ErrorCode.BAD_INPUT, "too_many_subscriptions", ("codes",), most=MOST_SUBSCRIPTIONS)


async def locked_request(viewer: Viewer, request_id: str) -> Any:
    """The request within reach."""
    within = subscription_requests(viewer)
    rows = await database.read(
        Statement(
            "SELECT r.id, r.subscription_id, r.assignee_id, r.kind, r.status, r.reason, r.day,"
            " r.requested_by_id FROM subscription_requests r WHERE r.id = ? AND ",
            (request_id,),
        )
        + within.where("r")
        + row_lock()
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_subscription_request", ("id",))
    return rows[0]


async def newest_payment(subscription_id: str, account_id: str) -> str | None:
    """The sale that is the subscription's newest payment, for the e-mails that are about it."""
    rows = await database.read(
        "SELECT s.id FROM sales s WHERE s.account_id = ? AND s.subscription_id = ?"
        " ORDER BY s.ordered_at DESC, s.reference DESC LIMIT 1",
        (account_id, subscription_id),
    )
    return str(rows[0]["id"]) if rows else None

"""What marketplaces' messages do to refund requests: the state of a request is a fold, too.

A message closes a request if it says that the sale was refunded or charged back: after the request, or
before it and still true then. So it makes no difference when the message arrives. What people or time did
earlier takes precedence.
"""

from collections.abc import Iterable, Mapping

from intake.events.event import HistoryEvent
from intake.sales.fold import in_order
from models import database
from models.statement import one_of
from models.tables.refund import RefundRequestStatus
from models.vocabulary import SaleStatus

_CLOSES = {
    SaleStatus.REFUNDED: RefundRequestStatus.REFUNDED,
    SaleStatus.PARTIALLY_REFUNDED: RefundRequestStatus.REFUNDED,
    SaleStatus.CHARGEBACK: RefundRequestStatus.OVERTAKEN,
}
Closing = tuple[RefundRequestStatus, int]


def closing(history: Iterable[HistoryEvent], requested_at: int) -> Closing | None:
    """How and when messages closed a request of a sale with this history."""
    found: Closing | None = None
    for event in in_order(history):
        if event.status is None:
            continue
        status = _CLOSES.get(event.status)
        if event.happened_at <= requested_at:
            found = None if status is None else found or (status, event.happened_at)
        elif found is None and status is not None:
            found = status, event.happened_at
    return found


async def settle_refund_requests(account_id: str, histories: Mapping[str, Iterable[HistoryEvent]]) -> None:
    """Close the newest request of each sale, by the sale's id, as its history says."""
    closable = {
        sale_id: history
        for sale_id, history in histories.items()
        if any(event.status in _CLOSES for event in history)
    }
    if not closable:
        return
    chosen = one_of("current_of", sorted(closable))
    rows = await database.read(
        "SELECT id, sale_id, requested_at, status, closed_at, own_status, own_closed_at FROM refund_requests"
        f" WHERE account_id = ? AND {chosen.text}",
        (account_id, *chosen.params),
    )
    changed = []
    for row in rows:
        found = closing(closable[str(row["sale_id"])], row["requested_at"])
        own = RefundRequestStatus(row["own_status"]), row["own_closed_at"]
        if found is None or (own[1] is not None and own[1] <= found[1]):
            status, closed_at = own
        else:
            status, closed_at = found
        if (status.value, closed_at) != (row["status"], row["closed_at"]):
            changed.append((status.value, closed_at, account_id, row["id"]))
    await database.write_later(
        "UPDATE refund_requests SET status = ?, closed_at = ? WHERE account_id = ? AND id = ?", changed
    )

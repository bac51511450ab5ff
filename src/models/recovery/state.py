"""The state of an opportunity that counts: what people and time did lies over what messages say."""

from typing import Any

from models.tables.opportunity import OpportunityStatus

STATE_COLUMNS = ("status", "closed_at", "won_by_id")


def state_of(row: Any) -> tuple[str, int | None, str | None]:
    """The status of a row, when it was closed, and the sale that won it.

    A sale wins whatever people did before, unless they canceled the opportunity.
    """
    cancelled, won = OpportunityStatus.CANCELLED.value, OpportunityStatus.WON.value
    if row["own_status"] != cancelled and row["marketplace_status"] is not None:
        return row["marketplace_status"], row["marketplace_at"], row["marketplace_sale_id"]
    won_by = row["own_sale_id"] if row["own_status"] == won else None
    return row["own_status"], row["own_closed_at"], won_by

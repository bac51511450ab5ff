"""What other systems learn when an opportunity gets another status."""

from models.outgoing.note import note_event
from models.outgoing_events import EventType
from models.tables.opportunity import OPEN, OpportunityStatus

_ENDS = {
    OpportunityStatus.WON: EventType.OPPORTUNITY_WON,
    OpportunityStatus.LOST: EventType.OPPORTUNITY_LOST,
    OpportunityStatus.CANCELLED: EventType.OPPORTUNITY_CANCELLED,
}


def note_status(account_id: str, opportunity_id: str, before: str, after: str, at: int | None = None) -> None:
    """Note an end, or that what was closed is open again. To postpone it is no event."""
    if before == after:
        return
    event = _ENDS.get(OpportunityStatus(after))
    if event is not None:
        note_event(account_id, event, [opportunity_id], at)
    elif OpportunityStatus(before) not in OPEN:
        note_event(account_id, EventType.OPPORTUNITY_REOPENED, [opportunity_id])

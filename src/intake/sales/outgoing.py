"""What other systems learn of sales from messages: the statuses that they reach."""

from collections.abc import Mapping

from intake.sales.fold import Folded
from models.outgoing.note import note_event
from models.outgoing_events import type_of_status
from models.vocabulary import SaleStatus


def note_statuses(
    account_id: str, folds: Mapping[str, Folded], before: Mapping[str, tuple[str, SaleStatus | None]]
) -> None:
    """Note which statuses sales reached, by their references, given their ids and former statuses.

    A message that is older than the last one changes no status, so nothing is noted of it.
    """
    for name, folded in folds.items():
        reached, (sale_id, former) = type_of_status(folded.columns.status), before[name]
        if former is None or type_of_status(former) is not reached:
            note_event(account_id, reached, [sale_id], folded.status_at)

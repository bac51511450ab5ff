"""The changes of a buyer's e-mail address that people made."""

import msgspec
import strawberry

from actions.commerce.sales.events import BuyerEmailChange
from actions.kit.event import EVENTS
from authz.gates import ON_RECORD, Needs, gated
from authz.grant import Grant
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Children, Column, Computed, Covered, sourced
from graph.kit.changed_by import ChangedBy
from graph.kit.scalars import DateTime
from models.masking import masked_email
from models.person_change import Author
from models.statement import Statement
from models.vocabulary import EventSource


class _Facts(msgspec.Struct, frozen=True):
    by: Author | None = None
    former_buyer_email: str | None = None
    buyer_email: str = ""


_Stored = str | bytes | dict[str, object]


def _facts(stored: _Stored) -> _Facts:
    if isinstance(stored, dict):
        return msgspec.convert(stored, _Facts)
    return msgspec.json.decode(stored, type=_Facts)


def _by(stored: _Stored) -> ChangedBy | None:
    author = _facts(stored).by
    return ChangedBy(name=author.name) if author is not None and author.name else None


_BEFORE = Computed(lambda stored: _facts(stored).former_buyer_email, ("facts",))
_AFTER = Computed(lambda stored: _facts(stored).buyer_email, ("facts",))


@gated(Needs(grant=Grant.CHANGE_BUYER_EMAIL))
@row_of("sale_events")
@strawberry.type
class EmailChange:
    """A change of a buyer's e-mail address."""

    at: DateTime = sourced(Column("happened_at"))
    """When the address was changed."""
    by: ChangedBy | None = sourced(Computed(_by, ("facts",)))
    """The person who changed it; null if they are not known."""
    from_: str | None = sourced(Covered(_BEFORE, ON_RECORD, masked_email), name="from")
    """The previous address; null if none was known."""
    to: str = sourced(Covered(_AFTER, ON_RECORD, masked_email))
    """The new address."""


EMAIL_CHANGES = Children(
    "sale_id",
    Order("happened_at"),
    where=Statement("r.source = ? AND r.kind = ?", (EventSource.PERSON.value, EVENTS[BuyerEmailChange].kind)),
)

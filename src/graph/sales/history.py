"""What happened to a sale: what the marketplace sent, and what people changed."""

import msgspec
import strawberry

from authz.gates import Needs, admin_only, gated, lead_only, needs
from authz.grant import Grant
from engine.rows.lists import row_of
from engine.rows.source import Computed, computed
from graph.kit.scalars import DateTime
from models.person_change import PersonChange, change_of
from models.vocabulary import EventSource, SaleChange, SaleStatus

strawberry.enum(SaleStatus)
strawberry.enum(EventSource, name="SaleEventSource")
strawberry.enum(SaleChange)

_SALES = Needs(grant=Grant.SEARCH_SALES)
_Stored = str | bytes | dict[str, object]


@gated(_SALES)
@strawberry.type
class SaleAssignment:
    """The assignee and the team of an assignment, by the names that they had at the time."""

    assignee_name: str | None
    """The new assignee's name; null if the assignment was removed."""
    team_name: str | None
    """The name of the team in which the sale was assigned; null for none."""


_EMAIL = Needs(grant=Grant.CHANGE_BUYER_EMAIL)


@gated(_EMAIL)
@strawberry.type
class BuyerEmailChange:
    """A change of the buyer's e-mail address."""

    before: str | None
    """The previous address; null where none was known."""
    after: str
    """The new address."""


def _change(source: str, kind: str) -> SaleChange | None:
    return SaleChange(kind) if source == EventSource.PERSON else None


def _assignment(source: str, facts: _Stored) -> SaleAssignment | None:
    change = _person_change(source, facts)
    if change is None or change.assignment is None:
        return None
    return SaleAssignment(
        assignee_name=change.assignment.assignee_name, team_name=change.assignment.team_name
    )


def _email_change(source: str, facts: _Stored) -> BuyerEmailChange | None:
    change = _person_change(source, facts)
    if change is None or change.buyer_email is None:
        return None
    return BuyerEmailChange(before=change.former_buyer_email, after=change.buyer_email)


def _author(source: str, facts: _Stored) -> str | None:
    change = _person_change(source, facts)
    return None if change is None or change.by is None else change.by.name


def _person_change(source: str, facts: _Stored) -> PersonChange | None:
    if source != EventSource.PERSON:
        return None
    return msgspec.convert(facts, PersonChange) if isinstance(facts, dict) else change_of(facts)


@gated(_SALES)
@row_of("sale_events")
@strawberry.type
class SaleEvent:
    """One event of a sale: a message from the marketplace, or a change made by a person."""

    status: SaleStatus | None
    """The status that the event gave the sale; null for a change made by a person."""
    happened_at: DateTime
    """When the event happened."""
    source: EventSource
    """The source of the event."""
    change: SaleChange | None = computed(_change, "source", "kind")
    """The kind of change that a person made; null for a message from the marketplace."""
    assignment: SaleAssignment | None = lead_only(Computed(_assignment, ("source", "facts")))
    """The new assignee and team, if the event is an assignment made by a person."""
    email_change: BuyerEmailChange | None = needs(
        Grant.CHANGE_BUYER_EMAIL, Computed(_email_change, ("source", "facts"))
    )
    """The previous and the new address, if the event is a change of the buyer's e-mail address."""
    changed_by: str | None = admin_only(Computed(_author, ("source", "facts")))
    """The name of the person who made the change; null for a message from the marketplace, or if it is not
    known."""

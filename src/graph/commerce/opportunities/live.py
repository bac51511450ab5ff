"""Opportunities as they change."""

import strawberry

from actions.commerce.opportunities.found import GRANT
from authz.gates import Needs, gated, needs
from engine.rows.lists import row_of
from engine.rows.source import SameRow, Stamped, sourced
from graph.commerce.opportunities.filters import find_opportunities
from graph.commerce.opportunities.types import Opportunity
from graph.kit.follow import followed
from graph.kit.scalars import DateTime
from models.changes import ChangeKind


@gated(Needs(grant=GRANT))
@row_of("opportunities")
@strawberry.type
class OpportunityUpdate:
    """Something that happened to an opportunity."""

    cursor: str = sourced(Stamped(-2))
    """The position of the event, for `after`."""
    at: DateTime = sourced(Stamped(-1))
    """When it happened."""
    opportunity: Opportunity = sourced(SameRow())
    """The opportunity as it is when the event is sent."""


@strawberry.type
class OpportunitySubscriptions:
    """Opportunities as they change."""

    opportunity_changed: OpportunityUpdate = followed(
        OpportunityUpdate, ChangeKind.OPPORTUNITY, find_opportunities, needs(GRANT)
    )
    """The changes of opportunities within your reach, new ones included. Each event has an opportunity as it
    is after the change, if it is then within your reach and meets the filter; one that left your reach has
    no event."""

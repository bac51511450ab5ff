"""Opportunities and the pipeline, as part of `Account`."""

import strawberry

from actions.commerce.opportunities.found import GRANT
from authz import reach
from authz.gates import needs
from engine.rows.lists import Rows, unread
from engine.rows.select import Order
from graph.commerce.opportunities.filters import find_opportunities
from graph.commerce.opportunities.types import Opportunity, OpportunityStep
from graph.kit.listed import listed
from graph.kit.noun import AccountPart
from graph.kit.row_reach import RowConnection


@strawberry.type
class OpportunitiesOfAccount(AccountPart):
    """The opportunities within reach, and the pipeline."""

    opportunities: RowConnection[Opportunity] | None = listed(find_opportunities, needs(GRANT), assigned=True)
    """The opportunities within your reach; by default, the ones with the latest activity first."""

    @needs(GRANT)
    def pipeline(self) -> list[OpportunityStep]:
        """The steps of the pipeline, in their order."""
        steps = reach.tool_rows(self.viewer, "pipeline_steps", GRANT)
        return unread(Rows(OpportunityStep, steps, None, (Order("position"),)))

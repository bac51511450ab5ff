"""Opportunities and the pipeline, as part of `Account`."""

import strawberry

from actions.commerce.opportunities.found import GRANT, opportunities
from authz.gates import Needs, gated, needs
from graph.commerce.opportunities.filters import find_opportunities
from graph.commerce.opportunities.types import Opportunity
from graph.kit.listed import listed
from graph.kit.noun import AccountPart
from graph.kit.row_reach import RowConnection
from models import database
from models.statement import Statement


@gated(Needs(grant=GRANT))
@strawberry.type
class PipelineStep:
    """A step of the pipeline, with what stands at it."""

    step_id: strawberry.ID
    """The step's id."""
    name: str
    """The step's name."""
    position: int
    """The place of the step in the pipeline, starting at 0."""
    open: int
    """The number of open opportunities at this step, of those within your reach."""


@strawberry.type
class OpportunitiesOfAccount(AccountPart):
    """The opportunities within reach, and the pipeline."""

    opportunities: RowConnection[Opportunity] | None = listed(find_opportunities, needs(GRANT), assigned=True)
    """The opportunities within your reach; by default, the ones with the latest activity first."""

    @needs(GRANT)
    async def pipeline(self) -> list[PipelineStep]:
        """The steps of the pipeline, in their order."""
        within = opportunities(self.viewer)
        rows = await database.read(
            Statement(
                "SELECT s.id, s.name, s.position, (SELECT COUNT(*) FROM opportunities r"
                " WHERE r.step_id = s.id AND r.status IN ('TODO', 'STANDBY') AND "
            )
            + within.where("r")
            + Statement(") AS open FROM pipeline_steps s WHERE s.account_id = ?", (within.account_id,))
            + " ORDER BY s.position"
        )
        return [
            PipelineStep(
                step_id=strawberry.ID(f"step_{row['id']}"),
                name=row["name"],
                position=row["position"],
                open=row["open"],
            )
            for row in rows
        ]

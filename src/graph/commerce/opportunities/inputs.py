"""The inputs and payloads of mutations of opportunities."""

import strawberry

from actions.commerce.opportunities.found import opportunities
from authz.gates import Needs, needs
from authz.grant import Grant
from engine.rows.lists import Rows
from engine.rows.select import Order
from graph.commerce.opportunities.types import Opportunity
from graph.kit.context import Info
from graph.kit.money import MoneyInput
from graph.kit.node import named
from graph.kit.payload import Payload, RepeatableInput
from graph.kit.scalars import DateTime
from graph.membership.collaborators.types import Person
from models.statement import one_of
from models.tables.opportunity import LostReason

GRANT = Grant.VIEW_PURCHASE_RECOVERY_REPORT


@strawberry.input
class OpportunityInput(RepeatableInput):
    """An opportunity in the version that you read."""

    id: strawberry.ID
    """The id of the opportunity."""
    expected_version: int
    """The `version` of the opportunity that you read. If it has changed since, nothing is changed."""


@strawberry.input
class MentioningInput(OpportunityInput):
    """An opportunity, and whom a note about it mentions."""

    mentions: list[strawberry.ID] | None = None
    """The collaborators whom the note mentions, by the ids of people, at most 10. They are notified of it.
    Each must be able to see the opportunity."""


@strawberry.input
class NotedOpportunityInput(MentioningInput):
    """An opportunity, and a note."""

    note: str | None = None
    """A note of at most 5,000 characters."""


def mentioned(ids: list[strawberry.ID] | None) -> tuple[str, ...]:
    """The collaborators whom a note mentions."""
    return tuple(named(person_id, Person) for person_id in ids or ())


@strawberry.input
class MoveOpportunityInput(OpportunityInput):
    """An opportunity, and the step that it moves to."""

    step_id: strawberry.ID
    """The id of the step."""


@strawberry.input
class PostponeOpportunityInput(NotedOpportunityInput):
    """An opportunity, and until when it is postponed."""

    remind_at: DateTime
    """The moment at which it is to be done again: in the future, within two years."""


@strawberry.input
class LoseOpportunityInput(NotedOpportunityInput):
    """An opportunity, and why it was lost."""

    reason: LostReason
    """Why it was lost."""
    note: str | None = None
    """A note of at most 5,000 characters, required with the reason `OTHER`."""


@strawberry.input
class WinOpportunityInput(NotedOpportunityInput):
    """An opportunity, and how it was won: by a sale, or as the note says."""

    reference: str | None = strawberry.field(default=None, directives=[Needs(grant=Grant.SEARCH_SALES)])
    """The reference of a paid sale of the same product within your reach."""
    note: str | None = None
    """A note of at most 5,000 characters, required where no sale is named."""


@strawberry.input
class CancelOpportunityInput(NotedOpportunityInput):
    """An opportunity to cancel."""


@strawberry.input
class MergeOpportunitiesInput(OpportunityInput):
    """The opportunity that stays, and its duplicate."""

    duplicate_id: strawberry.ID
    """The id of the opportunity to close as a duplicate."""
    expected_version_of_duplicate: int
    """The `version` of the duplicate that you read. If it has changed since, nothing is changed."""


@strawberry.input
class ReopenOpportunityInput(OpportunityInput):
    """An opportunity that a person closed."""


@strawberry.input
class NoteOpportunityInput(MentioningInput):
    """An opportunity, and what to write about it."""

    text: str
    """The text, of 1 to 5,000 characters."""


@strawberry.input
class EditOpportunityInput(OpportunityInput):
    """An opportunity, and what changes. What is omitted stays as it is; null removes a value."""

    title: str | None = strawberry.UNSET
    """The title, of 1 to 300 characters; null restores the contact's name."""
    amount: MoneyInput | None = strawberry.UNSET
    """What it would bring."""
    probability: int | None = strawberry.UNSET
    """How likely it is to be won, from 0 to 100 percent."""
    starred: bool | None = strawberry.UNSET
    """Whether it is marked as important."""


@strawberry.input
class OpportunityContactInput:
    """Who may buy."""

    name: str | None = None
    """The contact's name."""
    country: str | None = None
    """The contact's country as an ISO 3166 code, for example `BR`."""
    email: str | None = strawberry.field(default=None, directives=[Needs(grant=Grant.CHANGE_BUYER_EMAIL)])
    """The contact's e-mail address. A later sale of the product to this address wins the opportunity."""
    phone: str | None = strawberry.field(default=None, directives=[Needs(grant=Grant.ISSUE_PAYMENT_SLIPS)])
    """The contact's phone number."""


@strawberry.input
class CreateOpportunityInput(RepeatableInput):
    """A new opportunity."""

    title: str
    """The title, of 1 to 300 characters."""
    product_id: strawberry.ID | None = None
    """The product that may be bought."""
    contact: OpportunityContactInput | None = None
    """Who may buy."""
    amount: MoneyInput | None = None
    """What it would bring."""
    probability: int | None = None
    """How likely it is to be won, from 0 to 100 percent."""
    starred: bool = False
    """Whether it is marked as important."""


@strawberry.input
class AssignOpportunityInput(OpportunityInput):
    """An opportunity and its new assignee."""

    assignee_id: strawberry.ID | None = None
    """The new assignee, one of `assignees`. Null leaves it unassigned, which the owner and admins can do."""
    team_id: strawberry.ID | None = None
    """The team that it is assigned in. If null, it is the assignee's team, where they have only one."""


@strawberry.input
class AssignOpportunitiesInput(RepeatableInput):
    """Several opportunities and their new assignee."""

    ids: list[strawberry.ID]
    """The ids of the opportunities, from 1 to 100."""
    assignee_id: strawberry.ID | None = None
    """The new assignee, one of `assignees`. Null leaves them unassigned, which the owner and admins can
    do."""
    team_id: strawberry.ID | None = None
    """The team that they are assigned in. If null, it is the assignee's team, where they have only one."""


@strawberry.input
class PipelineStepInput:
    """A step of the pipeline: an existing one by its id, or a new one."""

    name: str
    """The name, of 1 to 60 characters."""
    id: strawberry.ID | None = None
    """The id of an existing step; null for a new one."""


@strawberry.input
class SetPipelineInput(RepeatableInput):
    """The steps of the pipeline, in their order."""

    steps: list[PipelineStepInput]
    """From 2 to 12 steps. What stands at a step that is left out moves to the first one."""
    expected_version: int
    """The `version` of the account that you read. If it has changed since, nothing is changed."""


@strawberry.type
class OpportunityPayload(Payload):
    """The result of a mutation of an opportunity."""

    @needs(GRANT)
    async def opportunity(self, info: Info) -> Opportunity | None:
        """The opportunity as it is now; null if the mutation was refused or it has left your reach."""
        return await self.row(Opportunity, opportunities(info.context.viewer))


@strawberry.type
class CreateOpportunityPayload(OpportunityPayload):
    """The result of `createOpportunity`."""


@strawberry.type
class EditOpportunityPayload(OpportunityPayload):
    """The result of `editOpportunity`."""


@strawberry.type
class NoteOpportunityPayload(OpportunityPayload):
    """The result of `noteOpportunity`."""


@strawberry.type
class MoveOpportunityPayload(OpportunityPayload):
    """The result of `moveOpportunity`."""


@strawberry.type
class PostponeOpportunityPayload(OpportunityPayload):
    """The result of `postponeOpportunity`."""


@strawberry.type
class LoseOpportunityPayload(OpportunityPayload):
    """The result of `loseOpportunity`."""


@strawberry.type
class WinOpportunityPayload(OpportunityPayload):
    """The result of `winOpportunity`."""


@strawberry.type
class CancelOpportunityPayload(OpportunityPayload):
    """The result of `cancelOpportunity`."""


@strawberry.type
class MergeOpportunitiesPayload(OpportunityPayload):
    """The result of `mergeOpportunities`, with the opportunity that stays."""


@strawberry.type
class ReopenOpportunityPayload(OpportunityPayload):
    """The result of `reopenOpportunity`."""


@strawberry.type
class AssignOpportunityPayload(OpportunityPayload):
    """The result of `assignOpportunity`."""


@strawberry.type
class AssignOpportunitiesPayload(Payload):
    """The result of `assignOpportunities`. The `field` of an error names the position of the id."""

    ids: list[strawberry.ID]
    """The ids from the input."""

    @needs(GRANT)
    async def opportunities(self, info: Info) -> list[Opportunity]:
        """The opportunities as they are now, if they are still within your reach; empty if the mutation was
        refused."""
        if self.errors:
            return []
        chosen = one_of("r.id", [named(row_id, Opportunity) for row_id in self.ids])
        newest = (Order("touched_at", descending=True),)
        return await Rows(Opportunity, opportunities(info.context.viewer), chosen, newest)

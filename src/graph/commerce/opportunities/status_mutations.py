"""Mutations of what is made of opportunities."""

import strawberry

from actions.commerce.opportunities import merge, status
from actions.commerce.opportunities.found import Note
from graph.commerce.opportunities.inputs import (
    CancelOpportunityInput,
    CancelOpportunityPayload,
    LoseOpportunityInput,
    LoseOpportunityPayload,
    MergeOpportunitiesInput,
    MergeOpportunitiesPayload,
    MoveOpportunityInput,
    MoveOpportunityPayload,
    NotedOpportunityInput,
    PostponeOpportunityInput,
    PostponeOpportunityPayload,
    ReopenOpportunityInput,
    ReopenOpportunityPayload,
    WinOpportunityInput,
    WinOpportunityPayload,
    mentioned,
)
from graph.commerce.opportunities.types import Opportunity, OpportunityStep
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.storable import storable


def _words(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _note(written: NotedOpportunityInput) -> Note:
    return Note(_words(written.note), mentioned(written.mentions))


@strawberry.type
class OpportunityStatusMutations:
    """Mutations of what is made of opportunities."""

    @mutation(status.MOVE_OPPORTUNITY)
    async def move_opportunity(self, info: Info, input: MoveOpportunityInput) -> MoveOpportunityPayload:  # noqa: A002
        """Moves an open opportunity to a step of the pipeline. It is no longer postponed then.

        You can work on your own opportunities, and team leads on those of the members of their teams.
        FORBIDDEN: you can only see it. WRONG_STATE: it is closed.

        Args:
            input: The opportunity and the step.
        """
        done = await status.move_opportunity(
            info.context.call,
            named(input.id, Opportunity),
            input.expected_version,
            named(input.step_id, OpportunityStep),
        )
        return MoveOpportunityPayload(object_id=done)

    @mutation(status.POSTPONE_OPPORTUNITY)
    async def postpone_opportunity(
        self,
        info: Info,
        input: PostponeOpportunityInput,  # noqa: A002
    ) -> PostponeOpportunityPayload:
        """Postpones an open opportunity. At the moment given, it is to be done again.

        TOO_SOON: the moment is not in the future. BAD_INPUT: it is more than two years away. FORBIDDEN: you
        can only see the opportunity. See `noteOpportunity` for mentions.

        Args:
            input: The opportunity and the moment.
        """
        done = await status.postpone_opportunity(
            info.context.call,
            named(input.id, Opportunity),
            input.expected_version,
            input.remind_at,
            _note(input),
        )
        return PostponeOpportunityPayload(object_id=done)

    @mutation(status.LOSE_OPPORTUNITY)
    async def lose_opportunity(self, info: Info, input: LoseOpportunityInput) -> LoseOpportunityPayload:  # noqa: A002
        """Closes an open opportunity as lost. A later sale of the product to the contact still wins it.

        FORBIDDEN: you can only see it. See `noteOpportunity` for mentions.

        Args:
            input: The opportunity and the reason.
        """
        done = await status.lose_opportunity(
            info.context.call,
            named(input.id, Opportunity),
            input.expected_version,
            input.reason,
            _note(input),
        )
        return LoseOpportunityPayload(object_id=done)

    @mutation(status.WIN_OPPORTUNITY)
    async def win_opportunity(self, info: Info, input: WinOpportunityInput) -> WinOpportunityPayload:  # noqa: A002
        """Closes an open or lost opportunity as won.

        Sales at the marketplace win opportunities by themselves; this is for what they do not show.
        NOT_PAID: the sale is not paid. BAD_INPUT: it is of another product, or neither a sale nor a note is
        given. FORBIDDEN: you can only see the opportunity. See `noteOpportunity` for mentions.

        Args:
            input: The opportunity, and how it was won.
        """
        done = await status.win_opportunity(
            info.context.call,
            named(input.id, Opportunity),
            input.expected_version,
            _words(input.reference),
            _note(input),
        )
        return WinOpportunityPayload(object_id=done)

    @mutation(status.CANCEL_OPPORTUNITY)
    async def cancel_opportunity(
        self,
        info: Info,
        input: CancelOpportunityInput,  # noqa: A002
    ) -> CancelOpportunityPayload:
        """Closes what was no opportunity, for example a duplicate or a test. No report counts it.

        WRONG_STATE: a sale at the marketplace has won it. FORBIDDEN: you can only see it.

        Args:
            input: The opportunity.
        """
        done = await status.cancel_opportunity(
            info.context.call, named(input.id, Opportunity), input.expected_version, _note(input)
        )
        return CancelOpportunityPayload(object_id=done)

    @mutation(merge.MERGE_OPPORTUNITIES)
    async def merge_opportunities(
        self,
        info: Info,
        input: MergeOpportunitiesInput,  # noqa: A002
    ) -> MergeOpportunitiesPayload:
        """Merges a duplicate into an open opportunity.

        The notes of both are those of the one that stays; each keeps its history. If a person added the one
        that stays, it takes the contact and the product that it lacks, and in any case an amount. The
        duplicate is canceled, and `reopenOpportunity` opens it again, without its notes. WRONG_STATE: one of
        them is closed; a duplicate can be lost. FORBIDDEN: you can only see one of them.

        Args:
            input: Both opportunities.
        """
        done = await merge.merge_opportunities(
            info.context.call,
            named(input.id, Opportunity),
            input.expected_version,
            named(input.duplicate_id, Opportunity),
            input.expected_version_of_duplicate,
        )
        return MergeOpportunitiesPayload(object_id=done)

    @mutation(status.REOPEN_OPPORTUNITY)
    async def reopen_opportunity(
        self,
        info: Info,
        input: ReopenOpportunityInput,  # noqa: A002
    ) -> ReopenOpportunityPayload:
        """Opens an opportunity again that a person closed.

        WRONG_STATE: it is open, or the marketplace's messages closed it. FORBIDDEN: you can only see it.

        Args:
            input: The opportunity.
        """
        done = await status.reopen_opportunity(
            info.context.call, named(input.id, Opportunity), input.expected_version
        )
        return ReopenOpportunityPayload(object_id=done)

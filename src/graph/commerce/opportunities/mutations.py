"""Mutations of opportunities and of the pipeline."""

from typing import Any

import strawberry

from actions.commerce.opportunities import assign, edit, pipeline
from actions.commerce.opportunities.found import Note
from graph.accounts.payload import AccountPayload
from graph.commerce.opportunities.inputs import (
    AssignOpportunitiesInput,
    AssignOpportunitiesPayload,
    AssignOpportunityInput,
    AssignOpportunityPayload,
    CreateOpportunityInput,
    CreateOpportunityPayload,
    EditOpportunityInput,
    EditOpportunityPayload,
    NoteOpportunityInput,
    NoteOpportunityPayload,
    OpportunityContactInput,
    SetPipelineInput,
    mentioned,
)
from graph.commerce.opportunities.types import Opportunity, OpportunityStep
from graph.commerce.products.types import Product
from graph.kit.context import Info
from graph.kit.money import MoneyInput
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.storable import storable
from graph.membership.collaborators.types import Person
from graph.membership.teams.types import Team


@strawberry.type
class SetPipelinePayload(AccountPayload):
    """The result of `setPipeline`."""


def _row(cls: type, global_id: str | None) -> str | None:
    return None if global_id is None else named(global_id, cls)


def _text(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _money(amount: MoneyInput | None) -> Any:
    return None if amount is None else (amount.amount, storable(amount.currency))


def _contact(contact: OpportunityContactInput | None) -> edit.NewContact:
    if contact is None:
        return edit.NewContact()
    return edit.NewContact(
        _text(contact.name), _text(contact.email), _text(contact.phone), _text(contact.country)
    )


@strawberry.type
class OpportunityMutations:
    """Mutations of opportunities and of the pipeline."""

    @mutation(edit.CREATE_OPPORTUNITY)
    async def create_opportunity(
        self,
        info: Info,
        input: CreateOpportunityInput,  # noqa: A002
    ) -> CreateOpportunityPayload:
        """Adds an opportunity, which is assigned to you if you are a collaborator.

        BAD_INPUT: the title, the country, the probability or the amount is not allowed. BAD_EMAIL: no e-mail
        could be sent to the contact's address.

        Args:
            input: The opportunity.
        """
        values: dict[str, Any] = {"starred": input.starred, "probability": input.probability}
        if input.amount is not None:
            values["amount"] = _money(input.amount)
        created = await edit.create_opportunity(
            info.context.call,
            storable(input.title),
            _row(Product, input.product_id),
            _contact(input.contact),
            values,
        )
        return CreateOpportunityPayload(object_id=created)

    @mutation(edit.EDIT_OPPORTUNITY)
    async def edit_opportunity(self, info: Info, input: EditOpportunityInput) -> EditOpportunityPayload:  # noqa: A002
        """Changes the title, the amount, the probability or the star of an opportunity.

        Messages from the marketplace do not undo the change. FORBIDDEN: you can only see the opportunity.

        Args:
            input: The opportunity, and what changes.
        """
        changes = {
            "title": _text(input.title) if input.title is not strawberry.UNSET else strawberry.UNSET,
            "amount": _money(input.amount) if input.amount is not strawberry.UNSET else strawberry.UNSET,
            "probability": input.probability,
            "starred": input.starred,
        }
        values = {name: value for name, value in changes.items() if value is not strawberry.UNSET}
        edited = await edit.edit_opportunity(
            info.context.call, named(input.id, Opportunity), input.expected_version, values
        )
        return EditOpportunityPayload(object_id=edited)

    @mutation(edit.NOTE_OPPORTUNITY)
    async def note_opportunity(self, info: Info, input: NoteOpportunityInput) -> NoteOpportunityPayload:  # noqa: A002
        """Adds a note to an opportunity. Everyone who sees the opportunity can read it.

        The collaborators whom it mentions are notified. FORBIDDEN: you can only see the opportunity.
        NOT_FOUND: a person does not exist or cannot see the opportunity. BAD_INPUT: the text is not allowed,
        or there are more than 10 people.

        Args:
            input: The opportunity and the text.
        """
        noted = await edit.note_opportunity(
            info.context.call,
            named(input.id, Opportunity),
            input.expected_version,
            Note(storable(input.text), mentioned(input.mentions)),
        )
        return NoteOpportunityPayload(object_id=noted)

    @mutation(assign.ASSIGN_OPPORTUNITY)
    async def assign_opportunity(
        self,
        info: Info,
        input: AssignOpportunityInput,  # noqa: A002
    ) -> AssignOpportunityPayload:
        """Assigns an opportunity to a collaborator, or to no one.

        The owner and admins can assign every opportunity to everyone. Team leads can assign those of the
        members of their teams to members of these teams. FORBIDDEN: you can see it but not assign it, or the
        assignee cannot enter the central now.

        Args:
            input: The opportunity and its new assignee.
        """
        assigned = await assign.assign_opportunity(
            info.context.call,
            named(input.id, Opportunity),
            input.expected_version,
            _row(Person, input.assignee_id),
            _row(Team, input.team_id),
        )
        return AssignOpportunityPayload(object_id=assigned)

    @mutation(assign.ASSIGN_OPPORTUNITIES)
    async def assign_opportunities(
        self,
        info: Info,
        input: AssignOpportunitiesInput,  # noqa: A002
    ) -> AssignOpportunitiesPayload:
        """Assigns several opportunities to a collaborator, or to no one: either all of them or none.

        See `assignOpportunity` for the rules. BAD_INPUT: there are no ids, or more than 100. FORBIDDEN: you
        can see an opportunity but not assign it, or the assignee cannot enter the central now.

        Args:
            input: The opportunities and their new assignee.
        """
        await assign.assign_opportunities(
            info.context.call,
            [named(row_id, Opportunity) for row_id in input.ids],
            _row(Person, input.assignee_id),
            _row(Team, input.team_id),
        )
        return AssignOpportunitiesPayload(ids=input.ids)

    @mutation(pipeline.SET_PIPELINE)
    async def set_pipeline(self, info: Info, input: SetPipelineInput) -> SetPipelinePayload:  # noqa: A002
        """Sets the steps of the pipeline that opportunities move through.

        BAD_INPUT: there are fewer than 2 steps or more than 12, or a name is not allowed. NAME_TAKEN: two
        steps have the same name.

        Args:
            input: The steps.
        """
        steps = [
            pipeline.StepSetting(storable(step.name), _row(OpportunityStep, step.id)) for step in input.steps
        ]
        changed = await pipeline.set_pipeline(info.context.call, steps, input.expected_version)
        return SetPipelinePayload(object_id=changed)

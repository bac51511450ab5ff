"""Handing sales to people."""

import strawberry

from actions.sales.assign import assign_sale, assign_sales
from authz import reach
from authz.gates import lead_only, needs
from authz.grant import Grant
from authz.refusal import Refusal
from engine.rows.lists import One, Rows
from engine.rows.select import Order
from graph.collaborators.types import Person
from graph.kit.context import Info
from graph.kit.errors import UserError, user_error
from graph.kit.node import row_id
from graph.kit.storable import storable
from graph.sales.types import Sale
from graph.teams.types import Team
from models.statement import Statement, one_of

_NOWHERE = "00000000-0000-0000-0000-000000000000"


@strawberry.input
class AssignSaleInput:
    """Which sale goes to whom."""

    reference: str
    """The sale's reference."""
    assignee_id: strawberry.ID | None = None
    """One of `assignees`; null takes the assignment away, which the owner and admins may do."""
    team_id: strawberry.ID | None = None
    """The team that it is assigned in; without it, the assignee's only one."""
    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


@strawberry.type
class AssignSalePayload:
    """What came of assigning a sale."""

    reference: str
    """The reference that was given."""
    sale_id: strawberry.Private[str | None] = None
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""

    @needs(Grant.SEARCH_SALES)
    async def sale(self, info: Info) -> Sale | None:
        """The sale as it stands now, where it is still within your reach."""
        if self.sale_id is None:
            return None
        found = Rows(Sale, reach.sales(info.context.viewer), Statement("r.id = ?", (self.sale_id,)))
        return await One(found)


@strawberry.input
class AssignSalesInput:
    """Which sales go to whom."""

    references: list[str]
    """From 1 to 100 references."""
    assignee_id: strawberry.ID | None = None
    """One of `assignees`; null takes the assignments away, which the owner and admins may do."""
    team_id: strawberry.ID | None = None
    """The team that they are assigned in; without it, the assignee's only one."""
    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


@strawberry.type
class AssignSalesPayload:
    """What came of assigning sales."""

    references: list[str]
    """The references that were given."""
    done: strawberry.Private[bool] = False
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it. `field` names the place of the reference that it is about."""

    @needs(Grant.SEARCH_SALES)
    async def sales(self, info: Info) -> list[Sale]:
        """The sales as they stand now, newest first, those that are still within your reach."""
        if not self.done:
            return []
        chosen = one_of("r.reference", [storable(one) for one in self.references])
        newest = (Order("ordered_at", descending=True),)
        return await Rows(Sale, reach.sales(info.context.viewer), chosen, newest)


@strawberry.type
class AssignmentMutations:
    """Mutations that hand sales to people."""

    @lead_only()
    async def assign_sale(self, info: Info, input: AssignSaleInput) -> AssignSalePayload:  # noqa: A002
        """Hand a sale to someone, or to no one.

        The owner and admins assign any sale to anyone; a team lead those of the members of the teams led, to
        members of these teams. Errors: NOT_FOUND for a sale, person or team that is not within your reach or
        not there; FORBIDDEN for a sale that you see but may not assign, and for a person
        who cannot enter now; IDEMPOTENCY_CONFLICT.

        Args:
            input: Which sale goes to whom.
        """
        context = info.context
        answer = AssignSalePayload(reference=input.reference)
        try:
            answer.sale_id = await assign_sale(
                context.caller,
                reference=storable(input.reference),
                assignee_id=_named(Person, input.assignee_id),
                team_id=_named(Team, input.team_id),
                key=input.idempotency_key,
            )
        except Refusal as refusal:
            answer.errors = [user_error(refusal, context)]
        return answer

    @lead_only()
    async def assign_sales(self, info: Info, input: AssignSalesInput) -> AssignSalesPayload:  # noqa: A002
        """Hand several sales to someone, or to no one: all of them, or none.

        Each is judged as `assignSale` judges one. Errors: BAD_INPUT for no references or more than 100;
        NOT_FOUND for a sale, person or team that is not within your reach or not there; FORBIDDEN for a sale
        that you see but may not assign, and for a person who cannot enter now; IDEMPOTENCY_CONFLICT.

        Args:
            input: Which sales go to whom.
        """
        context = info.context
        answer = AssignSalesPayload(references=input.references)
        try:
            await assign_sales(
                context.caller,
                references=[storable(one) for one in input.references],
                assignee_id=_named(Person, input.assignee_id),
                team_id=_named(Team, input.team_id),
                key=input.idempotency_key,
            )
        except Refusal as refusal:
            answer.errors = [user_error(refusal, context)]
        answer.done = not answer.errors
        return answer


def _named(cls: type, global_id: str | None) -> str | None:
    """The row of an id; what is no id names a row that is not there, and is refused and logged as that."""
    return None if global_id is None else row_id(cls, global_id) or _NOWHERE

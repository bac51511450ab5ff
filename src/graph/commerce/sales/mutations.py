"""Mutations of sales."""

import strawberry

from actions.commerce.sales import assign, buyer_email
from authz import reach
from authz.gates import needs
from authz.grant import Grant
from engine.rows.lists import Rows
from engine.rows.select import Order
from graph.commerce.sales.types import Sale
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.payload import Payload, RepeatableInput
from graph.kit.storable import storable
from graph.membership.collaborators.types import Person
from graph.membership.teams.types import Team
from models.statement import one_of


@strawberry.input
class AssignSaleInput(RepeatableInput):
    """A sale and its new assignee."""

    reference: str
    """The sale's reference."""
    assignee_id: strawberry.ID | None = None
    """The new assignee, one of `assignees`. Null leaves the sale unassigned, which the owner and admins can
    do."""
    team_id: strawberry.ID | None = None
    """The team that the sale is assigned in. If null, it is the assignee's team, where they have only one."""


@strawberry.input
class AssignSalesInput(RepeatableInput):
    """Several sales and their new assignee."""

    references: list[str]
    """The sales' references, from 1 to 100."""
    assignee_id: strawberry.ID | None = None
    """The new assignee, one of `assignees`. Null leaves the sales unassigned, which the owner and admins can
    do."""
    team_id: strawberry.ID | None = None
    """The team that the sales are assigned in. If null, it is the assignee's team, where they have only
    one."""


@strawberry.type
class SalePayload(Payload):
    """The result of a mutation of a sale."""

    reference: str
    """The reference from the input."""

    @needs(Grant.SEARCH_SALES)
    async def sale(self, info: Info) -> Sale | None:
        """The sale as it is now; null if the mutation was refused or the sale has left your reach."""
        return await self.row(Sale, reach.sales(info.context.viewer))


@strawberry.type
class AssignSalePayload(SalePayload):
    """The result of `assignSale`."""


@strawberry.input
class ChangeBuyerEmailInput(RepeatableInput):
    """A sale and its buyer's new e-mail address."""

    reference: str
    """The sale's reference."""
    email: str
    """The buyer's new e-mail address."""
    resend: bool = True
    """Whether the access to the product is e-mailed to the new address, if the sale is paid."""


@strawberry.type
class ChangeBuyerEmailPayload(SalePayload):
    """The result of `changeBuyerEmail`."""

    also_changed: int = 0
    """The number of other sales of the same subscription that also changed, of those within your reach."""


@strawberry.type
class AssignSalesPayload(Payload):
    """The result of `assignSales`. The `field` of an error names the position of the reference."""

    references: list[str]
    """The references from the input."""

    @needs(Grant.SEARCH_SALES)
    async def sales(self, info: Info) -> list[Sale]:
        """The sales as they are now, newest first, if they are still within your reach; empty if the mutation
        was refused."""
        if self.errors:
            return []
        chosen = one_of("r.reference", [storable(reference) for reference in self.references])
        newest = (Order("ordered_at", descending=True),)
        return await Rows(Sale, reach.sales(info.context.viewer), chosen, newest)


@strawberry.type
class SaleMutations:
    """Mutations of sales."""

    @mutation(assign.ASSIGN_SALE)
    async def assign_sale(self, info: Info, input: AssignSaleInput) -> AssignSalePayload:  # noqa: A002
        """Assigns a sale to a collaborator, or to no one.

        The owner and admins can assign every sale to everyone. Team leads can assign the sales of the members
        of their teams to members of these teams. FORBIDDEN: you can see the sale but not assign it, or the
        assignee cannot enter the central now.

        Args:
            input: The sale and its new assignee.
        """
        assigned = await assign.assign_sale(
            info.context.call,
            storable(input.reference),
            _row(Person, input.assignee_id),
            _row(Team, input.team_id),
        )
        return AssignSalePayload(object_id=assigned, reference=input.reference)

    @mutation(assign.ASSIGN_SALES)
    async def assign_sales(self, info: Info, input: AssignSalesInput) -> AssignSalesPayload:  # noqa: A002
        """Assigns several sales to a collaborator, or to no one: either all of them or none.

        See `assignSale` for the rules. BAD_INPUT: there are no references, or more than 100. FORBIDDEN: you
        can see a sale but not assign it, or the assignee cannot enter the central now.

        Args:
            input: The sales and their new assignee.
        """
        await assign.assign_sales(
            info.context.call,
            references=[storable(reference) for reference in input.references],
            assignee_id=_row(Person, input.assignee_id),
            team_id=_row(Team, input.team_id),
        )
        return AssignSalesPayload(references=input.references)

    @mutation(buyer_email.CHANGE_BUYER_EMAIL)
    async def change_buyer_email(
        self,
        info: Info,
        input: ChangeBuyerEmailInput,  # noqa: A002
    ) -> ChangeBuyerEmailPayload:
        """Changes the e-mail address of a sale's buyer, and of the other sales of the same subscription.

        Messages from the marketplace do not undo the change, even if they arrive later. Sales that are not
        within your reach stay as they are. The owner and the previous address receive an e-mail. The new
        address receives the access to the product, unless `resend` is false or the sale is not paid.
        RATE_LIMITED: the address was changed three times within 30 days.

        Args:
            input: The sale and the new address.
        """
        reference = storable(input.reference)
        changed = await buyer_email.change_buyer_email(
            info.context.call, reference, input.email, resend=input.resend
        )
        return ChangeBuyerEmailPayload(
            object_id=changed.sale_id, reference=input.reference, also_changed=changed.others
        )


def _row(cls: type, global_id: str | None) -> str | None:
    return None if global_id is None else named(global_id, cls)

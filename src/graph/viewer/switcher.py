"""Going from one central to another."""

import strawberry

from actions.viewer import switcher
from authz.centrals import door_of
from authz.gates import in_session
from authz.refusal import Refusal
from graph.kit.context import Info
from graph.kit.errors import UserError, user_error
from graph.viewer.centrals import centrals
from graph.viewer.types import Central, central_of, central_row


@strawberry.input
class EnterCentralInput:
    """Which central is entered."""

    id: strawberry.ID
    """One of `viewer.centrals`."""


@strawberry.input
class OrderCentralsInput:
    """The centrals in your own order."""

    ids: list[strawberry.ID]
    """Centrals of `viewer.centrals`, each once, at most 500; those left out follow behind."""


@strawberry.type
class EnterCentralPayload:
    """What came of entering a central."""

    central: Central | None = None
    """The central; its id goes into the header X-Central of what you ask in it."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.type
class OrderCentralsPayload:
    """What came of ordering the centrals."""

    centrals: list[Central] = strawberry.field(default_factory=list)
    """The centrals in their new order; none where nothing came of it."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.type
class SwitcherMutations:
    """Mutations about the list of centrals."""

    @in_session()
    async def enter_central(self, info: Info, input: EnterCentralInput) -> EnterCentralPayload:  # noqa: A002
        """Tell that you enter a central: its account's log keeps it, and your list when it was.

        Requests stand in a central by their header X-Central, whether or not this was told. Errors: NOT_FOUND
        for a central that you may not enter or that is not there.

        Args:
            input: Which central.
        """
        context = info.context
        account_id = central_row(input.id)
        try:
            await switcher.enter_central(context.caller, account_id)
        except Refusal as refusal:
            return EnterCentralPayload(errors=[user_error(refusal, context)])
        door = await door_of(context.viewer, account_id)
        return EnterCentralPayload(central=central_of(door) if door else None)

    @in_session()
    async def order_centrals(self, info: Info, input: OrderCentralsInput) -> OrderCentralsPayload:  # noqa: A002
        """Put your centrals in an order of your own.

        Errors: NOT_FOUND where one may not be entered or is not there; BAD_INPUT where one is named twice.

        Args:
            input: The order.
        """
        context = info.context
        try:
            await switcher.order_centrals(context.caller, [central_row(one) for one in input.ids])
        except Refusal as refusal:
            return OrderCentralsPayload(errors=[user_error(refusal, context)])
        return OrderCentralsPayload(centrals=[central_of(door) for door in await centrals(context.viewer)])

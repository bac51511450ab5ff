"""Mutations of the viewer's list of centrals."""

import strawberry

from actions.viewer import switcher
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.payload import Payload
from graph.viewer.centrals import centrals
from graph.viewer.payload import CentralPayload, account_named
from graph.viewer.types import Central, central_of


@strawberry.input
class EnterCentralInput:
    """The central to enter."""

    id: strawberry.ID
    """The central, one of `viewer.centrals`."""


@strawberry.input
class OrderCentralsInput:
    """The viewer's centrals in their own order."""

    ids: list[strawberry.ID]
    """The ids of at most 500 of `viewer.centrals`, each at most once.

    Centrals that are left out follow, as in `CentralOrder.OWN`.
    """


@strawberry.type
class EnterCentralPayload(CentralPayload):
    """The result of `enterCentral`."""


@strawberry.type
class OrderCentralsPayload(Payload):
    """The result of `orderCentrals`."""

    centrals: list[Central] = strawberry.field(default_factory=list)
    """The centrals in their new order; empty if the mutation was refused."""


@strawberry.type
class SwitcherMutations:
    """Mutations of the list of centrals."""

    @mutation(switcher.ENTER_CENTRAL)
    async def enter_central(self, info: Info, input: EnterCentralInput) -> EnterCentralPayload:  # noqa: A002
        """Records that you enter a central: in its account's log, and in your list as the time of your last
        visit.

        Requests select a central with the header X-Central, whether or not this mutation was called.

        Args:
            input: The central to enter.
        """
        entered = await switcher.enter_central(info.context.call, account_named(input.id))
        return EnterCentralPayload(object_id=entered)

    @mutation(switcher.ORDER_CENTRALS)
    async def order_centrals(self, info: Info, input: OrderCentralsInput) -> OrderCentralsPayload:  # noqa: A002
        """Sets your own order of your centrals.

        NOT_FOUND: you cannot enter one of them, or it does not exist. BAD_INPUT: a central is named twice.

        Args:
            input: The centrals in their new order.
        """
        context = info.context
        await switcher.order_centrals(context.call, [account_named(central_id) for central_id in input.ids])
        return OrderCentralsPayload(
            centrals=[central_of(central) for central in await centrals(context.viewer)]
        )

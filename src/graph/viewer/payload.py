"""The payload of mutations that are about a central as a whole."""

import strawberry

from authz.centrals import enterable_central
from graph.kit.context import Info
from graph.kit.node import prefixed
from graph.kit.payload import Payload
from graph.viewer.types import CENTRAL, Central, central_of


@strawberry.type
class CentralPayload(Payload):
    """The result of a mutation that is about a central."""

    @strawberry.field
    async def central(self, info: Info) -> Central | None:
        """The central as it is now; null if the mutation was refused."""
        if self.object_id is None:
            return None
        central = await enterable_central(info.context.viewer, self.object_id)
        return central_of(central) if central else None


def account_named(central_id: str) -> str:
    """The account that a central's id names; what is no such id names one that does not exist."""
    return prefixed(CENTRAL, central_id)

"""This server, as part of `Query`."""

import strawberry

from graph.instance.types import Instance, instance
from graph.kit.context import Info


@strawberry.type
class InstanceQuery:
    """What anyone may ask."""

    @strawberry.field
    def instance(self, info: Info) -> Instance:
        """This server."""
        return instance(info.context.serving.provider_name)

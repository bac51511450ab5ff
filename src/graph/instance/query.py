"""This server, as part of `Query`."""

import strawberry

from graph.instance.types import Instance, instance
from graph.kit.context import Info


@strawberry.type
class InstanceQuery:
    """This server."""

    @strawberry.field
    def instance(self, info: Info) -> Instance:
        """This server: its version, its languages, and the ways to sign in."""
        return instance(info.context.serving.provider_name)

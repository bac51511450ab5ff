"""What the viewer may do in the central that a request stands in: frontends show just what works."""

from enum import Enum

import strawberry

from actions.kit.act import done_while_closed
from authz.gates import Standing as Bit
from authz.gates import grants_in, mask_of
from authz.grant import Grant
from authz.viewer import Viewer
from engine.scope.schema import gate_of
from graph.kit.context import Info


@strawberry.enum
class Standing(Enum):
    """What opens fields without being a grant."""

    OWNER = "OWNER"
    """Opens what is `@ownerOnly`."""
    ADMIN = "ADMIN"
    """Opens what is `@adminOnly`."""
    LEAD = "LEAD"
    """Opens what is `@leadOnly`."""


@strawberry.type
class AccountAccess:
    """What you hold in this central now, and what you can do with it."""

    viewer: strawberry.Private[Viewer]

    @strawberry.field
    def grants(self) -> list[Grant]:
        """The grants that you hold, in the catalog's order; through a token, as far as it carries them."""
        return grants_in(self.viewer.mask)

    @strawberry.field
    def standing(self) -> list[Standing]:
        """The standings that you hold, the widest first."""
        return [one for one in Standing if self.viewer.mask & Bit[one.name]]

    @strawberry.field
    def allows(self, grants: list[Grant]) -> bool:
        """Whether you hold every one of some grants; of none, no.

        Args:
            grants: The grants to look for.
        """
        wanted = mask_of(Grant(one).value for one in grants)
        return bool(wanted) and self.viewer.mask & wanted == wanted

    @strawberry.field
    def mutations(self, info: Info) -> list[str]:
        """The names of the mutations that you can call here, sorted: few of them in a closed account."""
        kind = info.schema._schema.mutation_type
        assert kind is not None
        closed = self.viewer.central is not None and self.viewer.central.closed
        return sorted(
            name
            for name, field in kind.fields.items()
            if not closed or done_while_closed(name, gate_of(field))
        )

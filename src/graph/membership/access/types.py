"""What the viewer may do in the selected central, so that frontends show only what works."""

from enum import Enum

import strawberry

from authz.gates import Standing as Bit
from authz.gates import grants_in, mask_of
from authz.grant import Grant
from authz.viewer import Viewer
from graph.kit.context import Info
from graph.kit.mutation import works_while_closed


@strawberry.enum
class Standing(Enum):
    """A standing in the account, which opens fields without a grant."""

    OWNER = "OWNER"
    """The account's owner. Opens fields marked `@ownerOnly`."""
    ADMIN = "ADMIN"
    """The owner or an admin. Opens fields marked `@adminOnly`."""
    LEAD = "LEAD"
    """The owner, an admin or, while teams are on, a team lead. Opens fields marked `@leadOnly`."""


@strawberry.type
class AccountAccess:
    """Your grants and standings in this central, and the mutations that you can call."""

    viewer: strawberry.Private[Viewer]

    @strawberry.field
    def grants(self) -> list[Grant]:
        """Your grants, in the catalog's order. A personal access token has only the grants that were chosen
        for it."""
        return grants_in(self.viewer.mask)

    @strawberry.field
    def standing(self) -> list[Standing]:
        """Your standings, the widest first."""
        return [standing for standing in Standing if self.viewer.mask & Bit[standing.name]]

    @strawberry.field
    def allows(self, grants: list[Grant]) -> bool:
        """Whether you have all of the given grants; false for an empty list.

        Args:
            grants: The grants to check.
        """
        wanted = mask_of(Grant(grant).value for grant in grants)
        return bool(wanted) and self.viewer.mask & wanted == wanted

    @strawberry.field
    def mutations(self, info: Info) -> list[str]:
        """The names of the mutations that you can call now, sorted. In a closed account they are few."""
        kind = info.schema._schema.mutation_type
        assert kind is not None
        closed = self.viewer.central is not None and self.viewer.central.closed
        return sorted(name for name in kind.fields if not closed or works_while_closed(name))

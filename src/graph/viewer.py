"""Who asks, and the centrals that he can enter."""

from enum import Enum

import strawberry

from authz.centrals import Door, centrals
from authz.gates import grants_in
from authz.grant import Grant
from authz.viewer import MyRole
from graph.context import Info
from graph.scalars import DateTime

strawberry.enum(MyRole)

CENTRAL = "central_"


@strawberry.enum
class Access(Enum):
    """By what right a central is entered."""

    OWNER = "OWNER"
    """The account is the viewer's own."""
    COLLABORATOR = "COLLABORATOR"
    """The viewer works in someone else's account."""


@strawberry.type
class CentralProfile:
    """The profile that a collaborator holds in a central."""

    name: str
    """Its name in the account."""


@strawberry.type
class Central:
    """An account's collaborators centre, as a door that the viewer may enter."""

    id: strawberry.ID
    """What the header X-Central names to stand in it."""
    account_name: str
    """The account's name."""
    logo_url: str | None
    """The account's logo."""
    access: Access
    """By what right the viewer enters."""
    role: MyRole
    """What the viewer is in it; a team lead is one even while teams are off."""
    profile: CentralProfile | None
    """The profile that the viewer holds in it; an owner has none."""
    grants: list[Grant]
    """What the viewer holds in it."""
    joined_at: DateTime
    """Since when the viewer may enter."""


def _central(door: Door) -> Central:
    return Central(
        id=strawberry.ID(CENTRAL + door.account_id),
        account_name=door.account_name,
        logo_url=door.logo_url,
        access=Access.OWNER if door.role is MyRole.OWNER else Access.COLLABORATOR,
        role=door.role,
        profile=CentralProfile(name=door.profile_name) if door.profile_name else None,
        grants=grants_in(door.grants),
        joined_at=DateTime(door.joined_at),
    )


@strawberry.type
class Viewer:
    """The user who asks."""

    id: strawberry.ID
    """Stays the same for as long as the user exists."""
    email: str
    """The address that the user signs in with."""
    name: str
    """The user's name."""
    locale: str
    """The language of messages and e-mails."""

    @strawberry.field
    async def centrals(self, info: Info) -> list[Central]:
        """The centrals that the user may enter: own accounts first, then the others, by name."""
        return [_central(door) for door in await centrals(info.context.viewer)]

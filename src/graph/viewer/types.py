"""Who makes the request, and the centrals they can enter."""

from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from actions.kit.door import NOWHERE
from actions.users.mailbox import is_verified
from authz.centrals import Door
from authz.gates import grants_in
from authz.grant import Grant
from authz.viewer import MyRole
from authz.viewer import Viewer as Judged
from graph.kit.context import Info
from graph.kit.node import is_uuid
from graph.kit.noun import ViewerPart, composed
from graph.kit.scalars import DateTime
from graph.kit.search import needle_of
from graph.viewer.centrals import CentralOrder, centrals

strawberry.enum(MyRole)
strawberry.enum(CentralOrder)

CENTRAL = "central_"


@strawberry.enum
class CentralAccess(Enum):
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
    """The name that the account is shown under."""
    logo_url: str | None
    """The account's logo."""
    access: CentralAccess
    """By what right the viewer enters."""
    role: MyRole
    """What the viewer is in it; a team lead is one even while teams are off."""
    profile: CentralProfile | None
    """The profile that the viewer holds in it; an owner has none."""
    grants: list[Grant]
    """What the viewer holds in it; through a personal access token, as far as it carries that."""
    joined_at: DateTime
    """Since when the viewer may enter."""
    last_entered_at: DateTime | None
    """When the viewer last entered it and said so."""
    position: int | None
    """Its place in the viewer's own order, from 0; none where he gave it none."""
    closed: bool
    """Whether the account is closed; its owner alone enters it then."""


def central_of(door: Door) -> Central:
    """A door as the API shows it."""
    return Central(
        id=strawberry.ID(CENTRAL + door.account_id),
        account_name=door.account_name,
        logo_url=door.logo_url,
        access=CentralAccess.OWNER if door.role is MyRole.OWNER else CentralAccess.COLLABORATOR,
        role=door.role,
        profile=CentralProfile(name=door.profile_name) if door.profile_name else None,
        grants=grants_in(door.grants),
        joined_at=DateTime(door.joined_at),
        last_entered_at=None if door.entered_at is None else DateTime(door.entered_at),
        position=door.position,
        closed=door.closed_at is not None,
    )


def central_row(central_id: str) -> str:
    """The account that a central's id names; what is no such id names one that is not there."""
    row = central_id.removeprefix(CENTRAL)
    return row if is_uuid(row) and central_id.startswith(CENTRAL) else NOWHERE


@strawberry.type
class ViewerFields(ViewerPart):
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
    async def email_verified(self, info: Info) -> bool:
        """Whether the user has shown that the address is his own, which accepting an invitation asks for."""
        return await is_verified(info.context.viewer)

    @strawberry.field
    async def centrals(
        self, info: Info, search: str | None = None, order: CentralOrder = CentralOrder.OWN
    ) -> list[Central] | None:
        """The centrals that the user may enter: as he put them, own accounts first, then the others, by name.

        A personal access token is told its own alone.

        Args:
            search: Those whose name holds a text, whatever its case and accents. A text of nothing visible is
                BAD_INPUT.
            order: In what order.
        """
        needle = None if search is None else needle_of(search, ("search",))
        return [central_of(door) for door in await centrals(info.context.viewer, needle, order)]


if TYPE_CHECKING:
    Viewer = ViewerFields
else:
    Viewer = Annotated["Viewer", strawberry.lazy("graph.roots")]


def viewer_of(judged: Judged) -> Viewer:
    """A viewer as the API shows them."""
    viewer: Viewer = composed("Viewer")(
        id=strawberry.ID(f"user_{judged.user_id}"), email=judged.email, name=judged.name, locale=judged.locale
    )
    return viewer

"""Who makes the request, and the centrals they can enter."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from actions.identity.users.mailbox import is_verified
from authz.centrals import EnterableCentral
from authz.gates import grants_in
from authz.grant import Grant
from authz.viewer import MyRole
from authz.viewer import Viewer as Judged
from graph.kit.context import Context, Info
from graph.kit.node import Node, found_by
from graph.kit.noun import ViewerPart, composed
from graph.kit.scalars import DateTime
from graph.kit.search import needle_of
from graph.viewer.centrals import CentralOrder, centrals

strawberry.enum(MyRole)
strawberry.enum(CentralOrder)

CENTRAL = "central_"
USER = "user_"


@strawberry.enum
class CentralAccess(Enum):
    """How a user has access to a central."""

    OWNER = "OWNER"
    """The user owns the account."""
    COLLABORATOR = "COLLABORATOR"
    """The user works in someone else's account."""


@strawberry.type
class CentralProfile:
    """The name of the profile that a collaborator has in a central."""

    name: str
    """The profile's name in the account."""


@strawberry.type
class Central(Node):
    """A collaborators center that the user can enter: an account, with the user's role and grants in it."""

    id: strawberry.ID
    """The central's id. Requests select the central by it, in the header `X-Central`."""
    account_name: str
    """The name under which the account is shown."""
    logo_url: str | None
    """The https address of the account's logo."""
    access: CentralAccess
    """Whether the user owns the account or works in it."""
    role: MyRole
    """The user's role in the account. A team lead has it even while teams are off."""
    profile: CentralProfile | None
    """The user's profile in the account; null for the owner."""
    grants: list[Grant]
    """The user's grants in the account. A personal access token has only the grants that were chosen for
    it."""
    joined_at: DateTime
    """When the user joined or opened the account."""
    last_entered_at: DateTime | None
    """When the user last entered the central, as clients report it; null if never."""
    position: int | None
    """The central's position in the user's own order, starting at 0; null if the user has not set one."""
    closed: bool
    """Whether the account is closed. Only its owner can enter a closed account."""
    needs_two_factor: bool
    """Whether the account requires a second factor, which the user has not set up yet. Until then,
    the user cannot enter the central, and its profile and grants are hidden."""


def central_of(central: EnterableCentral) -> Central:
    """A central as the API shows it."""
    return Central(
        id=strawberry.ID(CENTRAL + central.account_id),
        account_name=central.account_name,
        logo_url=central.logo_url,
        access=CentralAccess.OWNER if central.role is MyRole.OWNER else CentralAccess.COLLABORATOR,
        role=central.role,
        profile=CentralProfile(name=central.profile_name) if central.profile_name else None,
        grants=grants_in(central.grants),
        joined_at=DateTime(central.joined_at),
        last_entered_at=None if central.entered_at is None else DateTime(central.entered_at),
        position=central.position,
        closed=central.closed_at is not None,
        needs_two_factor=central.needs_two_factor,
    )


@strawberry.type
class ViewerFields(Node, ViewerPart):
    """The user who makes the request."""

    id: strawberry.ID
    """The user's id, which never changes."""
    email: str
    """The e-mail address that the user signs in with."""
    name: str
    """The user's name."""
    locale: str
    """The language of the user's messages and e-mails, for example `en`."""

    @strawberry.field
    async def email_verified(self, info: Info) -> bool:
        """Whether the user has proved that the e-mail address is their own. Accepting an invitation requires
        it."""
        return await is_verified(info.context.viewer)

    @strawberry.field
    async def centrals(
        self, info: Info, search: str | None = None, order: CentralOrder = CentralOrder.OWN
    ) -> list[Central] | None:
        """The centrals that the user can enter.

        A personal access token lists only its own central.

        Args:
            search: Only centrals whose name contains this text; case and accents are ignored. A
                text without visible characters is refused with BAD_INPUT.
            order: The order of the list.
        """
        needle = None if search is None else needle_of(search, ("search",))
        return [central_of(central) for central in await centrals(info.context.viewer, needle, order)]


if TYPE_CHECKING:
    Viewer = ViewerFields
else:
    Viewer = Annotated["Viewer", strawberry.lazy("graph.roots")]


def viewer_of(judged: Judged) -> Viewer:
    """A viewer as the API shows them."""
    viewer: Viewer = composed("Viewer")(
        id=strawberry.ID(f"{USER}{judged.user_id}"),
        email=judged.email,
        name=judged.name,
        locale=judged.locale,
    )
    return viewer


async def _viewer_by_id(context: Context, names: Sequence[str]) -> Mapping[str, Viewer]:
    viewer = context.viewer
    return (
        {viewer.user_id: viewer_of(viewer)} if viewer.user_id is not None and viewer.user_id in names else {}
    )


async def _centrals_by_id(context: Context, names: Sequence[str]) -> Mapping[str, Central]:
    found = await centrals(context.viewer)
    return {central.account_id: central_of(central) for central in found if central.account_id in names}


found_by(USER, "Viewer", _viewer_by_id)
found_by(CENTRAL, "Central", _centrals_by_id)

"""Who asks, and the centrals that he can enter."""

from enum import Enum

import strawberry

from actions.users.mailbox import is_verified
from authz.centrals import CentralOrder, Door, centrals
from authz.gates import grants_in, in_session
from authz.grant import Grant
from authz.invitations import open_invitations
from authz.session import OwnSession, own_sessions
from authz.transfers import open_offers
from authz.viewer import MyRole
from graph.invitations.preview import OpenInvitation, shown_invitation
from graph.kit.context import Info
from graph.kit.scalars import DateTime
from graph.kit.search import needle_of
from graph.tokens.types import AccessToken, tokens_of
from graph.transfers.types import TransferOffer, shown_offer

strawberry.enum(MyRole)
strawberry.enum(CentralOrder)

CENTRAL = "central_"
SESSION = "session_"


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
    """The name that the account is shown under."""
    logo_url: str | None
    """The account's logo."""
    access: Access
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
        access=Access.OWNER if door.role is MyRole.OWNER else Access.COLLABORATOR,
        role=door.role,
        profile=CentralProfile(name=door.profile_name) if door.profile_name else None,
        grants=grants_in(door.grants),
        joined_at=DateTime(door.joined_at),
        last_entered_at=None if door.entered_at is None else DateTime(door.entered_at),
        position=door.position,
        closed=door.closed_at is not None,
    )


@strawberry.type
class Session:
    """A place where the viewer is signed in."""

    id: strawberry.ID
    """Stays the same for as long as the session lasts."""
    agent: str
    """What signed in there, as its browser or program calls itself."""
    created_at: DateTime
    """When the viewer signed in."""
    last_used_at: DateTime
    """When its tokens were last exchanged."""
    current: bool
    """Whether this request is made with it."""


def _session(session: OwnSession) -> Session:
    return Session(
        id=strawberry.ID(SESSION + session.session_id),
        agent=session.agent,
        created_at=DateTime(session.created_at),
        last_used_at=DateTime(session.last_used_at),
        current=session.current,
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

    @in_session()
    async def transfer_offers(self, info: Info) -> list[TransferOffer]:
        """The accounts that are offered to the user, the first to end first."""
        return [shown_offer(offer) for offer in await open_offers(info.context.viewer)]

    @in_session()
    async def invitations(self, info: Info) -> list[OpenInvitation]:
        """The invitations that went to the user's verified address and can be accepted, newest first."""
        lifted = info.context.serving.allow_natural_persons
        found = await open_invitations(info.context.viewer, lifted=lifted)
        return [shown_invitation(one) for one in found]

    @in_session()
    async def sessions(self, info: Info) -> list[Session]:
        """Where the user is signed in, the last used first."""
        return [_session(session) for session in await own_sessions(info.context.viewer)]

    @in_session()
    async def tokens(self, info: Info) -> list[AccessToken]:
        """The user's personal access tokens that are good, newest first, whichever central they are for."""
        return await tokens_of(info)

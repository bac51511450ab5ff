"""Personal access tokens: what integrations sign in with."""

from enum import Enum

import strawberry

from actions.tokens import access_token
from actions.tokens.access_token import Chosen
from authz import reach
from authz.gates import AdminOnly, Standing, gated, in_session
from authz.grant import Grant
from authz.identity import stored_grants
from authz.refusal import Refusal
from authz.viewer import Viewer
from engine.rows.lists import Rows, row_of
from engine.rows.select import Order
from engine.rows.source import computed, joined
from graph.collaborators.types import Person
from graph.kit.context import Info
from graph.kit.errors import UserError, user_error
from graph.kit.node import is_uuid
from graph.kit.scalars import DateTime
from graph.profiles.types import profile_grants
from graph.tokens.own import OwnToken, own_tokens
from models import database
from models.statement import Statement

_CENTRAL = "central_"
_TOKEN = "token_"  # noqa: S105 - what the id of a token begins with
_NOWHERE = "00000000-0000-0000-0000-000000000000"


@strawberry.enum
class TokenStanding(Enum):
    """A standing that a personal access token can have in addition to grants."""

    ADMIN = "ADMIN"
    """The token can use what is open to the owner and admins."""
    LEAD = "LEAD"
    """The token can use what is open to the owner, admins and team leads."""


@strawberry.type
class AccessToken:
    """A personal access token: a subset of its creator's grants in one central."""

    id: strawberry.ID
    """The token's id, which never changes."""
    name: str
    """The name that its creator gave it."""
    central_id: strawberry.ID
    """The id of the central that the token is for. Its requests cannot select another one."""
    account_name: str
    """The name of that central's account."""
    grants: list[Grant]
    """The grants that were chosen. The token has those of them that its creator has at the time of a
    request."""
    standings: list[TokenStanding]
    """The standings that were chosen. The token has those of them that its creator has at the time of a
    request."""
    created_at: DateTime
    """When the token was created."""
    expires_at: DateTime
    """When the token expires."""
    last_used_at: DateTime | None
    """When the token was last used, to within about ten minutes; null if never."""


def _standings(stored: object) -> list[TokenStanding]:
    return [TokenStanding(name) for name in stored_grants(stored)]


@gated(AdminOnly())
@row_of("access_tokens", "token")
@strawberry.type
class CollaboratorAccessToken:
    """A collaborator's personal access token for this central. Its secret is never shown again."""

    id: strawberry.ID
    """The token's id, which never changes."""
    name: str
    """The name that its creator gave it."""
    person: Person = joined("collaborator_id")
    """The person who created the token."""
    grants: list[Grant] = computed(profile_grants, "grants")
    """The grants that were chosen. The token has those of them that its creator has at the time of a
    request."""
    standings: list[TokenStanding] = computed(_standings, "standings")
    """The standings that were chosen. The token has those of them that its creator has at the time of a
    request."""
    created_at: DateTime
    """When the token was created."""
    expires_at: DateTime
    """When the token expires."""
    last_used_at: DateTime | None
    """When the token was last used, to within about ten minutes; null if never."""


def collaborator_tokens(viewer: Viewer) -> Rows[CollaboratorAccessToken]:
    """The tokens of an account's collaborators that are good, newest first."""
    good = Statement(f"r.{reach.SEATED} AND r.ended_at IS NULL AND r.expires_at > ?", (database.now(),))
    newest = (Order("created_at", descending=True),)
    return Rows(CollaboratorAccessToken, reach.collaborator_tokens(viewer), good, newest)


def _shown(token: OwnToken) -> AccessToken:
    return AccessToken(
        id=strawberry.ID(_TOKEN + token.token_id),
        name=token.name,
        central_id=strawberry.ID(_CENTRAL + token.account_id),
        account_name=token.account_name,
        grants=token.grants,
        standings=[TokenStanding(standing.name) for standing in token.standings],
        created_at=DateTime(token.created_at),
        expires_at=DateTime(token.expires_at),
        last_used_at=None if token.last_used_at is None else DateTime(token.last_used_at),
    )


async def tokens_of(info: Info) -> list[AccessToken]:
    """The viewer's own tokens."""
    return [_shown(token) for token in await own_tokens(info.context.viewer)]


@strawberry.input
class CreateAccessTokenInput:
    """What a token is to carry."""

    name: str
    """What you call it, in at most 100 characters."""
    central_id: strawberry.ID | None = None
    """The central that it is for; without it, the one that the request stands in."""
    grants: list[Grant] = strawberry.field(default_factory=list)
    """Grants that you hold there."""
    standings: list[TokenStanding] = strawberry.field(default_factory=list)
    """Standing that you have there."""
    days: int
    """For how many days it is good: 1 to 366."""


@strawberry.type
class CreateAccessTokenPayload:
    """What came of making a token."""

    secret: str | None = None
    """Sent as `Authorization: Bearer …` with each request. Told once."""
    access_token: AccessToken | None = None
    """The token as it is listed."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.input
class EndAccessTokenInput:
    """Which token is to end."""

    id: strawberry.ID
    """One of `viewer.tokens` or, for the owner and admins, the token of a collaborator."""


@strawberry.type
class EndAccessTokenPayload:
    """What came of ending a token."""

    ended: bool
    """Whether the token has ended."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.type
class TokenMutations:
    """Mutations about personal access tokens."""

    @in_session()
    async def create_access_token(
        self,
        info: Info,
        input: CreateAccessTokenInput,  # noqa: A002
    ) -> CreateAccessTokenPayload:
        """Make a personal access token, of what you hold yourself; at most 50 are good in a central.

        It opens what was chosen as far as you hold it at the time, nothing of the owner's alone, and makes no
        tokens. It is told this once: a repeated request makes another. Errors: NOT_HELD, naming what
        you lack; TOO_MANY; NOT_FOUND for a central that you may not enter or that is not there;
        ACCOUNT_CLOSED; BAD_INPUT.

        Args:
            input: What it is to carry.
        """
        context = info.context
        chosen = Chosen(
            name=input.name,
            grants=tuple(dict.fromkeys(input.grants)),
            standings=tuple(dict.fromkeys(Standing[one.value] for one in input.standings)),
            days=input.days,
        )
        home = None if input.central_id is None else _row(_CENTRAL, input.central_id)
        try:
            token_id, secret = await access_token.create_access_token(context.caller, home, chosen)
        except Refusal as refusal:
            return CreateAccessTokenPayload(errors=[user_error(refusal, context)])
        made = [one for one in await own_tokens(context.viewer) if one.token_id == token_id]
        return CreateAccessTokenPayload(secret=secret, access_token=_shown(made[0]) if made else None)

    @in_session()
    async def end_access_token(self, info: Info, input: EndAccessTokenInput) -> EndAccessTokenPayload:  # noqa: A002
        """End one of your own personal access tokens; from the next request on it is good for nothing.

        The owner and admins also end those of the collaborators of the central that the request selects.
        Errors: NOT_FOUND.

        Args:
            input: Which token.
        """
        context = info.context
        try:
            await access_token.end_access_token(context.caller, _row(_TOKEN, input.id))
        except Refusal as refusal:
            return EndAccessTokenPayload(ended=False, errors=[user_error(refusal, context)])
        return EndAccessTokenPayload(ended=True)


def _row(prefix: str, global_id: str) -> str:
    name = global_id.removeprefix(prefix)
    return name if is_uuid(name) else _NOWHERE

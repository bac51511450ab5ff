"""Mutations of personal access tokens: create one, and end it."""

import strawberry

from actions.membership.tokens import access_token
from actions.membership.tokens.access_token import NewAccessToken
from authz.gates import Standing
from authz.grant import Grant
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.node import prefixed
from graph.kit.payload import Payload
from graph.membership.tokens.own import own_tokens
from graph.membership.tokens.types import CENTRAL, TOKEN, AccessToken, TokenStanding, shown_token


@strawberry.input
class CreateAccessTokenInput:
    """A new token: its name, its central, and the grants and standings that it can use."""

    name: str
    """The token's name, of at most 100 characters."""
    central_id: strawberry.ID | None = None
    """The central that the token is for. If null, it is the one that the request selects."""
    grants: list[Grant] = strawberry.field(default_factory=list)
    """Grants that you have in the central."""
    standings: list[TokenStanding] = strawberry.field(default_factory=list)
    """Standings that you have in the central."""
    days: int
    """For how many days the token is valid, from 1 to 366."""


@strawberry.type
class CreateAccessTokenPayload(Payload):
    """The result of `createAccessToken`."""

    secret: str | None = None
    """The secret, to be sent with each request as `Authorization: Bearer …`. It is shown once."""
    access_token: AccessToken | None = None
    """The token, as it is listed; null if the mutation was refused."""


@strawberry.input
class RevokeAccessTokenInput:
    """The token to end."""

    id: strawberry.ID
    """The token: one of `viewer.tokens` or, for the owner and admins, the token of a collaborator."""


@strawberry.type
class RevokeAccessTokenPayload(Payload):
    """The result of `revokeAccessToken`."""

    ended: bool = False
    """Whether the token has ended."""


@strawberry.type
class TokenMutations:
    """Mutations of personal access tokens."""

    @mutation(access_token.CREATE_ACCESS_TOKEN)
    async def create_access_token(
        self,
        info: Info,
        input: CreateAccessTokenInput,  # noqa: A002
    ) -> CreateAccessTokenPayload:
        """Creates a personal access token. A user can have at most 50 valid tokens in a central.

        At the time of a request, the token has those of the chosen grants and standings that you have. It
        never has what only the owner has, and it cannot create tokens. Its secret is shown once: a repeated
        request creates another token. NOT_HELD names the grants or standings that you do not have. NOT_FOUND:
        you cannot enter the central, or it does not exist.

        Args:
            input: The new token.
        """
        context = info.context
        chosen = NewAccessToken(
            name=input.name,
            grants=tuple(dict.fromkeys(input.grants)),
            standings=tuple(dict.fromkeys(Standing[standing.value] for standing in input.standings)),
            days=input.days,
        )
        home = None if input.central_id is None else prefixed(CENTRAL, input.central_id)
        token_id, secret = await access_token.create_access_token(context.call, home, chosen)
        created = (token for token in await own_tokens(context.viewer) if token.token_id == token_id)
        listed = next((shown_token(token) for token in created), None)
        return CreateAccessTokenPayload(secret=secret, access_token=listed)

    @mutation(access_token.REVOKE_ACCESS_TOKEN)
    async def revoke_access_token(
        self,
        info: Info,
        input: RevokeAccessTokenInput,  # noqa: A002
    ) -> RevokeAccessTokenPayload:
        """Ends one of your own personal access tokens, which is no longer valid from the next request on.

        The owner and admins can also end those of the collaborators of the central that the request selects.

        Args:
            input: The token to end.
        """
        await access_token.revoke_access_token(info.context.call, prefixed(TOKEN, input.id))
        return RevokeAccessTokenPayload(ended=True)

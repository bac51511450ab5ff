"""Mutations of personal access tokens: create one, and end it."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import strawberry

from actions.membership.tokens import access_token
from actions.membership.tokens.access_token import NewAccessToken
from actions.membership.tokens.narrow import Limits
from authz.gates import Standing
from authz.grant import Grant
from graph.kit.context import Info
from graph.kit.money import MoneyInput
from graph.kit.mutation import mutation
from graph.kit.node import prefixed
from graph.kit.payload import Payload
from graph.membership.tokens.own import own_tokens
from graph.membership.tokens.types import CENTRAL, PRODUCT, TOKEN, AccessToken, TokenStanding, shown_token

T = TypeVar("T")
R = TypeVar("R")


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
    """For how many days the token is valid, from 1 to 366; never longer than the token that creates it."""
    products: list[strawberry.ID] | None = None
    """The ids of the only products, from 1 to 50, whose rows exist for the token, in lists as in statistics.
    It then lacks grants and standings that are about the whole account. If null, those of the token that
    creates it, or all."""
    documents: list[str] | None = None
    """The names of the only trusted documents, from 1 to 100, that the token can send, by `documentId`. If
    null, those of the token that creates it, or any document."""
    calls_a_day: int | None = strawberry.field(default=None, name="callsADay")
    """How many operations the token and those that descend from it can send a day (UTC); null for no limit
    besides those of everyone."""
    amounts_a_day: list[MoneyInput] | None = strawberry.field(default=None, name="amountsADay")
    """How much the token and those that descend from it can refund and withdraw a day (UTC), for each
    currency; nothing in a currency that is not listed. If null, the owner's limits alone count."""


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
    """The token: one of your own or, for the owner and admins, the token of a collaborator."""


@strawberry.type
class RevokeAccessTokenPayload(Payload):
    """The result of `revokeAccessToken`."""

    ended: bool = False
    """Whether the token has ended."""


def _each(values: Sequence[T] | None, read: Callable[[T], R]) -> tuple[R, ...] | None:
    return None if values is None else tuple(map(read, values))


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

        A personal access token can create narrower ones, for assistants and AI agents: each has at most what
        the token that creates it has, at every request, and ends with it. At most three tokens descend from
        each other. FORBIDDEN: there are three already, or the token is one of an API credential.

        At the time of a request, the token has those of the chosen grants and standings that you have. It
        never has what only the owner has. Its secret is shown once: a repeated request creates another
        token. NOT_HELD names the grants, standings or documents that you do not have. NOT_FOUND: you cannot
        enter the central or see the product, or it does not exist.

        Args:
            input: The new token.
        """
        context = info.context
        chosen = NewAccessToken(
            name=input.name,
            grants=tuple(dict.fromkeys(input.grants)),
            standings=tuple(dict.fromkeys(Standing[standing.value] for standing in input.standings)),
            days=input.days,
            limits=Limits(
                products=_each(input.products, lambda name: prefixed(PRODUCT, name)),
                documents=_each(input.documents, str),
                calls=input.calls_a_day,
                amounts=_each(input.amounts_a_day, lambda money: (money.amount, money.currency)),
            ),
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

        Tokens that descend from it end, too. A token can end those that descend from it. In a session, the
        owner and admins can also end those of the collaborators of the central that the request selects.

        Args:
            input: The token to end.
        """
        await access_token.revoke_access_token(info.context.call, prefixed(TOKEN, input.id))
        return RevokeAccessTokenPayload(ended=True)

"""Personal access tokens: what integrations sign in with."""

from collections.abc import Mapping, Sequence
from enum import Enum

import strawberry

from authz import reach
from authz.gates import AdminOnly, gated
from authz.grant import Grant
from authz.identity import stored_grants
from authz.viewer import Viewer
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import computed, joined
from graph.kit.context import Context, Info
from graph.kit.filters import search
from graph.kit.money import Money
from graph.kit.node import Node, found_by, found_within
from graph.kit.scalars import DateTime
from graph.membership.collaborators.types import Person
from graph.membership.profiles.types import profile_grants
from graph.membership.tokens.own import OwnToken, narrowing_in, own_tokens
from models import database
from models.statement import Statement

CENTRAL = "central_"
PRODUCT = "product_"
TOKEN = "token_"  # noqa: S105 - what the id of a token begins with


@strawberry.enum
class TokenStanding(Enum):
    """A standing that a personal access token can have in addition to grants."""

    ADMIN = "ADMIN"
    """The token can use what is open to the owner and admins."""
    LEAD = "LEAD"
    """The token can use what is open to the owner, admins and team leads."""


@strawberry.type
class AccessToken(Node):
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
    parent_id: strawberry.ID | None
    """The id of the token that created it, with which it ends; null if a person did."""
    products: list[strawberry.ID] | None
    """The ids of the only products whose rows exist for the token, at most 50; null if it has all."""
    documents: list[str] | None
    """The names of the only trusted documents that the token can send, at most 100; null if it can send any
    document."""
    calls_a_day: int | None = strawberry.field(name="callsADay")
    """How many operations it can send a day; null if they are not limited."""
    amounts_a_day: list[Money] | None = strawberry.field(name="amountsADay")
    """How much it can refund and withdraw a day, in at most 20 currencies; null if it is not limited."""


def _standings(stored: object) -> list[TokenStanding]:
    return [TokenStanding(name) for name in stored_grants(stored)]


def _parent(stored: object) -> strawberry.ID | None:
    return None if stored is None else strawberry.ID(f"{TOKEN}{stored}")


def _products(stored: object) -> list[strawberry.ID] | None:
    found = narrowing_in(stored).products
    return None if found is None else [strawberry.ID(PRODUCT + name) for name in found]


def _documents(stored: object) -> list[str] | None:
    found = narrowing_in(stored).documents
    return None if found is None else list(found)


def _calls(stored: object) -> int | None:
    return narrowing_in(stored).calls


def _amounts(stored: object) -> list[Money] | None:
    found = narrowing_in(stored).amounts
    return None if found is None else [Money(minor=minor, currency=code) for code, minor in found.items()]


@gated(AdminOnly())
@row_of("access_tokens", "token")
@strawberry.type
class CollaboratorAccessToken(Node):
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
    parent_id: strawberry.ID | None = computed(_parent, "parent_id")
    """The id of the token that created it, with which it ends; null if a person did."""
    products: list[strawberry.ID] | None = computed(_products, "narrowing")
    """The ids of the only products whose rows exist for the token, at most 50; null if it has all."""
    documents: list[str] | None = computed(_documents, "narrowing")
    """The names of the only trusted documents that the token can send, at most 100; null if it can send any
    document."""
    calls_a_day: int | None = computed(_calls, "narrowing", name="callsADay")
    """How many operations it can send a day; null if they are not limited."""
    amounts_a_day: list[Money] | None = computed(_amounts, "narrowing", name="amountsADay")
    """How much it can refund and withdraw a day, in at most 20 currencies; null if it is not limited."""


def _valid(_viewer: Viewer) -> Statement:
    return Statement(
        f"r.{reach.OF_COLLABORATORS} AND r.credential_id IS NULL AND r.ended_at IS NULL AND r.expires_at > ?",
        (database.now(),),
    )


found_within(CollaboratorAccessToken, reach.collaborator_tokens, _valid)
find_tokens = search(CollaboratorAccessToken, order=Order("created_at", descending=True))


def shown_token(token: OwnToken) -> AccessToken:
    return AccessToken(
        id=strawberry.ID(TOKEN + token.token_id),
        name=token.name,
        central_id=strawberry.ID(CENTRAL + token.account_id),
        account_name=token.account_name,
        grants=token.grants,
        standings=[TokenStanding(standing.name) for standing in token.standings],
        created_at=DateTime(token.created_at),
        expires_at=DateTime(token.expires_at),
        last_used_at=None if token.last_used_at is None else DateTime(token.last_used_at),
        parent_id=_parent(token.parent_id),
        products=_products(token.narrowing),
        documents=_documents(token.narrowing),
        calls_a_day=_calls(token.narrowing),
        amounts_a_day=_amounts(token.narrowing),
    )


async def tokens_of(info: Info) -> list[AccessToken]:
    """The viewer's own tokens."""
    return [shown_token(token) for token in await own_tokens(info.context.viewer)]


async def _by_id(context: Context, names: Sequence[str]) -> Mapping[str, AccessToken]:
    found = await own_tokens(context.viewer)
    return {token.token_id: shown_token(token) for token in found if token.token_id in names}


found_by(TOKEN, "AccessToken", _by_id)

"""The whole schema: what a viewer with every gate open would see."""

from collections.abc import Sequence
from functools import cache

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

from authz.gates import Shut, in_central, signed_in
from engine.rows.lists import ByIds, unread
from engine.scope.schema import exists
from graph.access.catalog import Catalogue, catalogue_in
from graph.accounts.mutations import AccountMutations
from graph.accounts.owner_mutations import OwnerMutations
from graph.accounts.types import Account, account_of
from graph.collaborators.mutations import SeatMutations
from graph.collaborators.removal import RemovalMutations
from graph.instance.types import Instance, instance
from graph.invitations.mutations import InvitationMutations
from graph.invitations.preview import OpenInvitation, previewed
from graph.invitations.types import AcceptanceMutations
from graph.kit.context import Info
from graph.kit.describe import describe
from graph.kit.node import Node, find
from graph.kit.scalars import SCALARS
from graph.profiles.mutations import ProfileMutations
from graph.sales.mutations import AssignmentMutations
from graph.sessions.mutations import SessionMutations, shown
from graph.teams.member_mutations import TeamMemberMutations
from graph.teams.mutations import TeamMutations
from graph.tokens.types import TokenMutations
from graph.transfers.mutations import TransferMutations
from graph.users.mutations import UserMutations
from graph.users.password import PasswordMutations
from graph.viewer.switcher import SwitcherMutations
from graph.viewer.types import Viewer

MOST_NODES = 100


@strawberry.type
class Query:
    """What can be read."""

    @strawberry.field
    def instance(self, info: Info) -> Instance:
        """This server."""
        return instance(info.context.serving.provider_name)

    @signed_in()
    def viewer(self, info: Info) -> Viewer:
        """The user who asks."""
        return shown(info.context.viewer)

    @strawberry.field
    async def invitation(self, info: Info, token: str) -> OpenInvitation | None:
        """The invitation of a link, while it can be accepted; a bad token and one no more good are alike.

        It does not tell whether the invited address has a user.

        Args:
            token: The token of the link in the e-mail.
        """
        return await previewed(token, lifted=info.context.serving.allow_natural_persons)

    @signed_in()
    def catalogue(self, info: Info, locale: str | None = None) -> Catalogue:
        """What there is to grant, and the presets.

        Args:
            locale: The language of the labels, one of `instance.locales`; without it, your own.
        """
        return catalogue_in(locale or info.context.locale)

    @in_central()
    def account(self, info: Info) -> Account:
        """The account of the central that the request stands in."""
        found = account_of(info.context.viewer)
        if found is None:
            raise Shut("Query.account")
        return found

    @in_central()
    def node(self, info: Info, id: strawberry.ID) -> Node | None:  # noqa: A002
        """The object of an id, where it is within your reach.

        Args:
            id: Any object's id.
        """
        return unread(_found(info, [id], single=True))

    @in_central()
    def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Node | None] | None:
        """The objects of several ids, in their order; none for each that is not within your reach.

        Args:
            ids: At most 100 ids.
        """
        if len(ids) > MOST_NODES:
            raise GraphQLError(
                f"At most {MOST_NODES} ids.", extensions={"code": "BAD_INPUT", "argument": "ids"}
            )
        return unread(_found(info, ids, single=False))


def _found(info: Info, ids: Sequence[str], *, single: bool) -> ByIds:
    schema = info.schema._schema
    return find(info.context.viewer, ids, lambda name: exists(schema, f"{name}.id"), single=single)


@strawberry.type
class Mutation(
    SessionMutations,
    AssignmentMutations,
    ProfileMutations,
    SeatMutations,
    RemovalMutations,
    TeamMutations,
    TeamMemberMutations,
    InvitationMutations,
    AcceptanceMutations,
    PasswordMutations,
    TokenMutations,
    UserMutations,
    AccountMutations,
    OwnerMutations,
    TransferMutations,
    SwitcherMutations,
):
    """What can be done. Each answers with the thing that it is about and the reasons of a refusal."""


@cache
def full_schema() -> strawberry.Schema:
    """The schema, made once."""
    schema = strawberry.Schema(
        query=Query, mutation=Mutation, config=StrawberryConfig(auto_camel_case=True, scalar_map=SCALARS)
    )
    describe(schema._schema)
    return schema

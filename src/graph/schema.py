"""The whole schema: what a viewer with every gate open would see."""

from collections.abc import Sequence
from functools import cache

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

from authz.gates import Shut, in_central, signed_in
from engine.rows import ByIds, unread
from engine.scope import exists
from graph.account import Account, account_of
from graph.account_acts import AccountMutations
from graph.assignment import AssignmentMutations
from graph.catalogue import Catalogue, catalogue_in
from graph.context import Info
from graph.describe import describe
from graph.instance import Instance, instance
from graph.invitation import AcceptanceMutations
from graph.invitation_acts import InvitationMutations
from graph.node import Node, find
from graph.open_invitation import OpenInvitation, previewed
from graph.owner_acts import OwnerMutations
from graph.password import PasswordMutations
from graph.profile_acts import ProfileMutations
from graph.removal import RemovalMutations
from graph.scalars import SCALARS
from graph.seat_acts import SeatMutations
from graph.session import SessionMutations, shown
from graph.switcher import SwitcherMutations
from graph.team_acts import TeamMutations
from graph.team_member_acts import TeamMemberMutations
from graph.token import TokenMutations
from graph.transfer_acts import TransferMutations
from graph.user import UserMutations
from graph.viewer import Viewer

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

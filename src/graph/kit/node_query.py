"""`node` and `nodes`: any object by its id."""

from collections.abc import Sequence

import strawberry
from graphql import GraphQLError

from authz.gates import signed_in
from engine.rows.lists import ByIds, unread
from engine.scope.schema import exists
from graph.kit.context import Info
from graph.kit.node import Node, find

MAX_NODES = 100


@strawberry.type
class NodeQuery:
    """Any object by its id."""

    @signed_in()
    def node(self, info: Info, id: strawberry.ID) -> Node | None:  # noqa: A002
        """The object with a given id; null if there is none within your reach.

        Args:
            id: The id of an object of any type.
        """
        return unread(_found(info, [id], single=True))

    @signed_in()
    def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Node | None] | None:
        """The objects with the given ids, in their order. The entry is null for an id without an object
        within your reach.

        Args:
            ids: The ids, at most 100.
        """
        if len(ids) > MAX_NODES:
            raise GraphQLError(
                f"At most {MAX_NODES} ids.", extensions={"code": "BAD_INPUT", "argument": "ids"}
            )
        return unread(_found(info, ids, single=False))


def _found(info: Info, ids: Sequence[str], *, single: bool) -> ByIds:
    schema = info.schema._schema
    return find(info.context, ids, lambda name: exists(schema, f"{name}.id"), single=single)

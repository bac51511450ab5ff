"""What every mutation's input and payload have in common."""

from typing import Any, TypeVar

import strawberry
from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema

from authz.reach import Reach
from engine.rows.lists import FirstRow, Rows
from graph.kit.errors import UserError
from models.statement import Statement

T = TypeVar("T")


@strawberry.input
class RepeatableInput:
    """The input of a mutation that can be repeated safely."""

    idempotency_key: str | None = None
    """A key of your choice, of 1 to 100 characters. A call repeated within a day with the same key and input
    takes effect once."""


@strawberry.type
class Payload:
    """What a mutation returns."""

    object_id: strawberry.Private[str | None] = None
    """The row that the mutation was about. None if it was refused."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why the mutation was refused; empty if it was carried out."""

    async def row(self, cls: type[T], within: Reach) -> T | None:
        """The row that the mutation was about as it is now, if it is still within reach."""
        if self.object_id is None:
            return None
        found: Any = await FirstRow(Rows(cls, within, Statement("r.id = ?", (self.object_id,))))
        return found  # type: ignore[no-any-return]


def put_shared_fields_last(schema: GraphQLSchema) -> None:
    """Move the fields that all inputs and payloads share to the end."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLInputObjectType | GraphQLObjectType):
            for name in ("idempotencyKey", "errors"):
                if name in kind.fields:
                    kind.fields[name] = kind.fields.pop(name)

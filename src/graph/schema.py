"""The whole schema: what a viewer with every gate open would see."""

from functools import cache

import strawberry
from strawberry.schema.config import StrawberryConfig

from graph.kit.describe import describe
from graph.kit.scalars import SCALARS
from graph.roots import Mutation, Query


@cache
def full_schema() -> strawberry.Schema:
    """The schema, made once."""
    schema = strawberry.Schema(
        query=Query, mutation=Mutation, config=StrawberryConfig(auto_camel_case=True, scalar_map=SCALARS)
    )
    describe(schema._schema)
    return schema

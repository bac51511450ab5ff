"""The whole schema: what a viewer with every gate open would see."""

from functools import cache

import strawberry
from strawberry.schema.config import StrawberryConfig

from engine.cost import Weights
from engine.granted import WHEN_GRANTED
from graph.kit.describe import describe
from graph.kit.mutation import DECLARED
from graph.kit.payload import put_shared_fields_last
from graph.kit.scalars import SCALARS
from graph.nouns import NOUNS
from graph.roots import Mutation, Query, Subscription

DESCRIPTION = """The Centrals API: the business of digital sellers, as far as each viewer can see it.

To begin, sign in with `signIn` and send its access token in the header `Authorization: Bearer …`, or send a
personal access token. Then choose one of your centrals and send its id in the header `X-Central`. The account
and everything in it exist only in requests that select a central.

The schema depends on who makes the request. Grants decide which fields exist for a viewer, and their role
decides which rows they can see. The end of a description says what the field needs."""


_ALONE = 1_000  # what a mutation costs that hashes a password or sends an e-mail


@cache
def full_schema() -> strawberry.Schema:
    """The schema, made once."""
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        config=StrawberryConfig(auto_camel_case=True, scalar_map=SCALARS),
    )
    schema._schema.description = DESCRIPTION
    schema._schema.directives = (*schema._schema.directives, WHEN_GRANTED)
    put_shared_fields_last(schema._schema)
    describe(schema._schema)
    return schema


@cache
def weights() -> Weights:
    """What the schema's elements cost, as its nouns declare."""
    schema = full_schema()._schema
    lists = {f"{name}.errors": 3 for name in schema.type_map if name.endswith("Payload")}
    elements: dict[str, int] = {}
    for noun in NOUNS:
        lists |= noun.lists
        elements |= noun.weights
    alone = frozenset(name for name, declaration in DECLARED.items() if declaration.alone)
    return Weights(elements | {f"Mutation.{name}": _ALONE for name in alone}, lists, alone)

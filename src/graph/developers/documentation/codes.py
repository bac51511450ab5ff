"""The codes of errors, and what each means."""

from dataclasses import dataclass

from graphql import GraphQLEnumType, GraphQLSchema

from graph.kit.describe import attribute_docstrings
from graph.kit.errors import RequestError


@dataclass(frozen=True, slots=True)
class Code:
    """A code, where it appears, and what it means."""

    code: str
    of_request: bool
    meaning: str


def codes(schema: GraphQLSchema) -> list[Code]:
    """The codes of whole requests, and those of refused mutations in a schema."""
    words = attribute_docstrings(RequestError)
    found = [Code(error.value, True, words[error.name]) for error in RequestError]
    refusals = schema.type_map.get("ErrorCode")
    if isinstance(refusals, GraphQLEnumType):
        found += [Code(name, False, value.description or "") for name, value in refusals.values.items()]
    return found

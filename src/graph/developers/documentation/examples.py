"""Documents that show how the API is used. Each is a file here, and the tests run all of them."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec
from graphql import DocumentNode, GraphQLSchema, parse, validate


@dataclass(frozen=True, slots=True)
class Example:
    """A document, and the JSON of variables for it."""

    name: str
    text: str
    variables: str
    parsed: DocumentNode


@cache
def examples() -> tuple[Example, ...]:
    """All examples, by name."""
    folder = files("graph.developers.documentation").joinpath("examples")
    found = {file.name: file.read_text("utf-8") for file in folder.iterdir()}
    return tuple(
        Example(stem, found[name], _compact(found.get(f"{stem}.json", "{}")), parse(found[name]))
        for name in sorted(found)
        if (stem := name.removesuffix(".graphql")) != name
    )


def _compact(text: str) -> str:
    return msgspec.json.format(text.strip(), indent=2)


def valid_examples(schema: GraphQLSchema) -> list[Example]:
    """The examples that a schema can answer."""
    return [example for example in examples() if not validate(schema, example.parsed)]

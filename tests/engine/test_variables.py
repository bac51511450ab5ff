"""Plain variables and arguments, taken as they come, against what graphql-core makes of the same ones."""

from typing import Any

import pytest
import strawberry
from graphql import OperationDefinitionNode, parse
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values
from graphql.pyutils import Undefined
from strawberry.types.arguments import convert_arguments

from engine.plan.variables import Arguments, Variables

NOTHING: Any = Undefined
VALUES = [NOTHING, None, 1, -1, 2**31 - 1, 2**31, 1.0, 1.5, True, "", "a", "é", ["a"], {"a": 1}]


@strawberry.type
class Query:
    @strawberry.field
    def found(
        self,
        number: int | None = None,
        text: str = "a",
        key: strawberry.ID | None = None,
        sure: bool | None = None,
        keys: list[strawberry.ID] | None = None,
    ) -> str:
        return f"{number} {text} {key} {sure} {keys}"

    @strawberry.field
    def needed(self, key: strawberry.ID, number: int) -> str:
        return f"{key} {number}"


SCHEMA = strawberry.Schema(query=Query)


def operation(text: str) -> OperationDefinitionNode:
    (found,) = parse(text).definitions
    assert isinstance(found, OperationDefinitionNode)
    return found


@pytest.mark.parametrize("default", ["", " = null", " = 7"])
@pytest.mark.parametrize(
    "kind", ["Int", "String", "ID", "Boolean", "Int!", "String!", "ID!", "Boolean!", "[ID!]"]
)
def test_variables_are_coerced_as_graphql_core_coerces_them(kind: str, default: str) -> None:
    if default and kind not in ("Int", "ID"):
        pytest.skip("no default of this type")
    request = operation(f"query ($one: {kind}{default}) {{ found }}")
    definitions = request.variable_definitions or ()

    for values in VALUES:
        variables = {} if values is NOTHING else {"one": values}
        found = Variables(SCHEMA._schema, definitions).coerced(variables)
        expected = get_variable_values(SCHEMA._schema, definitions, variables)
        if not isinstance(expected, VariableValues):
            assert found is None, values
            continue
        assert found is not None, values
        assert found.coerced == expected.coerced, values
        assert [type(item) for item in found.coerced.values()] == [
            type(item) for item in expected.coerced.values()
        ], values
        assert {name: item.value for name, item in found.sources.items()} == {
            name: item.value for name, item in expected.sources.items()
        }, values


@pytest.mark.parametrize(
    "text",
    [
        "query ($a: Int) { found(number: $a) }",
        'query ($a: Int = 3) { found(number: $a, text: "b") }',
        "query ($a: Int, $b: String!) { found(number: $a, text: $b) }",
        'query ($a: Int, $b: String = "z") { found(number: $a, text: $b) }',
        "query ($a: Int, $b: ID!) { found(number: $a, keys: [$b]) }",
        "query ($a: Int, $b: ID) { found(number: $a, key: $b, sure: true) }",
        "query ($a: Int!, $b: ID!) { needed(number: $a, key: $b) }",
        "query ($a: Int = 4, $b: ID!) { needed(number: $a, key: $b) }",
        "{ found(number: 1) }",
        "{ found }",
    ],
)
@pytest.mark.parametrize("values", [{}, {"a": 1, "b": "x"}, {"a": None, "b": "x"}, {"b": "x"}, {"a": 5}])
def test_arguments_are_those_that_the_standard_executor_hands_over(text: str, values: dict[str, Any]) -> None:
    request = operation(text)
    (node,) = request.selection_set.selections
    definition = SCHEMA._schema.query_type.fields[node.name.value]  # type: ignore[union-attr]
    stated = definition.extensions["strawberry-definition"]
    variables = get_variable_values(SCHEMA._schema, request.variable_definitions or (), values)
    if not isinstance(variables, VariableValues):
        pytest.skip("refused before")

    reader = Arguments(SCHEMA, request, definition, stated, node).reader()

    def read(variables: VariableValues) -> Any:
        return reader(variables) if callable(reader) else reader

    def standard() -> Any:
        result = get_argument_values(definition, node, variables)
        registry = SCHEMA.schema_converter.scalar_registry
        return convert_arguments(result, stated.arguments, registry, SCHEMA.config)

    try:
        expected = standard()
    except Exception as error:
        with pytest.raises(type(error)):
            read(variables)
    else:
        assert read(variables) == expected

"""Which fields a selection asks for, by graphql-core's own collection."""

from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.collect_fields import FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues
from graphql.language import DirectiveNode, VariableNode, Visitor, visit

Collected = dict[str, list[Any]]


class Collector:
    """Collects for one operation, under the values of the variables that `@skip` and `@include` name."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: VariableValues,
        mask: int,
    ) -> None:
        self.schema = schema
        self.operation = operation
        self.variables = variables
        self.mask = mask
        self.fragments = {
            definition.name.value: FragmentDetails(definition)
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }

    def root(self, graphql_type: GraphQLObjectType) -> Collected:
        """The fields at the root."""
        collected = collect_fields(self.schema, self.fragments, self.variables, graphql_type, self.operation)
        return dict(collected.grouped_field_set)

    def below(self, graphql_type: GraphQLObjectType, field_nodes: list[Any]) -> Collected:
        """The fields below a field, for a type of object."""
        collected = collect_subfields(
            self.schema, self.fragments, self.variables, self.operation, graphql_type, field_nodes
        )
        return dict(collected.grouped_field_set)


def switches(document: DocumentNode) -> tuple[str, ...]:
    """The variables that decide which fields there are: those of `@skip` and `@include`."""
    names: set[str] = set()

    class Finder(Visitor):
        def enter_directive(self, node: DirectiveNode, *_args: Any) -> Any:
            if node.name.value in ("skip", "include"):
                names.update(
                    argument.value.name.value
                    for argument in node.arguments or ()
                    if isinstance(argument.value, VariableNode)
                )

    visit(document, Finder())
    return tuple(sorted(names))

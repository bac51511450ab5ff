"""The fields of a selection, collected by graphql-core, and their declarations."""

from collections.abc import Callable
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.collect_fields import FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues
from graphql.language import VariableNode

from authz.gates import DIRECTIVES, Guard, bit_of
from engine.plan.limitations import Limitation, NotCompiled

Collected = dict[str, list[Any]]
DEFINITION = "strawberry-definition"


class Collector:
    """Collects the fields of one operation, for the values of the variables in `@skip` and `@include`.

    With a list of `problems`, every part that is not compiled is added to it. Without one, the first such
    part raises.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: VariableValues,
        mask: int,
        problems: list[NotCompiled] | None = None,
    ) -> None:
        self.strawberry_schema = schema
        self.schema: GraphQLSchema = schema._schema
        self.operation = operation
        self.variables = variables
        self.mask = mask
        self.problems = problems
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
        """The fields below a field, for an object type."""
        collected = collect_subfields(
            self.schema, self.fragments, self.variables, self.operation, graphql_type, field_nodes
        )
        return dict(collected.grouped_field_set)

    def open_field(self, definition: GraphQLField) -> Any:
        """The declaration of a field whose gate is open.

        A declaration with an unknown part is not compiled.
        """
        strawberry_field = definition.extensions.get(DEFINITION)
        if strawberry_field is None:
            raise NotCompiled(Limitation.DECLARATION)
        for extension in strawberry_field.extensions:
            if type(extension) is not Guard:
                raise NotCompiled(Limitation.EXTENSION, type(extension).__name__)
            if not extension.bit & self.mask:
                raise NotCompiled(Limitation.CLOSED_GATE)
        for directive in strawberry_field.directives or ():
            if type(directive) not in DIRECTIVES:
                raise NotCompiled(Limitation.DIRECTIVE, type(directive).__name__)
            if not bit_of(directive) & self.mask:
                raise NotCompiled(Limitation.CLOSED_GATE)
        return strawberry_field

    def expressions(
        self,
        graphql_type: GraphQLObjectType,
        collected: Collected,
        write: Callable[[GraphQLField, list[Any]], str],
    ) -> list[tuple[str, str]]:
        """The response keys of an object, with the expressions for their fields."""
        fields: list[tuple[str, str]] = []
        for key, field_nodes in collected.items():
            name = field_nodes[0].node.name.value
            if name == "__typename":
                fields.append((key, repr(graphql_type.name)))
                continue
            try:
                fields.append((key, write(_definition(graphql_type, name), field_nodes)))
            except NotCompiled as error:
                problem = error.at(f"{graphql_type.name}.{name}")
                if self.problems is None:
                    raise problem from error
                self.problems.append(problem)
                fields.append((key, "None"))
        return fields


def _definition(graphql_type: GraphQLObjectType, name: str) -> GraphQLField:
    if name.startswith("__"):
        raise NotCompiled(Limitation.INTROSPECTION)
    definition: GraphQLField = graphql_type.fields[name]
    return definition


def switches(document: DocumentNode) -> tuple[str, ...]:
    """The variables that decide which fields are selected: those in `@skip` and `@include`."""
    if document.loc is not None and "@" not in document.loc.source.body:
        return ()
    names: set[str] = set()
    waiting: list[Any] = list(document.definitions)
    while waiting:
        node = waiting.pop()
        for directive in node.directives or ():
            if directive.name.value in ("skip", "include"):
                names.update(
                    argument.value.name.value
                    for argument in directive.arguments or ()
                    if isinstance(argument.value, VariableNode)
                )
        selection_set = getattr(node, "selection_set", None)
        if selection_set is not None:
            waiting.extend(selection_set.selections)
    return tuple(sorted(names))

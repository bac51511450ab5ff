"""The gates of what a document names: whoever has the same of these can be answered by the same plan.

With thousands of different sets of grants in use, a schema and a plan for each would not fit into memory. But
a document names a few gated things. So it is prepared on the schema of the gates that it names, which is a
part of the schema of everyone who has them: a gate that is overlooked here makes the document invalid there,
and then it is prepared on the viewer's own schema as usual.
"""

from typing import Any

from graphql import (
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
)
from graphql.pyutils import Undefined

from engine.scope.gates import Gates

_NO_DEFAULT = (None, Undefined)


class _Whole(Exception):
    """What the document selects depends on the whole schema."""


def named_gates(schema: GraphQLSchema, gates: Gates, document: DocumentNode) -> int | None:
    """The bits of all gates of what a document names, on the full schema.

    What the values of its variables name is not known yet: a value that only some viewers can send is invalid
    on the shared schema, and their own decides. None for a document whose result depends on other types too:
    with an interface, a union, introspection, or a name that does not exist.
    """
    named = _NamedGates(schema, gates)
    try:
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                for variable in definition.variable_definitions or ():
                    named.taken(named.type_named(_type_name(variable.type)))
                named.selected(schema.get_root_type(definition.operation), definition.selection_set)
            elif isinstance(definition, FragmentDefinitionNode):
                condition = named.type_named(definition.type_condition.name.value)
                named.selected(condition, definition.selection_set)
    except (_Whole, RecursionError):
        return None
    return named.bits | gates.covers


def _type_name(node: Any) -> str:
    while not hasattr(node, "name"):
        node = node.type
    name: str = node.name.value
    return name


class _NamedGates:
    """Collects the gates of a document."""

    def __init__(self, schema: GraphQLSchema, gates: Gates) -> None:
        self.bits = 0
        self._schema = schema
        self._gates = gates
        self._taken: set[str] = set()

    def type_named(self, name: str) -> Any:
        """A type of the schema."""
        found = self._schema.get_type(name)
        if found is None:
            raise _Whole
        return found

    def selected(self, parent: Any, selection_set: SelectionSetNode) -> None:
        """Add the gates of a selection of a type's fields, and of all below them."""
        if not isinstance(parent, GraphQLObjectType):
            raise _Whole
        self.bits |= self._gates.types[parent.name]
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                self._field(parent, node)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                if condition is not None and condition.name.value != parent.name:
                    raise _Whole
                self.selected(parent, node.selection_set)
            elif not isinstance(node, FragmentSpreadNode):  # a fragment is looked at by itself
                raise _Whole

    def _field(self, parent: GraphQLObjectType, node: FieldNode) -> None:
        name = node.name.value
        if name == "__typename":
            return
        field = parent.fields.get(name)
        if field is None:
            raise _Whole
        self.bits |= self._gates.members[parent.name, name]
        values = {argument.name.value: argument.value for argument in node.arguments or ()}
        for argument_name, argument in field.args.items():
            value = values.get(argument_name)
            if value is not None or argument.default_value not in _NO_DEFAULT:
                self.bits |= self._gates.arguments[parent.name, name, argument_name]
                self._value(get_named_type(argument.type), value)
        found = get_named_type(field.type)
        if node.selection_set is not None:
            self.selected(found, node.selection_set)
        elif isinstance(found, GraphQLEnumType):
            self.bits |= self._gates.types[found.name]
            for value_name in found.values:  # any of them can be shown
                self.bits |= self._gates.members[found.name, value_name]

    def _value(self, graphql_type: Any, node: Any) -> None:
        """Add the gates of a type, and of what a value in the document names of it."""
        self.taken(graphql_type)
        if isinstance(node, ListValueNode):
            for item in node.values:
                self._value(graphql_type, item)
        elif isinstance(node, EnumValueNode):
            self.bits |= self._gates.members.get((graphql_type.name, node.value), 0)
        elif isinstance(node, ObjectValueNode) and isinstance(graphql_type, GraphQLInputObjectType):
            for part in node.fields:
                field = graphql_type.fields.get(part.name.value)
                if field is None:
                    raise _Whole
                self.bits |= self._gates.members[graphql_type.name, part.name.value]
                self._value(get_named_type(field.type), part.value)

    def taken(self, graphql_type: Any) -> None:
        """Add the gates of an input type, and of the parts of it that have values unless others are sent."""
        name = graphql_type.name
        if name in self._taken:
            return
        self._taken.add(name)
        self.bits |= self._gates.types[name]
        if isinstance(graphql_type, GraphQLInputObjectType):
            for key, field in graphql_type.fields.items():
                if field.default_value not in _NO_DEFAULT:
                    self.bits |= self._gates.members[name, key]
                    self.taken(get_named_type(field.type))

"""`@whenGranted`: one document for viewers of different grants.

A marked selection that a schema does not have is left out before the document is weighed and validated.
Only the viewer's own schema is consulted, so a hidden name is left out exactly as one that never existed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from graphql import (
    DirectiveLocation,
    DocumentNode,
    EnumValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLDirective,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    NamedTypeNode,
    NameNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SchemaMetaFieldDef,
    SelectionNode,
    SelectionSetNode,
    TypeMetaFieldDef,
    TypeNameMetaFieldDef,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)
from graphql.utilities import do_types_overlap

WHEN_GRANTED = GraphQLDirective(
    name="whenGranted",
    locations=[
        DirectiveLocation.FIELD,
        DirectiveLocation.FRAGMENT_SPREAD,
        DirectiveLocation.INLINE_FRAGMENT,
    ],
    description=(
        "Leaves a selection out if your schema does not have it, or anything in it that is not marked itself:"
        " a field, an argument, a type, an enum value. One document then serves all viewers."
        " Variables that are used only there are ignored. A selection set that becomes empty selects"
        " `__typename`. A request with `extensions: {absent: true}` is told in `extensions.absent` which"
        " response paths were left out. Example: `name @whenGranted`."
    ),
)
_TYPENAME = FieldNode(name=NameNode(value="__typename"), arguments=(), directives=())


def is_conditional(document: DocumentNode) -> bool:
    """Whether a document can have marked selections: their directive is named in its text."""
    return document.loc is None or WHEN_GRANTED.name in document.loc.source.body


def is_empty_subscription(operation: OperationDefinitionNode) -> bool:
    """Whether an operation is a subscription of which everything was left out."""
    is_subscription = operation.operation is OperationType.SUBSCRIPTION
    return is_subscription and operation.selection_set.selections == (_TYPENAME,)


def without_absent(schema: GraphQLSchema, document: DocumentNode) -> DocumentNode:
    """A document without the marked selections that a schema lacks, or the same document if it lacks none.

    A fragment or a variable that was used only in these goes with them. A document with a cycle of fragments
    stays as it is: validation rejects it.
    """
    before = _Uses(document)
    if before.has_cycle():
        return document
    definitions = _Remover(schema, document).definitions()
    if all(definition is other for definition, other in zip(definitions, document.definitions, strict=True)):
        return document
    after = _Uses(replace(document, definitions=definitions))
    dropped = before.reached() - after.reached()
    return replace(
        document,
        definitions=tuple(
            _with_used_variables(definition, before, after)
            for definition in definitions
            if not isinstance(definition, FragmentDefinitionNode) or definition.name.value not in dropped
        ),
    )


def _with_used_variables(definition: Any, before: "_Uses", after: "_Uses") -> Any:
    if not isinstance(definition, OperationDefinitionNode) or not definition.variable_definitions:
        return definition
    position = after.position(definition)
    unused = before.variables(position) - after.variables(position)
    if not unused:
        return definition
    variables = tuple(
        variable for variable in definition.variable_definitions if variable.variable.name.value not in unused
    )
    return replace(definition, variable_definitions=variables)


class _Uses:
    """Which fragments and variables each definition of a document uses."""

    def __init__(self, document: DocumentNode) -> None:
        self.operations: list[tuple[set[str], set[str]]] = []
        self.fragments: dict[str, tuple[set[str], set[str]]] = {}
        self._positions: dict[int, int] = {}
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                self._positions[id(definition)] = len(self.operations)
                self.operations.append(_used_by(definition))
            elif isinstance(definition, FragmentDefinitionNode):
                self.fragments.setdefault(definition.name.value, _used_by(definition))

    def position(self, operation: OperationDefinitionNode) -> int:
        """The position of an operation among the operations."""
        return self._positions[id(operation)]

    def has_cycle(self) -> bool:
        """Whether a fragment spreads itself."""
        return any(name in self._below(uses[0]) for name, uses in self.fragments.items())

    def reached(self) -> set[str]:
        """The fragments that operations use."""
        return self._below({name for spreads, _ in self.operations for name in spreads})

    def variables(self, position: int) -> set[str]:
        """The variables that an operation uses, by itself and by its fragments."""
        spreads, found = self.operations[position]
        return found.union(*(self.fragments[name][1] for name in self._below(spreads)))

    def _below(self, names: Iterable[str]) -> set[str]:
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in self.fragments and name not in found:
                found.add(name)
                waiting += self.fragments[name][0]
        return found


def _used_by(definition: OperationDefinitionNode | FragmentDefinitionNode) -> tuple[set[str], set[str]]:
    """The names of the fragments and of the variables in a definition."""
    spreads: set[str] = set()
    variables = set(_variables_in(definition))

    def walk(selection_set: SelectionSetNode | None) -> None:
        for node in selection_set.selections if selection_set else ():
            variables.update(_variables_in(node))
            if isinstance(node, FragmentSpreadNode):
                spreads.add(node.name.value)
            else:
                walk(node.selection_set)  # type: ignore[attr-defined]

    walk(definition.selection_set)
    return spreads, variables


def _variables_in(node: Any) -> Iterator[str]:
    """The variables in the arguments and directives of a node."""
    for owner in (node, *(node.directives or ())):
        for argument in getattr(owner, "arguments", None) or ():
            yield from _variables_of(argument.value)


def _variables_of(value: Any) -> Iterator[str]:
    if isinstance(value, VariableNode):
        yield value.name.value
    elif isinstance(value, ListValueNode):
        for item in value.values:
            yield from _variables_of(item)
    elif isinstance(value, ObjectValueNode):
        for member in value.fields:
            yield from _variables_of(member.value)


class _Remover:
    """Removes from a document what a schema does not have.

    Each step returns the node or a changed one, and whether the schema has everything that is left in it.
    """

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self.schema = schema
        self.document = document
        self.sources = {
            definition.name.value: definition
            for definition in reversed(document.definitions)
            if isinstance(definition, FragmentDefinitionNode)
        }
        self.fragments: dict[str, tuple[FragmentDefinitionNode, bool]] = {}
        self.absent_variables = {
            variable.variable.name.value
            for definition in document.definitions
            if isinstance(definition, OperationDefinitionNode)
            for variable in definition.variable_definitions or ()
            if not self._has_variable(variable)
        }

    def definitions(self) -> tuple[Any, ...]:
        return tuple(self._definition(definition) for definition in self.document.definitions)

    def _definition(self, definition: Any) -> Any:
        if isinstance(definition, OperationDefinitionNode):
            root = self.schema.get_root_type(definition.operation)
            return _with_selections(definition, self._selections(definition.selection_set, root)[0])
        if (
            isinstance(definition, FragmentDefinitionNode)
            and self.sources[definition.name.value] is definition
        ):
            return self._fragment(definition.name.value)[0]
        return definition

    def _fragment(self, name: str) -> tuple[FragmentDefinitionNode, bool]:
        if name not in self.fragments:
            source = self.sources[name]
            on = self._composite(source.type_condition)
            selections, whole = self._selections(source.selection_set, on)
            self.fragments[name] = _with_selections(source, selections), whole
        return self.fragments[name]

    def _selections(self, node: SelectionSetNode, parent: Any) -> tuple[SelectionSetNode, bool]:
        """The selections on a type. Without a type, they stay as they are."""
        if parent is None:
            return node, False
        present: list[SelectionNode] = []
        whole = True
        for selection in node.selections:
            found, has_it = self._selection(selection, parent)
            if has_it or not _is_marked(selection):
                present.append(found)
                whole = whole and has_it
        selections = tuple(present) or (_TYPENAME,)
        if len(selections) == len(node.selections) and all(map(_is, selections, node.selections)):
            return node, whole
        return replace(node, selections=selections), whole

    def _selection(self, node: Any, parent: Any) -> tuple[SelectionNode, bool]:
        if not self.absent_variables.isdisjoint(_variables_in(node)):
            return node, False
        if isinstance(node, FieldNode):
            return self._field(node, parent)
        if isinstance(node, InlineFragmentNode):
            on = self._composite(node.type_condition) if node.type_condition else parent
            if on is None or not do_types_overlap(self.schema, parent, on):
                return node, False
            selections, whole = self._selections(node.selection_set, on)
            return _with_selections(node, selections), whole
        if node.name.value not in self.sources:
            return node, True  # validation rejects it, whatever the schema has
        definition, whole = self._fragment(node.name.value)
        on = self._composite(definition.type_condition)
        return node, whole and on is not None and do_types_overlap(self.schema, parent, on)

    def _field(self, node: FieldNode, parent: Any) -> tuple[FieldNode, bool]:
        definition = self._definition_of(node.name.value, parent)
        if definition is None:
            return node, False
        for argument in node.arguments or ():
            defined = definition.args.get(argument.name.value)
            if defined is None or not self._has_value(argument.value, defined.type):
                return node, False
        below = get_named_type(definition.type)
        if node.selection_set is None or not is_composite_type(below):
            return node, True  # validation says what a leaf or an object lacks
        selections, whole = self._selections(node.selection_set, below)
        return _with_selections(node, selections), whole

    def _definition_of(self, name: str, parent: Any) -> GraphQLField | None:
        if name == "__typename":
            return TypeNameMetaFieldDef
        if parent is self.schema.query_type and name in ("__schema", "__type"):
            return SchemaMetaFieldDef if name == "__schema" else TypeMetaFieldDef
        return (getattr(parent, "fields", None) or {}).get(name)

    def _composite(self, condition: NamedTypeNode) -> Any:
        """The type of a type condition. None if the schema has no composite type with the name."""
        found = self.schema.type_map.get(condition.name.value)
        return found if is_composite_type(found) else None

    def _has_variable(self, variable: VariableDefinitionNode) -> bool:
        """Whether the schema has the type of a variable and what its default names."""
        node: Any = variable.type
        while not isinstance(node, NamedTypeNode):
            node = node.type
        found = self.schema.type_map.get(node.name.value)
        return found is not None and self._has_value(variable.default_value, found)

    def _has_value(self, value: Any, graphql_type: Any) -> bool:
        """Whether the schema has the enum values and input fields that a literal names."""
        if isinstance(value, ListValueNode):
            inner = _item_type(graphql_type)
            return all(self._has_value(item, inner) for item in value.values)
        named = get_named_type(graphql_type)
        if isinstance(value, EnumValueNode) and isinstance(named, GraphQLEnumType):
            return value.value in named.values
        if isinstance(value, ObjectValueNode) and isinstance(named, GraphQLInputObjectType):
            return all(
                member.name.value in named.fields
                and self._has_value(member.value, named.fields[member.name.value].type)
                for member in value.fields
            )
        return True


def _item_type(graphql_type: Any) -> Any:
    if isinstance(graphql_type, GraphQLNonNull):
        graphql_type = graphql_type.of_type
    return graphql_type.of_type if isinstance(graphql_type, GraphQLList) else graphql_type


def _is_marked(node: SelectionNode) -> bool:
    return any(directive.name.value == WHEN_GRANTED.name for directive in node.directives or ())


def _is(value: object, other: object) -> bool:
    return value is other


def _with_selections(node: Any, selection_set: SelectionSetNode) -> Any:
    return node if node.selection_set is selection_set else replace(node, selection_set=selection_set)

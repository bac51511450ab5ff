"""Computing an operation's cost: one walk over its document adds up the costs of its selections."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_leaf_type,
)

from engine.cost import CEILING, MOST_TERMS, Cost, Parts, Presence, Size, Terms, Weights

_SLICING = ("first", "last")
_SIZING = "ids"  # an argument with one value for each row


class WeighedList(NamedTuple):
    """A list in an operation: its path, its rows, and the cost of their content."""

    path: str
    rows: int
    cost: int


def cost_of(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, weights: Weights
) -> Cost:
    """The cost of an operation on a schema. Unknown fields cost as much as any field."""
    weigher = _Weigher(schema, document, weights)
    root = schema.get_root_type(operation.operation)
    terms = weigher.selection(operation.selection_set, root.name if root else "").once
    constant = terms.pop((), 0)
    mutations, alone = weigher.mutations(operation)
    return Cost(
        min(constant, CEILING),
        tuple((coefficient, factors) for factors, coefficient in terms.items()),
        {
            node.variable.name.value: _literal(node.default_value)
            for node in operation.variable_definitions or ()
            if node.default_value is not None
        },
        mutations,
        alone,
        weigher.lists(operation.selection_set, root.name if root else ""),
    )


def weighed_lists(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    weights: Weights,
    variables: Mapping[str, Any] | None = None,
) -> Iterator[WeighedList]:
    """The lists of a valid operation."""
    weigher = _Weigher(schema, document, weights)
    root = schema.get_root_type(operation.operation)

    def walk(
        selection_set: SelectionSetNode | None, parent: str, path: tuple[str, ...]
    ) -> Iterator[WeighedList]:
        for node in selection_set.selections if selection_set else ():
            if isinstance(node, FieldNode):
                below = (*path, (node.alias or node.name).value)
                definition = weigher.definition(parent, node.name.value)
                kind = get_named_type(definition.type).name if definition else ""
                size = weigher.size(parent, node, definition)
                if size != 1:
                    rows = size if isinstance(size, int) else size.value(variables or {})
                    parts = weigher.selection(node.selection_set, kind)
                    terms = parts.rows if weigher.is_page(kind) else parts.once
                    yield WeighedList(".".join(below), rows, rows * _value(terms, variables or {}))
                yield from walk(node.selection_set, kind, below)
            else:
                part, kind = weigher.fragment_of(node, parent)
                yield from walk(part, kind, path)

    yield from walk(operation.selection_set, root.name if root else "", ())


def _value(terms: Terms, values: Mapping[str, Any]) -> int:
    return Cost(0, tuple((coefficient, factors) for factors, coefficient in terms.items())).value(values)


def _add(total: Terms, other: Terms, size: "int | Size" = 1) -> None:
    """Add a part once for each row."""
    for factors, coefficient in other.items():
        key = factors if isinstance(size, int) else (*factors, size)
        if key and key not in total and len(total) > MOST_TERMS:
            for factor in key:
                coefficient *= factor.most  # noqa: PLW2901
            key = ()
        rows = size if isinstance(size, int) else 1
        total[key] = min(CEILING, total.get(key, 0) + coefficient * rows)


def _literal(node: ValueNode | None) -> Any:
    """The parts of a default that costs depend on."""
    if isinstance(node, IntValueNode):
        return int(node.value[:6])
    if isinstance(node, ListValueNode):
        return list(node.values)
    if isinstance(node, ObjectValueNode):
        return {member.name.value: _literal(member.value) for member in node.fields}
    return None if node is None or isinstance(node, NullValueNode) else True


class _Weigher:
    def __init__(self, schema: GraphQLSchema, document: DocumentNode, weights: Weights) -> None:
        self.schema = schema
        self.weights = weights
        self.fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self.weighed: dict[str, Parts] = {}
        self.listed: dict[str, int] = {}
        self._definitions: dict[tuple[str, str], GraphQLField | None] = {}
        self._weights: dict[tuple[str, str], int] = {}

    def definition(self, parent: str, name: str) -> GraphQLField | None:
        """The field of a type, if the schema has both."""
        key = parent, name
        if key not in self._definitions:
            members = getattr(self.schema.type_map.get(parent), "fields", None) or {}
            definition = members.get(name)
            self._definitions[key] = definition if isinstance(definition, GraphQLField) else None
        return self._definitions[key]

    def selection(self, selection_set: SelectionSetNode | None, parent: str) -> Parts:
        """The cost of a selection. On a page, its rows are separate from the terms that count once."""
        parts = Parts({(): 0}, {(): 0})
        page = self.is_page(parent)
        for node in selection_set.selections if selection_set else ():
            if isinstance(node, FieldNode):
                definition = self.definition(parent, node.name.value)
                rows = page and definition is not None and _is_list(definition)
                self._add_field(parts.rows if rows else parts.once, node, parent, definition)
                continue
            if isinstance(node, FragmentSpreadNode):
                below = self._fragment(node.name.value)
            else:
                below = self.selection(*self.fragment_of(node, parent))
            _add(parts.once, below.once)
            _add(parts.rows, below.rows)
        return parts

    def fragment_of(self, node: Any, parent: str) -> tuple[SelectionSetNode | None, str]:
        """The selection of a fragment, and the type that it is on."""
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            return node.selection_set, condition.name.value if condition else parent
        definition = self.fragments.get(node.name.value)
        return (definition.selection_set, definition.type_condition.name.value) if definition else (None, "")

    def _fragment(self, name: str) -> Parts:
        if name not in self.weighed:
            self.weighed[name] = Parts({(): 1}, {})  # a cycle is counted once; validation rejects it
            definition = self.fragments.get(name)
            if definition is not None:
                kind = definition.type_condition.name.value
                self.weighed[name] = self.selection(definition.selection_set, kind)
        return self.weighed[name]

    def _add_field(self, total: Terms, node: FieldNode, parent: str, definition: GraphQLField | None) -> None:
        total[()] = min(CEILING, total[()] + 1 + self._weight(parent, node.name.value))
        if definition is not None:
            for argument in node.arguments or ():
                coordinate = f"{parent}.{node.name.value}({argument.name.value}:)"
                self._add_argument(total, coordinate, argument.value)
                self._add_members(total, definition, argument)
        if node.selection_set is not None:
            kind = get_named_type(definition.type).name if definition is not None else ""
            below = self.selection(node.selection_set, kind)
            size = self.size(parent, node, definition)
            _add(total, below.once, 1 if self.is_page(kind) else size)
            _add(total, below.rows, size)

    def _weight(self, parent: str, name: str) -> int:
        key = parent, name
        weight = self._weights.get(key)
        if weight is None:
            weight = self._weights[key] = self._weight_of(parent, name)
        return weight

    def _weight_of(self, parent: str, name: str) -> int:
        if name in ("__schema", "__type"):
            return self.weights.introspection
        if self.definition(parent, name) is None:
            return 0
        mutation = self.schema.mutation_type
        own = self.weights.mutation if mutation is not None and parent == mutation.name else 0
        return own + self.weights.of(f"{parent}.{name}")

    def _add_members(self, total: Terms, definition: GraphQLField, argument: Any) -> None:
        """Add the weights of an input's members, such as the text that a filter searches."""
        defined = definition.args.get(argument.name.value)
        kind = get_named_type(defined.type) if defined is not None else None
        if not isinstance(kind, GraphQLInputObjectType):
            return
        for name in kind.fields:
            weight = self.weights.of(f"{kind.name}.{name}")
            if not weight:
                continue
            if isinstance(argument.value, VariableNode):
                _add(total, {(Presence(argument.value.name.value, name),): weight})
            elif isinstance(argument.value, ObjectValueNode):
                for member in argument.value.fields:
                    if member.name.value == name:
                        self._add_argument(total, f"{kind.name}.{name}", member.value)

    def _add_argument(self, total: Terms, coordinate: str, value: ValueNode) -> None:
        weight = self.weights.of(coordinate)
        if weight and isinstance(value, VariableNode):
            _add(total, {(Presence(value.name.value, None),): weight})
        elif weight and not isinstance(value, NullValueNode):
            _add(total, {(): weight})

    def size(self, parent: str, node: FieldNode, definition: GraphQLField | None) -> int | Size:
        """The number of rows below a field; 1 if it is not a list."""
        if definition is None or node.selection_set is None or parent.startswith("__"):
            return 1  # the weight of introspection stands for all of it
        weights = self.weights
        if any(name in definition.args for name in _SLICING):
            return self._sliced(node, _SLICING, weights.page, weights.page_most)
        if not _is_list(definition) or self.is_page(parent):
            return 1
        usual = weights.lists.get(f"{parent}.{node.name.value}", weights.list_size)
        if _SIZING in definition.args:
            return self._sliced(node, (_SIZING,), usual, weights.page_most)
        return usual

    def _sliced(self, node: FieldNode, names: tuple[str, ...], usual: int, most: int) -> int | Size:
        """The number of rows that arguments request."""
        variables: list[str] = []
        literal = 0
        for argument in node.arguments or ():
            if argument.name.value not in names:
                continue
            value = argument.value
            if isinstance(value, VariableNode):
                variables.append(value.name.value)
            elif isinstance(value, IntValueNode):
                literal = max(literal, 1, min(int(value.value[:6]), most))
            elif isinstance(value, ListValueNode):
                literal = max(literal, 1, min(len(value.values), most))
        if variables:
            return Size(tuple(variables), literal, usual, most)
        return literal or usual

    def is_page(self, parent: str) -> bool:
        """Whether a type is a page, whose rows are counted by the field that returns it."""
        return "pageInfo" in (getattr(self.schema.type_map.get(parent), "fields", None) or {})

    def lists(self, selection_set: SelectionSetNode | None, parent: str) -> int:
        """The number of lists and pages in a selection. Each takes a statement and a plan of its own."""
        total = 0
        for node in selection_set.selections if selection_set else ():
            if isinstance(node, FragmentSpreadNode):
                name = node.name.value
                if name not in self.listed:
                    self.listed[name] = 0  # a cycle is counted once; validation rejects it
                    self.listed[name] = self.lists(*self.fragment_of(node, parent))
                total += self.listed[name]
            elif isinstance(node, FieldNode) and node.selection_set is not None:
                definition = self.definition(parent, node.name.value)
                if definition is not None and not parent.startswith("__"):
                    total += self._has_rows(parent, definition)
                    total += self.lists(node.selection_set, get_named_type(definition.type).name)
            elif isinstance(node, InlineFragmentNode):
                total += self.lists(*self.fragment_of(node, parent))
        return min(total, CEILING)

    def _has_rows(self, parent: str, definition: GraphQLField) -> bool:
        is_page = any(name in definition.args for name in _SLICING)
        return is_page or (_is_list(definition) and not self.is_page(parent))

    def mutations(self, operation: OperationDefinitionNode) -> tuple[int, int]:
        """The number of mutations in an operation, and how many of them must be the only one."""
        if operation.operation is not OperationType.MUTATION:
            return 0, 0
        counted: dict[str, tuple[int, int]] = {}

        def count(selection_set: SelectionSetNode) -> tuple[int, int]:
            total = alone = 0
            for node in selection_set.selections:
                if isinstance(node, FieldNode):
                    found = (1, int(self._is_alone(node.name.value)))
                elif isinstance(node, FragmentSpreadNode):
                    found = spread(node.name.value)
                else:
                    found = count(node.selection_set)  # type: ignore[attr-defined]
                total, alone = min(CEILING, total + found[0]), min(CEILING, alone + found[1])
            return total, alone

        def spread(name: str) -> tuple[int, int]:
            if name not in counted:
                counted[name] = (0, 0)
                definition = self.fragments.get(name)
                if definition is not None:
                    counted[name] = count(definition.selection_set)
            return counted[name]

        return count(operation.selection_set)

    def _is_alone(self, name: str) -> bool:
        """Whether a mutation must be the only one. A hidden mutation is like one that never existed."""
        root = self.schema.mutation_type
        return name in self.weights.alone and root is not None and name in root.fields


def _is_list(definition: GraphQLField) -> bool:
    graphql_type = definition.type
    if isinstance(graphql_type, GraphQLNonNull):
        graphql_type = graphql_type.of_type
    return isinstance(graphql_type, GraphQLList) and not is_leaf_type(get_named_type(graphql_type))

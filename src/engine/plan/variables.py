"""The values of variables and arguments: directly for plain scalars, through graphql-core for all others."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import strawberry
from cachetools import LRUCache
from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    ListValueNode,
    NonNullTypeNode,
    ObjectFieldNode,
    ObjectValueNode,
    OperationDefinitionNode,
    VariableDefinitionNode,
    VariableNode,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import (
    VariableValues,
    VariableValueSource,
    get_argument_values,
    get_variable_values,
)
from graphql.pyutils import Undefined
from strawberry.types.arguments import convert_arguments
from strawberry.types.base import StrawberryOptional

from engine.plan.code import Code

_INT_MAX = 2_147_483_647
_NOTHING: dict[str, Any] = {}
MOST_RECENT = 32  # values of an operation's variables, and of a field's arguments, that are remembered
MOST_NAMES, LONGEST_RECENT = 8, 64
NO_VARIABLES = VariableValues({}, {})

Fits = Callable[[Any], bool]
ReadArguments = Callable[[VariableValues], dict[str, Any]]


def _text(value: Any) -> bool:
    return type(value) is str


def _whole(value: Any) -> bool:
    return type(value) is int and -_INT_MAX - 1 <= value <= _INT_MAX


def _truth(value: Any) -> bool:
    return value is True or value is False


# values that coercion does not change
_PLAIN: dict[str, Fits] = {"String": _text, "ID": _text, "Int": _whole, "Boolean": _truth}


def _short(values: dict[str, Any]) -> Any:
    """A key for values that are worth remembering: few, short and plain; None for others."""
    key = []
    for name, value in values.items():
        kind = type(value)
        if kind is str:
            if len(value) > LONGEST_RECENT:
                return None
        elif kind is not int and kind is not bool and value is not None:
            return None
        key.append((name, kind, value))
    return tuple(key) if len(key) <= MOST_NAMES else None


class Variables:
    """The variables of an operation."""

    def __init__(self, schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode]) -> None:
        self._schema = schema
        self._definitions = tuple(definitions)
        self._plain = self._all_plain()
        self._recent: LRUCache[Any, VariableValues] = LRUCache(MOST_RECENT)

    def coerced(self, values: dict[str, Any] | None) -> VariableValues | None:
        """Their values, or None if one of them is invalid."""
        if not self._definitions:
            return NO_VARIABLES
        values_at_once = self._at_once(values or _NOTHING) if self._plain is not None else None
        if values_at_once is not None:
            return values_at_once
        key = _short(values or _NOTHING)
        if key is not None and (recent := self._recent.get(key)) is not None:
            return recent
        # each of its errors shows the whole value, and here it only matters whether there is one
        coerced_values = get_variable_values(self._schema, self._definitions, values or {}, max_errors=0)
        if not isinstance(coerced_values, VariableValues):
            return None
        if key is not None:
            self._recent[key] = coerced_values
        return coerced_values

    def _all_plain(self) -> list[tuple[GraphQLVariableSignature, Fits, bool, bool]] | None:
        """For each variable: its signature, the accepted types, and whether it may be omitted or null."""
        found = []
        for node in self._definitions:
            signature = get_variable_signature(self._schema, node)
            if isinstance(signature, GraphQLError):
                return None
            graphql_type: Any = signature.type
            may_be_null = not isinstance(graphql_type, GraphQLNonNull)
            inner = graphql_type if may_be_null else graphql_type.of_type
            fits = _PLAIN.get(inner.name) if isinstance(inner, GraphQLScalarType) else None
            if fits is None:
                return None
            found.append((signature, fits, may_be_null and node.default_value is None, may_be_null))
        return found

    def _at_once(self, values: dict[str, Any]) -> VariableValues | None:
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for signature, fits, may_lack, may_be_null in self._plain or ():
            name = signature.name
            value = values.get(name, Undefined)
            if value is Undefined:
                if not may_lack:
                    return None
                sources[name] = VariableValueSource(signature)
                continue
            if not (may_be_null if value is None else fits(value)):
                return None
            sources[name] = VariableValueSource(signature, value)
            coerced[name] = value
        return VariableValues(sources, coerced)


class Arguments:
    """The arguments of a field, as its resolver takes them."""

    def __init__(
        self,
        schema: strawberry.Schema,
        operation: OperationDefinitionNode,
        definition: GraphQLField,
        strawberry_field: Any,
        node: Any,
    ) -> None:
        self._definition = definition
        self._arguments = strawberry_field.arguments
        self._node = node
        self._registry, self._config = schema.schema_converter.scalar_registry, schema.config
        self._required = {
            definition_node.variable.name.value
            for definition_node in operation.variable_definitions or ()
            if isinstance(definition_node.type, NonNullTypeNode)
        }

    def written(self, code: Code) -> list[str]:
        """The arguments of a call in generated code: constants by name, otherwise everything that a function
        computes."""
        read = self.reader()
        if not isinstance(read, dict):
            return [f"**{code.name(read, 'a')}(run.variables)"]
        return [f"{name}={code.name(value)}" for name, value in read.items()]

    def reader(self) -> ReadArguments | dict[str, Any]:
        """The arguments, or a function that computes them from the operation's variables."""
        if not self._arguments:
            return _NOTHING
        plain: dict[str, str] = {}
        others: list[Any] = []
        for argument in self._node.arguments or ():
            if self._is_plain(argument):
                plain[argument.name.value] = argument.value.name.value
            elif _variables_in(argument):
                return self._remembered()
            else:
                others.append(argument)
        constant = self._constant(plain, others)
        if not plain:
            return constant
        parts = [
            (parameter.python_name, plain[name], self._definition.args[name].default_value)
            for parameter in self._arguments
            if (name := self._config.name_converter.from_argument(parameter)) in plain
        ]

        def read(variables: VariableValues) -> dict[str, Any]:
            coerced = variables.coerced
            found = constant.copy()
            for name, variable, default in parts:
                value = coerced.get(variable, default)
                if value is not Undefined:
                    found[name] = value
            return found

        return read

    def _remembered(self) -> ReadArguments:
        """A function that converts all arguments, and remembers them for recent values of their variables."""
        names = sorted(set(_variables_in(self._node)))
        recent: LRUCache[Any, dict[str, Any]] = LRUCache(MOST_RECENT)

        def read(variables: VariableValues) -> dict[str, Any]:
            sources = variables.sources
            values = {name: source.value for name in names if (source := sources.get(name)) is not None}
            key = _short(values)
            if key is None:
                return self._convert(self._definition, self._node, variables)
            found = recent.get(key)
            if found is None:
                found = recent[key] = self._convert(self._definition, self._node, variables)
            return found

        return read

    def _is_plain(self, argument: Any) -> bool:
        """Whether it is a variable whose value the resolver receives unchanged."""
        defined: GraphQLArgument = self._definition.args[argument.name.value]
        graphql_type: Any = defined.type
        if not isinstance(argument.value, VariableNode) or defined.default_value not in (None, Undefined):
            return False
        if isinstance(graphql_type, GraphQLNonNull):
            if argument.value.name.value not in self._required:
                return False
            graphql_type = graphql_type.of_type
        return (
            isinstance(graphql_type, GraphQLScalarType)
            and graphql_type.name in _PLAIN
            and self._taken_as_it_is(argument)
        )

    def _taken_as_it_is(self, argument: Any) -> bool:
        """Whether the resolver's own type needs no conversion either."""
        for parameter in self._arguments:
            if self._config.name_converter.from_argument(parameter) == argument.name.value:
                graphql_type = parameter.type
                while isinstance(graphql_type, StrawberryOptional):
                    graphql_type = graphql_type.of_type
                return graphql_type in (str, int, bool, strawberry.ID)
        return False

    def _constant(self, plain: dict[str, str], others: list[Any]) -> dict[str, Any]:
        """The values that do not depend on variables, including defaults."""
        if not plain:
            return self._convert(self._definition, self._node, NO_VARIABLES)
        names = [name for name in self._definition.args if name not in plain]
        rest = GraphQLField(self._definition.type, args={name: self._definition.args[name] for name in names})
        node = type(self._node)(name=self._node.name, arguments=tuple(others))
        return self._convert(rest, node, NO_VARIABLES)

    def _convert(self, definition: GraphQLField, node: Any, variables: VariableValues) -> dict[str, Any]:
        coerced_values = get_argument_values(definition, node, variables)
        return convert_arguments(coerced_values, self._arguments, self._registry, self._config)


def _variables_in(node: Any) -> list[str]:
    """The variables in a field's arguments, an argument or a value."""
    if isinstance(node, VariableNode):
        return [node.name.value]
    if isinstance(node, FieldNode):
        parts: Iterable[Any] = node.arguments or ()
    elif isinstance(node, ObjectValueNode):
        parts = node.fields
    elif isinstance(node, ListValueNode):
        parts = node.values
    elif isinstance(node, ArgumentNode | ObjectFieldNode):
        parts = (node.value,)
    else:
        parts = ()
    return [name for part in parts for name in _variables_in(part)]

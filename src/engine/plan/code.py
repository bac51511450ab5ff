"""Generated code, from rows or plain objects directly to encoded values.

A selection becomes one expression over a row `r` (or an object `o`), compiled once: the code that someone
would write by hand for exactly these fields. A value that breaks the schema's promise raises `Fault`. The
operation then runs on the standard executor, which decides about errors, paths and null propagation.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from enum import Enum
from functools import lru_cache
from types import MethodType
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
)

from engine.plan.limitations import Limitation, NotCompiled

_INT_MAX = 2_147_483_647


class InvalidValue(Exception):
    """A value that the schema does not allow, found while a plan ran."""


def required(value: Any) -> Any:
    """Reject null where the schema does not allow it."""
    if value is None:
        raise InvalidValue
    return value


def present(expression: str) -> str:
    """An expression for a value that must not be null, with a function call only if it is null."""
    return f"(y if (y := {expression}) is not None else required(None))"


def whole_number(value: Any) -> int:
    """An `Int`: of 32 bits."""
    if type(value) is not int or not -_INT_MAX - 1 <= value <= _INT_MAX:
        raise InvalidValue
    return value


def text(value: Any) -> str:
    """A `String`, or an `ID` that is already text."""
    if type(value) is not str:
        if isinstance(value, str):
            return str(value)
        raise InvalidValue
    return value


def truth(value: Any) -> bool:
    """A `Boolean`, in either database's representation."""
    if value is True or value is False:
        return value
    if type(value) is int and value in (0, 1):
        return value == 1
    raise InvalidValue


class Code:
    """The names of the values that generated expressions use, and the classes of the objects that they
    create."""

    def __init__(self, *, keeps_source: bool = False) -> None:
        self.sources: list[str] = []
        self.attributes: defaultdict[str, set[str]] = defaultdict(set)
        """The attributes that expressions read of the object in each variable."""
        self._keeps_source = keeps_source
        self._names_by_value: dict[Any, str] = {}
        self._functions: dict[str, Callable[..., Any]] = {}
        self.names: dict[str, Any] = {
            "required": required,
            "number": whole_number,
            "text": text,
            "truth": truth,
        }

    def name(self, value: Any, prefix: str = "v") -> str:
        """The name for a value in generated code, so that equal selections become equal code."""
        # values that are equal can differ: 1 and True
        key = prefix, value if isinstance(value, MethodType) else id(value)
        name = self._names_by_value.get(key)
        if name is None:
            name = self._names_by_value[key] = f"{prefix}{len(self.names)}"
            self.names[name] = value
        return name

    def object(self, fields: list[tuple[str, str]]) -> str:
        """An expression that creates an object from response keys and expressions, in their order."""
        cls = _object_with(tuple(key for key, _ in fields))
        return f"{self.name(cls, 'S')}({', '.join(expression for _, expression in fields)})"

    def function(self, parameters: str, expression: str) -> Callable[..., Any]:
        """A function with an expression as its body. Compiling one takes longer than all before it."""
        source = self._noted(f"lambda {parameters}: {expression}")
        function = self._functions.get(source)
        if function is None:
            function = self._functions[source] = eval(source, self.names)  # noqa: S307 - names are ours
        return function

    def coroutine(self, parameters: str, expression: str) -> Callable[..., Awaitable[Any]]:
        """A coroutine function with an expression as its body, which may await."""
        scope: dict[str, Any] = {}
        source = self._noted(f"async def plan({parameters}):\n return {expression}")
        exec(source, self.names, scope)  # noqa: S102 - names are ours
        function: Callable[..., Awaitable[Any]] = scope["plan"]
        return function

    def meaning(self, name: str) -> str:
        """What a name in generated code refers to."""
        value = self.names[name]
        if isinstance(value, type) and issubclass(value, msgspec.Struct):
            return "an object of " + ", ".join(value.__struct_encode_fields__)
        if callable(value):
            return (
                f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', type(value).__name__)}"
            )
        return repr(value)

    def _noted(self, source: str) -> str:
        if self._keeps_source:
            self.sources.append(source)
        return source

    def attribute(self, variable: str, name: str) -> str:
        """The expression for an attribute of the object in a variable."""
        self.attributes[variable].add(name)
        return f"{variable}.{name}"

    def local(self, prefix: str) -> str:
        """A new variable name for use within an expression."""
        name = f"{prefix}{len(self.names)}"
        self.names[name] = None
        return name

    def leaf(
        self, graphql_type: Any, expression: str, *, never_null: bool = False, is_text: bool = False
    ) -> str:
        """The expression for a leaf of a type, without checks for what is already known of its value.

        `never_null` says that the value is not null, and `is_text` that it is text unless it is null.
        """
        if isinstance(graphql_type, GraphQLNonNull):
            return self._leaf(
                graphql_type.of_type, expression, never_null=never_null, is_text=is_text, may_be_null=False
            )
        return self._leaf(graphql_type, expression, never_null=never_null, is_text=is_text, may_be_null=True)

    def _leaf(
        self, graphql_type: Any, expression: str, *, never_null: bool, is_text: bool, may_be_null: bool
    ) -> str:
        convert = self._serializer(graphql_type, is_text=is_text, is_present=may_be_null or never_null)
        if convert is None:
            return expression if never_null or may_be_null else present(expression)
        if not may_be_null:
            return convert(expression)
        return f"(None if (x := {expression}) is None else {convert('x')})"

    def _serializer(
        self, graphql_type: Any, *, is_text: bool, is_present: bool
    ) -> Callable[[str], str] | None:
        """Wraps an expression in the serializer of a type; None if the type needs no serializer.

        `is_present` says that the value is not null, or was compared with null before.
        """
        if isinstance(graphql_type, GraphQLList):
            inner = self.leaf(graphql_type.of_type, "i")
            return lambda expression: f"[{inner} for i in {expression}]"
        if isinstance(graphql_type, GraphQLEnumType):
            table = self.name(_enum_names(graphql_type), "E")
            return lambda expression: f"{table}[{expression}]"
        if not isinstance(graphql_type, GraphQLScalarType):
            raise TypeError(f"No leaf: {graphql_type}")
        if graphql_type.name in ("String", "ID"):
            return (
                None
                if is_text
                else (lambda expression: f"(t if type(t := {expression}) is str else text(t))")
            )
        if graphql_type.name == "Int":
            return lambda expression: (
                f"(n if type(n := {expression}) is int and {-_INT_MAX - 1} <= n <= {_INT_MAX} else number(n))"
            )
        if graphql_type.name == "Boolean":
            return lambda expression: f"truth({expression})"
        if graphql_type.name == "Float":
            raise NotCompiled(Limitation.SCALAR)
        serialize = self.name(graphql_type.coerce_output_value, "w")
        return lambda expression: f"{serialize}({expression if is_present else present(expression)})"


@lru_cache(maxsize=2_048)
def _object_with(keys: tuple[str, ...]) -> type[msgspec.Struct]:
    """A class of objects with some response keys. Creating one takes as long as compiling a function."""
    parameters = [(f"f{index}", Any) for index in range(len(keys))]
    rename = {f"f{index}": key for index, key in enumerate(keys)}
    return msgspec.defstruct("Selected", parameters, rename=rename, gc=False)


_names_of: WeakKeyDictionary[GraphQLEnumType, dict[Any, str]] = WeakKeyDictionary()


def _enum_names(graphql_type: GraphQLEnumType) -> dict[Any, str]:
    """A map from the value of a column or an attribute to the enum value's name, without values that are
    closed. Each scoped schema has types of its own, and a type has one map."""
    names = _names_of.get(graphql_type)
    if names is not None:
        return names
    names = _names_of[graphql_type] = {}
    for name, value in graphql_type.values.items():
        stored = value.value
        names[stored] = name
        wrapped = getattr(graphql_type, "wrapped_cls", None)
        if isinstance(wrapped, type) and issubclass(wrapped, Enum):
            names[wrapped(stored)] = name
    return names


def is_leaf(graphql_type: Any) -> bool:
    """Whether a type without its wrappers has no fields."""
    while isinstance(graphql_type, GraphQLNonNull | GraphQLList):
        graphql_type = graphql_type.of_type
    return isinstance(graphql_type, GraphQLScalarType | GraphQLEnumType)


def named_object(graphql_type: Any) -> GraphQLObjectType:
    """The object type inside a type; raises `NotCompiled` for any other."""
    while isinstance(graphql_type, GraphQLNonNull | GraphQLList):
        graphql_type = graphql_type.of_type
    if not isinstance(graphql_type, GraphQLObjectType):
        raise NotCompiled(Limitation.ABSTRACT_ROW)
    return graphql_type

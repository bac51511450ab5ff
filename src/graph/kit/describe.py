"""Descriptions of the schema, taken from docstrings: the words beside a field are printed to the world."""

import ast
import inspect
import sys
from functools import cache
from typing import Any

from docstring_parser import Docstring, parse
from docstring_parser.attrdoc import AttributeDocstrings
from graphql import GraphQLEnumType, GraphQLNamedType, GraphQLSchema, is_introspection_type

from engine.scope.schema import members

_DEFINITION = "strawberry-definition"


def describe(schema: GraphQLSchema) -> None:
    """Give every type, field, argument and value of a schema the words that stand at its declaration."""
    for kind in schema.type_map.values():
        if not is_introspection_type(kind) and _DEFINITION in kind.extensions:
            _describe(kind)
    _classes.cache_clear()


def _describe(kind: GraphQLNamedType) -> None:
    definition = kind.extensions[_DEFINITION]
    generic = getattr(definition, "concrete_of", None)
    origin = getattr(generic or definition, "origin", None) or getattr(definition, "wrapped_cls", None)
    if not isinstance(origin, type):
        return
    words = _words(origin)
    if not kind.description and origin.__doc__:
        kind.description = definition.description = _flat(parse(origin.__doc__))
    for name, member in members(kind).items():
        if isinstance(kind, GraphQLEnumType):
            member.description = member.description or words.get(name)
        else:
            _describe_field(member, words)


def _words(origin: type) -> dict[str, str]:
    """The docstrings of a class's attributes, those of its parents too."""
    found: dict[str, str] = {}
    for cls in reversed(origin.__mro__):
        node = _classes(cls.__module__).get(cls.__qualname__)
        if node is not None:
            reader: Any = AttributeDocstrings()
            reader.attr_docs = {}
            reader.visit(node)
            found |= {name: " ".join(told[0].split()) for name, told in reader.attr_docs.items()}
    return found


@cache
def _classes(module: str) -> dict[str, ast.ClassDef]:
    """The classes of a module as its source has them: read once, which for each class would take seconds."""
    if module.partition(".")[0] in sys.stdlib_module_names:
        return {}
    try:
        source = inspect.getsource(sys.modules[module])
    except (OSError, TypeError):
        return {}
    return {node.name: node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}


def _describe_field(member: Any, words: dict[str, str]) -> None:
    field = member.extensions[_DEFINITION]
    resolver = getattr(field, "base_resolver", None)
    own = resolver.wrapped_func.__doc__ if resolver is not None else None
    text = words.get(field.python_name)
    if text is None and own:
        told = parse(own)
        text = _flat(told)
        for argument in getattr(member, "args", {}).values():
            name = argument.extensions[_DEFINITION].python_name
            argument.description = next(
                (" ".join((one.description or "").split()) for one in told.params if one.arg_name == name),
                None,
            )
    if text and not member.description:
        member.description = field.description = text


def _flat(told: Docstring) -> str:
    return " ".join((told.description or "").split())

"""Descriptions of the schema: the docstrings of its declarations, and what each declaration needs."""

import ast
import inspect
import sys
from functools import cache
from typing import Any

from docstring_parser import Docstring, parse
from docstring_parser.attrdoc import AttributeDocstrings
from graphql import GraphQLEnumType, GraphQLNamedType, GraphQLSchema, is_introspection_type

from authz.gates import (
    AdminOnly,
    CollaboratorOnly,
    InCentral,
    InSession,
    LeadOnly,
    Needs,
    NoToken,
    OwnerOnly,
    SignedIn,
)
from engine.scope.gates import members
from graph.kit.errors import Errors

_DEFINITION = "strawberry-definition"
GATE_SENTENCES: dict[type, str] = {
    Needs: "Needs the grant {grant}.",
    OwnerOnly: "Only for the account's owner.",
    AdminOnly: "Only for the account's owner and admins.",
    LeadOnly: "Only for the account's owner, admins and, while teams are on, team leads.",
    SignedIn: "Only for signed-in users and personal access tokens.",
    InCentral: "Only if the request selects a central.",
    InSession: "Only for signed-in users, not for personal access tokens.",
    CollaboratorOnly: "Only for signed-in collaborators, not for the owner or personal access tokens.",
    NoToken: "Not for personal access tokens.",
}
"""What a description says about each gate, at its end."""


def describe(schema: GraphQLSchema) -> None:
    """Describe every type, field, argument and value of a schema with the docstring of its declaration."""
    for kind in schema.type_map.values():
        if not is_introspection_type(kind) and _DEFINITION in kind.extensions:
            _describe(kind)
            _describe_gates(kind)
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


def _describe_gates(kind: GraphQLNamedType) -> None:
    _describe_gate(kind)
    for member in members(kind).values():
        _describe_gate(member)
        for argument in getattr(member, "args", {}).values():
            _describe_gate(argument)


def _describe_gate(element: Any) -> None:
    """Append what a type, field, argument or value needs. A declaration in several types gets this once."""
    definition = element.extensions.get(_DEFINITION)
    for directive in getattr(definition, "directives", None) or ():
        sentence = GATE_SENTENCES.get(type(directive))
        if sentence is None or not element.description:
            continue
        sentence = sentence.format(grant=getattr(directive, "grant", ""))
        if not element.description.endswith(sentence):
            element.description = f"{element.description} {sentence}"
            if getattr(definition, "description", None):
                definition.description = element.description


def _words(origin: type) -> dict[str, str]:
    """The docstrings of a class's attributes, including its parents'."""
    found: dict[str, str] = {}
    for cls in reversed(origin.__mro__):
        node = _classes(cls.__module__).get(cls.__qualname__)
        if node is not None:
            reader: Any = AttributeDocstrings()
            reader.attr_docs = {}
            reader.visit(node)
            found |= {name: " ".join(texts[0].split()) for name, texts in reader.attr_docs.items()}
    return found


def attribute_docstrings(cls: type) -> dict[str, str]:
    """The docstrings of a class's attributes, for types that are generated from it."""
    return _words(cls)


def docstring(cls: type) -> str:
    """The docstring of a class as a description."""
    return _flat(parse(cls.__doc__ or ""))


@cache
def _classes(module: str) -> dict[str, ast.ClassDef]:
    """The classes in a module's source, read once, because reading it for each class would take seconds."""
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
    if own:
        docstring = parse(own)
        text = text or _flat(docstring)
        for argument in getattr(member, "args", {}).values():
            name = argument.extensions[_DEFINITION].python_name
            argument.description = argument.description or next(
                (
                    " ".join((param.description or "").split())
                    for param in docstring.params
                    if param.arg_name == name
                ),
                None,
            )
    codes = next(
        (directive.codes for directive in getattr(field, "directives", ()) if isinstance(directive, Errors)),
        (),
    )
    if text and codes:
        text = f"{text} Errors: {', '.join(codes)}."
    if text and not member.description:
        member.description = field.description = text


def _flat(docstring: Docstring) -> str:
    return " ".join((docstring.description or "").split())

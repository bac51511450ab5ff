"""The schema of a viewer: the full one without everything whose gate is closed.

What is left out does not exist: it cannot be validated, suggested, introspected or executed, because
the schema that does these things never had it. Schemas are cached by set of open gates, never by user.
"""

import copy
from collections.abc import Iterable, Mapping
from typing import Any, cast

import strawberry
from cachetools import LRUCache
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_introspection_type,
    is_required_argument,
    is_required_input_field,
    is_specified_scalar_type,
)

from authz.gates import gate_among
from engine.rows.source import Covered

_DEFINITION = "strawberry-definition"


def gate_of(element: Any) -> int:
    """The bit that opens a type, field, argument, input field or enum value. 0 if it is open to everyone."""
    definition = element.extensions.get(_DEFINITION)
    return gate_among(getattr(definition, "directives", None) or ())


class Gates:
    """Every gate of a full schema, read once."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.types: dict[str, int] = {}
        self.members: dict[tuple[str, str], int] = {}
        self.arguments: dict[tuple[str, str, str], int] = {}
        for name, graphql_type in schema.type_map.items():
            if is_introspection_type(graphql_type):
                continue
            self.types[name] = gate_of(graphql_type)
            for member_name, member in members(graphql_type).items():
                self.members[name, member_name] = gate_of(member)
                if isinstance(member, GraphQLInputField) and is_required_input_field(member):
                    self._stay_open(gate_of(member), f"{name}.{member_name}")
                for argument_name, argument in getattr(member, "args", {}).items():
                    coordinate = f"{name}.{member_name}({argument_name}:)"
                    self.arguments[name, member_name, argument_name] = gate_of(argument)
                    if is_required_argument(argument):
                        self._stay_open(gate_of(argument), coordinate)
        self.relevant = 0
        covers = (_cover_bit(schema, owner, name) for owner, name in self.members)
        for bit in (*self.types.values(), *self.members.values(), *self.arguments.values(), *covers):
            self.relevant |= bit

    @staticmethod
    def _stay_open(bit: int, coordinate: str) -> None:
        if bit:
            raise TypeError(f"{coordinate} is required, so a gate on it would make its owner unusable.")


def _cover_bit(schema: GraphQLSchema, owner: str, name: str) -> int:
    """The bit for whose viewers the value of a field is covered; 0 for none."""
    source = source_at(schema, f"{owner}.{name}")
    return source.bit if isinstance(source, Covered) else 0


def members(graphql_type: GraphQLNamedType) -> Mapping[str, Any]:
    """The fields, input fields or values of a type."""
    if isinstance(graphql_type, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        return cast("Mapping[str, Any]", graphql_type.fields)
    if isinstance(graphql_type, GraphQLEnumType):
        return cast("Mapping[str, Any]", graphql_type.values)
    return {}


class Scopes:
    """The scoped schemas of one full schema, built on first use. The most recently used are cached."""

    def __init__(self, schema: strawberry.Schema, *, capacity: int = 200) -> None:
        self.schema = schema
        self.full: GraphQLSchema = schema._schema
        self.gates = Gates(self.full)
        self._cache: LRUCache[int, strawberry.Schema] = LRUCache(capacity)

    def key(self, mask: int) -> int:
        """The part of a mask that changes the schema, or what the values of its fields show."""
        return mask & self.gates.relevant

    def reachable(self, coordinate: str, mask: int) -> bool:
        """Whether the schema for a mask has `Sale`, `Sale.net`, or `Query.node(id:)`."""
        scope = _Scope(self.full, self.gates, self.key(mask))
        member_name, _, argument = coordinate.removesuffix(":)").partition("(")
        owner, _, name = member_name.partition(".")
        scope.reached = scope._reached()
        if owner not in scope.reached or not name:
            return owner in scope.reached
        member = members(self.full.type_map[owner]).get(name)
        if member is None or not scope._visible(owner, name, member):
            return False
        return not argument or any(key == argument for key, _ in scope._arguments(owner, name, member))

    def scoped(self, mask: int) -> strawberry.Schema:
        """The schema for a set of open gates."""
        key = self.key(mask)
        scoped = self._cache.get(key)
        if scoped is None:
            scoped = copy.copy(self.schema)
            scoped._schema = _Scope(self.full, self.gates, key).schema()
            scoped._schema._strawberry_schema = scoped  # type: ignore[attr-defined]
            self._cache[key] = scoped
        return scoped


class _Scope:
    """Builds one scoped schema."""

    def __init__(self, full: GraphQLSchema, gates: Gates, mask: int) -> None:
        self.full = full
        self.gates = gates
        self.mask = mask
        self.roots = {root.name for root in _roots(full)}
        self.hidden = {name for name, bit in gates.types.items() if not self._open(bit)}
        self._hide_the_empty()
        self.built: dict[str, GraphQLNamedType] = {}

    def _open(self, bit: int) -> bool:
        return not bit or bool(bit & self.mask)

    def _hide_the_empty(self) -> None:
        """Hide a type that lost its last member, and everything that returns or takes it."""
        changed = True
        while changed:
            changed = False
            for name, graphql_type in self.full.type_map.items():
                if name in self.hidden or is_introspection_type(graphql_type):
                    continue
                had = members(graphql_type)
                if isinstance(graphql_type, GraphQLUnionType):
                    empty = all(member.name in self.hidden for member in graphql_type.types)
                else:
                    empty = bool(had) and not any(self._visible(name, key, had[key]) for key in had)
                if empty:
                    self.hidden.add(name)
                    changed = True

    def _visible(self, owner: str, name: str, member: Any) -> bool:
        if not self._open(self.gates.members[owner, name]):
            return False
        if isinstance(member, GraphQLField | GraphQLInputField):
            if get_named_type(member.type).name in self.hidden:
                return False
            required = (arg for arg in getattr(member, "args", {}).values() if is_required_argument(arg))
            return all(get_named_type(argument.type).name not in self.hidden for argument in required)
        return True

    def schema(self) -> GraphQLSchema:
        reached = self._reached()
        self.reached = reached
        graphql_types = [self._named(self.full.type_map[name]) for name in sorted(reached)]
        root = {
            graphql_type.name: graphql_type
            for graphql_type in graphql_types
            if graphql_type.name in self.roots
        }
        kwargs = self.full.to_kwargs()

        def rooted(graphql_type: GraphQLObjectType | None) -> GraphQLObjectType | None:
            return cast("GraphQLObjectType | None", root.get(graphql_type.name) if graphql_type else None)

        return GraphQLSchema(
            query=rooted(kwargs["query"]),
            mutation=rooted(kwargs["mutation"]),
            subscription=rooted(kwargs["subscription"]),
            types=graphql_types,
            directives=[self._directive(directive) for directive in kwargs["directives"]],
            description=kwargs["description"],
            extensions=kwargs["extensions"],
            assume_valid=True,
        )

    def _reached(self) -> set[str]:
        """The types that a document can reach by fields, arguments and unions. An interface leads to none."""
        reached: set[str] = set()
        waiting = [root.name for root in _roots(self.full) if root.name not in self.hidden]
        for directive in self.full.directives:
            waiting += [get_named_type(argument.type).name for argument in directive.args.values()]
        while waiting:
            name = waiting.pop()
            graphql_type = self.full.type_map[name]
            if name in reached or name in self.hidden or is_introspection_type(graphql_type):
                continue
            reached.add(name)
            waiting += self._leads_to(name, graphql_type)
        return reached

    def _leads_to(self, name: str, graphql_type: GraphQLNamedType) -> Iterable[str]:
        if isinstance(graphql_type, GraphQLUnionType):
            yield from (member.name for member in graphql_type.types)
        if isinstance(graphql_type, GraphQLObjectType | GraphQLInterfaceType):
            yield from (interface.name for interface in graphql_type.interfaces)
        for key, member in members(graphql_type).items():
            if isinstance(member, GraphQLField | GraphQLInputField) and self._visible(name, key, member):
                yield get_named_type(member.type).name
                for argument_name, argument in self._arguments(name, key, member):
                    del argument_name
                    yield get_named_type(argument.type).name

    def _arguments(self, owner: str, name: str, member: Any) -> Iterable[tuple[str, GraphQLArgument]]:
        for argument_name, argument in getattr(member, "args", {}).items():
            if (
                self._open(self.gates.arguments[owner, name, argument_name])
                and get_named_type(argument.type).name not in self.hidden
            ):
                yield argument_name, argument

    def _named(self, graphql_type: GraphQLNamedType) -> GraphQLNamedType:
        if is_specified_scalar_type(graphql_type) or is_introspection_type(graphql_type):
            return graphql_type
        if graphql_type.name not in self.built:
            self.built[graphql_type.name] = self._build(graphql_type)
        return self.built[graphql_type.name]

    def _build(self, graphql_type: GraphQLNamedType) -> GraphQLNamedType:
        name = graphql_type.name
        if isinstance(graphql_type, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            kwargs: dict[str, Any] = dict(graphql_type.to_kwargs())
            kwargs["fields"] = lambda: {
                key: self._member(name, key, member)
                for key, member in members(graphql_type).items()
                if self._visible(name, key, member)
            }
            if "interfaces" in kwargs:
                interfaces = kwargs["interfaces"]
                kwargs["interfaces"] = lambda: [
                    self._named(interface) for interface in interfaces if self._has(interface)
                ]
            return type(graphql_type)(**kwargs)
        if isinstance(graphql_type, GraphQLUnionType):
            kwargs = dict(graphql_type.to_kwargs())
            kwargs["types"] = lambda: [
                self._named(member) for member in graphql_type.types if self._has(member)
            ]
            resolve_type = graphql_type.resolve_type
            if resolve_type is not None:  # Strawberry's looks for the full schema's types in the union
                kwargs["resolve_type"] = lambda value, info, _type: resolve_type(value, info, graphql_type)
            return GraphQLUnionType(**kwargs)
        if isinstance(graphql_type, GraphQLEnumType):
            return self._enum(graphql_type)
        return graphql_type

    def _has(self, graphql_type: GraphQLNamedType) -> bool:
        return graphql_type.name in self.reached

    def _enum(self, graphql_type: GraphQLEnumType) -> GraphQLEnumType:
        values = {
            key: value
            for key, value in graphql_type.values.items()
            if self._visible(graphql_type.name, key, value)
        }
        if len(values) == len(graphql_type.values):
            return graphql_type
        kwargs: dict[str, Any] = dict(graphql_type.to_kwargs()) | {"values": values}
        if _DEFINITION in graphql_type.extensions:
            kwargs["enum"] = graphql_type.extensions[_DEFINITION]
        return type(graphql_type)(**kwargs)

    def _member(self, owner: str, name: str, member: Any) -> Any:
        kwargs = dict(member.to_kwargs())
        kwargs["type_"] = self._typed(member.type)
        if isinstance(member, GraphQLField):
            kwargs["args"] = {
                key: self._argument(argument) for key, argument in self._arguments(owner, name, member)
            }
        return type(member)(**kwargs)

    def _argument(self, argument: GraphQLArgument) -> GraphQLArgument:
        kwargs: dict[str, Any] = dict(argument.to_kwargs())
        kwargs["type_"] = self._typed(argument.type)
        return GraphQLArgument(**kwargs)

    def _directive(self, directive: Any) -> Any:
        kwargs = directive.to_kwargs()
        kwargs["args"] = {key: self._argument(argument) for key, argument in directive.args.items()}
        return type(directive)(**kwargs)

    def _typed(self, graphql_type: Any) -> Any:
        if isinstance(graphql_type, GraphQLNonNull):
            return GraphQLNonNull(self._typed(graphql_type.of_type))
        if isinstance(graphql_type, GraphQLList):
            return GraphQLList(self._typed(graphql_type.of_type))
        return self._named(graphql_type)


def _roots(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    return [root for root in roots if root is not None]


def exists(schema: GraphQLSchema, coordinate: str) -> bool:
    """Whether a schema has `Sale.assignee`, `SaleFilter.text`, or `AccountExport.sales(filter:)`."""
    return _element(schema, coordinate) is not None


def type_of(schema: GraphQLSchema, coordinate: str) -> GraphQLNamedType:
    """The named type of the field, input field or argument at a coordinate that exists."""
    element = _element(schema, coordinate)
    assert element is not None
    graphql_type: GraphQLNamedType = get_named_type(element.type)
    return graphql_type


def _element(schema: GraphQLSchema, coordinate: str) -> Any:
    owner, _, name = coordinate.removesuffix(":)").partition(".")
    name, _, argument = name.partition("(")
    graphql_type = schema.type_map.get(owner)
    member = None if graphql_type is None else members(graphql_type).get(name)
    return member if member is None or not argument else member.args.get(argument)


def source_at(schema: GraphQLSchema, coordinate: str) -> Any:
    """The source that the field at a coordinate declares; None for any other, and for an argument."""
    declared = _element(schema, coordinate).extensions.get(_DEFINITION)
    return getattr(declared, "metadata", {}).get("source")


def undecided(schema: GraphQLSchema, doors: int) -> set[str]:
    """The fields without a gate of their own or of their type. The bits in `doors` do not count."""
    gates = Gates(schema)
    found: set[str] = set()
    for (owner, name), bit in gates.members.items():
        graphql_type = schema.type_map[owner]
        if not isinstance(graphql_type, GraphQLObjectType | GraphQLInterfaceType):
            continue
        if not (bit & ~doors) and not (gates.types[owner] & ~doors):
            found.add(f"{owner}.{name}")
    return found

"""The schema of a viewer: the full one, less everything whose gate is shut.

What is left out does not exist: it is neither validated, suggested, introspected nor executed, because
the schema that does these things never had it. Schemas are kept by the set of open gates, never by user.
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

_DEFINITION = "strawberry-definition"


def gate_of(element: Any) -> int:
    """The bit that opens a type, field, argument, input field or enum value; 0 where it is open."""
    definition = element.extensions.get(_DEFINITION)
    return gate_among(getattr(definition, "directives", None) or ())


class Gates:
    """Every gate of a full schema, read once."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.types: dict[str, int] = {}
        self.members: dict[tuple[str, str], int] = {}
        self.arguments: dict[tuple[str, str, str], int] = {}
        for name, kind in schema.type_map.items():
            if is_introspection_type(kind):
                continue
            self.types[name] = gate_of(kind)
            for member_name, member in members(kind).items():
                self.members[name, member_name] = gate_of(member)
                if isinstance(member, GraphQLInputField) and is_required_input_field(member):
                    self._stay_open(gate_of(member), f"{name}.{member_name}")
                for argument_name, argument in getattr(member, "args", {}).items():
                    place = f"{name}.{member_name}({argument_name}:)"
                    self.arguments[name, member_name, argument_name] = gate_of(argument)
                    if is_required_argument(argument):
                        self._stay_open(gate_of(argument), place)
        self.relevant = 0
        for bit in (*self.types.values(), *self.members.values(), *self.arguments.values()):
            self.relevant |= bit

    @staticmethod
    def _stay_open(bit: int, place: str) -> None:
        if bit:
            raise TypeError(f"{place} is required, so a gate on it would make its owner unusable.")


def members(kind: GraphQLNamedType) -> Mapping[str, Any]:
    """The fields, input fields or values of a type."""
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        return cast("Mapping[str, Any]", kind.fields)
    if isinstance(kind, GraphQLEnumType):
        return cast("Mapping[str, Any]", kind.values)
    return {}


class Scopes:
    """Scoped schemas of one full schema, made when first asked for and kept for those asked for last."""

    def __init__(self, schema: strawberry.Schema, *, capacity: int = 200) -> None:
        self.schema = schema
        self.full: GraphQLSchema = schema._schema
        self.gates = Gates(self.full)
        self._kept: LRUCache[int, strawberry.Schema] = LRUCache(capacity)

    def key(self, mask: int) -> int:
        """The part of a mask that changes the schema."""
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
        found = self._kept.get(key)
        if found is None:
            found = copy.copy(self.schema)
            found._schema = _Scope(self.full, self.gates, key).schema()
            found._schema._strawberry_schema = found  # type: ignore[attr-defined]
            self._kept[key] = found
        return found


class _Scope:
    """One scoped schema in the making."""

    def __init__(self, full: GraphQLSchema, gates: Gates, mask: int) -> None:
        self.full = full
        self.gates = gates
        self.mask = mask
        self.roots = {root.name for root in _roots(full)}
        self.hidden = {name for name, bit in gates.types.items() if not self._open(bit)}
        self._hide_the_empty()
        self.made: dict[str, GraphQLNamedType] = {}

    def _open(self, bit: int) -> bool:
        return not bit or bool(bit & self.mask)

    def _hide_the_empty(self) -> None:
        """A type that lost its last member is gone, and with it what returns or takes it."""
        changed = True
        while changed:
            changed = False
            for name, kind in self.full.type_map.items():
                if name in self.hidden or is_introspection_type(kind):
                    continue
                had = members(kind)
                if isinstance(kind, GraphQLUnionType):
                    empty = all(member.name in self.hidden for member in kind.types)
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
        kinds = [self._named(self.full.type_map[name]) for name in sorted(reached)]
        root = {kind.name: kind for kind in kinds if kind.name in self.roots}
        kwargs = self.full.to_kwargs()

        def rooted(kind: GraphQLObjectType | None) -> GraphQLObjectType | None:
            return cast("GraphQLObjectType | None", root.get(kind.name) if kind else None)

        return GraphQLSchema(
            query=rooted(kwargs["query"]),
            mutation=rooted(kwargs["mutation"]),
            subscription=rooted(kwargs["subscription"]),
            types=kinds,
            directives=[self._directive(directive) for directive in kwargs["directives"]],
            description=kwargs["description"],
            extensions=kwargs["extensions"],
            assume_valid=True,
        )

    def _reached(self) -> set[str]:
        """The types that a document can come to: by fields, arguments and unions; no interface leads on."""
        reached: set[str] = set()
        waiting = [root.name for root in _roots(self.full) if root.name not in self.hidden]
        for directive in self.full.directives:
            waiting += [get_named_type(argument.type).name for argument in directive.args.values()]
        while waiting:
            name = waiting.pop()
            kind = self.full.type_map[name]
            if name in reached or name in self.hidden or is_introspection_type(kind):
                continue
            reached.add(name)
            waiting += self._leads_to(name, kind)
        return reached

    def _leads_to(self, name: str, kind: GraphQLNamedType) -> Iterable[str]:
        if isinstance(kind, GraphQLUnionType):
            yield from (member.name for member in kind.types)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            yield from (interface.name for interface in kind.interfaces)
        for key, member in members(kind).items():
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

    def _named(self, kind: GraphQLNamedType) -> GraphQLNamedType:
        if is_specified_scalar_type(kind) or is_introspection_type(kind):
            return kind
        if kind.name not in self.made:
            self.made[kind.name] = self._make(kind)
        return self.made[kind.name]

    def _make(self, kind: GraphQLNamedType) -> GraphQLNamedType:
        name = kind.name
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            kwargs: dict[str, Any] = dict(kind.to_kwargs())
            kwargs["fields"] = lambda: {
                key: self._member(name, key, member)
                for key, member in members(kind).items()
                if self._visible(name, key, member)
            }
            if "interfaces" in kwargs:
                interfaces = kwargs["interfaces"]
                kwargs["interfaces"] = lambda: [self._named(one) for one in interfaces if self._has(one)]
            return type(kind)(**kwargs)
        if isinstance(kind, GraphQLUnionType):
            kwargs = dict(kind.to_kwargs())
            kwargs["types"] = lambda: [self._named(one) for one in kind.types if self._has(one)]
            return GraphQLUnionType(**kwargs)
        if isinstance(kind, GraphQLEnumType):
            return self._enum(kind)
        return kind

    def _has(self, kind: GraphQLNamedType) -> bool:
        return kind.name in self.reached

    def _enum(self, kind: GraphQLEnumType) -> GraphQLEnumType:
        values = {key: value for key, value in kind.values.items() if self._visible(kind.name, key, value)}
        if len(values) == len(kind.values):
            return kind
        kwargs: dict[str, Any] = dict(kind.to_kwargs()) | {"values": values}
        if _DEFINITION in kind.extensions:
            kwargs["enum"] = kind.extensions[_DEFINITION]
        return type(kind)(**kwargs)

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

    def _typed(self, kind: Any) -> Any:
        if isinstance(kind, GraphQLNonNull):
            return GraphQLNonNull(self._typed(kind.of_type))
        if isinstance(kind, GraphQLList):
            return GraphQLList(self._typed(kind.of_type))
        return self._named(kind)


def _roots(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    return [root for root in roots if root is not None]


def exists(schema: GraphQLSchema, coordinate: str) -> bool:
    """Whether a schema has the field of a coordinate, as `Sale.assignee`."""
    owner, _, name = coordinate.partition(".")
    kind = schema.type_map.get(owner)
    return kind is not None and name in members(kind)


def type_of(schema: GraphQLSchema, coordinate: str) -> GraphQLNamedType:
    """The type of the field, or input field, of a coordinate that exists; what it is a list of."""
    owner, _, name = coordinate.partition(".")
    kind: GraphQLNamedType = get_named_type(members(schema.type_map[owner])[name].type)
    return kind


def undecided(schema: GraphQLSchema, doors: int) -> set[str]:
    """The fields whose gate nobody decided: neither gated themselves nor by their type, doors left aside."""
    gates = Gates(schema)
    found: set[str] = set()
    for (owner, name), bit in gates.members.items():
        kind = schema.type_map[owner]
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            continue
        if not (bit & ~doors) and not (gates.types[owner] & ~doors):
            found.add(f"{owner}.{name}")
    return found

"""The schema of a viewer: the full one without everything whose gate is closed.

What is left out does not exist: it cannot be validated, suggested, introspected or executed, because
the schema that does these things never had it. Schemas are cached by set of open gates, never by user.
"""

import copy
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeVar, cast

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
    is_leaf_type,
    is_specified_scalar_type,
)

from engine.scope.gates import DEFINITION, Gates, element_at, gates_of, members

MOST_SCHEMAS = 200
"""The most schemas that are cached. Each takes up to a megabyte, with the plans' own parts of it."""
E = TypeVar("E", GraphQLField, GraphQLInputField, GraphQLArgument)
_MOST_EXAMINED = 128
"""The most sets of gates of which it is stored what they reach, each in some 60 KB."""


class _Cache(LRUCache[int, strawberry.Schema]):
    """Schemas by their gates. Whoever has something for a schema that is forgotten can forget that, too."""

    forgotten: Callable[[int], None] | None = None

    def popitem(self) -> tuple[int, strawberry.Schema]:
        """Forget the schema that was not used for the longest time."""
        key, schema = super().popitem()
        if self.forgotten is not None:
            self.forgotten(key)
        return key, schema


class Scopes:
    """The scoped schemas of one full schema, built on first use. The most recently used are cached."""

    def __init__(self, schema: strawberry.Schema, *, capacity: int = MOST_SCHEMAS) -> None:
        self.schema = schema
        self.full: GraphQLSchema = schema._schema
        self.gates = gates_of(self.full)
        self._cache = _Cache(capacity)
        # an explanation of access asks for the same gates for each coordinate
        self._examined = lru_cache(maxsize=_MOST_EXAMINED)(self._examine)

    def _examine(self, key: int) -> "_Scope":
        scope = _Scope(self.full, self.gates, key)
        scope.reached = scope._reached()
        return scope

    def when_forgotten(self, forgotten: Callable[[int], None]) -> None:
        """Set what is called with the gates of a schema that is no longer cached."""
        self._cache.forgotten = forgotten

    @property
    def is_crowded(self) -> bool:
        """Whether so many schemas are cached that documents should share theirs."""
        return len(self._cache) >= self._cache.maxsize // 2

    def is_cached(self, key: int) -> bool:
        """Whether the schema of some gates is cached."""
        return key in self._cache

    def note_use(self, key: int) -> None:
        """Note that the schema of some gates is in use, so that it is not forgotten before others."""
        if self.is_crowded:
            self._cache.get(key)

    def key(self, mask: int) -> int:
        """The part of a mask that changes the schema, or what the values of its fields show."""
        return mask & self.gates.relevant

    def reachable(self, coordinate: str, mask: int) -> bool:
        """Whether the schema for a mask has `Sale`, `Sale.net`, or `Query.node(id:)`."""
        scope = self._examined(self.key(mask))
        member_name, _, argument = coordinate.removesuffix(":)").partition("(")
        owner, _, name = member_name.partition(".")
        if owner not in scope.reached or not name:
            return owner in scope.reached
        member = members(self.full.type_map[owner]).get(name)
        if member is None or not scope._visible(owner, name):
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
        self._whole: dict[str, bool] = {}

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
                    empty = bool(had) and not any(self._visible(name, key) for key in had)
                if empty:
                    self.hidden.add(name)
                    changed = True

    def _visible(self, owner: str, name: str) -> bool:
        bit = self.gates.members[owner, name]
        return (not bit or bool(bit & self.mask)) and self.hidden.isdisjoint(self.gates.needs[owner, name])

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
            if isinstance(member, GraphQLField | GraphQLInputField) and self._visible(name, key):
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
            whole = self._is_whole(graphql_type)
            self.built[graphql_type.name] = graphql_type if whole else self._build(graphql_type)
        return self.built[graphql_type.name]

    def _is_whole(self, graphql_type: GraphQLNamedType) -> bool:
        """Whether an input or an enum loses nothing, nor what it leads to: the full schema's own will do."""
        if not isinstance(graphql_type, GraphQLInputObjectType | GraphQLEnumType):
            return is_leaf_type(graphql_type)
        name = graphql_type.name
        if name not in self._whole:
            self._whole[name] = False  # for what leads back to it: what lies in a circle is built
            found = members(graphql_type)
            self._whole[name] = all(self._visible(name, key) for key in found) and (
                isinstance(graphql_type, GraphQLEnumType)
                or all(self._is_whole(get_named_type(member.type)) for member in found.values())
            )
        return self._whole[name]

    def _build(self, graphql_type: GraphQLNamedType) -> GraphQLNamedType:
        name = graphql_type.name
        if isinstance(graphql_type, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            kwargs: dict[str, Any] = dict(graphql_type.to_kwargs())
            kwargs["fields"] = lambda: {
                key: self._member(name, key, member)
                for key, member in members(graphql_type).items()
                if self._visible(name, key)
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
            key: value for key, value in graphql_type.values.items() if self._visible(graphql_type.name, key)
        }
        kwargs: dict[str, Any] = dict(graphql_type.to_kwargs()) | {"values": values}
        if DEFINITION in graphql_type.extensions:
            kwargs["enum"] = graphql_type.extensions[DEFINITION]
        return type(graphql_type)(**kwargs)

    def _member(self, owner: str, name: str, member: Any) -> Any:
        copied = _copied(member, self._typed(member.type))
        if isinstance(member, GraphQLField):
            copied.args = {
                key: self._argument(argument) for key, argument in self._arguments(owner, name, member)
            }
        return copied

    def _argument(self, argument: GraphQLArgument) -> GraphQLArgument:
        return _copied(argument, self._typed(argument.type))

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


def _copied(element: E, graphql_type: Any) -> E:
    """A field or an argument with another type, without what a constructor would examine again."""
    copied = object.__new__(type(element))
    copied.__dict__.update(element.__dict__, type=graphql_type)
    return copied


def _roots(schema: GraphQLSchema) -> list[GraphQLObjectType]:
    roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
    return [root for root in roots if root is not None]


def exists(schema: GraphQLSchema, coordinate: str) -> bool:
    """Whether a schema has `Sale.assignee`, `SaleFilter.text`, or `AccountExport.sales(filter:)`."""
    return element_at(schema, coordinate) is not None


def type_of(schema: GraphQLSchema, coordinate: str) -> GraphQLNamedType:
    """The named type of the field, input field or argument at a coordinate that exists."""
    element = element_at(schema, coordinate)
    assert element is not None
    graphql_type: GraphQLNamedType = get_named_type(element.type)
    return graphql_type


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

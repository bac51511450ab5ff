"""Documents that name what a viewer lacks, in every place where a document can name it."""

import heapq
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
    parse,
    specified_rules,
    validate,
)
from graphql.execution.values import get_variable_values

import pruned

SHARED_IDS = {"Invitation"}
"""Types whose ids begin as those of an open type do, which are looked up for everyone."""
NOWHERE = "00000000-0000-7000-8000-000000000000"
MOST_ERRORS = 10
_OF_NAMES_AND_TYPES = (
    "KnownOperationTypes",
    *("KnownTypeNames", "FragmentsOnCompositeTypes", "VariablesAreInputTypes", "ScalarLeafs"),
    *("FieldsOnCorrectType", "PossibleFragmentSpreads", "KnownArgumentNames", "ValuesOfCorrectType"),
    *("ProvidedRequiredArguments", "VariablesInAllowedPosition", "OverlappingFieldsCanBeMerged"),
    *("NoUnusedVariables", "NoUnusedFragments", "SingleFieldSubscriptions"),
)
RULES = [rule for rule in specified_rules if rule.__name__.removesuffix("Rule") in _OF_NAMES_AND_TYPES]
"""What a probe may break: the other rules are of documents, whatever the schema, and take most of the time."""
_SCALARS = {
    "Int": 1,
    "Float": 1.5,
    "Boolean": True,
    "Date": "2026-01-31",
    "DateTime": "2026-01-31T09:30:00Z",
    "Decimal": "1.50",
}

Sent = tuple[str, dict[str, Any] | None]


@dataclass(frozen=True)
class Probe:
    """One way to name a coordinate: what is sent when it goes by a name."""

    coordinate: str
    channel: str
    name: str
    write: Callable[[str], Sent]

    @property
    def kind(self) -> str:
        """The channel without the place that it is tried at."""
        return self.channel.split(" of ")[0]


@cache
def twin(name: str) -> str:
    """A name of the same length and shape that nothing has, nor ever had."""
    taken = pruned.every_name()
    for step in range(7, 26):
        turned = "".join(_turned(letter, step) for letter in name)
        if turned not in taken:
            return turned
    raise AssertionError(name)


def _turned(letter: str, step: int) -> str:
    for first in ("a", "A"):
        place = ord(letter) - ord(first)
        if 0 <= place < 26:
            return chr(ord(first) + (place + step) % 26)
    return letter


def expected(schema: GraphQLSchema, sent: Sent) -> tuple[int, Any] | None:
    """What a schema says of a document before anything runs; None where it would run."""
    text, variables = sent
    document = parse(text)
    errors = validate(schema, document, RULES, max_errors=MOST_ERRORS)
    code = "GRAPHQL_VALIDATION_FAILED"
    if not errors:
        operation = next(
            definition
            for definition in document.definitions
            if isinstance(definition, OperationDefinitionNode)
        )
        found = get_variable_values(
            schema, operation.variable_definitions or (), variables or {}, max_errors=50
        )
        errors = found if isinstance(found, list) else []
        code = "BAD_INPUT"
    if not errors:
        return None
    return 400, [
        {
            "message": error.message,
            "locations": [{"line": place.line, "column": place.column} for place in error.locations or ()],
            "extensions": {"code": code},
        }
        for error in errors
    ]


def _needed(kind: GraphQLInputObjectType) -> list[tuple[str, Any]]:
    """The members that a value of an input type cannot do without; of alternatives, the first."""
    if kind.is_one_of:
        return list(kind.fields.items())[:1]
    return [(name, member) for name, member in kind.fields.items() if is_required_input_field(member)]


Way = list[tuple[Any, str]]
"""The input fields that lead to a value, each with the type that has it."""


@cache
def _places() -> dict[str, list[tuple[str, str, Any, Way]]]:
    """Where a value of each type is given: a field, its argument, and the input fields in between."""
    found: dict[str, list[tuple[str, str, Any, Way]]] = {}
    for owner in pruned.own_types(pruned.schema_for(pruned.FULL)):
        for name, field in getattr(owner, "fields", {}).items():
            for key, argument in getattr(field, "args", {}).items():
                for kind, way in _inside(get_named_type(argument.type)):
                    found.setdefault(kind.name, []).append((owner.name, name, (key, argument), way))
    return found


def _inside(outer: Any) -> Iterator[tuple[Any, Way]]:
    """Each type that a value of a type holds, itself first."""
    yield outer, []
    if isinstance(outer, GraphQLInputObjectType):
        for name, field in outer.fields.items():
            for kind, way in _inside(get_named_type(field.type)):
                yield kind, [(outer, name), *way]


# a subscription has one field, whatever the values of variables
NO_SUBSCRIPTION = ("field beside another", "@skip", "@include", "bare inline fragment")


class Prober:
    """Writes the probes of one viewer."""

    def __init__(self, mask: int) -> None:
        self.full = pruned.schema_for(pruned.FULL)
        self.visible = pruned.schema_for(mask)
        self.hidden = sorted(pruned.coordinates(self.full) - pruned.coordinates(self.visible))
        self._visible_names = pruned.coordinates(self.visible)
        self._paths = self._found_paths()
        self._shortest: dict[str, list[Any]] = {}

    def probes(self) -> Iterator[Probe]:
        """Every probe of every coordinate that the viewer lacks."""
        for coordinate in self.hidden:
            yield from self._of(coordinate)

    def _of(self, coordinate: str) -> Iterator[Probe]:
        names = list(pruned.name_parts(coordinate))
        kind = self.full.type_map[names[0]]
        ways: Iterator[tuple[str, Callable[[str], Sent]]]
        if len(names) == 1:
            ways = self._type(names[0])
        elif len(names) == 3:
            ways = self._argument(names[0], names[1], names[2])
        elif isinstance(kind, GraphQLInputObjectType):
            ways = self._input_field(kind, names[1])
        elif isinstance(kind, GraphQLEnumType):
            ways = self._value(kind)
        else:
            ways = self._field(names[0], names[1])
        for channel, write in ways:
            if names[0] == "Subscription" and channel in NO_SUBSCRIPTION:
                continue
            yield Probe(coordinate, channel, names[-1], write)

    # Ways to a type

    def _found_paths(self) -> dict[str, tuple[str, list[str]]]:
        """For each type that is selected from: the operation, and the selections that lead to it.

        What the viewer has is gone through first, so that as little else as can be is named on the way.
        """
        found: dict[str, tuple[str, list[str]]] = {}
        count = itertools.count()
        waiting: list[Any] = []
        roots = (self.full.query_type, self.full.mutation_type, self.full.subscription_type)
        for word, root in zip(("query", "mutation", "subscription"), roots, strict=True):
            if root:
                heapq.heappush(waiting, (0 if word == "query" else 5, next(count), root, word, []))
        while waiting:
            cost, _, kind, word, way = heapq.heappop(waiting)
            if kind.name in found:
                continue
            found[kind.name] = (word, way)
            for step, target, weight in self._steps(kind):
                heapq.heappush(waiting, (cost + weight, next(count), target, word, [*way, step]))
        return found

    def _steps(self, kind: Any) -> Iterator[tuple[str, Any, int]]:
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            for possible in self.full.get_possible_types(kind):
                yield f"... on {possible.name}", possible, 1 if possible.name in self._visible_names else 100
        if not isinstance(kind, GraphQLUnionType):
            for name, field in kind.fields.items():
                target = get_named_type(field.type)
                if is_composite_type(target):
                    weight = 2 if f"{kind.name}.{name}" in self._visible_names else 100
                    yield name + self._arguments(kind.name, name, field), target, weight

    def _way(self, kind: str, inner: str, *, head: str = "", tail: str = "") -> str:
        word, way = self._paths[kind]
        opened = "".join(f" {{ {step}" for step in way)
        return f"{word}{head}{opened} {{ {inner} }}{' }' * len(way)} {tail}"

    def _arguments(self, owner: str, name: str, field: GraphQLField, *more: str, but: str = "") -> str:
        written = [
            f"{key}: {self._literal(argument.type)}"
            for key, argument in field.args.items()
            if is_required_argument(argument) and key != but
        ]
        written += more
        return f"({', '.join(written)})" if written else ""

    # Values

    def _first(self, kind: GraphQLEnumType) -> str:
        visible = self.visible.type_map.get(kind.name, kind)
        return next(iter(visible.values))

    def _json(self, kind: Any) -> Any:
        """A value of a type, as a variable brings it."""
        kind = get_nullable_type(kind)
        if is_list_type(kind):
            return [self._json(kind.of_type)]
        if isinstance(kind, GraphQLInputObjectType):
            return {name: self._json(member.type) for name, member in _needed(kind)}
        if isinstance(kind, GraphQLEnumType):
            return self._first(kind)
        return _SCALARS.get(kind.name, "x")

    def _literal(self, kind: Any) -> str:
        kind = get_nullable_type(kind)
        if is_list_type(kind):
            return f"[{self._literal(kind.of_type)}]"
        if isinstance(kind, GraphQLInputObjectType):
            return (
                "{"
                + ", ".join(f"{name}: {self._literal(member.type)}" for name, member in _needed(kind))
                + "}"
            )
        if isinstance(kind, GraphQLEnumType):
            return self._first(kind)
        return json.dumps(_SCALARS.get(kind.name, "x"))

    # Channels

    def _type(self, name: str) -> Iterator[tuple[str, Callable[[str], Sent]]]:
        yield "fragment on a type", lambda n: (f"{{ ...F }} fragment F on {n} {{ __typename }}", None)
        yield "inline fragment on a type", lambda n: (f"{{ ... on {n} {{ __typename }} }}", None)
        yield (
            "inline fragment on a type under node",
            lambda n: (f'{{ node(id: "x") {{ ... on {n} {{ __typename }} }} }}', None),
        )
        yield "variable of a type", lambda n: (f"query ($v: {n}) {{ instance {{ name }} }}", {"v": None})
        yield "variable of a list", lambda n: (f"query ($v: [{n}!]!) {{ __typename }}", {"v": []})
        yield (
            "__type",
            lambda n: (f'{{ __type(name: "{n}") {{ name kind description fields {{ name }} }} }}', None),
        )
        yield "__type by variable", lambda n: ("query ($n: String!) { __type(name: $n) { kind } }", {"n": n})
        if name not in SHARED_IDS:
            yield (
                "id of a type",
                lambda n: (f'{{ node(id: "{n.lower()}_{NOWHERE}") {{ __typename }} }}', None),
            )

    def _field(self, owner: str, name: str) -> Iterator[tuple[str, Callable[[str], Sent]]]:
        field = self.full.type_map[owner].fields[name]  # type: ignore[attr-defined]
        arguments = self._arguments(owner, name, field)
        below = " { __typename }" if is_composite_type(get_named_type(field.type)) else ""

        def selected(n: str, directive: str = "") -> str:
            return f"{n}{arguments}{directive}{below}"

        yield "field", lambda n: (self._way(owner, selected(n)), None)
        yield "field beside another", lambda n: (self._way(owner, f"__typename {selected(n)}"), None)
        yield "alias", lambda n: (self._way(owner, f"x: {selected(n)}"), None)
        yield "@skip", lambda n: (self._way(owner, selected(n, " @skip(if: true)")), None)
        yield (
            "@include",
            lambda n: (
                self._way(owner, selected(n, " @include(if: $no)"), head=" ($no: Boolean!)"),
                {"no": False},
            ),
        )
        yield "inline fragment", lambda n: (self._way(owner, f"... on {owner} {{ {selected(n)} }}"), None)
        yield (
            "bare inline fragment",
            lambda n: (self._way(owner, f"... @skip(if: true) {{ {selected(n)} }}"), None),
        )
        yield (
            "fragment",
            lambda n: (self._way(owner, "...F", tail=f"fragment F on {owner} {{ {selected(n)} }}"), None),
        )
        if any(kind.name == "Node" for kind in self.full.type_map[owner].interfaces):  # type: ignore[attr-defined]
            on = f"... on {owner}"
            yield "node", lambda n: (f'{{ node(id: "x") {{ {on} {{ {selected(n)} }} }} }}', None)
            yield "nodes", lambda n: (f'{{ nodes(ids: ["x"]) {{ {on} {{ {selected(n)} }} }} }}', None)

    def _argument(self, owner: str, name: str, argument: str) -> Iterator[tuple[str, Callable[[str], Sent]]]:
        field: Any = self.full.type_map[owner].fields[name]  # type: ignore[attr-defined]
        kind = field.args[argument].type
        below = " { __typename }" if is_composite_type(get_named_type(field.type)) else ""

        def with_(n: str, value: str) -> str:
            return name + self._arguments(owner, name, field, f"{n}: {value}", but=argument) + below

        yield "argument", lambda n: (self._way(owner, with_(n, self._literal(kind))), None)
        if get_nullable_type(kind) is kind:
            yield "argument of null", lambda n: (self._way(owner, with_(n, "null")), None)
        yield (
            "argument by variable",
            lambda n: (self._way(owner, with_(n, "$v"), head=f" ($v: {kind})"), {"v": self._json(kind)}),
        )

    def _nearest(self, kind: Any) -> list[tuple[str, str, Any, Way]]:
        """The two places for a value of a type that name least else."""
        if kind.name not in self._shortest:
            self._shortest[kind.name] = heapq.nsmallest(
                2,
                _places().get(kind.name, ()),
                key=lambda option: (
                    f"{option[0]}.{option[1]}" not in self._visible_names,
                    len(option[3]),
                    option[0] not in self._visible_names,
                ),
            )
        return self._shortest[kind.name]

    def _in_values(
        self, kind: Any, written: Callable[[str], str], json_value: Callable[[str], Any]
    ) -> Iterator[tuple[str, Callable[[str], Sent]]]:
        """The channels of something that stands in a value: by the shortest way that names least else."""
        for owner, name, (key, argument), way in self._nearest(kind):
            field: Any = self.full.type_map[owner].fields[name]  # type: ignore[attr-defined]
            below = " { __typename }" if is_composite_type(get_named_type(field.type)) else ""

            def text(n: str, way: Any = way, argument: Any = argument) -> str:
                return self._around(way, argument.type, written(n))

            def value(n: str, way: Any = way, argument: Any = argument) -> Any:
                return self._around_json(way, argument.type, json_value(n))

            def call(
                value_text: str, name: str = name, field: Any = field, key: str = key, owner: str = owner
            ) -> str:
                return name + self._arguments(owner, name, field, f"{key}: {value_text}", but=key)

            def in_literal(
                n: str, *, text: Any = text, call: Any = call, owner: str = owner, below: str = below
            ) -> Sent:
                return self._way(owner, call(text(n)) + below), None

            def in_variable(
                n: str, *, value: Any = value, call: Any = call, owner: str = owner, below: str = below,
                argument: Any = argument,
            ) -> Sent:  # fmt: skip
                return (
                    self._way(owner, call("$v") + below, head=f" ($v: {argument.type})"),
                    {"v": value(n)},
                )

            def in_default(
                n: str, *, text: Any = text, call: Any = call, owner: str = owner, below: str = below,
                argument: Any = argument,
            ) -> Sent:  # fmt: skip
                loose = get_nullable_type(argument.type)
                return self._way(owner, call("$v") + below, head=f" ($v: {loose} = {text(n)})"), None

            place = f"of {owner}.{name}"
            yield f"literal {place}", in_literal
            yield f"variable {place}", in_variable
            yield f"default {place}", in_default

    def _around(self, way: Way, kind: Any, inner: str) -> str:
        kind = get_nullable_type(kind)
        if is_list_type(kind):
            return f"[{self._around(way, kind.of_type, inner)}]"
        if not way:
            return inner
        (outer, name), *rest = way
        others = [
            f"{key}: {self._literal(member.type)}"
            for key, member in outer.fields.items()
            if is_required_input_field(member) and key != name
        ]
        return (
            "{" + ", ".join([*others, f"{name}: {self._around(rest, outer.fields[name].type, inner)}"]) + "}"
        )

    def _around_json(self, way: Way, kind: Any, inner: Any) -> Any:
        kind = get_nullable_type(kind)
        if is_list_type(kind):
            return [self._around_json(way, kind.of_type, inner)]
        if not way:
            return inner
        (outer, name), *rest = way
        others = {} if outer.is_one_of else self._json(outer)
        return others | {name: self._around_json(rest, outer.fields[name].type, inner)}

    def _input_field(
        self, kind: GraphQLInputObjectType, name: str
    ) -> Iterator[tuple[str, Callable[[str], Sent]]]:
        field = kind.fields[name]
        others = {
            key: member
            for key, member in kind.fields.items()
            if is_required_input_field(member) and key != name
        }

        def written(n: str) -> str:
            parts = [f"{key}: {self._literal(member.type)}" for key, member in others.items()]
            return "{" + ", ".join([*parts, f"{n}: {self._literal(field.type)}"]) + "}"

        def json_value(n: str) -> Any:
            return {key: self._json(member.type) for key, member in others.items()} | {
                n: self._json(field.type)
            }

        yield from self._in_values(kind, written, json_value)

    def _value(self, kind: GraphQLEnumType) -> Iterator[tuple[str, Callable[[str], Sent]]]:
        yield from self._in_values(kind, lambda n: n, lambda n: n)

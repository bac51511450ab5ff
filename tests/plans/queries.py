"""Random documents that are valid for a schema, nearly all of them: the same ones for the same seed."""

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

NAMES = ("a", "b2", "list", "class", "lambda", "None", "self", "r", "run", "rows", "x", "f0", "f1", "i", "levels",
         "required", "__class__", "_", "__import__", "Selected", "id", "name", "type", "nodes")  # fmt: skip
DAYS = ("2023-12-29", "2023-12-31", "2024-01-01", "2024-01-02", "2024-01-15", "2024-02-01", "2024-02-29",
        "2024-03-10", "2024-04-01")  # fmt: skip
ODD_DAYS = ("1999-12-31", "2101-01-01", "2101-01-02", "0001-01-01", "9999-12-31", "2024-13-01", "today", "")
LIKELY = {"account": 9, "node": 3, "nodes": 5, "edges": 4, "sales": 12, "reports": 3, "sale": 3, "auditLog": 2,
          "instance": 1, "team": 9, "members": 9, "teams": 3, "assignee": 3}  # fmt: skip
SPREAD = re.compile(r"\.\.\.(Part\d+)")
MOST_ALIASES = 45
MOST_DIRECTIVES = 40


@dataclass
class Pools:
    """What a world holds that a query may name, by the argument or input field that takes it."""

    known: dict[str, list[str]] = field(default_factory=dict)
    cursors: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Question:
    """A document, the operation of it to run, and several sets of variables for it."""

    text: str
    name: str | None
    variables: list[dict[str, Any] | None]


class Named(str):
    """A variable or an enum's value where it stands in a literal."""

    __slots__ = ()


class Scope(dict[str, tuple[tuple[str, str, str], "Scope"]]):
    """The response keys of a selection, so that no two fields of one key differ."""

    def takes(self, other: "Scope") -> bool:
        """Whether another selection can be merged into this one."""
        return all(
            key not in self or (self[key][0] == signature and self[key][1].takes(below))
            for key, (signature, below) in other.items()
        )

    def merge(self, other: "Scope") -> None:
        """Take another selection in."""
        for key, (signature, below) in other.items():
            mine = self.setdefault(key, (signature, Scope()))
            mine[1].merge(below)


@dataclass
class Fragment:
    """A named fragment that was written already."""

    name: str
    condition: str
    text: str
    scope: Scope
    uses: set[str]
    depth: int
    fields: int


@dataclass
class Declared:
    """A variable: its type where it is used, what it is declared as, and its default as text."""

    kind: Any
    declared: Any
    place: str
    default: str | None
    has_default: bool


class Writer:
    """Writes questions over one schema."""

    def __init__(
        self, schema: GraphQLSchema, rng: random.Random, pools: Pools, *, tidy: bool = False
    ) -> None:
        self.schema = schema
        self.rng = rng
        self.pools = pools
        self.odd = 0.0 if tidy else 0.02
        self._clear()

    def _clear(self) -> None:
        self.variables: dict[str, Declared] = {}
        self.fragments: list[Fragment] = []
        self.uses: set[str] = set()
        self.aim: list[str] = []
        self.fields = self.rng.choice((6, 12, 25, 45))
        self.aliases = self.directives = self.count = 0

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def question(self) -> Question:
        """One document with one operation, or with several of which one is named."""
        self._clear()
        count = self.rng.choice((1,) * 8 + (2, 3))
        operations, uses = [], []
        for number in range(count):
            self.uses = set()
            self.aim = self._aimed() if self.chance(0.4) else []
            selected = self._selection(self.schema.query_type, Scope(), self.rng.randint(3, 9))
            name = f"Operation{number}" if count > 1 or self.chance(0.3) else ""
            operations.append((name, selected))
            uses.append(self.uses)
        parts = [
            self._operation(name, selected, used)
            for (name, selected), used in zip(operations, uses, strict=True)
        ]
        parts += self._spread(parts)
        self.rng.shuffle(parts)
        run = self.rng.randrange(count)
        name = operations[run][0] or None
        if name is not None and count == 1 and self.chance(0.5):
            name = None
        if self.chance(self.odd / 2):
            name = "Elsewhere"
        sets = self.rng.choice((2, 3, 4)) if uses[run] else 1
        return Question("\n".join(parts), name, [self._values(uses[run]) for _ in range(sets)])

    def _aimed(self) -> list[str]:
        """A way down into the schema that an operation goes besides: what chance alone seldom comes to."""
        way, kind = ["account"], self.schema.query_type.fields.get("account")
        while kind is not None and len(way) < 6:
            inner = get_named_type(kind.type)
            names = [
                name for name, item in inner.fields.items() if not is_leaf_type(get_named_type(item.type))
            ]
            if not names:
                break
            way.append(self.rng.choices(names, [LIKELY.get(name, 2) for name in names])[0])
            kind = inner.fields[way[-1]]
        return way if kind is not None else []

    def _spread(self, parts: list[str]) -> list[str]:
        """The fragments that are spread, directly or by another one."""
        texts = {
            fragment.name: f"fragment {fragment.name} on {fragment.condition} {fragment.text}"
            for fragment in self.fragments
        }
        found: dict[str, str] = {}
        waiting = list(parts)
        while waiting:
            for name in SPREAD.findall(waiting.pop()):
                if name not in found:
                    found[name] = texts[name]
                    waiting.append(texts[name])
        return list(found.values())

    def _operation(self, name: str, selected: str, uses: set[str]) -> str:
        if not name and not uses and self.chance(0.7):
            return selected
        declared = ", ".join(
            f"${use}: {self.variables[use].declared}{self._default(use)}" for use in sorted(uses)
        )
        return f"query {name}{f'({declared})' if declared else ''} {selected}"

    def _default(self, name: str) -> str:
        default = self.variables[name].default
        return "" if default is None else f" = {default}"

    def _values(self, uses: set[str]) -> dict[str, Any] | None:
        values: dict[str, Any] = {}
        for name in sorted(uses):
            first = self.variables[name]
            required = isinstance(first.declared, GraphQLNonNull) and first.default is None
            if not required and self.chance(0.25):
                continue
            if not isinstance(first.declared, GraphQLNonNull) and self.chance(0.15):
                values[name] = None
                continue
            values[name] = _value_of(self._value(_required(first.declared), first.place))
            if self.chance(self.odd):
                values[name] = self.rng.choice((None, -1, "?", [], {}, 1.5, True))
        if self.chance(self.odd):
            values["stranger"] = 1
        return values or (None if self.chance(0.5) else {})

    def _selection(self, kind: Any, scope: Scope, depth: int) -> str:
        """A selection set, in braces; `depth` counts the fields that may still be nested."""
        parts: list[str] = []
        if self.aim and self.aim[0] in kind.fields and depth > 1:
            parts.append(self._field(kind, scope, self.aim.pop(0), depth))
        self.aim = []
        for _ in range(self.rng.choice((1, 2, 3, 4, 6, 9))):
            if self.fields <= 0 and parts:
                break
            part = self._part(kind, scope, depth)
            if part:
                parts.append(part)
        if not parts:
            parts.append(self._field(kind, scope, "__typename", depth))
        return f"{{ {' '.join(parts)} }}"

    def _part(self, kind: Any, scope: Scope, depth: int) -> str | None:
        fragmented = 0.75 if isinstance(kind, GraphQLInterfaceType) else 0.12
        if self.chance(fragmented):
            return self._fragment(kind, scope, depth)
        if self.chance(0.1):
            return self._field(kind, scope, "__typename", depth)
        names = [
            name for name, item in kind.fields.items() if depth > 1 or is_leaf_type(get_named_type(item.type))
        ]
        if not names:
            return None
        if kind is self.schema.query_type and self.chance(0.003):
            return '__type(name: "Sale") { name }'
        name = self.rng.choices(names, [LIKELY.get(item, 2) for item in names])[0]
        return self._field(kind, scope, name, depth)

    def _field(self, kind: Any, scope: Scope, name: str, depth: int) -> str:
        self.fields -= 1
        if name == "__typename":
            arguments, shown, inner = "", "String!", None
        else:
            definition = kind.fields[name]
            arguments, shown = self._arguments(name, definition.args), str(definition.type)
            inner = get_named_type(definition.type)
        signature = (name, arguments, shown)
        key = self._key(name, signature, scope)
        below = scope.setdefault(key, (signature, Scope()))[1]
        alias = "" if key == name else f"{key}: "
        if inner is None or is_leaf_type(inner):
            return f"{alias}{name}{arguments}{self._switch()}"
        return f"{alias}{name}{arguments}{self._switch()} {self._selection(inner, below, depth - 1)}"

    def _key(self, name: str, signature: tuple[str, str, str], scope: Scope) -> str:
        def fits(key: str) -> bool:
            return key not in scope or scope[key][0] == signature

        if fits(name) and (self.aliases >= MOST_ALIASES or not self.chance(0.2)):
            return name
        free = [item for item in NAMES if fits(item)]
        self.aliases += 1
        return self.rng.choice(free) if free else f"alias{self.aliases}_{len(scope)}"

    def _fragment(self, kind: Any, scope: Scope, depth: int) -> str | None:
        condition = self.rng.choice(list(self._conditions(kind)))
        if condition is None or self.chance(0.6):
            on = f" on {condition.name}" if condition is not None else ""
            return f"...{on}{self._switch()} {self._selection(condition or kind, scope, depth)}"
        known = [fragment for fragment in self.fragments if fragment.condition == condition.name and fragment.depth <= depth
                 and fragment.fields <= max(self.fields, 5) and scope.takes(fragment.scope)]  # fmt: skip
        if known and self.chance(0.5):
            chosen = self.rng.choice(known)
        else:
            written = self._written(condition, depth)
            if not scope.takes(written.scope):
                return None
            chosen = written
            self.fragments.append(chosen)
        self.fields -= chosen.fields
        self.uses |= chosen.uses
        scope.merge(chosen.scope)
        return f"...{chosen.name}{self._switch()}"

    def _written(self, condition: Any, depth: int) -> Fragment:
        outer, before = self.uses, self.fields
        self.uses, scope = set(), Scope()
        text = self._selection(condition, scope, depth)
        self.count += 1
        written = Fragment(
            f"Part{self.count}", condition.name, text, scope, self.uses, depth, max(before - self.fields, 1)
        )
        self.uses = outer
        return written

    def _conditions(self, kind: Any) -> Iterable[Any]:
        if isinstance(kind, GraphQLObjectType):
            return (None, kind, *kind.interfaces)
        return (*self.schema.get_possible_types(kind), *self.schema.get_possible_types(kind), kind, None)

    def _switch(self) -> str:
        """Sometimes @skip, @include or both."""
        found = ""
        for name, share in (("skip", 0.04), ("include", 0.05)):
            if self.directives < MOST_DIRECTIVES and self.chance(share):
                self.directives += 1
                values = self.rng.choice(("true", "false", "false" if name == "skip" else "true"))
                if self.chance(0.6):
                    kind = GraphQLNonNull(self.schema.type_map["Boolean"])
                    values = self._variable(kind, "switch", has_default=False)
                found += f" @{name}(if: {values})"
        return found

    def _arguments(self, name: str, arguments: dict[str, Any]) -> str:
        values: list[str] = []
        if "first" in arguments:
            chosen = self._page(name)
        else:
            chosen = {entry: None for entry, definition in arguments.items()
                      if is_required_argument(definition) or self.chance(0.5)}  # fmt: skip
        if "filter" in arguments:
            chosen |= {
                entry: None for entry in ("filter", "order") if entry in arguments and self.chance(0.4)
            }
        for item, value in chosen.items():
            values.append(f"{item}: {self._argument(name, item, arguments[item], value)}")
        self.rng.shuffle(values)
        return f"({', '.join(values)})" if values else ""

    def _page(self, name: str) -> dict[str, Any]:
        size = self.rng.choice((1, 2, 3, 5, 20))
        cursor = self._cursor(name)
        ways: list[dict[str, Any]] = [{}, {"first": 0}, {"first": size}, {"last": size}, {"first": size, "after": cursor},
                                      {"last": size, "before": cursor}, {"after": cursor}, {"before": cursor}]  # fmt: skip
        if self.chance(self.odd * 2):
            ways = [{"first": 101}, {"last": 101}, {"first": -1}, {"first": 1, "last": 1}, {"first": 2, "before": cursor},
                    {"after": cursor, "before": cursor}, {"first": 2, "after": "x"}, {"last": 2, "after": cursor}]  # fmt: skip
        return dict(self.rng.choice(ways))

    def _cursor(self, name: str) -> str:
        lists = [*self.pools.cursors.get(name, ["none"])]
        if self.chance(self.odd):
            lists = [item for many in self.pools.cursors.values() for item in many] + ["", "AAAA", "é"]
        return self.rng.choice(lists or ["none"])

    def _argument(self, owner: str, name: str, definition: Any, value: Any) -> str:
        place = name if name not in ("after", "before") else f"{owner}.cursor"
        has_default = not is_required_argument(definition)
        if self.chance(0.4):
            return f"${self._variable(definition.type, place, has_default=has_default)[1:]}"
        if value is not None:
            return self._literal(definition.type, value)
        if not isinstance(definition.type, GraphQLNonNull) and self.chance(0.08):
            return "null"
        return self._literal(definition.type, self._value(_required(definition.type), place, nested=True))

    def _variable(self, kind: Any, place: str, *, has_default: bool) -> str:
        fitting = [name for name, item in self.variables.items() if item.place == place
                   and str(item.kind) == str(kind) and item.has_default is has_default]  # fmt: skip
        if fitting and self.chance(0.4):
            name = self.rng.choice(fitting)
        else:
            name = f"{self.rng.choice(('v', 'run', '__v', 'lambda_', 'r'))}{len(self.variables)}"
            declared, default = kind, None
            if isinstance(kind, GraphQLNonNull):
                if self.chance(0.3):
                    declared = kind.of_type
                    default = self._literal(declared, self._value(declared, place))
                elif has_default:
                    declared = kind.of_type
            elif self.chance(0.2):
                declared = GraphQLNonNull(kind)
            if default is None and self.chance(0.25):
                default = self._literal(declared, self._value(_required(declared), place))
            self.variables[name] = Declared(kind, declared, place, default, has_default)
        self.uses.add(name)
        return f"${name}"

    def _value(self, kind: Any, place: str, *, nested: bool = False) -> Any:
        """A value of a type, never null at the top; `nested` lets variables stand inside of it."""
        if isinstance(kind, GraphQLNonNull):
            return self._value(kind.of_type, place, nested=nested)
        if isinstance(kind, GraphQLList):
            if self.chance(0.1) and place != "ids":
                return self._value(kind.of_type, place)  # a single value stands for a list of one
            count = self.rng.choice((0, 1, 2, 3, 5))
            if place == "ids" and self.chance(self.odd):
                count = 101
            return [self._inner(kind.of_type, place, nested=nested and count < 10) for _ in range(count)]
        if isinstance(kind, GraphQLEnumType):
            return Named(self.rng.choice(list(kind.values)))
        if isinstance(kind, GraphQLInputObjectType):
            return self._object(kind, nested=nested)
        return self._scalar(kind.name, place)

    def _inner(self, kind: Any, place: str, *, nested: bool) -> Any:
        if nested and self.chance(0.15):
            return Named(self._variable(kind, place, has_default=False))
        return self._value(kind, place, nested=nested)

    def _object(self, kind: GraphQLInputObjectType, *, nested: bool) -> dict[str, Any]:
        if kind.name == "PeriodInput":
            return self._period()
        found: dict[str, Any] = {}
        share = 2 / len(kind.fields)
        for name, item in kind.fields.items():
            if is_required_input_field(item) or self.chance(share):
                null = not isinstance(item.type, GraphQLNonNull) and self.chance(0.08)
                found[name] = None if null else self._inner(item.type, name, nested=nested)
        if "amount" in found and "currency" in kind.fields and not self.chance(self.odd * 5):
            found["currency"] = "BRL"
        return found

    def _period(self) -> dict[str, Any]:
        first = self.rng.choice(DAYS)
        longer = [day for day in DAYS if day > first]
        near = longer[:2] if self.chance(0.85) else longer
        other = self.rng.choice(near or ["2024-04-03"])
        if self.chance(self.odd * 3):
            first = self.rng.choice((*DAYS, *ODD_DAYS))
        if self.chance(self.odd * 3):
            other = self.rng.choice((*DAYS, *ODD_DAYS))
        return {"from": first, "to": other}

    def _scalar(self, kind: str, place: str) -> Any:  # noqa: PLR0911
        if place.endswith(".cursor"):
            return self._cursor(place.removesuffix(".cursor"))
        if kind == "Int":
            if place.endswith("Year"):
                return self.rng.choice(
                    (2023, 2024, 2024, 2025, *((1999, 2101, 0) if self.chance(self.odd * 3) else ()))
                )
            return self.rng.choice((0, 101, -5) if self.chance(self.odd * 2) else (1, 2, 3, 5, 9, 20))
        if kind == "Boolean":
            return self.chance(0.5)
        if kind == "Date":
            return self.rng.choice(DAYS)
        if kind == "Decimal":
            return self.rng.choice(
                ("0", "99.00", "0.5", "1234.567", "-1", *(("1e5", "9" * 29) if self.chance(0.1) else ()))
            )
        if place == "currency":
            return self.rng.choice(
                ("BRL", "brl", "EUR", "JPY", "KWD", *(("R$", "EURO") if self.chance(0.1) else ()))
            )
        named = self.pools.known.get(place, ["Sale"])
        return self.rng.choice([*named, "", "sale_x", "👩‍🔬"] if self.chance(0.1) else named)

    def _literal(self, kind: Any, value: Any) -> str:  # noqa: PLR0911
        if isinstance(value, Named):
            return str.__str__(value)
        if isinstance(kind, GraphQLNonNull):
            return self._literal(kind.of_type, value)
        if value is None:
            return "null"
        if isinstance(kind, GraphQLList):
            if not isinstance(value, list):
                return self._literal(kind.of_type, value)
            return f"[{', '.join(self._literal(kind.of_type, item) for item in value)}]"
        if isinstance(kind, GraphQLInputObjectType):
            fields = ", ".join(
                f"{name}: {self._literal(kind.fields[name].type, item)}" for name, item in value.items()
            )
            return f"{{{fields}}}"
        return msgspec.json.encode(value).decode()


def _required(kind: Any) -> Any:
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


def _value_of(value: Any) -> Any:
    """A value as JSON brings it."""
    if isinstance(value, dict):
        return {key: _value_of(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_value_of(item) for item in value]
    return str.__str__(value) if isinstance(value, Named) else value

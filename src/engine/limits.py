"""Limits on documents, checked in time linear in their length: first the text, then its tree.

A fragment is measured once and its sums are reused at each spread, so a short document whose fragments
expand to millions of fields is rejected as fast as any other. The limits apply to fragments that no operation
uses too: validating them costs as much.
"""

import re
from collections import Counter
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

_CEILING = 10**12  # sums stop here, so that counting stays cheap
# an unclosed string goes on to the end, so that every character is read once
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+(?:""")?|"(?:[^"\\\n\r]|\\.)*+"?|#[^\n\r]*+|\.\.\.|[\w.+-]++|[^\s,\ufeff]',
    re.DOTALL | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one operation may ask for.

    `characters`, `tokens` (comments too), `definitions` and `values` (literals; variables are better) are
    those of the whole document. `repetitions` are of one field in one selection. `introspections` are
    selections of `__schema`, each of which walks every type. `lists` are fields that return lists or pages of
    objects; each takes a statement. `objects` are all fields with a selection of their own; each takes
    generated code. `alone` is the number of mutations beside one that hashes a password or sends an e-mail.
    `comparisons` limits the checks whether fields with the same name can be merged.
    """

    characters: int = 32_768
    tokens: int = 1_500
    definitions: int = 60
    values: int = 300
    depth: int = 18
    fields: int = 550
    objects: int = 120
    aliases: int = 60
    directives: int = 60
    cost: int = 60_000
    introspections: int = 1
    repetitions: int = 20
    directivesInPlace: int = 4  # noqa: N815 - as the API names it
    lists: int = 30
    mutations: int = 5
    alone: int = 1
    comparisons: int = 3_000


@dataclass(slots=True)
class Measure:
    """The size of a selection."""

    depth: int = 0
    fields: int = 0
    objects: int = 0
    aliases: int = 0
    directives: int = 0
    introspections: int = 0

    def add(self, other: "Measure") -> None:
        """Add a part."""
        self.depth = max(self.depth, other.depth)
        self.fields = min(_CEILING, self.fields + other.fields)
        self.objects = min(_CEILING, self.objects + other.objects)
        self.aliases = min(_CEILING, self.aliases + other.aliases)
        self.directives = min(_CEILING, self.directives + other.directives)
        self.introspections = min(_CEILING, self.introspections + other.introspections)


_PHRASES = {
    "characters": "The document has {} characters",
    "tokens": "The document has {} tokens",
    "definitions": "The document has {} definitions",
    "values": "The document has {} literals",
    "depth": "The operation is {} levels deep",
    "cost": "The operation costs {}",
    "introspections": "The operation selects the schema {} times",
    "repetitions": "The operation selects one field {} times in one place",
    "directivesInPlace": "The operation has {} directives in one place",
    "lists": "The operation selects {} lists",
    "objects": "The operation selects {} objects",
    "alone": "The operation has {} mutations, one of which must be sent alone",
}


class TooComplex(Exception):
    """An operation exceeds a limit: which one, the requested amount, and the maximum."""

    def __init__(self, what: str, requested: int, allowed: int) -> None:
        phrase = _PHRASES.get(what, f"The operation has {{}} {what}")
        super().__init__(f"{phrase.format(f'{requested:,}')}; at most {allowed:,} are allowed.")
        self.what = what
        self.requested = requested
        self.allowed = allowed


def check_text(text: str, limits: Limits) -> int:
    """The number of tokens in a text, including comments. Raises `TooComplex` before anything is parsed."""
    within("characters", len(text), limits)
    tokens = sum(1 for _ in _TOKEN.finditer(text))
    within("tokens", tokens, limits)
    return tokens


def check(document: DocumentNode, limits: Limits) -> int:
    """The largest number of fields in one definition. Raises `TooComplex` if one exceeds a limit."""
    most = 0
    within("definitions", len(document.definitions), limits)
    counter = _Counter(document, limits)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            measure = counter.selection(definition.selection_set)
            measure.directives += len(definition.directives or ())
            counter.count_values(definition)
        elif isinstance(definition, FragmentDefinitionNode):
            measure = counter.fragment(definition.name.value)
        else:
            continue
        for what in ("depth", "fields", "objects", "aliases", "directives", "introspections"):
            within(what, getattr(measure, what), limits)
        most = max(most, measure.fields)
    within("values", counter.values, limits)
    return most


def measure(document: DocumentNode, operation: OperationDefinitionNode, limits: Limits) -> Measure:
    """The size of one operation of a document."""
    return _Counter(document, limits).selection(operation.selection_set)


def within(what: str, requested: int, limits: Limits) -> None:
    """Raise `TooComplex` if more is requested than is allowed."""
    allowed = getattr(limits, what)
    if requested > allowed:
        raise TooComplex(what, requested, allowed)


class _Counter:
    def __init__(self, document: DocumentNode, limits: Limits) -> None:
        self.limits = limits
        self.fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self.counted: dict[str, Measure] = {}
        self.values = 0

    def selection(self, selection_set: SelectionSetNode | None) -> Measure:
        total = Measure()
        names: Counter[str] = Counter()
        for node in selection_set.selections if selection_set else ():
            directives = len(node.directives or ())
            if directives:
                within("directivesInPlace", directives, self.limits)
                total.directives += directives
            self.count_values(node)
            if isinstance(node, FieldNode):
                names[(node.alias or node.name).value] += 1
                self._add_field(total, node)
            elif isinstance(node, FragmentSpreadNode):
                total.add(self.fragment(node.name.value))
            else:
                total.add(self.selection(node.selection_set))  # type: ignore[attr-defined]
        within("repetitions", max(names.values(), default=0), self.limits)
        return total

    def _add_field(self, total: Measure, node: FieldNode) -> None:
        total.fields += 1
        total.aliases += node.alias is not None
        total.introspections += node.name.value == "__schema"
        total.depth = max(total.depth, 1)
        if node.selection_set is not None:
            below = self.selection(node.selection_set)
            below.depth += 1
            below.objects += 1
            total.add(below)

    def count_values(self, node: SelectionNode | OperationDefinitionNode) -> None:
        """Count the literals in arguments, variables' defaults and directives."""
        for argument in getattr(node, "arguments", None) or ():
            self._value(argument.value)
        for directive in node.directives or ():
            for argument in directive.arguments or ():
                self._value(argument.value)
        for variable in getattr(node, "variable_definitions", None) or ():
            self.values += 1
            self._value(variable.default_value)

    def _value(self, value: ValueNode | None) -> None:
        if isinstance(value, ListValueNode):
            for item in value.values:
                self._value(item)
        elif isinstance(value, ObjectValueNode):
            for named in value.fields:
                self._value(named.value)
        self.values += value is not None and not isinstance(value, VariableNode)

    def fragment(self, name: str) -> Measure:
        """The size of a fragment. A spread of an unknown one counts as a field."""
        if name not in self.counted:
            self.counted[name] = Measure(fields=1)  # a cycle is counted once; validation rejects it
            definition = self.fragments.get(name)
            if definition is None:
                self.counted[name] = Measure(fields=1)
            else:
                measure = self.selection(definition.selection_set)
                measure.directives += len(definition.directives or ())
                self.counted[name] = measure
        return self.counted[name]

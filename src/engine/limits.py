"""Limits on documents, checked in time linear in their length.

A fragment is measured once and its sums are reused at each spread, so a short document whose fragments
expand to millions of fields is rejected as fast as any other. The limits apply to fragments that no operation
uses too: validating them costs as much.
"""

from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
)

_CEILING = 10**12  # sums stop here, so that counting stays cheap


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one operation may ask for.

    `tokens`, `definitions` and `values` (literals; variables are better) count in the whole document.
    `introspections` are selections of `__schema`, each of which walks every type.
    `comparisons` limits the checks whether fields with the same name can be merged.
    """

    tokens: int = 5_000
    definitions: int = 60
    values: int = 300
    depth: int = 18
    fields: int = 1_000
    aliases: int = 60
    directives: int = 60
    cost: int = 60_000
    introspections: int = 2
    page: int = 100
    comparisons: int = 30_000


@dataclass(slots=True)
class Measure:
    """The size of a selection. `cost` counts the fields of a page once for each row it may hold."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    cost: int = 0
    introspections: int = 0

    def add(self, other: "Measure", rows: int = 1) -> None:
        """Add a part; the part below a page counts once for each of its rows."""
        self.depth = max(self.depth, other.depth)
        self.fields = min(_CEILING, self.fields + other.fields)
        self.aliases = min(_CEILING, self.aliases + other.aliases)
        self.directives = min(_CEILING, self.directives + other.directives)
        self.cost = min(_CEILING, self.cost + other.cost * rows)
        self.introspections = min(_CEILING, self.introspections + other.introspections)


class TooComplex(Exception):
    """An operation exceeds a limit: which, by asking for how much, and the most allowed."""

    def __init__(self, what: str, requested: int, allowed: int) -> None:
        super().__init__(f"The operation asks for {what} {requested}; {allowed} are allowed.")
        self.what = what
        self.requested = requested
        self.allowed = allowed


def check(document: DocumentNode, limits: Limits) -> int:
    """The most fields that one definition selects; raises `TooComplex` if one exceeds a limit."""
    most = 0
    _within("definitions", len(document.definitions), limits)
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
        for what in ("depth", "fields", "aliases", "directives", "cost", "introspections"):
            _within(what, getattr(measure, what), limits)
        most = max(most, measure.fields)
    _within("values", counter.values, limits)
    return most


def measure(document: DocumentNode, operation: OperationDefinitionNode, limits: Limits) -> Measure:
    """The size of one operation of a document."""
    return _Counter(document, limits).selection(operation.selection_set)


def weighed_lists(
    document: DocumentNode, operation: OperationDefinitionNode, limits: Limits
) -> list[tuple[str, int, int]]:
    """The lists that an operation pages through: their paths, their sizes, and the cost of what they hold."""
    counter = _Counter(document, limits)
    found: list[tuple[str, int, int]] = []

    def walk(selection_set: SelectionSetNode | None, path: tuple[str, ...]) -> None:
        for node in selection_set.selections if selection_set else ():
            if isinstance(node, FieldNode):
                below = (*path, (node.alias or node.name).value)
                size = counter.size(node)
                if size is not None:
                    found.append((".".join(below), size, counter.selection(node.selection_set).cost * size))
                walk(node.selection_set, below)
            elif isinstance(node, FragmentSpreadNode):
                walk(counter.fragments[node.name.value].selection_set, path)
            else:
                walk(node.selection_set, path)  # type: ignore[attr-defined]

    walk(operation.selection_set, ())
    return found


def _within(what: str, requested: int, limits: Limits) -> None:
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
        for node in selection_set.selections if selection_set else ():
            total.directives += len(node.directives or ())
            self.count_values(node)
            if isinstance(node, FieldNode):
                total.add(self._field(node))
            elif isinstance(node, FragmentSpreadNode):
                total.add(self.fragment(node.name.value))
            else:
                total.add(self.selection(node.selection_set))  # type: ignore[attr-defined]
        return total

    def _field(self, node: FieldNode) -> Measure:
        own = Measure(depth=0, fields=1, aliases=1 if node.alias else 0, cost=1)
        own.add(self.selection(node.selection_set), self.size(node) or 1)
        own.depth += 1
        own.introspections += node.name.value == "__schema"
        return own

    def size(self, node: FieldNode) -> int | None:
        """The most rows that a field's arguments ask for; none for a field without such arguments."""
        sizes = [
            self._number(argument.value)
            for argument in node.arguments or ()
            if argument.name.value in ("first", "last")
        ]
        return max(sizes, default=None)

    def _number(self, value: ValueNode) -> int:
        if isinstance(value, IntValueNode):
            return max(1, min(int(value.value[:6]), self.limits.page))
        if isinstance(value, VariableNode | ListValueNode | ObjectValueNode):
            return self.limits.page
        return 1

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
        """The size of a fragment; a spread of an unknown one counts as a field."""
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

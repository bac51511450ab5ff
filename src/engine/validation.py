"""Validates documents: graphql-core's algorithm and rules, in half of its time.

All rules walk the document together, as there. Here the methods of each rule are found once, each node is
shown only to the rules that look at its kind, and names, which no rule looks at, are not visited.
"""

from collections.abc import Callable
from typing import Any

from graphql import (
    BREAK,
    SKIP,
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeInfo,
    TypeInfoVisitor,
    ValidationContext,
    visit,
)
from graphql.language.ast import QUERY_DOCUMENT_KEYS
from graphql.pyutils import RefMap
from graphql.validation.validate import FragmentNestingVisitor, ValidationAbortedError
from graphql.validation.validation_context import VariableUsage, VariableUsageVisitor

Method = Callable[..., Any]
Methods = tuple[tuple[str | None, str | None], ...]

_UNSEEN = ("alias", "description", "name")
_KEYS = {kind: tuple(key for key in keys if key not in _UNSEEN) for kind, keys in QUERY_DOCUMENT_KEYS.items()}


class ValidationAborted(Exception):
    """The document is too complex to be examined."""


class _Enough(Exception):
    """There are as many errors as are reported."""


class Validator:
    """Validates documents by a set of rules, until it has found `most` errors."""

    def __init__(self, rules: tuple[type[ASTValidationRule], ...], most: int, *, suggests: bool) -> None:
        self._rules = rules
        self._most = most
        self._suggests = suggests
        self._methods: dict[str, Methods] = {}

    def errors(self, schema: GraphQLSchema, document: DocumentNode) -> list[GraphQLError]:
        """The first errors of a document. Raises `ValidationAborted`."""
        errors: list[GraphQLError] = []

        def found(error: GraphQLError) -> None:
            if len(errors) >= self._most:
                errors.append(GraphQLError(f"There are more than {self._most} errors."))
                raise _Enough
            errors.append(error)

        types = TypeInfo(schema)
        context = _Context(schema, document, types, found, not self._suggests)
        rules = [rule(context) for rule in self._rules]
        try:
            _require_shallow(document)
            _Rules(types, rules, self._methods_for).walk(document, None, None, [])
        except _Enough:
            pass
        except (RecursionError, ValidationAbortedError):
            raise ValidationAborted from None
        return errors

    def _methods_for(self, kind: str) -> Methods:
        """The names of the methods of each rule for a kind of nodes."""
        found = self._methods.get(kind)
        if found is None:
            names = ((_method(rule, "enter", kind), _method(rule, "leave", kind)) for rule in self._rules)
            found = self._methods[kind] = tuple(names)
        return found


class _Context(ValidationContext):
    """What rules share, found once for each node.

    Nodes are identified as objects, since comparing them by value reads all that is below them again.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._fragment_spreads: RefMap[SelectionSetNode, list[FragmentSpreadNode]] = RefMap()  # type: ignore[assignment]
        self._usages: RefMap[Node, list[VariableUsage]] = RefMap()
        self._recursive_variable_usages = RefMap()  # type: ignore[assignment]

    def get_variable_usages(self, node: Any) -> list[VariableUsage]:
        """The uses of variables in a definition, for which most need not be walked again."""
        usages: list[VariableUsage] | None = self._usages.get(node)
        if usages is None:
            usages = self._usages[node] = self._usages_in(node)
        return usages

    def _usages_in(self, node: OperationDefinitionNode | FragmentDefinitionNode) -> list[VariableUsage]:
        if not _has_variables(node):
            return []
        visitor = _Usages(self._type_info, node if isinstance(node, FragmentDefinitionNode) else None)
        visit(node, TypeInfoVisitor(self._type_info, visitor), _KEYS)
        return visitor.usages


class _Usages(VariableUsageVisitor):
    """The uses of variables, looked for only in fields whose text has some."""

    def enter_field(self, node: FieldNode, *_args: Any) -> Any:
        return None if _has_variables(node) else SKIP


def _has_variables(node: Node) -> bool:
    return node.loc is None or "$" in node.loc.source.body[node.loc.start : node.loc.end]


def _method(rule: type[ASTValidationRule], way: str, kind: str) -> str | None:
    return next((name for name in (f"{way}_{kind}", way) if getattr(rule, name, None)), None)


def _require_shallow(document: DocumentNode) -> None:
    """Raise `RecursionError` for fragments that are nested too deeply for the rules."""
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    if fragments:
        nesting = FragmentNestingVisitor(fragments)
        for definition in document.definitions:
            if isinstance(definition, FragmentDefinitionNode):
                nesting.enter_fragment_definition(definition)
            elif isinstance(definition, OperationDefinitionNode):
                nesting.enter_operation_definition(definition)


class _Rules:
    """All rules at once, and the types of where they are."""

    def __init__(
        self,
        types: TypeInfo,
        rules: list[ASTValidationRule],
        methods_for: Callable[[str], Methods],
    ) -> None:
        self._types = types
        self._rules = rules
        self._kinds: dict[str, tuple[Method | None, Method | None, tuple[str, ...]]] = {}
        self._methods_for = methods_for
        self._paused: list[bool] = [False] * len(rules)
        self._resumes: dict[int, list[int]] = {}  # by the identity of the node that a rule skips

    def walk(self, node: Node, key: Any, parent: Any, ancestors: list[Any]) -> None:
        """Show a node to the rules, then what is below it, then the node again.

        `visit` of graphql-core passes the same to them; no rule reads the path.
        """
        found = self._kinds.get(node.kind)
        if found is None:
            kind = node.kind
            found = self._kinds[kind] = self._enter(kind), self._leave(kind), _KEYS.get(kind, ())
        enter, leave, names = found
        if enter:
            enter(node, key, parent, (), ancestors)
        if parent:
            ancestors.append(parent)
        for name in names:
            below = getattr(node, name)
            if type(below) is tuple:
                ancestors.append(node)
                for index, item in enumerate(below):
                    self.walk(item, index, below, ancestors)
                ancestors.pop()
            elif below is not None:
                self.walk(below, name, node, ancestors)
        if parent:
            ancestors.pop()
        if leave:
            leave(node, key, parent, (), ancestors)

    def _bound(self, kind: str, way: int) -> tuple[tuple[int, Method], ...]:
        return tuple(
            (index, getattr(self._rules[index], names[way]))  # type: ignore[arg-type]
            for index, names in enumerate(self._methods_for(kind))
            if names[way]
        )

    def _enter(self, kind: str) -> Method | None:
        rules, typed = self._bound(kind, 0), getattr(self._types, f"enter_{kind}", None)
        paused, resumes = self._paused, self._resumes

        def enter(node: Node, *args: Any) -> None:
            if typed:
                typed(node)
            for index, method in rules:
                if paused[index]:
                    continue
                result = method(node, *args)
                if result is None:
                    continue
                paused[index] = True
                if result is SKIP or result is False:
                    resumes.setdefault(id(node), []).append(index)

        return enter if rules or typed else None

    def _leave(self, kind: str) -> Method | None:
        rules, typed = self._bound(kind, 1), getattr(self._types, f"leave_{kind}", None)
        paused, resumes = self._paused, self._resumes

        def leave(node: Node, *args: Any) -> None:
            for index, method in rules:
                if not paused[index]:
                    result = method(node, *args)
                    paused[index] = result is BREAK or result is True
            if resumes:
                for index in resumes.pop(id(node), ()):
                    paused[index] = False
            if typed:
                typed()

        return leave if rules or typed or self._bound(kind, 0) else None

"""Running an operation on the schema of exactly its viewer."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

import strawberry
from cachetools import LRUCache
from graphql import (
    ASTValidationRule,
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    OverlappingFieldsCanBeMergedRule,
    ValidationContext,
    execute,
    parse,
    specified_rules,
    validate,
)
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from engine.limits import Limits, TooComplex, check
from engine.scope import Scopes

_MOST_ERRORS = 10
_ABORTED = "Validation aborted."


def _rules(limits: Limits) -> tuple[type[ASTValidationRule], ...]:
    """The rules that documents are validated by: the specified ones, one of them on a budget."""

    class FieldsCanBeMerged(OverlappingFieldsCanBeMergedRule):
        def __init__(self, context: ValidationContext) -> None:
            super().__init__(context)
            self.rule_context.remaining_complexity_budget = limits.comparisons

    specified = [
        FieldsCanBeMerged if rule is OverlappingFieldsCanBeMergedRule else rule for rule in specified_rules
    ]
    return (*specified, MaybeNullValidationRule, OneOfInputValidationRule)


class Judged(Protocol):
    """A viewer, as far as execution knows one."""

    @property
    def mask(self) -> int:
        """The viewer's open gates."""
        ...


class Context(Protocol):
    """What resolvers get; it carries the viewer that the schema was scoped for."""

    @property
    def viewer(self) -> Any:
        """Whoever asks."""
        ...


class RequestFault(Enum):
    """Why an operation never ran."""

    SYNTAX = "GRAPHQL_PARSE_FAILED"
    VALIDATION = "GRAPHQL_VALIDATION_FAILED"
    OPERATION = "BAD_REQUEST"
    COMPLEXITY = "QUERY_TOO_COMPLEX"


@dataclass(frozen=True, slots=True)
class Refused:
    """An operation that never ran: the reason and the errors in the caller's words."""

    fault: RequestFault
    errors: tuple[GraphQLError, ...]
    allowed: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that is valid for a set of open gates, and the one operation of it to run."""

    document: DocumentNode
    operation: OperationDefinitionNode

    @property
    def is_query(self) -> bool:
        """Whether it only reads."""
        return self.operation.operation is OperationType.QUERY


def read_document(text: str, limits: Limits) -> DocumentNode | Refused:
    """The syntax tree of a document, or why there is none."""
    try:
        return parse(text, max_tokens=limits.tokens, no_location=False)
    except GraphQLSyntaxError as error:
        if error.message.endswith("tokens. Parsing aborted."):
            return Refused(RequestFault.COMPLEXITY, (error,), {"tokens": limits.tokens})
        if error.message.endswith("nested too deeply. Parsing aborted."):
            return Refused(RequestFault.COMPLEXITY, (error,), {"depth": limits.depth})
        return Refused(RequestFault.SYNTAX, (error,))
    except RecursionError:
        return Refused(RequestFault.COMPLEXITY, (GraphQLError("The document is nested too deeply."),))


def root_fields(document: DocumentNode, operation_name: str | None) -> tuple[OperationType, set[str]] | None:
    """The kind and the fields named at the root of the operation to run; None where that is unclear."""
    operation = _chosen(document, operation_name)
    if operation is None:
        return None
    selections = operation.selection_set.selections
    names = {node.name.value for node in selections if isinstance(node, FieldNode)}
    if len([node for node in selections if isinstance(node, FieldNode)]) != len(selections):
        return None
    return operation.operation, names


def _chosen(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if name is None:
        return operations[0] if len(operations) == 1 else None
    named = [one for one in operations if one.name and one.name.value == name]
    return named[0] if len(named) == 1 else None


class Engine:
    """Prepares and runs operations. Documents are kept by text and set of open gates, within a bound."""

    def __init__(
        self, schema: strawberry.Schema, limits: Limits, *, kept_characters: int = 4_000_000
    ) -> None:
        self.scopes = Scopes(schema)
        self.limits = limits
        self._rules = _rules(limits)
        self._parsed: LRUCache[str, tuple[int, DocumentNode]] = LRUCache(kept_characters, _size)
        self._valid: LRUCache[tuple[int, str], tuple[int, Refused | None]] = LRUCache(kept_characters, _size)

    def parse(self, text: str) -> DocumentNode | Refused:
        """The document of a text, kept for those asked for last."""
        kept = self._parsed.get(text)
        if kept is not None:
            return kept[1]
        found = read_document(text, self.limits)
        if isinstance(found, Refused):
            return found
        try:
            check(found, self.limits)
        except TooComplex as error:
            allowed = {error.what: error.allowed}
            return Refused(RequestFault.COMPLEXITY, (GraphQLError(str(error)),), allowed)
        if len(text) < self._parsed.maxsize:
            self._parsed[text] = (len(text), found)
        return found

    def knows(self, text: str, mask: int) -> bool:
        """Whether a text was validated for a mask of late, so that preparing it again costs nothing."""
        return (self.scopes.key(mask), text) in self._valid

    def prepare(self, text: str, operation_name: str | None, mask: int) -> Prepared | Refused:
        """Parse, limit, validate on the schema of the mask, and choose the operation."""
        document = self.parse(text)
        if isinstance(document, Refused):
            return document
        key = (self.scopes.key(mask), text)
        kept = self._valid.get(key)
        if kept is None:
            kept = (len(text), self._validated(document, mask))
            if len(text) < self._valid.maxsize:
                self._valid[key] = kept
        if kept[1] is not None:
            return kept[1]
        operation = _chosen(document, operation_name)
        if operation is None:
            words = (
                f"Unknown operation named {operation_name!r}."
                if operation_name is not None
                else "Must provide operation name if query contains multiple operations."
            )
            return Refused(RequestFault.OPERATION, (GraphQLError(words),))
        return Prepared(document, operation)

    def _validated(self, document: DocumentNode, mask: int) -> Refused | None:
        errors = validate(self.scopes.scoped(mask)._schema, document, self._rules, max_errors=_MOST_ERRORS)
        if errors and errors[-1].message == _ABORTED:
            words = "The operation names the same fields too often to be examined."
            allowed = {"comparisons": self.limits.comparisons}
            return Refused(RequestFault.COMPLEXITY, (GraphQLError(words),), allowed)
        return Refused(RequestFault.VALIDATION, tuple(errors)) if errors else None

    async def run(
        self, prepared: Prepared, variables: dict[str, Any] | None, context: Context
    ) -> ExecutionResult:
        """Execute on the schema of exactly the viewer that the context carries."""
        schema = self.scopes.scoped(context.viewer.mask)
        result: Any = execute(
            schema._schema,
            prepared.document,
            variable_values=variables,
            operation_name=prepared.operation.name.value if prepared.operation.name else None,
            context_value=context,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]
            executor_class=schema.execution_context_class,
        )
        if optimized_is_awaitable(result):
            result = await result
        assert isinstance(result, ExecutionResult)
        return result


def _size(kept: tuple[int, object]) -> int:
    return kept[0]

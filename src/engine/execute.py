"""Running an operation on the schema of exactly its viewer.

What is kept of documents is bounded by its bytes, whatever their texts: `kept_bytes` of an engine for plans
with their documents, a quarter of it for documents alone, an eighth for refusals, and 16 MB of introspection.
"""

import sys
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

import msgspec
import strawberry
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

from authz.gates import GateViolation
from engine.cache import Kept, Parsed
from engine.limits import Limits, TooComplex, check
from engine.plan.planner import Prepared, VariablesRefused
from engine.scope.schema import Scopes
from models import database

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


KEPT_BYTES = 128_000_000
KEPT_INTROSPECTION = 16_000_000


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


class Outcome(msgspec.Struct, frozen=True):
    """What came of an operation: data ready to be encoded, errors, and whether a plan answered."""

    data: Any
    errors: tuple[GraphQLError, ...] = ()
    compiled: bool = False
    reason: str = ""

    @property
    def never_ran(self) -> bool:
        """Whether it was refused before its first resolver: for its variables, say."""
        return self.data is None and bool(self.errors) and all(error.path is None for error in self.errors)


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

    def __init__(self, schema: strawberry.Schema, limits: Limits, *, kept_bytes: int = KEPT_BYTES) -> None:
        self.scopes = Scopes(schema)
        self.limits = limits
        self._rules = _rules(limits)
        self._parsed: Kept[str, Parsed] = Kept(kept_bytes // 4)
        self._refused: Kept[tuple[int, str], Refused] = Kept(kept_bytes // 8)
        self._ready: Kept[tuple[int, str, str | None], Prepared] = Kept(kept_bytes)
        self._introspected: Kept[tuple[int, str, str | None, bytes], bytes] = Kept(KEPT_INTROSPECTION)

    def parse(self, text: str) -> DocumentNode | Refused:
        """The document of a text, kept for those asked for last."""
        found = self._read(text)
        return found if isinstance(found, Refused) else found.document

    def _read(self, text: str) -> Parsed | Refused:
        kept = self._parsed.found(text)
        if kept is not None:
            return kept
        document = read_document(text, self.limits)
        if isinstance(document, Refused):
            return document
        try:
            fields = check(document, self.limits)
        except TooComplex as error:
            allowed = {error.what: error.allowed}
            return Refused(RequestFault.COMPLEXITY, (GraphQLError(str(error)),), allowed)
        found = Parsed.of(text, document, fields)
        self._parsed.keep(text, found, found.weight)
        return found

    def known(self, text: str, operation_name: str | None, mask: int) -> Prepared | Refused | None:
        """What preparing a text for a mask came to of late, where it is still kept."""
        key = self.scopes.key(mask)
        ready = self._ready.found((key, text, operation_name))
        return ready if ready is not None else self._refused.found((key, text))

    def prepare(self, text: str, operation_name: str | None, mask: int) -> Prepared | Refused:
        """Parse, limit, validate on the schema of the mask, and choose the operation."""
        known = self.known(text, operation_name, mask)
        if known is not None:
            return known
        key = self.scopes.key(mask)
        parsed = self._read(text)
        if isinstance(parsed, Refused):
            return parsed
        found = self._prepared(parsed.document, operation_name, mask)
        if isinstance(found, Prepared):
            weight = parsed.weight_with(found.most_variants)
            self._ready.keep((key, text, operation_name), found, weight)
        elif found.fault is RequestFault.VALIDATION:
            self._refused.keep((key, text), found, parsed.weight)
        return found

    def _prepared(self, document: DocumentNode, operation_name: str | None, mask: int) -> Prepared | Refused:
        refused = self._validated(document, mask)
        if refused is not None:
            return refused
        operation = _chosen(document, operation_name)
        if operation is None:
            words = (
                f"Unknown operation named {operation_name!r}."
                if operation_name is not None
                else "Must provide operation name if query contains multiple operations."
            )
            return Refused(RequestFault.OPERATION, (GraphQLError(words),))
        return Prepared.of(document, operation, self.scopes.scoped(mask), self.scopes.key(mask))

    def _validated(self, document: DocumentNode, mask: int) -> Refused | None:
        errors = validate(self.scopes.scoped(mask)._schema, document, self._rules, max_errors=_MOST_ERRORS)
        if errors and errors[-1].message == _ABORTED:
            words = "The operation names the same fields too often to be examined."
            allowed = {"comparisons": self.limits.comparisons}
            return Refused(RequestFault.COMPLEXITY, (GraphQLError(words),), allowed)
        return Refused(RequestFault.VALIDATION, tuple(errors)) if errors else None

    async def run(self, prepared: Prepared, variables: dict[str, Any] | None, context: Context) -> Outcome:
        """Answer on the schema of exactly the viewer that the context carries: by a plan where there is one.

        A plan that meets a fault gives way to the standard executor, which tells it: queries only read, so
        that nothing is done twice. Mutations never have a plan.
        """
        if self.scopes.key(context.viewer.mask) != prepared.mask:
            raise GateViolation("The operation was prepared for other gates.")
        if not prepared.is_query:
            return await self._standard(prepared, variables, context, "not a query")
        if prepared.is_introspection:
            return await self._introspection(prepared, variables, context)
        try:
            coerced = prepared.coerced(variables)
        except VariablesRefused:
            return await self._standard(prepared, variables, context, "variables")
        plan = prepared.plan(coerced)
        if plan.answer is None:
            return await self._standard(prepared, variables, context, plan.reason)
        try:
            return Outcome(await plan.run(prepared, coerced, context), compiled=True)
        except database.TooSlow:
            raise  # once more would take as long once more
        except Exception as fault:
            return await self._standard(prepared, variables, context, f"fault: {type(fault).__name__}")

    async def _introspection(
        self, prepared: Prepared, variables: dict[str, Any] | None, context: Context
    ) -> Outcome:
        told = msgspec.json.encode(variables, order="deterministic") if variables else b""
        text = prepared.document.loc.source.body if prepared.document.loc else ""
        key = (prepared.mask, text, prepared.name, told)
        kept = self._introspected.found(key)
        if kept is None:
            outcome = await self._standard(prepared, variables, context, "introspection")
            if outcome.errors:
                return outcome
            kept = msgspec.json.encode(outcome.data)
            self._introspected.keep(key, kept, len(kept) + len(told) + sys.getsizeof(text))
        return Outcome(msgspec.Raw(kept), reason="introspection")

    async def _standard(
        self, prepared: Prepared, variables: dict[str, Any] | None, context: Context, reason: str
    ) -> Outcome:
        schema = prepared.schema
        result: Any = execute(
            schema._schema,
            prepared.document,
            variable_values=variables,
            operation_name=prepared.name,
            context_value=context,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]
            executor_class=schema.execution_context_class,
        )
        if optimized_is_awaitable(result):
            result = await result
        assert isinstance(result, ExecutionResult)
        return Outcome(result.data, tuple(result.errors or ()), reason=reason)

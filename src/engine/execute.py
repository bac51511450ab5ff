"""Runs an operation on the schema of exactly its viewer.

The caches are bounded by bytes, whatever the documents: `cache_bytes` of an engine for plans with their
documents, a quarter of it for documents alone, an eighth for rejections, and 16 MB for introspection.
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
from engine.cache import ParsedDocument, WeightedCache
from engine.limits import Limits, TooComplex, check
from engine.plan.limitations import Limitation, NotCompiled
from engine.plan.planner import InvalidVariables, PreparedOperation
from engine.scope.schema import Scopes
from models import database
from telemetry.faults import log_plan_fault
from telemetry.figures import CACHE_LOOKUPS

_MOST_ERRORS = 10
_ABORTED = "Validation aborted."


def _rules(limits: Limits) -> tuple[type[ASTValidationRule], ...]:
    """The validation rules: the specified ones, of which one has a budget, and two of Strawberry."""

    class FieldsCanBeMerged(OverlappingFieldsCanBeMergedRule):
        def __init__(self, context: ValidationContext) -> None:
            super().__init__(context)
            self.rule_context.remaining_complexity_budget = limits.comparisons

    specified = [
        FieldsCanBeMerged if rule is OverlappingFieldsCanBeMergedRule else rule for rule in specified_rules
    ]
    return (*specified, MaybeNullValidationRule, OneOfInputValidationRule)


CACHE_BYTES = 128_000_000
INTROSPECTION_CACHE_BYTES = 16_000_000


class Context(Protocol):
    """The context of resolvers, with the viewer that the schema was scoped for."""

    @property
    def viewer(self) -> Any:
        """Who makes the request; its `mask` is the set of open gates."""
        ...


class RequestErrorCode(Enum):
    """Why an operation was rejected before it ran."""

    SYNTAX = "GRAPHQL_PARSE_FAILED"
    VALIDATION = "GRAPHQL_VALIDATION_FAILED"
    OPERATION = "BAD_REQUEST"
    COMPLEXITY = "QUERY_TOO_COMPLEX"


@dataclass(frozen=True, slots=True)
class RejectedOperation:
    """An operation that was rejected before it ran: the code, the errors, and the limits it broke."""

    code: RequestErrorCode
    errors: tuple[GraphQLError, ...]
    allowed: dict[str, int] = field(default_factory=dict)


class OperationResult(msgspec.Struct, frozen=True):
    """The result of an operation: data ready to be encoded, errors, and whether a plan produced it.

    `reason` says why the standard executor ran it instead.
    """

    data: Any
    errors: tuple[GraphQLError, ...] = ()
    compiled: bool = False
    reason: str = ""

    @property
    def never_ran(self) -> bool:
        """Whether it was rejected before its first resolver ran, for its variables for example."""
        return self.data is None and bool(self.errors) and all(error.path is None for error in self.errors)


def parse_document(text: str, limits: Limits) -> DocumentNode | RejectedOperation:
    """The syntax tree of a document, or its rejection."""
    try:
        return parse(text, max_tokens=limits.tokens, no_location=False)
    except GraphQLSyntaxError as error:
        if error.message.endswith("tokens. Parsing aborted."):
            return RejectedOperation(RequestErrorCode.COMPLEXITY, (error,), {"tokens": limits.tokens})
        if error.message.endswith("nested too deeply. Parsing aborted."):
            return RejectedOperation(RequestErrorCode.COMPLEXITY, (error,), {"depth": limits.depth})
        return RejectedOperation(RequestErrorCode.SYNTAX, (error,))
    except RecursionError:
        return RejectedOperation(
            RequestErrorCode.COMPLEXITY, (GraphQLError("The document is nested too deeply."),)
        )


def root_fields(document: DocumentNode, operation_name: str | None) -> tuple[OperationType, set[str]] | None:
    """The type of the operation to run and the names of its root fields; None where that is unclear."""
    operation = _operation_named(document, operation_name)
    if operation is None:
        return None
    selections = operation.selection_set.selections
    names = {node.name.value for node in selections if isinstance(node, FieldNode)}
    if len([node for node in selections if isinstance(node, FieldNode)]) != len(selections):
        return None
    return operation.operation, names


def _operation_named(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    operations = [
        definition for definition in document.definitions if isinstance(definition, OperationDefinitionNode)
    ]
    if name is None:
        return operations[0] if len(operations) == 1 else None
    named = [definition for definition in operations if definition.name and definition.name.value == name]
    return named[0] if len(named) == 1 else None


class Engine:
    """Prepares and runs operations. Documents are cached by text and set of open gates."""

    def __init__(self, schema: strawberry.Schema, limits: Limits, *, cache_bytes: int = CACHE_BYTES) -> None:
        self.scopes = Scopes(schema)
        self.limits = limits
        self._rules = _rules(limits)
        self._documents: WeightedCache[str, ParsedDocument] = WeightedCache(cache_bytes // 4)
        self._rejected: WeightedCache[tuple[int, str], RejectedOperation] = WeightedCache(cache_bytes // 8)
        self._operations: WeightedCache[tuple[int, str, str | None], PreparedOperation] = WeightedCache(
            cache_bytes
        )
        self._introspections: WeightedCache[tuple[int, str, str | None, bytes], bytes] = WeightedCache(
            INTROSPECTION_CACHE_BYTES
        )

    def parse(self, text: str) -> DocumentNode | RejectedOperation:
        """The document of a text, cached."""
        parsed = self._parse(text)
        return parsed if isinstance(parsed, RejectedOperation) else parsed.document

    def _parse(self, text: str) -> ParsedDocument | RejectedOperation:
        cached = self._documents.lookup(text)
        if cached is not None:
            return cached
        document = parse_document(text, self.limits)
        if isinstance(document, RejectedOperation):
            return document
        try:
            fields = check(document, self.limits)
        except TooComplex as error:
            allowed = {error.what: error.allowed}
            return RejectedOperation(RequestErrorCode.COMPLEXITY, (GraphQLError(str(error)),), allowed)
        parsed = ParsedDocument.of(text, document, fields)
        self._documents.store(text, parsed, parsed.weight)
        return parsed

    def cached(
        self, text: str, operation_name: str | None, mask: int
    ) -> PreparedOperation | RejectedOperation | None:
        """The cached result of preparing a text for a mask, if there is one."""
        found = self._lookup(self.scopes.key(mask), text, operation_name)
        CACHE_LOOKUPS.add("operation", "miss" if found is None else "hit")
        return found

    def _lookup(
        self, key: int, text: str, operation_name: str | None
    ) -> PreparedOperation | RejectedOperation | None:
        operation = self._operations.lookup((key, text, operation_name))
        return operation if operation is not None else self._rejected.lookup((key, text))

    def cache_sizes(self) -> dict[str, int]:
        """The estimated bytes in each cache."""
        caches: dict[str, WeightedCache[Any, Any]] = {
            "document": self._documents,
            "rejection": self._rejected,
            "operation": self._operations,
            "introspection": self._introspections,
        }
        return {name: int(cache.currsize) for name, cache in caches.items()}

    def prepare(
        self, text: str, operation_name: str | None, mask: int
    ) -> PreparedOperation | RejectedOperation:
        """Parse, check the limits, validate on the schema of the mask, and select the operation."""
        key = self.scopes.key(mask)
        cached = self._lookup(key, text, operation_name)
        if cached is not None:
            return cached
        parsed = self._parse(text)
        if isinstance(parsed, RejectedOperation):
            return parsed
        prepared = self._select_operation(parsed.document, operation_name, mask)
        if isinstance(prepared, PreparedOperation):
            weight = parsed.weight_with(prepared.most_variants)
            self._operations.store((key, text, operation_name), prepared, weight)
        elif prepared.code is RequestErrorCode.VALIDATION:
            self._rejected.store((key, text), prepared, parsed.weight)
        return prepared

    def _select_operation(
        self, document: DocumentNode, operation_name: str | None, mask: int
    ) -> PreparedOperation | RejectedOperation:
        rejected = self._validate(document, mask)
        if rejected is not None:
            return rejected
        operation = _operation_named(document, operation_name)
        if operation is None:
            text = (
                f"Unknown operation named {operation_name!r}."
                if operation_name is not None
                else "Must provide operation name if query contains multiple operations."
            )
            return RejectedOperation(RequestErrorCode.OPERATION, (GraphQLError(text),))
        return PreparedOperation.of(document, operation, self.scopes.scoped(mask), self.scopes.key(mask))

    def _validate(self, document: DocumentNode, mask: int) -> RejectedOperation | None:
        errors = validate(self.scopes.scoped(mask)._schema, document, self._rules, max_errors=_MOST_ERRORS)
        if errors and errors[-1].message == _ABORTED:
            text = "The operation names the same fields too often to be examined."
            allowed = {"comparisons": self.limits.comparisons}
            return RejectedOperation(RequestErrorCode.COMPLEXITY, (GraphQLError(text),), allowed)
        return RejectedOperation(RequestErrorCode.VALIDATION, tuple(errors)) if errors else None

    async def run(
        self, prepared: PreparedOperation, variables: dict[str, Any] | None, context: Context
    ) -> OperationResult:
        """Run an operation on the schema of exactly the context's viewer, by a plan if there is one.

        If a plan fails, the standard executor runs the query again and reports the errors. Queries only
        read, so nothing is done twice. Mutations never have a plan.
        """
        if self.scopes.key(context.viewer.mask) != prepared.mask:
            raise GateViolation("The operation was prepared for other gates.")
        if not prepared.is_query:
            return await self._standard(prepared, variables, context, Limitation.OPERATION.reason)
        if prepared.is_introspection:
            return await self._introspection(prepared, variables, context)
        try:
            coerced = prepared.coerced(variables)
        except InvalidVariables:
            return await self._standard(prepared, variables, context, Limitation.VARIABLES.reason)
        plan = prepared.plan(coerced)
        reason, fault = plan.reason, None
        if plan.function is not None:
            try:
                return OperationResult(await plan.run(prepared, coerced, context), compiled=True)
            except database.TooSlow:
                raise  # a second run would take as long
            except NotCompiled as error:  # for a type that only a value of this run has
                reason = str(error)
            except Exception as error:
                reason, fault = f"{Limitation.ERROR}: {type(error).__name__}", error
        result = await self._standard(prepared, variables, context, reason)
        if fault is not None and not result.errors:
            log_plan_fault(fault)  # the plan's own: whatever else fails, fails again and is reported
        return result

    async def _introspection(
        self, prepared: PreparedOperation, variables: dict[str, Any] | None, context: Context
    ) -> OperationResult:
        encoded_variables = msgspec.json.encode(variables, order="deterministic") if variables else b""
        text = prepared.document.loc.source.body if prepared.document.loc else ""
        key = (prepared.mask, text, prepared.name, encoded_variables)
        cached = self._introspections.lookup(key)
        CACHE_LOOKUPS.add("introspection", "miss" if cached is None else "hit")
        if cached is None:
            result = await self._standard(prepared, variables, context, Limitation.INTROSPECTION.reason)
            if result.errors:
                return result
            cached = msgspec.json.encode(result.data)
            self._introspections.store(
                key, cached, len(cached) + len(encoded_variables) + sys.getsizeof(text)
            )
        return OperationResult(msgspec.Raw(cached), reason=Limitation.INTROSPECTION.reason)

    async def _standard(
        self, prepared: PreparedOperation, variables: dict[str, Any] | None, context: Context, reason: str
    ) -> OperationResult:
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
        return OperationResult(result.data, tuple(result.errors or ()), reason=reason)

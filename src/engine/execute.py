"""Runs an operation on the schema of exactly its viewer.

The caches are bounded by bytes, whatever the documents: `cache_bytes` of an engine for plans with their
documents, a quarter of it for documents alone, an eighth for rejections, and 16 MB for introspection.
"""

import sys
from typing import Any, Protocol

import msgspec
import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    execute,
)
from strawberry.execution import optimized_is_awaitable

from authz.gates import GateViolation
from engine.cache import ParsedDocument, WeightedCache
from engine.cost import FREE, Cost, Weights
from engine.document import (
    RejectedOperation,
    RequestErrorCode,
    nested_too_deeply,
    operation_named,
    parse_document,
    too_complex,
)
from engine.granted import is_conditional, is_empty_subscription, without_absent
from engine.limits import Limits, TooComplex, check, check_text, within
from engine.plan.limitations import Limitation, NotCompiled
from engine.plan.planner import InvalidVariables, PreparedOperation
from engine.rules import ALL_FEATURES, Features, validation_rules
from engine.scope.schema import Scopes
from engine.validation import ValidationAborted, Validator
from engine.weigher import cost_of
from models import database
from telemetry.faults import log_plan_fault
from telemetry.figures import CACHE_LOOKUPS

IntrospectionKey = tuple[int, str, str | None, bytes]

_MOST_ERRORS = 5
_hits, _misses = CACHE_LOOKUPS.cell("operation", "hit"), CACHE_LOOKUPS.cell("operation", "miss")


CACHE_BYTES = 128_000_000
INTROSPECTION_CACHE_BYTES = 16_000_000
MOST_ERRORS = 5
"""The most errors of variables that are reported: each can suggest names, among which it has to look."""


class Context(Protocol):
    """The context of resolvers, with the viewer of the scoped schema."""

    @property
    def viewer(self) -> Any:
        """The viewer who makes the request. Their `mask` is the set of open gates."""
        ...


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


class Engine:
    """Prepares and runs operations. Documents are cached by text and set of open gates."""

    def __init__(
        self,
        schema: strawberry.Schema,
        limits: Limits,
        weights: Weights | None = None,
        *,
        features: Features = ALL_FEATURES,
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        self.scopes = Scopes(schema)
        self.limits = limits
        self.weights = weights or Weights()
        self._features = features
        self._validator = Validator(
            validation_rules(limits, features), _MOST_ERRORS, suggests=features.suggestions
        )
        self._documents: WeightedCache[str, ParsedDocument] = WeightedCache(cache_bytes // 4)
        self._rejected: WeightedCache[tuple[int, str], RejectedOperation] = WeightedCache(cache_bytes // 8)
        self._operations: WeightedCache[tuple[int, str, str | None], PreparedOperation] = WeightedCache(
            cache_bytes
        )
        self._introspections: WeightedCache[IntrospectionKey, bytes] = WeightedCache(
            INTROSPECTION_CACHE_BYTES
        )

    def tokens(self, text: str) -> int | RejectedOperation:
        """The number of tokens in a text, counted without parsing it, or the rejection of the text."""
        try:
            return check_text(text, self.limits)
        except TooComplex as error:
            return too_complex(error)

    def is_parsed(self, text: str) -> bool:
        """Whether the document with a text is cached."""
        return self._documents.lookup(text) is not None

    def parse(self, text: str) -> DocumentNode | RejectedOperation:
        """The document of a text, cached."""
        parsed = self._parse(text)
        return parsed if isinstance(parsed, RejectedOperation) else parsed.document

    def _parse(self, text: str) -> ParsedDocument | RejectedOperation:
        cached = self._documents.lookup(text)
        if cached is not None:
            return cached
        tokens = self.tokens(text)
        if isinstance(tokens, RejectedOperation):
            return tokens
        document = parse_document(text, self.limits)
        if isinstance(document, RejectedOperation):
            return document
        try:
            fields = check(document, self.limits)
        except TooComplex as error:
            return too_complex(error)
        parsed = ParsedDocument.of(text, document, fields)
        self._documents.store(text, parsed, parsed.weight)
        return parsed

    def cached(
        self, text: str, operation_name: str | None, mask: int
    ) -> PreparedOperation | RejectedOperation | None:
        """The cached result of preparing a text for a mask, if there is one."""
        found = self._lookup(self.scopes.key(mask), text, operation_name)
        (_misses if found is None else _hits)[0] += 1
        return found

    def _lookup(
        self, key: int, text: str, operation_name: str | None
    ) -> PreparedOperation | RejectedOperation | None:
        operation = self._operations.lookup((key, text, operation_name))
        return operation if operation is not None else self._rejected.lookup((key, text))

    def knows_query(self, text: str, operation_name: str | None, mask: int) -> bool:
        """Whether a text is cached, for a mask, as a query that can run."""
        found = self._operations.lookup((self.scopes.key(mask), text, operation_name))
        return found is not None and found.is_query

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
        self, text: str, operation_name: str | None, mask: int, variables: dict[str, Any] | None = None
    ) -> PreparedOperation | RejectedOperation:
        """Parse, check the limits and the cost, validate on the schema of the mask, select the operation."""
        key = self.scopes.key(mask)
        cached = self._lookup(key, text, operation_name)
        if cached is not None:
            return cached
        parsed = self._parse(text)
        if isinstance(parsed, RejectedOperation):
            return parsed
        prepared = self._select_operation(parsed.document, operation_name, mask, variables)
        if isinstance(prepared, PreparedOperation):
            weight = parsed.weight_with(prepared.most_variants)
            if prepared.document is not parsed.document:
                weight += parsed.weight  # of what remains after `@whenGranted`
            self._operations.store((key, text, operation_name), prepared, weight)
        elif prepared.code is RequestErrorCode.VALIDATION:
            self._rejected.store((key, text), prepared, parsed.weight)
        return prepared

    def rejected_cost(self, cost: Cost, variables: dict[str, Any] | None) -> RejectedOperation | None:
        """The rejection of an operation that costs too much for these variables."""
        try:
            within("cost", cost.value(variables), self.limits)
        except TooComplex as error:
            return too_complex(error)
        return None

    def _weighed(
        self,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        mask: int,
        variables: dict[str, Any] | None,
    ) -> Cost | RejectedOperation:
        """The cost of an operation on the schema of the mask. Hidden fields cost as much as unknown ones."""
        cost = cost_of(self.scopes.scoped(mask)._schema, document, operation, self.weights)
        try:
            within("mutations", cost.mutations, self.limits)
            if cost.mutations > 1:
                within("alone", cost.alone and cost.mutations, self.limits)
            within("cost", cost.value(variables), self.limits)
            within("lists", cost.lists, self.limits)
        except TooComplex as error:
            return too_complex(error)
        return cost

    def _select_operation(
        self, document: DocumentNode, operation_name: str | None, mask: int, variables: dict[str, Any] | None
    ) -> PreparedOperation | RejectedOperation:
        written, found = document, self._granted(document, mask)
        if isinstance(found, RejectedOperation):
            return found
        document = found
        operation = operation_named(document, operation_name)
        if document is not written and operation is not None and is_empty_subscription(operation):
            text = "The subscription selects nothing that your schema has."
            return RejectedOperation(RequestErrorCode.OPERATION, (GraphQLError(text, operation),))
        cost = self._weighed(document, operation, mask, variables) if operation is not None else FREE
        if isinstance(cost, RejectedOperation):
            return cost
        rejected = self._validate(document, mask)
        if rejected is not None:
            return rejected
        if operation is None:
            text = (
                f"Unknown operation named {operation_name!r}."
                if operation_name is not None
                else "Must provide operation name if query contains multiple operations."
            )
            return RejectedOperation(RequestErrorCode.OPERATION, (GraphQLError(text),))
        schema = self.scopes.scoped(mask)
        return PreparedOperation.of(document, operation, schema, self.scopes.key(mask), cost, written)

    def _granted(self, document: DocumentNode, mask: int) -> DocumentNode | RejectedOperation:
        """A document without the marked selections that the schema of the mask does not have."""
        if not is_conditional(document):
            return document
        try:
            return without_absent(self.scopes.scoped(mask)._schema, document)
        except RecursionError:
            return nested_too_deeply()

    def _validate(self, document: DocumentNode, mask: int) -> RejectedOperation | None:
        try:
            errors = self._validator.errors(self.scopes.scoped(mask)._schema, document)
        except ValidationAborted:
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
        self.require_gates(prepared, context)
        if not prepared.is_query:
            return await self.run_standard(prepared, variables, context, Limitation.OPERATION.reason)
        if prepared.is_introspection:
            return await self._introspection(prepared, variables, context)
        try:
            coerced = prepared.coerced(variables)
        except InvalidVariables:
            return await self.run_standard(prepared, variables, context, Limitation.VARIABLES.reason)
        plan = prepared.plan(coerced)
        reason, fault = plan.reason, None
        if plan.function is not None:
            try:
                return OperationResult(await plan.run(prepared, coerced, context), compiled=True)
            except (database.TooSlow, database.Outage, database.Refuted):
                raise  # a second run would take as long, or fail, too
            except NotCompiled as error:  # for a type that only a value of this run has
                reason = str(error)
            except Exception as error:
                reason, fault = f"{Limitation.ERROR}: {type(error).__name__}", error
        result = await self.run_standard(prepared, variables, context, reason)
        if fault is not None and not result.errors:
            log_plan_fault(fault)  # the plan's own error; any other fails again and is reported
        return result

    def is_answered(self, prepared: PreparedOperation, variables: dict[str, Any] | None) -> bool:
        """Whether the operation is an introspection without variables whose result is cached.

        The cost of a text must not depend on which names others have looked up with it.
        """
        if not prepared.is_introspection or prepared.operation.variable_definitions:
            return False
        key = _introspection_key(prepared, variables)
        return key is not None and self._introspections.lookup(key) is not None

    def require_gates(self, prepared: PreparedOperation, context: Context) -> None:
        """Refuse an operation that was prepared for gates other than the viewer's."""
        if self.scopes.key(context.viewer.mask) != prepared.mask:
            raise GateViolation("The operation was prepared for other gates.")

    async def _introspection(
        self, prepared: PreparedOperation, variables: dict[str, Any] | None, context: Context
    ) -> OperationResult:
        """The cached result for the values of the variables that the operation declares."""
        key = _introspection_key(prepared, variables)
        if key is None:
            return await self.run_standard(prepared, variables, context, Limitation.VARIABLES.reason)
        cached = self._introspections.lookup(key)
        CACHE_LOOKUPS.add("introspection", "miss" if cached is None else "hit")
        if cached is None:
            result = await self.run_standard(prepared, variables, context, Limitation.INTROSPECTION.reason)
            if result.errors:
                return result
            cached = msgspec.json.encode(result.data)
            self._introspections.store(key, cached, len(cached) + len(key[-1]) + sys.getsizeof(key[1]))
        return OperationResult(msgspec.Raw(cached), reason=Limitation.INTROSPECTION.reason)

    async def run_standard(
        self, prepared: PreparedOperation, variables: dict[str, Any] | None, context: Context, reason: str
    ) -> OperationResult:
        """Run an operation on graphql-core, for a reason."""
        schema = prepared.schema
        result: Any = execute(
            schema._schema,
            prepared.document,
            variable_values=variables,
            operation_name=prepared.name,
            context_value=context,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]
            executor_class=schema.execution_context_class,
            max_coercion_errors=MOST_ERRORS,
        )
        if optimized_is_awaitable(result):
            result = await result
        assert isinstance(result, ExecutionResult)
        return OperationResult(result.data, tuple(result.errors or ()), reason=reason)


def _introspection_key(
    prepared: PreparedOperation, variables: dict[str, Any] | None
) -> IntrospectionKey | None:
    """What the result depends on: the declared variables with their values. None if they are invalid."""
    try:
        coerced = prepared.coerced(variables).coerced
        return (*prepared.identity, msgspec.json.encode(coerced, order="deterministic"))
    except (InvalidVariables, TypeError):
        return None

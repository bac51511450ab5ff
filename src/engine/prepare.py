"""Prepares operations: from a text to an operation that is valid on the schema of exactly its viewer.

The caches are bounded by bytes, whatever the documents: `cache_bytes` for plans with their documents, a
quarter of it for documents alone, an eighth for rejections, and 16 MB for introspection. Operations keep
their schemas in memory, so they are forgotten with them.
"""

from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    GraphQLError,
    OperationDefinitionNode,
)

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
from engine.plan.planner import IntrospectionKey, InvalidVariables, PreparedOperation
from engine.rules import ALL_FEATURES, Features, validation_rules
from engine.scope.schema import MOST_SCHEMAS, Scopes
from engine.sharing import Sharing
from engine.validation import ValidationAborted, Validator
from engine.weigher import cost_of
from telemetry.figures import CACHE_LOOKUPS

_MOST_ERRORS = 5
_hits, _misses = CACHE_LOOKUPS.cell("operation", "hit"), CACHE_LOOKUPS.cell("operation", "miss")


CACHE_BYTES = 128_000_000
INTROSPECTION_CACHE_BYTES = 16_000_000


class PreparedOperations:
    """Prepares operations. They are cached by text and set of open gates."""

    def __init__(
        self,
        schema: strawberry.Schema,
        limits: Limits,
        weights: Weights | None = None,
        *,
        features: Features = ALL_FEATURES,
        cache_bytes: int = CACHE_BYTES,
        most_schemas: int = MOST_SCHEMAS,
    ) -> None:
        self.scopes = Scopes(schema, capacity=most_schemas)
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
        self._sharing = Sharing(self.scopes, cache_bytes // 16)
        self.scopes.when_forgotten(self._forget)

    def _forget(self, key: int) -> None:
        """Forget the operations that were prepared on a schema, which they would keep in memory."""
        for stored in [stored for stored in self._operations if stored[0] == key]:
            del self._operations[stored]

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
        operation = self._operation(key, text, operation_name)
        return operation if operation is not None else self._rejected.lookup((key, text))

    def _operation(self, key: int, text: str, operation_name: str | None) -> PreparedOperation | None:
        operation = self._operations.lookup((key, text, operation_name))
        if operation is None and (shared := self._sharing.key(key, text)) is not None:
            operation = self._operations.lookup((shared, text, operation_name))
        if operation is not None:
            self.scopes.note_use(operation.mask)
        return operation

    def knows_query(self, text: str, operation_name: str | None, mask: int) -> bool:
        """Whether a text is cached, for a mask, as a query that can run."""
        found = self._operation(self.scopes.key(mask), text, operation_name)
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
        prepared = self._shared_operation(parsed.document, text, operation_name, key, variables)
        if prepared is None:
            prepared = self._select_operation(parsed.document, operation_name, mask, variables)
        if isinstance(prepared, PreparedOperation):
            prepared.requested_name = operation_name
            self._store(prepared, parsed)
        elif prepared.code is RequestErrorCode.VALIDATION:
            self._rejected.store((key, text), prepared, parsed.weight)
        return prepared

    def _store(self, prepared: PreparedOperation, parsed: ParsedDocument) -> None:
        weight = parsed.weight_with(prepared.most_variants)
        if prepared.document is not parsed.document:
            weight += parsed.weight  # of what remains after `@whenGranted`
        key = (prepared.mask, prepared.text, prepared.requested_name)
        self._operations.store(key, prepared, weight)

    def own_operation(
        self, prepared: PreparedOperation, mask: int, variables: dict[str, Any] | None
    ) -> PreparedOperation:
        """A shared operation on the schema of one of its viewers, for what the plan of all cannot answer."""
        if self.scopes.key(mask) == prepared.mask:
            return prepared
        own = self._select_operation(prepared.document, prepared.requested_name, mask, variables)
        parsed = self._parse(prepared.text)
        if isinstance(own, RejectedOperation) or isinstance(parsed, RejectedOperation):
            raise GateViolation("The operation was prepared for other gates.")
        own.requested_name = prepared.requested_name
        self._store(own, parsed)
        return own

    def _shared_operation(
        self,
        document: DocumentNode,
        text: str,
        operation_name: str | None,
        key: int,
        variables: dict[str, Any] | None,
    ) -> PreparedOperation | RejectedOperation | None:
        """An operation for all viewers with the gates that the document names. None if it is not shared."""
        self._sharing.learn(text, document)
        shared = self._sharing.key(key, text)
        if shared is None or self.scopes.is_cached(key):
            return None
        found = self._select_operation(document, operation_name, shared, variables)
        if isinstance(found, RejectedOperation) or found.is_introspection:
            return None  # the viewer's own schema decides, and words the errors
        try:
            return None if found.plan(found.coerced(variables)).function is None else found
        except InvalidVariables:
            return None

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

"""Runs an operation on the schema of exactly its viewer."""

import sys
from functools import partial
from typing import Any, Protocol

import msgspec
from graphql import ExecutionResult, GraphQLError, execute
from strawberry.execution import optimized_is_awaitable

from authz.gates import GateViolation
from engine.plan.limitations import Limitation, NotCompiled
from engine.plan.planner import InvalidVariables, PreparedOperation
from engine.prepare import PreparedOperations
from models import database
from telemetry.faults import log_plan_fault
from telemetry.figures import CACHE_LOOKUPS

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
        return bool(self.errors) and self.data is None and all(error.path is None for error in self.errors)


class Engine(PreparedOperations):
    """Prepares and runs operations."""

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
            own = self.own_operation(prepared, context.viewer.mask, variables)
            if own is not prepared:
                return await self.run(own, variables, context)
            return await self.run_standard(prepared, variables, context, Limitation.VARIABLES.reason)
        plan = prepared.plan(coerced)
        reason, fault = plan.reason, None
        if plan.function is not None:
            try:
                own_schema = partial(self.scopes.scoped, context.viewer.mask)
                data = await plan.run(prepared, coerced, context, own_schema)
                return OperationResult(data, compiled=True)
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
        key = prepared.result_key(variables)
        return key is not None and self._introspections.lookup(key) is not None

    def require_gates(self, prepared: PreparedOperation, context: Context) -> None:
        """Refuse an operation that was prepared for gates other than the viewer's."""
        key = self.scopes.key(context.viewer.mask)
        if key != prepared.mask and not (prepared.is_query and self._sharing.serves(prepared.mask, key)):
            raise GateViolation("The operation was prepared for other gates.")

    async def _introspection(
        self, prepared: PreparedOperation, variables: dict[str, Any] | None, context: Context
    ) -> OperationResult:
        """The cached result for the values of the variables that the operation declares."""
        key = prepared.result_key(variables)
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
        """Run an operation on graphql-core, on the viewer's own schema, for a reason."""
        prepared = self.own_operation(prepared, context.viewer.mask, variables)
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

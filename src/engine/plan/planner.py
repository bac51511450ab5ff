"""Plans: each operation is planned once for a set of open gates, as steps and generated code."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import strawberry
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
)
from graphql.execution.values import VariableValues

from engine.absent import absent_paths
from engine.cost import FREE, Cost
from engine.plan.code import Code
from engine.plan.fields import Collector, switches
from engine.plan.limitations import Limitation, NotCompiled
from engine.plan.run import PlanInfo, Run
from engine.plan.steps import PlanBuilder, PlanFunction
from engine.plan.variables import Variables
from telemetry.faults import log_plan_fault
from telemetry.figures import CACHE_LOOKUPS

IntrospectionKey = tuple[int, str, str | None, bytes]
MOST_VARIANTS = 8
_hits, _misses = CACHE_LOOKUPS.cell("plan", "hit"), CACHE_LOOKUPS.cell("plan", "miss")


class InvalidVariables(Exception):
    """Variables that the operation does not accept. The standard executor reports why."""


@dataclass(slots=True)
class PreparedOperation:
    """A document that is valid for a set of open gates, the operation in it to run, and the operation's
    plans."""

    document: DocumentNode
    operation: OperationDefinitionNode
    schema: strawberry.Schema
    mask: int
    switches: tuple[str, ...] = ()
    cost: Cost = FREE
    written: DocumentNode | None = None
    """The document as it was sent, with what `@whenGranted` left out."""
    requested_name: str | None = None
    """The name that the request gave for the operation."""
    plans: dict[tuple[Any, ...], "Plan"] = field(default_factory=dict)
    _variables: Variables | None = None
    is_query: bool = field(init=False)
    """Whether the operation is a query, which only reads."""
    is_subscription: bool = field(init=False)
    """Whether the operation is a subscription, which is run for some events at a time and only reads."""
    name: str | None = field(init=False)
    """The operation's name."""
    is_introspection: bool = field(init=False)
    """Whether it selects only introspection, so that its response is the same until the schema changes."""

    @classmethod
    def of(
        cls,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        schema: strawberry.Schema,
        mask: int,
        cost: Cost = FREE,
        written: DocumentNode | None = None,
    ) -> "PreparedOperation":
        """An operation that is ready to be planned."""
        return cls(document, operation, schema, mask, switches(document), cost, written)

    def __post_init__(self) -> None:
        """Compute once what every run needs."""
        self.name = self.operation.name.value if self.operation.name else None
        self.is_query = self.operation.operation is OperationType.QUERY
        self.is_subscription = self.operation.operation is OperationType.SUBSCRIPTION
        selections = self.operation.selection_set.selections
        self.is_introspection = all(
            isinstance(node, FieldNode) and node.name.value.startswith("__") for node in selections
        )

    @property
    def is_mutation(self) -> bool:
        """Whether the operation changes something."""
        return not self.is_query and not self.is_subscription

    @property
    def identity(self) -> tuple[int, str, str | None]:
        """The identity of the operation: its set of gates, its text and its name."""
        return self.mask, self.text, self.name

    @property
    def text(self) -> str:
        """The document as text."""
        return self.document.loc.source.body if self.document.loc else ""

    def absent(self, variables: dict[str, Any] | None) -> list[list[str]]:
        """The response paths that `@whenGranted` left out."""
        if self.written is None or self.written is self.document:
            return []
        return absent_paths(self.written, self.document, self.name, variables)

    @property
    def most_variants(self) -> int:
        """The largest number of plans that it can have."""
        return min(MOST_VARIANTS, int(3 ** len(self.switches)))  # true, false and null

    def coerced(self, variables: dict[str, Any] | None) -> VariableValues:
        """The operation's variables. Raises `VariablesRefused`."""
        if self._variables is None:
            self._variables = Variables(self.schema._schema, self.operation.variable_definitions or ())
        values = self._variables.coerced(variables)
        if values is None:
            raise InvalidVariables
        return values

    def result_key(self, variables: dict[str, Any] | None) -> IntrospectionKey | None:
        """What an introspection's result depends on: the declared variables with their values.

        None if they are invalid.
        """
        try:
            coerced = self.coerced(variables).coerced
            return (*self.identity, msgspec.json.encode(coerced, order="deterministic"))
        except (InvalidVariables, TypeError):
            return None

    def needs_further_plan(self, variables: dict[str, Any] | None) -> bool:
        """Whether `@skip` and `@include` leave fields for which there is no plan, but one for others."""
        if not self.switches or not 0 < len(self.plans) < self.most_variants:
            return False
        try:
            return self._variant(self.coerced(variables)) not in self.plans
        except InvalidVariables:
            return False

    def _variant(self, variables: VariableValues) -> tuple[Any, ...]:
        return tuple(variables.coerced.get(name) for name in self.switches)

    def plan(self, variables: VariableValues) -> "Plan":
        """The plan for the fields that these variables leave."""
        variant = self._variant(variables)
        plan = self.plans.get(variant)
        (_misses if plan is None else _hits)[0] += 1
        if plan is None:
            if len(self.plans) >= self.most_variants:
                return Plan(None, Limitation.VARIANTS.reason)
            plan = self.plans[variant] = self._compile(variables)
        return plan

    def _compile(self, variables: VariableValues) -> "Plan":
        if not (self.is_query or self.is_subscription):
            return Plan(None, Limitation.OPERATION.reason)
        try:
            return Plan(self._function(variables))
        except NotCompiled as error:
            return Plan(None, str(error))
        except GraphQLError as error:
            return Plan(None, f"{Limitation.ARGUMENTS}: {type(error).__name__}")
        except Exception as error:
            log_plan_fault(error)
            return Plan(None, f"{Limitation.ERROR}: {type(error).__name__}")

    def _function(
        self, variables: VariableValues, problems: list[NotCompiled] | None = None, code: Code | None = None
    ) -> PlanFunction:
        root = self.schema._schema.get_root_type(self.operation.operation)
        if root is None:
            raise NotCompiled(Limitation.OPERATION)
        named = VariableValues(
            {name: value for name, value in variables.sources.items() if name in self.switches},
            {name: value for name, value in variables.coerced.items() if name in self.switches},
        )  # a plan is cached, so it contains no other values
        collector = Collector(self.schema, self.document, self.operation, named, self.mask, problems)
        return PlanBuilder(code or Code(), collector).root(root)

    def examined(self, variables: VariableValues) -> "Examined":
        """The code of the plan for these variables, and every part of the operation that is not compiled."""
        problems: list[NotCompiled] = []
        code = Code(keeps_source=True)
        if not (self.is_query or self.is_subscription):
            problems.append(NotCompiled(Limitation.OPERATION, self.name or ""))
        else:
            self._function(variables, problems, code)
        named = [name for name, value in code.names.items() if name[-1].isdigit() and value is not None]
        meanings = {name: code.meaning(name) for name in named}
        return Examined(tuple(code.sources), meanings, tuple(problems))


@dataclass(frozen=True, slots=True)
class Examined:
    """The generated functions of a plan, their names, and the parts that are not compiled."""

    sources: tuple[str, ...]
    names: dict[str, str]
    problems: tuple[NotCompiled, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """How an operation is executed. Without a function, it runs on the standard executor, for a reason."""

    function: PlanFunction | None
    reason: str = ""

    async def run(
        self,
        prepared: PreparedOperation,
        variables: VariableValues,
        context: Any,
        own_schema: Callable[[], strawberry.Schema] | None = None,
    ) -> Any:
        """The operation's data, ready to be encoded.

        `own_schema` finds the viewer's schema if that may be another one than the operation's.
        """
        assert self.function is not None
        schema = own_schema or (lambda: prepared.schema)
        return await self.function(Run(PlanInfo(context, schema), variables))

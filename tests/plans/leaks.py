"""Plan makers with a fault, each of a kind that was made or could be: put in for as long as a test lasts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import graphql.execution.collect_fields as collecting
import pytest
from graphql import GraphQLEnumType
from msgspec import structs

import engine.plan.variables
import engine.rows.connection
from authz.gates import EVERYTHING
from authz.reach import Reach
from engine.document import RejectedOperation
from engine.plan.code import Code
from engine.plan.fields import Collector
from engine.plan.planner import Plan, PreparedOperation
from engine.rows.lists import Rows
from engine.rows.source import Children
from models.statement import Statement
from plans.paths import Watched

Leak = Callable[[pytest.MonkeyPatch], type[Watched]]
ALL = Statement("1 = 1")


class _OnTheFullSchema(Watched):
    """Validates and plans on the whole schema, whoever asks."""

    def _validate(self, document: Any, mask: int) -> RejectedOperation | None:
        del mask
        return super()._validate(document, EVERYTHING)

    def _select_operation(
        self, document: Any, operation_name: str | None, mask: int
    ) -> PreparedOperation | RejectedOperation:
        found = super()._select_operation(document, operation_name, mask)
        if isinstance(found, PreparedOperation):
            found.schema = self.scopes.scoped(EVERYTHING)
        return found


def gates_are_not_checked_on_the_full_schema(patch: pytest.MonkeyPatch) -> type[Watched]:
    def open_to_all(self: Collector, definition: Any) -> Any:
        del self
        return definition.extensions["strawberry-definition"]

    patch.setattr(Collector, "open_field", open_to_all)
    return _OnTheFullSchema


def the_plan_of_another_set_of_gates_is_used(patch: pytest.MonkeyPatch) -> type[Watched]:
    del patch

    class ByTextAlone(Watched):
        def prepare(
            self, text: str, operation_name: str | None, mask: int
        ) -> PreparedOperation | RejectedOperation:
            cache: dict[Any, PreparedOperation] = self.__dict__.setdefault("by_text", {})
            found = cache.get((text, operation_name)) or super().prepare(text, operation_name, mask)
            if isinstance(found, RejectedOperation):
                return found
            cache[text, operation_name] = found
            return replace(found, mask=self.scopes.key(mask))

    return ByTextAlone


@contextmanager
def _only(patch: pytest.MonkeyPatch, target: Any, name: str, value: Any) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as inner:
        inner.setattr(target, name, value)
        yield
    del patch


def _while_plans_run(patch: pytest.MonkeyPatch, target: Any, name: str, value: Any) -> None:
    """Put a value in while a plan runs, so that the standard executor keeps its own."""
    run = Plan.run

    async def leaky(self: Plan, *args: Any) -> Any:
        with _only(patch, target, name, value):
            return await run(self, *args)

    patch.setattr(Plan, "run", leaky)


def lists_and_objects_forget_reach(patch: pytest.MonkeyPatch) -> type[Watched]:
    _while_plans_run(
        patch, Rows, "condition", property(lambda self: ALL if self.where is None else self.where)
    )
    return Watched


def pages_forget_reach(patch: pytest.MonkeyPatch) -> type[Watched]:
    created = engine.rows.connection.page_statement

    def whole_account(rows: Rows[Any], *args: Any) -> Any:
        return created(structs.replace(rows, reach=Reach(rows.reach.table, rows.reach.account_id)), *args)

    _while_plans_run(patch, engine.rows.connection, "page_statement", whole_account)
    return Watched


def children_forget_reach(patch: pytest.MonkeyPatch) -> type[Watched]:
    def condition(self: Children, viewer: Any) -> Statement:
        found = Reach("", viewer.central.account_id).where("r")
        return found if self.where is None else found & self.where

    _while_plans_run(patch, Children, "condition", condition)
    return Watched


def the_first_variant_serves_for_all(patch: pytest.MonkeyPatch) -> type[Watched]:
    def plan(self: PreparedOperation, variables: Any) -> Plan:
        if () not in self.plans:
            self.plans[()] = self._compile(variables)
        return self.plans[()]

    patch.setattr(PreparedOperation, "plan", plan)
    return Watched


def skip_and_include_are_ignored(patch: pytest.MonkeyPatch) -> type[Watched]:
    created = PreparedOperation._compile

    def leaky(self: PreparedOperation, variables: Any) -> Plan:
        with _only(patch, collecting, "should_include_node", lambda *_leaf: True):
            return created(self, variables)

    patch.setattr(PreparedOperation, "_compile", leaky)
    return Watched


def arguments_of_variables_are_read_once(patch: pytest.MonkeyPatch) -> type[Watched]:
    patch.setattr(engine.plan.variables, "_variables_in", lambda _node: [])
    patch.setattr(engine.plan.variables.Arguments, "_is_plain", lambda _self, _argument: False)
    return Watched


def enum_values_are_mixed_up(patch: pytest.MonkeyPatch) -> type[Watched]:
    def mixed(kind: GraphQLEnumType) -> dict[Any, str]:
        values = [value.value for value in kind.values.values()]
        return dict(zip([*values[1:], values[0]], kind.values, strict=True))

    patch.setattr("engine.plan.code._enum_names", mixed)
    return Watched


def money_loses_its_cents(patch: pytest.MonkeyPatch) -> type[Watched]:
    converted = Code._serializer

    def rounded(self: Code, kind: Any, **known: Any) -> Any:
        if getattr(kind, "name", "") != "Decimal":
            return converted(self, kind, **known)
        return lambda expression: f"str({expression}).partition('.')[0]"

    patch.setattr(Code, "_serializer", rounded)
    return Watched


def zero_and_empty_become_null(patch: pytest.MonkeyPatch) -> type[Watched]:
    original = Code._leaf

    def nulled(self: Code, *args: Any, **named: Any) -> str:
        return f"(({original(self, *args, **named)}) or None)"

    patch.setattr(Code, "_leaf", nulled)
    return Watched


def keys_are_sorted(patch: pytest.MonkeyPatch) -> type[Watched]:
    original = Code.object
    patch.setattr(Code, "object", lambda self, fields: original(self, sorted(fields)))
    return Watched


def a_fault_is_answered_with_nothing(patch: pytest.MonkeyPatch) -> type[Watched]:
    run = Plan.run

    async def silent(self: Plan, *args: Any) -> Any:
        try:
            return await run(self, *args)
        except Exception:
            return None

    patch.setattr(Plan, "run", silent)
    return Watched


# each with whose questions look for it: children have a reach of their own for team leads alone
LEAKS: dict[Leak, str] = dict.fromkeys(
    (
        gates_are_not_checked_on_the_full_schema,
        the_plan_of_another_set_of_gates_is_used,
        lists_and_objects_forget_reach,
        pages_forget_reach,
        the_first_variant_serves_for_all,
        skip_and_include_are_ignored,
        arguments_of_variables_are_read_once,
        enum_values_are_mixed_up,
        money_loses_its_cents,
        zero_and_empty_become_null,
        keys_are_sorted,
        a_fault_is_answered_with_nothing,
    ),
    "",
)

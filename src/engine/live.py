"""Runs subscriptions: one run for any number of events, by the same plans as queries."""

from collections.abc import Iterator
from typing import Any, Protocol

from engine.execute import Context, Engine, OperationResult
from engine.plan.limitations import Limitation, NotCompiled
from engine.plan.planner import InvalidVariables, PreparedOperation
from engine.rows.events import NothingHappened
from models import database
from telemetry.faults import log_plan_fault


class EventContext(Context, Protocol):
    """The context of resolvers, with the events that they are called for."""

    def each(self) -> "Iterator[EventContext]":
        """A context for each event. If there are none, one context without events."""
        ...


async def deliver(
    engine: Engine, prepared: PreparedOperation, variables: dict[str, Any] | None, context: EventContext
) -> list[OperationResult]:
    """The results of a subscription for the events of a context, one for each that its viewer can see.

    Without events, the operation is only checked, and the only result has its errors.
    """
    engine.require_gates(prepared, context)
    reason, fault = Limitation.VARIABLES.reason, None
    try:
        coerced = prepared.coerced(variables)
        plan = prepared.plan(coerced)
        reason = plan.reason
        if plan.function is not None:
            return _each(await plan.run(prepared, coerced, context))
    except database.TooSlow:
        raise  # a second run would take as long
    except NothingHappened:
        return []
    except InvalidVariables:
        pass
    except NotCompiled as error:
        reason = str(error)
    except Exception as error:
        reason, fault = f"{Limitation.ERROR}: {type(error).__name__}", error
    results = [
        await engine.run_standard(prepared, variables, context_of_one, reason)
        for context_of_one in context.each()
    ]
    if fault is not None and not any(result.errors for result in results):
        log_plan_fault(fault)
    return [result for result in results if not _nothing_happened(result)]


def _each(data: Any) -> list[OperationResult]:
    """The data of each event: a plan has them all as a list in the one field of the root."""
    names = data.__struct_fields__
    if len(names) != 1:
        return [OperationResult(data, compiled=True)]  # @skip left no field, or only __typename
    value, key = getattr(data, names[0]), data.__struct_encode_fields__[0]
    values = value if isinstance(value, list) else [value]
    return [OperationResult({key: value}, compiled=True) for value in values]


def _nothing_happened(result: OperationResult) -> bool:
    return any(isinstance(error.original_error, NothingHappened) for error in result.errors)

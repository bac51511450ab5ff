"""What the log and the metrics show of an operation: its kind, its outcome, and how it was executed."""

import logging
import time
from typing import Any

import msgspec

from authz.viewer import Viewer
from engine.plan.planner import PreparedOperation
from graph.kit.errors import RequestError
from telemetry.figures import EXECUTIONS, OPERATION_SECONDS, OPERATIONS
from telemetry.line import write_line
from telemetry.request import OperationRecord, current_operation, current_request, note_error, plain_word

_log = logging.getLogger("centrals.request")
_OUTCOMES = {
    RequestError.INTERNAL.value: "fault",
    RequestError.NOT_FOUND.value: "no_central",
    RequestError.RATE_LIMITED.value: "rate_limited",
    RequestError.TIMEOUT.value: "timeout",
    RequestError.UNAUTHENTICATED.value: "unauthenticated",
    RequestError.UNAVAILABLE.value: "unavailable",
}
"""The outcomes of responses without data, by error code. All other codes are rejections."""


def note_prepared(prepared: PreparedOperation) -> None:
    """Record an operation's kind, and its name if it looks like an identifier."""
    record = current_operation.get()
    if record is not None:
        record.kind = prepared.operation.operation.value
        name = prepared.name
        record.name = name if name is not None and plain_word(name) else None


def note_executed(*, compiled: bool, reason: str) -> None:
    """Record how an operation was executed, and why not by a plan.

    Reasons are counted without their place.
    """
    if compiled:
        execution, why = "compiled", ""
    else:
        execution, why = "standard", reason.partition(": ")[0]
    EXECUTIONS.add(execution, why)
    record = current_operation.get()
    if record is not None:
        record.execution = f"{execution}: {reason}" if reason and not compiled else execution


def finish(record: OperationRecord, payload: dict[str, Any], viewer: Viewer, started: float) -> None:
    """Count an operation and log it: with the response to its request, or now if there is none."""
    seconds = time.perf_counter() - started
    if errors := payload.get("errors"):
        for error in errors:
            extensions = error["extensions"]
            note_error(extensions["code"], next(iter(extensions.get("allowed", ())), "operation"))
        record.codes = [error["extensions"]["code"] for error in errors]
        record.outcome = _outcome(payload, record.codes[0])
    elif record.refusal is not None:
        record.outcome, record.codes = "refused", [record.refusal]
    OPERATIONS.add(record.kind, record.outcome)
    OPERATION_SECONDS.observe(seconds, record.kind)
    record.milliseconds = round(seconds * 1000, 1)
    record.user_id = viewer.user_id
    record.account_id = viewer.central.account_id if viewer.central else None
    request = current_request.get()
    if request is not None:
        request.operations.append(record)
    else:
        write_line(_log, "operation", msgspec.structs.asdict(record))


def _outcome(payload: dict[str, Any], code: str) -> str:
    if "data" in payload:
        return "errors"
    return _OUTCOMES.get(code, "rejected")

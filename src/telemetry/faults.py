"""Faults of ours, as the log keeps them: where, and of what kind, never with whose data."""

import logging
import traceback
from pathlib import Path

from telemetry.figures import FAULTS, PLAN_FAULTS
from telemetry.request import current_operation, current_request

_log = logging.getLogger("centrals.fault")
_FRAMES = 12


def log_fault(request_id: str, fault: BaseException) -> None:
    """Log a fault without its message, which may hold what the caller sent or what the database holds."""
    FAULTS.add(type(fault).__qualname__)
    _log.error(
        "fault",
        extra={"request_id": request_id, "kind": type(fault).__qualname__, "at": frames(fault)},
    )


def log_plan_fault(fault: BaseException) -> None:
    """Log a fault of the plan compiler or of a plan; the standard executor answers instead."""
    PLAN_FAULTS.add(type(fault).__qualname__)
    request, operation = current_request.get(), current_operation.get()
    _log.error(
        "plan fault",
        extra={
            "request_id": request.request_id if request is not None else None,
            "operation": operation.name if operation is not None else None,
            "kind": type(fault).__qualname__,
            "at": frames(fault),
        },
    )


def frames(fault: BaseException) -> list[str]:
    """Where a fault came from, innermost last."""
    found = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(fault.__traceback__)[-_FRAMES:]
    ]
    if fault.__cause__ is not None:
        found.append(f"because of {type(fault.__cause__).__qualname__}")
    return found

"""Faults of ours, as the log keeps them: where, and of what kind, never with whose data."""

import logging
import traceback
from pathlib import Path

_log = logging.getLogger("centrals.fault")
_FRAMES = 12


def log_fault(request_id: str, fault: BaseException) -> None:
    """Log a fault without its message, which may hold what the caller sent or what the database holds."""
    _log.error(
        "fault",
        extra={"request_id": request_id, "kind": type(fault).__qualname__, "at": frames(fault)},
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

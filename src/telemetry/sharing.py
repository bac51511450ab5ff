"""The figures of all processes: each writes its own into one folder, and they are added up when shown.

Counters of a process that ended still count; its gauges do not.
"""

import contextlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

import msgspec

from telemetry.metrics import REGISTRY, Gauge, Labels

_ENDING = ".metrics"


class Snapshot(msgspec.Struct):
    """The figures of one process at one moment: by metric and labels, numbers."""

    pid: int
    values: dict[str, list[tuple[Labels, list[float]]]]


def snapshot() -> Snapshot:
    """The figures of this process."""
    return Snapshot(
        os.getpid(),
        {
            name: [(labels, list(numbers)) for labels, numbers in metric.values.items()]
            for name, metric in REGISTRY.items()
        },
    )


class SharedFolder:
    """Where the processes of one server publish their figures; without a path, each is alone."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._file = path / f"{os.getpid()}-{secrets.token_hex(4)}{_ENDING}" if path else None

    def empty(self) -> None:
        """Remove what processes of an earlier server wrote."""
        for file in self._files():
            file.unlink(missing_ok=True)

    def publish(self) -> None:
        """Write this process's figures, whole or not at all."""
        if self._file is None:
            return
        part = self._file.with_suffix(".part")
        part.write_bytes(msgspec.msgpack.encode(snapshot()))
        part.replace(self._file)

    def of_all(self, *, own: bool = True) -> dict[str, dict[Labels, list[float]]]:
        """The figures of all processes together; `own` counts this one as it is now."""
        found = [_read(file) for file in self._files() if file != self._file]
        if own:
            found.append(snapshot())
        return merged(snapshot for snapshot in found if snapshot is not None)

    def _files(self) -> list[Path]:
        return sorted(self._path.glob(f"*{_ENDING}")) if self._path else []


def _read(file: Path) -> Snapshot | None:
    with contextlib.suppress(OSError, msgspec.MsgspecError):
        return msgspec.msgpack.decode(file.read_bytes(), type=Snapshot)
    return None


def merged(snapshots: Iterable[Snapshot]) -> dict[str, dict[Labels, list[float]]]:
    """One figure for each metric and labels: sums, but for gauges of which the largest counts."""
    found: dict[str, dict[Labels, list[float]]] = {name: {} for name in REGISTRY}
    for snapshot in snapshots:
        runs = _runs(snapshot.pid)
        for name, series in snapshot.values.items():
            metric = REGISTRY.get(name)
            if metric is None or (isinstance(metric, Gauge) and not runs):
                continue
            take = max if isinstance(metric, Gauge) and metric.merging == "max" else _sum
            figures = found[name]
            for labels, numbers in series:
                before = figures.get(labels)
                figures[labels] = numbers if before is None else list(map(take, before, numbers))
    return found


def _sum(left: float, other: float) -> float:
    return left + other


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

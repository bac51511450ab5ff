"""Logs: one line for each record, as JSON or as text, without personal data."""

import asyncio
import logging.config
import sys
import time
from typing import Any, TextIO

import msgspec

from telemetry.faults import frames
from telemetry.line import Line

LEVELS = ("debug", "info", "warning", "error")
FORMATS = ("json", "text")
LATER_SECONDS = 0.02
_RESERVED = frozenset({*vars(logging.makeLogRecord({})), "asctime", "color_message", "message", "taskName"})


def _moment(created: float) -> str:
    """A time as RFC 3339 writes it, in UTC."""
    whole = int(created)
    return f"{_second(whole)}.{int((created - whole) * 1000):03}Z"


def _second(whole: int) -> str:
    """The part up to the second, which most lines share with the one before."""
    if whole != _last[0]:
        _last[:] = whole, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole))
    return str(_last[1])


_last: list[Any] = [0, "1970-01-01T00:00:00"]


class _Lines(logging.Formatter):
    """What both formats have in common: the fields of a record.

    An exception's message can contain personal data, so only its type and its place are written.
    """

    encode = msgspec.json.Encoder(enc_hook=str).encode

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        """The fields of a record.

        Further lines of asyncio's messages contain exceptions, and are left out.
        """
        text = record.getMessage()
        fields: dict[str, Any] = {
            "time": _moment(record.created),
            "level": record.levelname,
            "logger": record.name,
            "message": text.partition("\n")[0] if record.name == "asyncio" else text,
        }
        if type(record) is Line:
            for name, value in record.fields.items():
                if value is not None:
                    fields[name] = value  # noqa: PERF403 - the usual names come first
            return fields
        for name, value in record.__dict__.items():
            if name not in _RESERVED and value is not None:
                fields[name] = value  # noqa: PERF403
        if record.exc_info and record.exc_info[0] is not None:
            kind, fault, _ = record.exc_info
            at = ", ".join(frames(fault)) if fault is not None else "an unknown place"
            fields["exc_info"] = f"{kind.__qualname__} at {at}"
        return fields


class JsonLines(_Lines):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        return self.encode(self.fields(record)).decode()


class TextLines(_Lines):
    """Lines for people: time, level, logger, message, and name=value for everything else."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        fields = self.fields(record)
        head = " ".join(str(fields.pop(name)) for name in ("time", "level", "logger", "message"))
        return " ".join([head, *(f"{name}={self._word(value)}" for name, value in fields.items())])

    def _word(self, value: Any) -> str:
        text = value if isinstance(value, str) else self.encode(value).decode()
        plain = text.isprintable() and text and not set(text) & set(" \"'=")
        return text if plain or not isinstance(value, str) else self.encode(text).decode()


class Output(logging.StreamHandler[TextIO]):
    """Writes to standard error: the lines of requests a moment later and several at once, all else at once.

    Writing a line costs as much as a short statement. The order of lines is that of their records.
    """

    def __init__(self) -> None:
        super().__init__()
        self._later: list[logging.LogRecord] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, at the latest in some milliseconds."""
        if type(record) is not Line or (loop := asyncio._get_running_loop()) is None:
            self.flush()
            super().emit(record)
            return
        self._later.append(record)
        if self._loop is not loop or len(self._later) == 1:
            self._loop = loop
            loop.call_later(LATER_SECONDS, self.flush)

    def flush(self) -> None:
        """Write the lines that wait."""
        self.acquire()
        try:
            lines, self._later = self._later, []
            if lines:
                self.stream.write("".join([self.format(line) + self.terminator for line in lines]))
        except Exception:
            self.handleError(lines[0])
        finally:
            self.release()
        super().flush()


def _at_least(least: str, level: str) -> str:
    return max(least, level, key=LEVELS.index).upper()


def configure_logs(level: str = "info", log_format: str = "") -> None:
    """Make every logger write to standard error, by default as text on a terminal and as JSON elsewhere."""
    # no line shows them, and looking them up takes a tenth of a line's time
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    chosen = log_format or ("text" if sys.stderr.isatty() else "json")
    lines = {"json": JsonLines, "text": TextLines}[chosen]
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": {"()": lines}},
            "handlers": {"stderr": {"()": Output, "formatter": "lines"}},
            # libraries log statements with their parameters, and addresses, at lower levels
            "root": {"level": _at_least("warning", level), "handlers": ["stderr"]},
            "loggers": {
                "centrals": {"level": level.upper()},
                "uvicorn": {"level": _at_least("info", level), "handlers": [], "propagate": True},
                "uvicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
            },
        }
    )

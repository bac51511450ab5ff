"""Logs: one JSON object a line, without personal data."""

import logging.config
from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.msgspec import MsgspecFormatter

from graph.kit.fault_log import frames


class Lines(MsgspecFormatter):
    """Records as JSON. An exception's message may hold anyone's data: its kind and place are kept."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; asyncio's later ones tell what its tasks raised."""
        if record.name == "asyncio":
            record.msg, record.args = record.getMessage().partition("\n")[0], None
        return super().format(record)

    def formatException(self, ei: Any) -> Any:  # noqa: N802
        """The kind, and where."""
        return f"{ei[0].__qualname__} at {', '.join(frames(ei[1]))}" if ei[0] else None


def log_as_json() -> None:
    """Let every logger write JSON lines to standard error."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": Lines,
                    "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
                    "reserved_attrs": [*RESERVED_ATTRS, "color_message"],
                    "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
            "root": {"level": "INFO", "handlers": ["stderr"]},
            "loggers": {
                # Tortoise logs statements with their parameters; uvicorn logs addresses
                "tortoise": {"level": "WARNING"},
                "uvicorn": {"level": "INFO", "handlers": [], "propagate": True},
                "uvicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
            },
        }
    )

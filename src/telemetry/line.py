"""Lines of the log that are written for every request, without what logging looks up for each record."""

import logging
import time
from collections.abc import Mapping
from typing import Any

_USUAL = {**vars(logging.makeLogRecord({})), "levelno": logging.INFO, "levelname": "INFO"}


class Line(logging.LogRecord):
    """A record without the place in the code and the thread that it comes from, which cost half of a line.

    What is said of the request is in `fields`, too, so that no formatter has to look for it.
    """

    __slots__ = ("fields",)

    def __init__(self, name: str, text: str, fields: Mapping[str, Any]) -> None:
        self.fields = fields
        self.__dict__ = {**_USUAL, **fields, "name": name, "msg": text, "created": time.time()}


def write_line(logger: logging.Logger, text: str, fields: Mapping[str, Any]) -> None:
    """Write a line of the level INFO, if the logger writes any."""
    if logger.isEnabledFor(logging.INFO):
        logger.handle(Line(logger.name, text, fields))

"""The record of a request and of its operations. Each is one line of the log."""

import re
from contextvars import ContextVar
from functools import lru_cache

import msgspec
import uuid_utils

from telemetry.figures import ERRORS, RATE_LIMITED
from telemetry.trace import TraceContext

_LONGEST_WORD = 64
RATE_LIMIT = "RATE_LIMITED"
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:+/=-]{1,64}")
# a word of a program's author; what holds a number of three digits or a sign may be anyone's data
_PLAIN_WORD = re.compile(r"(?!.*\d{3})[A-Za-z_.~-][\w.~-]{0,63}", re.ASCII)


class OperationRecord(msgspec.Struct):
    """One GraphQL operation. `refusal` is the code of a mutation's payload."""

    kind: str = "unknown"
    name: str | None = None
    outcome: str = "ok"
    codes: list[str] = []
    refusal: str | None = None
    execution: str | None = None
    statements: int = 0
    user_id: str | None = None
    account_id: str | None = None
    milliseconds: float = 0.0


class RequestRecord(msgspec.Struct):
    """One HTTP request. `trace` is what its `traceparent` said, or the trace that begins here."""

    request_id: str
    trace: TraceContext | None = None
    code: str | None = None
    user_id: str | None = None
    account_id: str | None = None
    operations: list[OperationRecord] = []


current_request: ContextVar[RequestRecord | None] = ContextVar("current_request", default=None)
current_operation: ContextVar[OperationRecord | None] = ContextVar("current_operation", default=None)


def sane_request_id(value: bytes) -> str | None:
    """A caller's request id, if it is short and of characters that no log or shell reads as anything else."""
    return value.decode() if _REQUEST_ID.fullmatch(value) else None


def plain_word(text: str) -> bool:
    """Whether a caller's name or part of a path is a programmer's word that a log may show."""
    return len(text) <= _LONGEST_WORD and _plain_word(text)


@lru_cache(maxsize=1024)
def _plain_word(text: str) -> bool:
    return _PLAIN_WORD.fullmatch(text) is not None


def note_error(code: str, limit: str) -> None:
    """Count an error by its code; `limit` names what was limited, where that was the reason."""
    ERRORS.add(code)
    if code == RATE_LIMIT:
        RATE_LIMITED.add(limit)


def note_refusal(code: str, mutation: str) -> None:
    """Note that a mutation was refused; the first code of an operation is its outcome's."""
    note_error(code, mutation)
    record = current_operation.get()
    if record is not None:
        record.refusal = record.refusal or code


def note_code(code: str) -> None:
    """Note the code that a request outside of GraphQL was answered with, for its line of the log."""
    record = current_request.get()
    if record is not None:
        record.code = code


def note_caller(user_id: str | None, account_id: str | None) -> None:
    """Note who made a request outside of GraphQL."""
    record = current_request.get()
    if record is not None:
        record.user_id, record.account_id = user_id, account_id


def request_id() -> str:
    """The id of the request that runs, or a new one outside of any."""
    record = current_request.get()
    return record.request_id if record is not None else str(uuid_utils.uuid7())

"""A deliberate no, with a code."""

from enum import Enum


class ErrorCode(str, Enum):
    """Why an act was refused."""

    BAD_CREDENTIALS = "BAD_CREDENTIALS"
    BAD_INPUT = "BAD_INPUT"
    FORBIDDEN = "FORBIDDEN"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    NOT_FOUND = "NOT_FOUND"
    RATE_LIMITED = "RATE_LIMITED"
    SESSION_ENDED = "SESSION_ENDED"
    STALE = "STALE"


class Refusal(Exception):
    """An act that is refused: a code, the input field it is about, and words for the message."""

    def __init__(self, code: ErrorCode, message: str, field: tuple[str, ...] | None = None, **words: object):
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.field = field
        self.words = words


class Unauthenticated(Exception):
    """A credential was presented that is bad, expired or revoked."""

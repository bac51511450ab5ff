"""A deliberate no, with a code."""

from enum import StrEnum


class ErrorCode(StrEnum):
    """Why an act was refused."""

    BAD_CREDENTIALS = "BAD_CREDENTIALS"
    """The e-mail or the password is wrong."""
    BAD_INPUT = "BAD_INPUT"
    """A value is not allowed."""
    FORBIDDEN = "FORBIDDEN"
    """It can be seen, but this act does not cover it."""
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    """The key was used with another input."""
    NOT_FOUND = "NOT_FOUND"
    """It is not there, or not within reach: which of the two is not told."""
    RATE_LIMITED = "RATE_LIMITED"
    """Too many tries; later ones are taken again."""
    SESSION_ENDED = "SESSION_ENDED"
    """The session has ended."""


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

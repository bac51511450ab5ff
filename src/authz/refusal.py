"""A deliberate no, with a code."""

from enum import StrEnum


class ErrorCode(StrEnum):
    """Why an act was refused."""

    BAD_CREDENTIALS = "BAD_CREDENTIALS"
    """The e-mail or the password is wrong."""
    BAD_INPUT = "BAD_INPUT"
    """A value is not allowed."""
    CODE_TAKEN = "CODE_TAKEN"
    """A source code belongs to someone else in the account."""
    EDITION = "EDITION"
    """The account's edition does not have it."""
    FORBIDDEN = "FORBIDDEN"
    """It can be seen, but this act does not cover it."""
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    """The key was used with another input."""
    NAME_TAKEN = "NAME_TAKEN"
    """Another one in the account has this name."""
    NOT_A_LEAD = "NOT_A_LEAD"
    """Only who has the role TEAM_LEAD leads a team."""
    NOT_A_LEGAL_ENTITY = "NOT_A_LEGAL_ENTITY"
    """Only a company's account may do this."""
    NOT_FOUND = "NOT_FOUND"
    """It is not there, or not within reach: which of the two is not told."""
    PROFILE_IN_USE = "PROFILE_IN_USE"
    """Collaborators or open invitations hold the profile, and no other was named for them."""
    RATE_LIMITED = "RATE_LIMITED"
    """Too many tries; later ones are taken again."""
    SESSION_ENDED = "SESSION_ENDED"
    """The session has ended."""
    TEAMS_OFF = "TEAMS_OFF"
    """Teams are switched off."""


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

"""A deliberate no, with a code."""

from enum import StrEnum


class ErrorCode(StrEnum):
    """Why an act was refused."""

    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"
    """The account is closed: it can be read, exported and reopened."""
    ACCOUNT_NOT_CLOSED = "ACCOUNT_NOT_CLOSED"
    """The account is open."""
    ALREADY_COLLABORATOR = "ALREADY_COLLABORATOR"
    """Whoever has the address works in the account already."""
    ALREADY_INVITED = "ALREADY_INVITED"
    """An invitation to the address is open."""
    ALREADY_VERIFIED = "ALREADY_VERIFIED"
    """The e-mail address is verified already."""
    BAD_BANK_NUMBER = "BAD_BANK_NUMBER"
    """It is no bank number of its form."""
    BAD_CREDENTIALS = "BAD_CREDENTIALS"
    """The e-mail or the password is wrong."""
    BAD_EMAIL = "BAD_EMAIL"
    """What was given is no e-mail address."""
    BAD_INPUT = "BAD_INPUT"
    """A value is not allowed."""
    BAD_LINK = "BAD_LINK"
    """The link is unknown, used or expired: which of them is not told."""
    BAD_TAX_NUMBER = "BAD_TAX_NUMBER"
    """It is no tax number of a company of the country."""
    CLOSED_FOR_GOOD = "CLOSED_FOR_GOOD"
    """The account was closed too long ago to be reopened."""
    CODE_TAKEN = "CODE_TAKEN"
    """A source code belongs to someone else in the account."""
    EDITION = "EDITION"
    """The account's edition does not have it."""
    FORBIDDEN = "FORBIDDEN"
    """It can be seen, but this act does not cover it."""
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    """The key was used with another input."""
    INVITATION_ACCEPTED = "INVITATION_ACCEPTED"
    """The invitation was accepted already."""
    INVITATION_DECLINED = "INVITATION_DECLINED"
    """The invited person declined the invitation."""
    INVITATION_EXPIRED = "INVITATION_EXPIRED"
    """The invitation was not accepted in time."""
    INVITATION_FALLEN = "INVITATION_FALLEN"
    """Whoever sent the invitation could not send it any more."""
    INVITATION_REVOKED = "INVITATION_REVOKED"
    """The invitation was taken back."""
    NAME_TAKEN = "NAME_TAKEN"
    """Another one in the account has this name."""
    NOT_A_LEAD = "NOT_A_LEAD"
    """Only who has the role TEAM_LEAD leads a team."""
    NOT_A_LEGAL_ENTITY = "NOT_A_LEGAL_ENTITY"
    """Only a company's account may do this."""
    NOT_FOUND = "NOT_FOUND"
    """It is not there, or not within reach: which of the two is not told."""
    NOT_HELD = "NOT_HELD"
    """Nobody gives what he does not hold."""
    OTHER_ADDRESS = "OTHER_ADDRESS"
    """The invitation went to another address."""
    OWN_ADDRESS = "OWN_ADDRESS"
    """The address is the owner's."""
    PROFILE_IN_USE = "PROFILE_IN_USE"
    """Collaborators or open invitations hold the profile, and no other was named for them."""
    RATE_LIMITED = "RATE_LIMITED"
    """Too many tries; later ones are taken again."""
    SESSION_ENDED = "SESSION_ENDED"
    """The session has ended."""
    SIGN_IN_FIRST = "SIGN_IN_FIRST"
    """The address has a user, who signs in first."""
    TEAMS_OFF = "TEAMS_OFF"
    """Teams are switched off."""
    TOO_MANY = "TOO_MANY"
    """There are as many as there may be."""
    TRANSFER_PENDING = "TRANSFER_PENDING"
    """The account is offered to someone already."""
    UNVERIFIED_ADDRESS = "UNVERIFIED_ADDRESS"
    """The viewer's address is not verified yet."""
    VERSION_CONFLICT = "VERSION_CONFLICT"
    """It has changed since the version that was expected: read it again."""


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

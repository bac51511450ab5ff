"""Refusals: why a mutation was not carried out, with a code."""

from enum import StrEnum


class ErrorCode(StrEnum):
    """The reason for which a mutation was refused."""

    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"
    """The account is closed. It can only be read, exported and reopened."""
    ACCOUNT_NOT_CLOSED = "ACCOUNT_NOT_CLOSED"
    """The account is not closed."""
    ADDRESS_TAKEN = "ADDRESS_TAKEN"
    """Another user has the e-mail address."""
    ALREADY_COLLABORATOR = "ALREADY_COLLABORATOR"
    """The address belongs to someone who already works in the account."""
    ALREADY_INVITED = "ALREADY_INVITED"
    """There is already a pending invitation to the address."""
    ALREADY_VERIFIED = "ALREADY_VERIFIED"
    """The e-mail address is already verified."""
    BAD_BANK_NUMBER = "BAD_BANK_NUMBER"
    """The bank account number is not valid in its format."""
    BAD_CODE = "BAD_CODE"
    """The code or the passkey is wrong, or the code was used before."""
    BAD_CREDENTIALS = "BAD_CREDENTIALS"
    """The e-mail address or the password is wrong."""
    BAD_EMAIL = "BAD_EMAIL"
    """The value is not an e-mail address."""
    BAD_INPUT = "BAD_INPUT"
    """A value is not allowed."""
    BAD_LINK = "BAD_LINK"
    """The link is unknown, already used or expired. The answer does not reveal which."""
    BAD_TAX_NUMBER = "BAD_TAX_NUMBER"
    """The value is not a valid tax number of a company in the country."""
    CHALLENGE_ENDED = "CHALLENGE_ENDED"
    """The sign-in or the registration of a passkey took too long, or its token is unknown. Start again."""
    CLOSED_FOR_GOOD = "CLOSED_FOR_GOOD"
    """The account was closed too long ago to be reopened."""
    CODE_TAKEN = "CODE_TAKEN"
    """A source code belongs to someone else in the account."""
    EDITION = "EDITION"
    """The account's edition does not include this."""
    FORBIDDEN = "FORBIDDEN"
    """You can see the object, but you are not allowed to do this to it."""
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    """The idempotency key was already used with a different input."""
    INVITATION_ACCEPTED = "INVITATION_ACCEPTED"
    """The invitation was already accepted."""
    INVITATION_DECLINED = "INVITATION_DECLINED"
    """The invited person declined the invitation."""
    INVITATION_EXPIRED = "INVITATION_EXPIRED"
    """The invitation has expired."""
    INVITATION_FALLEN = "INVITATION_FALLEN"
    """The invitation is void, since its sender could no longer send it."""
    INVITATION_REVOKED = "INVITATION_REVOKED"
    """The invitation was revoked."""
    NAME_TAKEN = "NAME_TAKEN"
    """Another profile or team of the account has this name."""
    NOT_A_LEAD = "NOT_A_LEAD"
    """Only a collaborator with the role TEAM_LEAD can lead a team."""
    NOT_A_LEGAL_ENTITY = "NOT_A_LEGAL_ENTITY"
    """Only a company's account can do this."""
    NOT_FOUND = "NOT_FOUND"
    """The object does not exist or is not within your reach. The answer does not reveal which."""
    NOT_HELD = "NOT_HELD"
    """You cannot give grants or standings that you do not have."""
    OTHER_ADDRESS = "OTHER_ADDRESS"
    """The invitation was sent to another address."""
    OWN_ADDRESS = "OWN_ADDRESS"
    """The address belongs to the account's owner."""
    PROFILE_IN_USE = "PROFILE_IN_USE"
    """Collaborators or pending invitations have the profile, and no replacement was given."""
    RATE_LIMITED = "RATE_LIMITED"
    """There were too many attempts. Try again later."""
    SESSION_ENDED = "SESSION_ENDED"
    """The session has ended."""
    SIGN_IN_FIRST = "SIGN_IN_FIRST"
    """The address belongs to a user, who has to sign in first."""
    TEAMS_OFF = "TEAMS_OFF"
    """Teams are off."""
    TOO_MANY = "TOO_MANY"
    """The limit for such objects has been reached."""
    TRANSFER_PENDING = "TRANSFER_PENDING"
    """The account is already offered to someone."""
    TWO_FACTOR_OFF = "TWO_FACTOR_OFF"
    """You have no second factor yet."""
    TWO_FACTOR_ON = "TWO_FACTOR_ON"
    """An authenticator app is already set up. Remove it first."""
    UNVERIFIED_ADDRESS = "UNVERIFIED_ADDRESS"
    """Your e-mail address is not verified yet."""
    VERSION_CONFLICT = "VERSION_CONFLICT"
    """The object has changed since the expected version. Read it again."""
    WEAK_PASSWORD = "WEAK_PASSWORD"  # noqa: S105 - a code
    """The password is too easy to guess. The message says why, and what helps."""


class Refusal(Exception):
    """A mutation that is refused: a code, the input field that the error is about, and words for the message.

    If several things are wrong at once, `others` has the remaining errors.
    """

    def __init__(self, code: ErrorCode, message: str, field: tuple[str, ...] | None = None, **words: object):
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.field = field
        self.words = words
        self.others: tuple[Refusal, ...] = ()


class Unauthenticated(Exception):
    """The request has a credential that is invalid, expired or revoked."""

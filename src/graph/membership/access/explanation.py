"""The types of an explanation of access."""

from enum import Enum

import strawberry

from authz.explain import Kind
from authz.gates import Needs, gated
from authz.grant import Grant
from models.vocabulary import Role

strawberry.enum(Kind, name="AccessChangeKind")
_CENTER = Needs(grant=Grant.ACCESS_COLLABORATORS_CENTER)


@strawberry.enum
class AccessReasonKind(Enum):
    """The kind of a reason."""

    GRANT = "GRANT"
    """The grants of the collaborator's profile."""
    ROLE = "ROLE"
    """The collaborator's role."""
    TEAM = "TEAM"
    """The members of a team, and whether they see each other's rows."""
    PRIVACY = "PRIVACY"
    """Whether users see each other's rows while teams are off."""
    ASSIGNMENT = "ASSIGNMENT"
    """The assignee of the row."""
    SUSPENSION = "SUSPENSION"
    """Whether the collaborator is suspended."""
    ACCESS_DATES = "ACCESS_DATES"
    """The dates between which the collaborator can enter."""
    TWO_FACTOR = "TWO_FACTOR"
    """Whether the collaborator still has to set up two-factor sign-in, which the account requires."""
    CLOSING = "CLOSING"
    """Whether the account is closed."""


@gated(_CENTER)
@strawberry.type
class AccessReason:
    """One reason for which something is open or closed. It is open only if every reason is favorable."""

    kind: AccessReasonKind
    """The kind of reason."""
    opens: bool
    """Whether the reason is favorable."""
    message: str
    """The reason as a sentence in your language."""


@gated(_CENTER)
@strawberry.type
class AccessChange:
    """One change that someone could make."""

    kind: Kind
    """The kind of change."""
    grant: Grant | None
    """The grant to add or remove, if the change is about one."""
    role: Role | None
    """The new role, if the change is about one."""
    team_id: strawberry.ID | None
    """The id of the team, if the change is about one."""
    message: str
    """The change as a sentence in your language."""


@gated(_CENTER)
@strawberry.type
class AccessSuggestion:
    """A smallest set of changes that together would reverse the result."""

    changes: list[AccessChange]
    """The changes, all of which are necessary."""


@gated(_CENTER)
@strawberry.type
class AccessExplanation:
    """An explanation of why something is open or closed for a collaborator."""

    open: bool
    """Whether the schema element exists for the collaborator and, if an object was given, whether that object
    is within their reach."""
    gate: str | None
    """The grant or standing that the schema element requires; null if it is open to everyone in the central.
    """
    reasons: list[AccessReason]
    """The reasons for which it is open or closed."""
    suggestions: list[AccessSuggestion]
    """The smallest sets of changes that would each reverse the result, at most 10; empty for what only the
    owner can have."""

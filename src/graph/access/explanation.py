"""What an explanation of access looks like to whoever asked for it."""

from enum import Enum

import strawberry

from authz.explain import Kind
from authz.gates import Needs, gated
from authz.grant import Grant
from models.words import Role

strawberry.enum(Kind, name="AccessChangeKind")
_CENTER = Needs(grant=Grant.ACCESS_COLLABORATORS_CENTER)


@strawberry.enum
class AccessReasonKind(Enum):
    """What opens or closes it."""

    GRANT = "GRANT"
    """What the profile holds."""
    ROLE = "ROLE"
    """How far the person sees."""
    TEAM = "TEAM"
    """Who is in a team, and what it shares."""
    PRIVACY = "PRIVACY"
    """Whether users see each other's rows while teams are off."""
    ASSIGNMENT = "ASSIGNMENT"
    """Whom the row is assigned to."""
    SUSPENSION = "SUSPENSION"
    """Whether the seat is suspended."""
    ACCESS_DATES = "ACCESS_DATES"
    """From when until when the seat is open."""
    CLOSING = "CLOSING"
    """Whether the account is closed."""


@gated(_CENTER)
@strawberry.type
class AccessReason:
    """One thing that opens it or keeps it shut; it is open where each of them opens."""

    kind: AccessReasonKind
    """What it is."""
    opens: bool
    """Whether it opens."""
    message: str
    """The same, in your language."""


@gated(_CENTER)
@strawberry.type
class AccessChange:
    """One change."""

    kind: Kind
    """What it does."""
    grant: Grant | None
    """The grant that it is about."""
    role: Role | None
    """The role that it gives."""
    team_id: strawberry.ID | None
    """The team that it is about."""
    message: str
    """The same, in your language."""


@gated(_CENTER)
@strawberry.type
class AccessSuggestion:
    """Changes that together turn it over; fewer would not."""

    changes: list[AccessChange]
    """Each of them."""


@gated(_CENTER)
@strawberry.type
class AccessExplanation:
    """Why something is open or shut for a collaborator."""

    open: bool
    """Whether it exists for the collaborator and, where an object was named, that is within reach."""
    gate: str | None
    """The grant or standing that it needs first; none where it is open to everyone here."""
    reasons: list[AccessReason]
    """What opens it, and what keeps it shut."""
    suggestions: list[AccessSuggestion]
    """The smallest changes that would turn it over, each for itself; none for what is the owner's alone."""

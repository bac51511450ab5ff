"""The only definition of an active collaborator: one who can enter the central now.

It decides who enters a central, who is assigned new sales (by hand or by a source code), who leads, whose
invitations are valid, and who gets e-mails. What a collaborator has already stays with them. The account must
also be open: only its owner can enter a closed account, and nothing is assigned in it.
"""

from typing import Any

from models import database
from models.statement import Statement


def active_text(alias: str) -> str:
    """The condition for the alias of a `collaborators` table. Its two values are both the current time."""
    return (
        f"{alias}.suspended_at IS NULL AND ({alias}.starts_at IS NULL OR {alias}.starts_at <= ?)"
        f" AND ({alias}.ends_at IS NULL OR {alias}.ends_at > ?)"
    )


def active(alias: str) -> Statement:
    """The same, with the present filled in."""
    now = database.now()
    return Statement(active_text(alias), (now, now))


def within_dates(starts_at: int | None, ends_at: int | None, now: int) -> bool:
    """Whether the current time is within a collaborator's access dates."""
    return (starts_at is None or starts_at <= now) and (ends_at is None or ends_at > now)


def is_active(suspended_at: int | None, starts_at: int | None, ends_at: int | None) -> bool:
    """The rule, applied to one collaborator's columns."""
    return suspended_at is None and within_dates(starts_at, ends_at, database.now())


def is_active_collaborator(collaborator: Any) -> bool:
    """The rule for a row that has these columns by name."""
    return is_active(collaborator["suspended_at"], collaborator["starts_at"], collaborator["ends_at"])

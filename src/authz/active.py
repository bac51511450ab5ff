"""The one rule of who is active: a seat that can be entered now. Whatever depends on it uses this rule.

It decides who enters a central, who gets new work (by hand or by a source code), who leads, whose invitations
stand, and who is written to. What a seat has already stays with it. That the account is open is a part of the
rule: only its owner can enter a closed one, and nothing is assigned in it.
"""

from typing import Any

from models import database
from models.statement import Statement


def active_text(seat: str) -> str:
    """The condition for a seat's alias; its two values are the present, twice."""
    return (
        f"{seat}.suspended_at IS NULL AND ({seat}.starts_at IS NULL OR {seat}.starts_at <= ?)"
        f" AND ({seat}.ends_at IS NULL OR {seat}.ends_at > ?)"
    )


def active(seat: str) -> Statement:
    """The same, with the present filled in."""
    now = database.now()
    return Statement(active_text(seat), (now, now))


def within_dates(starts_at: int | None, ends_at: int | None, now: int) -> bool:
    """Whether the present lies within the dates of a seat."""
    return (starts_at is None or starts_at <= now) and (ends_at is None or ends_at > now)


def is_active(suspended_at: int | None, starts_at: int | None, ends_at: int | None) -> bool:
    """The rule for the columns of one seat."""
    return suspended_at is None and within_dates(starts_at, ends_at, database.now())


def is_active_seat(seat: Any) -> bool:
    """The rule for a row that has these columns by name."""
    return is_active(seat["suspended_at"], seat["starts_at"], seat["ends_at"])

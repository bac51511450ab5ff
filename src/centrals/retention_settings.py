"""The settings for how long data is stored, from the environment."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days data is stored after it has served its purpose; 0 is forever."""

    intake_days: int = 0
    mail_days: int = 30
    session_days: int = 90

"""The current status of API credentials."""

from enum import StrEnum
from typing import Any

from authz.active import is_active
from models import database


class ApiCredentialStatus(StrEnum):
    """The status of an API credential."""

    ACTIVE = "ACTIVE"
    """Machines can get tokens with it."""
    REVOKED = "REVOKED"
    """Someone revoked it."""
    FALLEN = "FALLEN"
    """Its creator cannot enter the central now, so it opens nothing."""
    EXPIRED = "EXPIRED"
    """It is no longer valid."""


def credential_status(
    ended_at: int | None,
    fell: Any,
    expires_at: int,
    owner_id: str,
    user_id: str,
    dates: tuple[Any, ...] | None,
) -> ApiCredentialStatus:
    """The status now. `dates` are those of the creator's membership: suspension, begin and end."""
    if ended_at is not None:
        return ApiCredentialStatus.FALLEN if fell else ApiCredentialStatus.REVOKED
    if expires_at <= database.now():
        return ApiCredentialStatus.EXPIRED
    if owner_id == user_id or (dates is not None and is_active(*dates)):
        return ApiCredentialStatus.ACTIVE
    return ApiCredentialStatus.FALLEN

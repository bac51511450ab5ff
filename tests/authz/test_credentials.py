"""The status of API credentials: how they ended, or what became of their creator."""

import pytest

from authz.credentials import ApiCredentialStatus, credential_status
from models import database

NOW = 1_000
LATER, BEFORE = NOW + 1, NOW - 1


@pytest.mark.parametrize(
    ("ended", "fell", "expires", "creator", "dates", "status"),
    [
        (None, False, LATER, "owner", None, "ACTIVE"),
        (None, False, LATER, "someone", (None, None, None), "ACTIVE"),
        (None, False, LATER, "someone", (None, BEFORE, LATER), "ACTIVE"),
        (None, False, LATER, "someone", None, "FALLEN"),
        (None, False, LATER, "someone", (BEFORE, None, None), "FALLEN"),
        (None, False, LATER, "someone", (None, LATER, None), "FALLEN"),
        (None, False, LATER, "someone", (None, None, NOW), "FALLEN"),
        (None, False, NOW, "owner", None, "EXPIRED"),
        (None, False, NOW, "someone", None, "EXPIRED"),
        (BEFORE, False, LATER, "owner", None, "REVOKED"),
        (BEFORE, True, LATER, "owner", None, "FALLEN"),
        (BEFORE, False, BEFORE, "someone", None, "REVOKED"),
    ],
)
def test_the_table_of_statuses(
    monkeypatch: pytest.MonkeyPatch,
    ended: int | None,
    fell: bool,
    expires: int,
    creator: str,
    dates: tuple[int | None, ...] | None,
    status: str,
) -> None:
    monkeypatch.setattr(database, "now", lambda: NOW)

    found = credential_status(ended, fell, expires, "owner", creator, dates)

    assert found is ApiCredentialStatus(status)

"""The second factors of a user: an authenticator app, passkeys, and recovery codes."""

from dataclasses import dataclass

from models import database

_TABLES = ("authenticator_apps", "recovery_codes", "passkeys", "sign_in_challenges")
_STATEMENT = """
SELECT (SELECT confirmed_at FROM authenticator_apps WHERE user_id = ?) AS app_since,
       (SELECT COUNT(*) FROM recovery_codes WHERE user_id = ? AND used_at IS NULL) AS recovery_codes,
       (SELECT COUNT(*) FROM passkeys WHERE user_id = ?) AS passkeys
"""


@dataclass(frozen=True, slots=True)
class Factors:
    """A user's factors besides the password. Times are milliseconds since 1970."""

    app_since: int | None
    recovery_codes: int
    passkeys: int

    @property
    def any(self) -> bool:
        """Whether signing in requires a second factor."""
        return self.app_since is not None or self.passkeys > 0


async def factors_of(user_id: str) -> Factors:
    """The factors of a user, read by one statement."""
    (row,) = await database.read(_STATEMENT, (user_id,) * 3)
    return Factors(row["app_since"], row["recovery_codes"], row["passkeys"])


async def remove_factors(user_id: str) -> None:
    """Remove every second factor of a locked user. From then on, the password is enough to sign in."""
    for table in _TABLES:
        await database.write(f"DELETE FROM {table} WHERE user_id = ?", (user_id,))
    await database.write("UPDATE users SET two_factor_at = NULL WHERE id = ?", (user_id,))


async def note_factors(user_id: str) -> bool:
    """Store whether a locked user has a factor, after one was added or removed, and return it.

    Recovery codes go with the last factor.
    """
    found = await factors_of(user_id)
    if not found.any:
        await remove_factors(user_id)
        return False
    await database.write(
        "UPDATE users SET two_factor_at = ? WHERE id = ? AND two_factor_at IS NULL", (database.now(), user_id)
    )
    return True

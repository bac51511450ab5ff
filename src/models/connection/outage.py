"""Whether a database is unavailable, full or read-only, rather than a statement slow or wrong."""

import contextlib
from collections.abc import Iterator

from tortoise.exceptions import DBConnectionError, OperationalError

from models.connection.reader import TooSlow
from telemetry.figures import DATABASE_FAILURES

# asyncpg's, which need not be installed
_AWAY = {
    "AdminShutdownError",
    "CannotConnectNowError",
    "ConnectionDoesNotExistError",
    "ConnectionFailureError",
    "CrashShutdownError",
    "DiskFullError",
    "InternalClientError",  # of a connection that was lost while it was used
    "PostgresConnectionError",
    "ReadOnlySQLTransactionError",
    "TooManyConnectionsError",
}
_LOST = ("is closed", "was closed", "is closing", "another operation")  # others are mistakes of a statement
_OF_SQLITE = (
    "database or disk is full",
    "attempt to write a readonly database",
    "disk i/o error",
    "unable to open database file",
    "no space left on device",
)


class Outage(Exception):
    """The database could not run the statement, and may be able to later.

    Nothing was written, unless the connection was lost during a commit.
    """


def outage_of(error: BaseException) -> Outage | None:
    """The outage behind an error, which is counted. None for every other error."""
    for cause in _causes(error):
        if isinstance(cause, Outage):
            return cause
        if _is_outage(cause):
            DATABASE_FAILURES.add(type(cause).__name__)
            return Outage(type(cause).__name__)
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _is_outage(error: BaseException) -> bool:
    name = type(error).__name__
    if isinstance(error, DBConnectionError | OSError) or name in _AWAY:
        # a time limit is no outage
        return not isinstance(error, TimeoutError)
    text = str(error).lower()
    if name == "InterfaceError":
        return any(known in text for known in _LOST)
    return any(known in text for known in _OF_SQLITE)


@contextlib.contextmanager
def timely() -> Iterator[None]:
    """Raise `TooSlow` for a statement that ran or waited for too long, and `Outage` for an outage."""
    try:
        yield
    except Exception as error:
        if _is_slow(error):
            raise TooSlow from error
        if (outage := outage_of(error)) is not None and outage is not error:
            raise outage from error
        raise


def _is_slow(error: Exception) -> bool:
    if isinstance(error, OperationalError):
        return "interrupted" in str(error) or "database is locked" in str(error)
    # asyncpg's, which need not be installed
    return type(error).__name__ in ("QueryCanceledError", "LockNotAvailableError")

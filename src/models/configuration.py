"""How a database's address becomes connections."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

CUSTOM_PLANS = "custom_plans"
_TLS = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


def is_postgres(url: str) -> bool:
    """Whether an address names a PostgreSQL server."""
    return url.startswith(("postgres://", "postgresql://"))


def sqlite_file(url: str) -> Path:
    """The file that `sqlite:///relative` or `sqlite:////absolute` names."""
    if not url.startswith("sqlite:///"):
        kind = url.split(":", maxsplit=1)[0]
        raise ValueError(f"A database address starts with sqlite:/// or postgres://, not {kind!r}.")
    return Path(url.removeprefix("sqlite:///"))


def configuration(
    url: str, *, pool: int = 10, statement_seconds: int = 15, synchronous: str = "FULL"
) -> dict[str, Any]:
    """Tortoise's configuration: its connection, or pool, writes; `models.connection.reader` reads beside it.

    PostgreSQL has a second pool, a third of all connections and at least 2, for what is planned again for
    its values each time. Elsewhere a statement is planned once, for all values: left to itself, PostgreSQL
    would plan it five times on each connection, and then each time that it takes the plan for all values
    for worse.
    """
    if is_postgres(url):
        apart = max(2, pool // 3)  # a long statement has one of them to itself
        connections = {
            "default": _postgres(url, max(1, pool - apart), statement_seconds, "force_generic_plan"),
            CUSTOM_PLANS: _postgres(url, apart, statement_seconds, "force_custom_plan"),
        }
    else:
        connections = {"default": _sqlite(url, synchronous)}
    return {
        "connections": connections,
        "apps": {
            "models": {
                "models": ["models"],
                "default_connection": "default",
                "migrations": "models.migrations",
            }
        },
    }


def _sqlite(url: str, synchronous: str) -> dict[str, Any]:
    credentials = {
        "file_path": str(sqlite_file(url)),
        "foreign_keys": "ON",
        "journal_mode": "WAL",
        "synchronous": synchronous,
        "busy_timeout": 5000,
    }
    return {"engine": "tortoise.backends.sqlite", "credentials": credentials}


def postgres_options(url: str) -> dict[str, Any]:
    """What a connection to PostgreSQL is opened with; raises `ValueError` that says what is wrong."""
    try:
        parts = urlsplit(url)
        port = parts.port or 5432
    except ValueError as error:
        raise ValueError(
            "DATABASE_URL is not postgres://user:password@host:port/name: the port is not a number,"
            " or a special character of the password is not percent-encoded."
        ) from error
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    host = options.pop("host", None) or parts.hostname or "localhost"
    tls = options.pop("sslmode", None) or options.pop("ssl", None)
    if options:
        raise ValueError(f"DATABASE_URL has the unknown option {min(options)!r}: host and sslmode are known.")
    if tls is not None and tls not in _TLS:
        raise ValueError(f"DATABASE_URL: sslmode is one of {', '.join(_TLS)}, not {tls!r}.")
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name or parts.fragment:
        raise ValueError("DATABASE_URL names no database: postgres://user:password@host/name does.")
    return {
        "host": host,
        "port": port,
        "user": unquote(parts.username or "postgres"),
        "password": unquote(parts.password) if parts.password else None,
        "database": name,
        **({"ssl": tls} if tls else {}),
    }


def _postgres(url: str, pool: int, statement_seconds: int, plan_cache_mode: str) -> dict[str, Any]:
    credentials: dict[str, Any] = {
        **postgres_options(url),
        "minsize": 1,
        "maxsize": pool,
        "init": _text_ids,
        "reset": _reset,
        "statement_cache_size": 1_000,
        "server_settings": {
            "statement_timeout": f"{statement_seconds}s",
            "lock_timeout": "5s",
            "idle_in_transaction_session_timeout": "30s",
            "jit": "off",
            "plan_cache_mode": plan_cache_mode,
        },
    }
    return {"engine": "tortoise.backends.asyncpg", "credentials": credentials}


async def _text_ids(connection: Any) -> None:
    """Let ids be text on both databases."""
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=str, decoder=str, format="text")


async def _reset(connection: Any) -> None:
    """Nothing here changes a session's settings, so that there is nothing to reset but a transaction."""
    if connection.is_in_transaction():
        await connection.reset()

"""How a database's address becomes connections."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

CUSTOM_PLANS = "custom_plans"


def is_postgres(url: str) -> bool:
    """Whether an address names a PostgreSQL server."""
    return url.startswith(("postgres://", "postgresql://"))


def sqlite_file(url: str) -> Path:
    """The file that `sqlite:///relative` or `sqlite:////absolute` names."""
    if not url.startswith("sqlite:///"):
        kind = url.split(":", maxsplit=1)[0]
        raise ValueError(f"A database address starts with sqlite:/// or postgres://, not {kind!r}.")
    return Path(url.removeprefix("sqlite:///"))


def configuration(url: str, *, pool: int = 10, statement_seconds: int = 15) -> dict[str, Any]:
    """Tortoise's configuration: its connection, or pool, writes; `models.reader` reads beside it.

    PostgreSQL has a second pool, a third of all connections, for what is planned anew for its values each
    time. Elsewhere a prepared statement is planned once for all values from its sixth execution on.
    """
    if is_postgres(url):
        apart = max(1, pool // 3)
        connections = {
            "default": _postgres(url, max(1, pool - apart), statement_seconds, "auto"),
            CUSTOM_PLANS: _postgres(url, apart, statement_seconds, "force_custom_plan"),
        }
    else:
        connections = {"default": _sqlite(url)}
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


def _sqlite(url: str) -> dict[str, Any]:
    credentials = {
        "file_path": str(sqlite_file(url)),
        "foreign_keys": "ON",
        "journal_mode": "WAL",
        "synchronous": "NORMAL",
        "busy_timeout": 5000,
    }
    return {"engine": "tortoise.backends.sqlite", "credentials": credentials}


def _postgres(url: str, pool: int, statement_seconds: int, plan_cache_mode: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    credentials: dict[str, Any] = {
        "host": options.pop("host", None) or parts.hostname or "localhost",
        "port": parts.port or 5432,
        "user": unquote(parts.username or "postgres"),
        "password": unquote(parts.password) if parts.password else None,
        "database": unquote(parts.path.lstrip("/")) or "postgres",
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
        **options,
    }
    return {"engine": "tortoise.backends.asyncpg", "credentials": credentials}


async def _text_ids(connection: Any) -> None:
    """Let ids be text on both databases."""
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=str, decoder=str, format="text")


async def _reset(connection: Any) -> None:
    """Nothing here changes a session's settings, so that there is nothing to reset but a transaction."""
    if connection.is_in_transaction():
        await connection.reset()

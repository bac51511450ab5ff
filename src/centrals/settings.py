"""The settings from the environment. Nothing else reads it."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from centrals.environment import (
    VARIABLES,
    require_text,
    unknown_variables,
    valid_hosts,
    valid_proxies,
    with_files,
)
from centrals.mail_settings import MailSettings, read_mail
from centrals.observation import ObservationSettings, read_observation
from centrals.retention_settings import Retention
from centrals.secret_key import read_key, read_previous_keys
from models.configuration import is_postgres, postgres_options

DEFAULT_DATABASE = "sqlite:///data/centrals.sqlite3"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of this server."""

    database_url: str = DEFAULT_DATABASE
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    public_url: str = "http://localhost:8000"
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: str = ""
    secret_key: bytes = field(default=b"", repr=False)
    previous_keys: tuple[bytes, ...] = field(default=(), repr=False)
    database_pool: int = 10
    statement_seconds: int = 15
    sqlite_synchronous: str = "FULL"
    request_seconds: int = 20
    redis_url: str = ""
    cost_per_operation: int = 60_000
    cost_per_minute: int = 3_000_000
    response_bytes: int = 16_000_000
    connections: int = 4_000
    introspection: bool = True
    suggestions: bool = True
    get_queries: bool = True
    batches: bool = True
    graphiql: bool = True
    trusted_documents: bool = False
    show_access: bool = False
    allow_natural_persons: bool = False
    allow_private_targets: bool = False
    retention: Retention = field(default_factory=Retention)
    mail: MailSettings = field(default_factory=MailSettings)
    observation: ObservationSettings = field(default_factory=ObservationSettings)

    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_name: str = ""

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies are for HTTPS only, because the public URL is."""
        return self.public_url.startswith("https://")


def read_settings(environment: Mapping[str, str] = os.environ, *, creates_key: bool = True) -> Settings:
    """The settings from an environment. Raises `ValueError` with the name of an invalid variable.

    Without `creates_key`, nothing is written, and a key that does not exist yet is empty.
    """
    environment = with_files(environment)
    require_text(environment)
    database_url = _database_url(environment.get("DATABASE_URL") or DEFAULT_DATABASE)
    port = _number(environment, "PORT", 8000, 0, 65535)
    host = environment.get("HOST") or "127.0.0.1"
    public_url = _public_url(environment.get("PUBLIC_URL") or f"http://localhost:{port}")
    named = urlsplit(public_url).hostname or ""
    hosts = {
        f"[{named}]" if ":" in named else named,
        "127.0.0.1",
        "localhost",
        "[::1]",
        *valid_hosts(_list(environment, "ALLOWED_HOSTS")),
    }
    return Settings(
        database_url=database_url,
        host=host,
        port=port,
        workers=_number(environment, "WORKERS", 1, 1, 256),
        public_url=public_url,
        allowed_hosts=tuple(sorted(hosts)),
        allowed_origins=_origins(environment),
        trusted_proxies=valid_proxies(environment.get("TRUSTED_PROXIES", "")),
        secret_key=read_key(environment.get("SECRET_KEY"), database_url, creates=creates_key),
        previous_keys=read_previous_keys(environment.get("PREVIOUS_SECRET_KEYS", "")),
        database_pool=_number(environment, "DATABASE_POOL", 10, 1, 1000),
        statement_seconds=_number(environment, "STATEMENT_SECONDS", 15, 1, 3600),
        sqlite_synchronous=_synchronous(environment.get("SQLITE_SYNCHRONOUS", "")),
        request_seconds=_number(environment, "REQUEST_SECONDS", 20, 1, 3600),
        redis_url=_redis_url(environment.get("REDIS_URL", "")),
        cost_per_operation=_number(environment, "COST_PER_OPERATION", 60_000, 1_000, 10**12),
        cost_per_minute=_number(environment, "COST_PER_MINUTE", 3_000_000, 1_000, 10**12),
        response_bytes=_number(environment, "RESPONSE_BYTES", 16_000_000, 10_000, 10**9),
        connections=_number(environment, "CONNECTIONS", 4_000, 10, 10**6),
        introspection=bool(_number(environment, "INTROSPECTION", 1, 0, 1)),
        suggestions=bool(_number(environment, "SUGGESTIONS", 1, 0, 1)),
        get_queries=bool(_number(environment, "GET_QUERIES", 1, 0, 1)),
        batches=bool(_number(environment, "BATCHES", 1, 0, 1)),
        graphiql=bool(_number(environment, "GRAPHIQL", 1, 0, 1)),
        trusted_documents=_trusted_documents(environment.get("DOCUMENTS", "")),
        **_provider(environment),
        show_access=bool(_number(environment, "SHOW_ACCESS", 0, 0, 1)),
        retention=Retention(
            intake_days=_number(environment, "RETAIN_INTAKE_DAYS", 0, 0, 36_500),
            mail_days=_number(environment, "RETAIN_MAIL_DAYS", 30, 0, 36_500),
            session_days=_number(environment, "RETAIN_SESSION_DAYS", 90, 0, 36_500),
        ),
        mail=read_mail(environment, database_url, public_url),
        observation=read_observation(environment),
        allow_private_targets=bool(_number(environment, "ALLOW_PRIVATE_TARGETS", 0, 0, 1)),
        allow_natural_persons=bool(_number(environment, "ALLOW_NATURAL_PERSONS", 0, 0, 1)),
    )


def environment_of_programs() -> dict[str, str]:
    """The environment for other programs, without the settings, since some are secret."""
    own = {*VARIABLES, *(f"{name}_FILE" for name in VARIABLES)}
    return {name: value for name, value in os.environ.items() if name not in own}


def prefer_options(**options: object) -> None:
    """Make options of the command line override the variables of the same names, also for child processes."""
    for name, value in options.items():
        if value is not None:
            os.environ[name.upper()] = str(value)
            os.environ.pop(f"{name.upper()}_FILE", None)


def share_metrics(folder: Path) -> None:
    """Make child processes publish their metrics in a folder."""
    os.environ["METRICS_FOLDER"] = str(folder)


def setting_warnings(environment: Mapping[str, str] = os.environ) -> Iterator[str]:
    """A sentence for each variable that looks like a setting but is not one."""
    return unknown_variables(environment)


def _trusted_documents(named: str) -> bool:
    if named not in {"", "any", "trusted"}:
        raise ValueError(f"DOCUMENTS must be any or trusted, not {named!r}.")
    return named == "trusted"


def _synchronous(named: str) -> str:
    if named not in {"", "FULL", "NORMAL"}:
        raise ValueError(f"SQLITE_SYNCHRONOUS must be FULL or NORMAL, not {named!r}.")
    return named or "FULL"


def _database_url(url: str) -> str:
    if is_postgres(url):
        postgres_options(url)
        return url
    if not url.startswith("sqlite:///"):
        raise ValueError("DATABASE_URL must start with sqlite:/// or postgres://.")
    path = url.removeprefix("sqlite:///")
    if not path.strip():
        raise ValueError("DATABASE_URL must name a file, such as sqlite:///data/centrals.sqlite3.")
    if path.startswith((":memory:", "file:")):
        raise ValueError(f"DATABASE_URL names {path}, which processes cannot share. It must name a file.")
    if "?" in path or "#" in path:
        raise ValueError(f"DATABASE_URL names {path}. The address of an SQLite file takes no options.")
    if path.endswith("/") or Path(path).name in ("", ".."):
        raise ValueError(f"DATABASE_URL names {path}, which is a folder. It must name a file.")
    return url


def _redis_url(url: str) -> str:
    if not url.strip():
        return ""
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("REDIS_URL must start with redis://, rediss:// or unix://.")
    if find_spec("redis") is None:
        raise ValueError("REDIS_URL needs the package redis: pip install centrals[redis].")
    return url.strip()


def _number(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    value = environment.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and least <= int(value[:20]) <= most):
        raise ValueError(f"{name} must be a number from {least} to {most}, not {value!r}.")
    return int(value)


def _list(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in environment.get(name, "").split(",") if part.strip())


def _parts(name: str, value: str) -> SplitResult:
    """An address in its parts, each of them readable."""
    try:
        parts = urlsplit(value)
        readable = parts.port is None or parts.port >= 0
    except ValueError:
        readable = False
    if not readable or not value.isprintable() or " " in value or parts.username is not None:
        raise ValueError(f"{name} is not an address: {value!r}.")
    return parts


def _public_url(value: str) -> str:
    """The public URL in a browser's form. Its scheme decides whether cookies are for HTTPS only."""
    parts = _parts("PUBLIC_URL", value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("PUBLIC_URL must be http:// or https:// and a host, without a path.")
    return f"{parts.scheme}://{parts.netloc}"


def _provider(environment: Mapping[str, str]) -> dict[str, str]:
    """The OpenID Connect provider for sign-in, if there is one."""
    issuer = environment.get("OIDC_ISSUER", "").strip()
    if not issuer:
        if environment.get("OIDC_CLIENT_ID", "").strip():
            raise ValueError("OIDC_ISSUER is required with OIDC_CLIENT_ID.")
        return {}
    parts = _parts("OIDC_ISSUER", issuer)
    # over plain HTTP, anyone could pose as the provider
    near = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not (parts.scheme == "https" or near) or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("OIDC_ISSUER must be the provider's own https:// address.")
    client_id = environment.get("OIDC_CLIENT_ID", "").strip()
    if not client_id:
        raise ValueError("OIDC_CLIENT_ID is required with OIDC_ISSUER.")
    return {
        "oidc_issuer": issuer,
        "oidc_client_id": client_id,
        "oidc_client_secret": environment.get("OIDC_CLIENT_SECRET", ""),
        "oidc_name": environment.get("OIDC_NAME", "").strip() or parts.hostname,
    }


def _origins(environment: Mapping[str, str]) -> tuple[str, ...]:
    found = _list(environment, "ALLOWED_ORIGINS")
    for origin in found:
        parts = _parts("ALLOWED_ORIGINS", origin)
        if f"{parts.scheme}://{parts.netloc}" != origin or parts.scheme not in ("http", "https"):
            # `*` would let any page use cookies
            raise ValueError(
                f"ALLOWED_ORIGINS must be origins such as https://app.example.com, not {origin!r}."
            )
    return found

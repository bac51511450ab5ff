"""Environment variables: which exist, which are misspelled, and which values are valid."""

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

VARIABLES = (
    *(
        "ALLOWED_HOSTS",
        "ALLOWED_ORIGINS",
        "ALLOW_NATURAL_PERSONS",
        "ALLOW_PRIVATE_TARGETS",
        "CONNECTIONS",
        "COST_PER_MINUTE",
    ),
    *(
        "COST_PER_OPERATION",
        "DATABASE_POOL",
        "DATABASE_URL",
        "DOCUMENTS",
        "GET_QUERIES",
        "BATCHES",
        "GRAPHIQL",
        "HOST",
        "INTROSPECTION",
    ),
    *("LOG_ADDRESS", "LOG_FORMAT", "LOG_LEVEL", "METRICS_FOLDER", "METRICS_HOST", "METRICS_PORT"),
    "METRICS_TOKEN",
    *("MAIL_FOLDER", "MAIL_FROM", "MAIL_HOST", "MAIL_PASSWORD", "MAIL_PORT", "MAIL_TLS", "MAIL_USER"),
    *("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_ISSUER", "OIDC_NAME", "OTEL_EXPORTER_OTLP_ENDPOINT"),
    *("PORT", "PREVIOUS_SECRET_KEYS", "PUBLIC_URL", "REDIS_URL", "REQUEST_SECONDS"),
    *("RETAIN_INTAKE_DAYS", "RETAIN_MAIL_DAYS", "RETAIN_SESSION_DAYS"),
    *("RESPONSE_BYTES", "SECRET_KEY", "SHOW_ACCESS", "SQLITE_SYNCHRONOUS", "STATEMENT_SECONDS"),
    *("SUGGESTIONS", "TRUSTED_PROXIES", "WORKERS"),
)
"""Every variable that the server reads."""
_FILE = "_FILE"
_LISTS = {"PREVIOUS_SECRET_KEYS"}
_LARGEST_FILE = 65_536
_PREFIX = re.compile("CENTRALS?_", re.IGNORECASE)
_LIKE = 0.8  # of 1: PORT and POST are further apart, WORKER and WORKERS nearer
_HOST = re.compile(r"\*|(\*\.)?[\w-]+(\.[\w-]+)*\.?|\[[0-9a-fA-F:.]+\]", re.ASCII)


def unknown_variables(environment: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each variable that looks like a setting but is not one."""
    known = {*VARIABLES, *(name + _FILE for name in VARIABLES)}
    for name in sorted(set(environment) - known):
        bare = _PREFIX.sub("", name.upper(), count=1)
        like = get_close_matches(bare, known, 1, _LIKE)
        if like:
            yield f"{name} is not a setting. Did you mean {like[0]}?"
        elif bare != name.upper():
            yield f"{name} is not a setting."


def with_files(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment with the content of each file that a variable such as `SECRET_KEY_FILE` names."""
    found = dict(environment)
    for name in VARIABLES:
        path = environment.get(name + _FILE, "").strip()
        if not path:
            continue
        if environment.get(name):
            raise ValueError(f"Set either {name} or {name}{_FILE}, not both.")
        found[name] = _content(name + _FILE, path)
    return found


def _content(variable: str, path: str) -> str:
    """The text of a file, without the line break at its end."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(_LARGEST_FILE + 1)
        text = content.decode().rstrip("\r\n")
    except OSError as error:
        raise ValueError(f"{variable}: {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{variable}: {path} is not a text file.") from error
    if not text or len(content) > _LARGEST_FILE:
        raise ValueError(f"{variable}: {path} is {'empty' if not text else 'too large'}.")
    return text


def require_text(environment: Mapping[str, str]) -> None:
    """Refuse settings that are not a single line of plain text."""
    for name in VARIABLES:
        value = environment.get(name, "").rstrip("\r\n")
        # a list of keys can come from a file with one key per line
        if not "".join(value.splitlines() if name in _LISTS else value).isprintable():
            raise ValueError(f"{name} contains characters that are not plain text.")


def valid_hosts(hosts: Sequence[str]) -> Sequence[str]:
    """Host names without scheme and port, as a request's `Host` is compared with them."""
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise ValueError(
                f"ALLOWED_HOSTS must be host names without a port, such as api.example.com, not {host!r}."
            )
    return hosts


def valid_proxies(value: str) -> str:
    """Addresses and networks, separated by commas. `*` trusts everyone."""
    for proxy in filter(None, map(str.strip, value.split(","))):
        try:
            if proxy != "*":
                ipaddress.ip_network(proxy)
        except ValueError as error:
            raise ValueError(f"TRUSTED_PROXIES must be IP addresses or networks, not {proxy!r}.") from error
    return value

"""The settings for logs and metrics, from the environment."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, get_args

from centrals.logs import FORMATS, LEVELS

LogAddress = Literal["none", "network", "full"]
SHORTEST_TOKEN = 16


@dataclass(frozen=True, slots=True)
class ObservationSettings:
    """What is logged, and where metrics are shown. Without a port and a token, they are not shown."""

    log_level: str = "info"
    log_format: str = ""
    log_address: LogAddress = "none"
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 0
    metrics_token: str = field(default="", repr=False)
    metrics_folder: Path | None = None
    traces_endpoint: str = ""

    @property
    def publishes(self) -> bool:
        """Whether the processes publish their metrics."""
        return bool(self.metrics_port or self.metrics_token)


def read_observation(environment: Mapping[str, str]) -> ObservationSettings:
    """The settings from an environment. Raises `ValueError` with the name of an invalid variable."""
    token = environment.get("METRICS_TOKEN", "").strip()
    if token and len(token) < SHORTEST_TOKEN:
        raise ValueError(f"METRICS_TOKEN must have at least {SHORTEST_TOKEN} characters.")
    address = _choice("LOG_ADDRESS", environment.get("LOG_ADDRESS", ""), get_args(LogAddress)) or "none"
    folder = environment.get("METRICS_FOLDER", "").strip()
    return ObservationSettings(
        log_level=_choice("LOG_LEVEL", environment.get("LOG_LEVEL", ""), LEVELS) or "info",
        log_format=_choice("LOG_FORMAT", environment.get("LOG_FORMAT", ""), FORMATS),
        log_address=address,  # type: ignore[arg-type]
        metrics_host=_host(environment.get("METRICS_HOST", "").strip() or "127.0.0.1"),
        metrics_port=_port(environment.get("METRICS_PORT", "").strip()),
        metrics_token=token,
        metrics_folder=Path(folder) if folder else None,
        traces_endpoint=_collector(environment.get("OTEL_EXPORTER_OTLP_ENDPOINT", "").strip()),
    )


def _choice(name: str, value: str, choices: tuple[str, ...]) -> str:
    chosen = value.strip().lower()
    if chosen and chosen not in choices:
        raise ValueError(f"{name} must be {', '.join(choices[:-1])} or {choices[-1]}, not {value!r}.")
    return chosen


def _host(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError as error:
        raise ValueError(f"METRICS_HOST must be an IP address, not {value!r}.") from error


def _port(value: str) -> int:
    if value and not (value.isascii() and value.isdigit() and 1 <= int(value[:6]) <= 65535):
        raise ValueError(f"METRICS_PORT must be a number from 1 to 65535, not {value!r}.")
    return int(value or 0)


def _collector(value: str) -> str:
    if not value:
        return ""
    if not value.startswith(("http://", "https://")):
        raise ValueError(
            f"OTEL_EXPORTER_OTLP_ENDPOINT must be an http:// or https:// address, not {value!r}."
        )
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.exporter") is None:
        raise ValueError("OTEL_EXPORTER_OTLP_ENDPOINT needs the packages of centrals[otel].")
    return value

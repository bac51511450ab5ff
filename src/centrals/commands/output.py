"""The output of commands: sentences for people or, with `--json`, one object per line for programs."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import click
import msgspec

AsJson = Callable[[Any], Any]
with_json: AsJson = click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
"""The option of every command whose result is useful for programs."""


def result(as_json: bool, text: str, values: Mapping[str, Any]) -> None:
    """Print the result of a command."""
    click.echo(msgspec.json.encode(values).decode() if as_json else text)


def details(as_json: bool, values: Mapping[str, Any], width: int = 16) -> None:
    """Print an object with a line for each of its values."""
    lines = []
    for name, value in values.items():
        shown = ", ".join(value) if isinstance(value, list) else value
        lines.append(f"{name + ':':{width}} {'-' if shown in (None, '') else shown}")
    result(as_json, "\n".join(lines), values)


def moment(milliseconds: int | None) -> str | None:
    """A time as RFC 3339 writes it, in UTC."""
    if milliseconds is None:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")

"""The command `centrals work`."""

from datetime import UTC, datetime

import click

from centrals.commands.output import result, with_json
from centrals.commands.terminal import with_database


@click.group()
def work() -> None:
    """Run the tasks that are due because time has passed."""


@work.command()
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"]),
    metavar="TIME",
    help="Run the tasks that are due by this time, in UTC, instead of now.",
)
@with_json
def once(at: datetime | None, as_json: bool) -> None:
    """Run the tasks that are due now, as a running server does every few seconds."""
    from centrals.work.worker import Worker

    now = None if at is None else round(at.replace(tzinfo=UTC).timestamp() * 1000)
    done = with_database(lambda: Worker().work_once(now))
    lines = [f"{count} {name}" for name, count in sorted(done.items())]
    result(as_json, "\n".join(lines) or "nothing is due", {"done": done})

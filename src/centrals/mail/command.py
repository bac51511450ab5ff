"""The command line's part about e-mails: what waits, what was given up, and sending now."""

from datetime import UTC, datetime

import click

from centrals.mail import queue
from centrals.terminal import require_mail_folder, settings_told, with_database


@click.group()
def mail() -> None:
    """Look after e-mails that have not been sent."""


@mail.command(name="list")
def list_waiting() -> None:
    """Tell what waits and what was given up: id, kind, tries, when next, the last error, and to whom."""
    for row in with_database(queue.waiting):
        at = datetime.fromtimestamp(row["next_at"] // 1000, UTC)
        when = "given up" if row["dead_at"] is not None else at.strftime("%Y-%m-%dT%H:%M:%SZ")
        told = (row["id"], f"{row['kind']:20}", str(row["attempts"]), f"{when:20}", row["recipient"])
        click.echo("  ".join((*told, row["error"] or "")).rstrip())


@mail.command()
@click.argument("message_id", metavar="[ID]", required=False)
def retry(message_id: str | None) -> None:
    """Let an e-mail that was given up be tried anew; without an id, all of them."""
    from graph.kit.node import is_uuid

    if message_id is not None and not is_uuid(message_id):
        raise click.ClickException(f"There is no e-mail {message_id}.")
    count = with_database(lambda: queue.retry(message_id))
    if message_id is not None and not count:
        raise click.ClickException(f"No e-mail {message_id} was given up.")
    click.echo(f"{count} to be tried anew")


@mail.command()
def send() -> None:
    """Send what is due now, as a running server does by itself."""
    from centrals.mail.worker import Worker

    settings = settings_told()
    require_mail_folder(settings)

    async def work() -> int:
        return await Worker(settings.mail, settings.public_url).send_due()

    click.echo(f"{with_database(work)} sent")

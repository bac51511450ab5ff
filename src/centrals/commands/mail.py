"""The command `centrals mail`: e-mails that wait, e-mails that failed, and sending now."""

from datetime import UTC, datetime

import click

from centrals.commands.output import moment, result, with_json
from centrals.commands.terminal import require_mail_folder, settings_of_environment, with_database, with_key
from centrals.mail import queue


@click.group()
def mail() -> None:
    """Manage e-mails that have not been sent."""


@mail.command(name="list")
@with_json
def list_waiting(as_json: bool) -> None:
    """List the e-mails that wait or that failed for good.

    Each line has the id, kind, number of attempts, time of the next attempt, recipient and last error.
    """
    for row in with_database(queue.waiting):
        at = datetime.fromtimestamp(row["next_at"] // 1000, UTC)
        when = "failed" if row["dead_at"] is not None else at.strftime("%Y-%m-%dT%H:%M:%SZ")
        columns = (row["id"], f"{row['kind']:20}", str(row["attempts"]), f"{when:20}", row["recipient"])
        values = {
            "id": str(row["id"]),
            "kind": row["kind"],
            "recipient": row["recipient"],
            "attempts": row["attempts"],
            "nextAt": None if row["dead_at"] is not None else moment(row["next_at"]),
            "failedAt": moment(row["dead_at"]),
            "error": row["error"],
        }
        result(as_json, "  ".join((*columns, row["error"] or "")).rstrip(), values)


@mail.command()
@click.argument("message_id", metavar="[ID]", required=False)
@with_json
def retry(message_id: str | None, as_json: bool) -> None:
    """Retry an e-mail that failed for good. Without an id, retry all of them."""
    from graph.kit.node import is_uuid

    if message_id is not None and not is_uuid(message_id):
        raise click.ClickException(f"There is no e-mail {message_id}.")
    count = with_database(lambda: queue.retry(message_id))
    if message_id is not None and not count:
        raise click.ClickException(f"The e-mail {message_id} has not failed.")
    result(as_json, f"{count} to be retried", {"retried": count})


@mail.command()
@with_json
def send(as_json: bool) -> None:
    """Send the e-mails that are due now, as a running server does."""
    from centrals.application import handler_of
    from centrals.mail.prepare import preparing
    from centrals.mail.worker import Worker

    settings = settings_of_environment()
    require_mail_folder(settings)
    prepare = preparing(lambda: handler_of(with_key()))

    async def work() -> int:
        return await Worker(settings.mail, settings.public_url, prepare=prepare).send_due()

    count = with_database(work)
    result(as_json, f"{count} sent", {"sent": count})

"""The command `centrals intake`: messages, their outcomes, and reading them again."""

import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from centrals.commands.output import details, moment, result, with_json
from centrals.commands.terminal import account_named, id_in, row_of, with_database
from models import database
from models.statement import Statement
from models.vocabulary import IntakeOutcome

Progress = Callable[[int, int], None]
_COLUMNS = (
    "id, received_at, happened_at, kind, outcome, reason, reference, CAST(doubts AS TEXT) AS doubts, channel"
)
_ALL = "all"
_MOST = 100_000


@click.group()
def intake() -> None:
    """Inspect the messages that arrived."""


def _message(row: Any) -> dict[str, Any]:
    return {
        "id": f"message_{row['id']}",
        "receivedAt": moment(row["received_at"]),
        "happenedAt": moment(row["happened_at"]),
        "kind": row["kind"],
        "outcome": str(row["outcome"]),
        "reason": row["reason"],
        "doubts": msgspec.json.decode(row["doubts"]) if row["doubts"] else [],
        "reference": row["reference"],
        "source": row["channel"],
    }


@intake.command(name="list")
@click.argument("account_id", metavar="ACCOUNT")
@click.option(
    "--outcome",
    type=click.Choice([outcome.value for outcome in IntakeOutcome]),
    help="Only messages with this outcome.",
)
@click.option(
    "--since", type=click.DateTime(), metavar="TIME", help="Only messages received since this time, in UTC."
)
@click.option(
    "--limit",
    type=click.IntRange(1, _MOST),
    default=50,
    show_default=True,
    help="The maximum number of messages.",
)
@with_json
def list_messages(
    account_id: str, outcome: str | None, since: datetime | None, limit: int, as_json: bool
) -> None:
    """List an account's messages, newest first."""

    async def work() -> Any:
        found = await account_named(account_id)
        where = Statement("account_id = ?", (found["id"],))
        if outcome is not None:
            where = where & Statement("outcome = ?", (outcome,))
        if since is not None:
            start = since if since.tzinfo else since.replace(tzinfo=UTC)
            where = where & Statement("received_at >= ?", (int(start.timestamp() * 1000),))
        tail = f" ORDER BY received_at DESC, id DESC LIMIT {limit}"
        return await database.read(Statement(f"SELECT {_COLUMNS} FROM intake_events WHERE ") + where + tail)

    for row in with_database(work):
        message = _message(row)
        result(as_json, _line(message), message)


def _line(message: dict[str, Any]) -> str:
    notes = [*([message["reason"]] if message["reason"] else []), *message["doubts"]]
    parts = [
        message["id"],
        message["receivedAt"],
        f"{message['outcome']:9}",
        message["kind"] or "-",
        message["reference"] or "-",
    ]
    return "  ".join([*parts, " ".join(notes)]).rstrip()


@intake.command()
@click.argument("message_id", metavar="ID")
@with_json
def show(message_id: str, as_json: bool) -> None:
    """Print a message with its content. It includes buyers' personal data, but never the secret."""
    named = id_in(message_id, "message_")

    async def work() -> Any:
        if named is None:
            return ()
        return await database.read(f"SELECT {_COLUMNS}, payload FROM intake_events WHERE id = ?", (named,))

    rows = with_database(work)
    if not rows:
        raise click.ClickException(f"There is no message {message_id}.")
    message = _message(rows[0])
    details(as_json, message | ({"payload": rows[0]["payload"]} if as_json else {}), width=12)
    if not as_json:
        click.echo(_indented(rows[0]["payload"]))


def _indented(payload: str) -> str:
    try:
        return msgspec.json.format(payload.encode(), indent=2).decode()
    except msgspec.MsgspecError:
        return payload


@intake.command()
@click.argument("account_id", metavar="ACCOUNT")
@click.option(
    "--outcome",
    "outcomes",
    type=click.Choice([*(outcome.value for outcome in IntakeOutcome), _ALL]),
    multiple=True,
    default=(_ALL,),
    show_default=True,
    help="Only messages with this outcome.",
)
@with_json
def reprocess(account_id: str, outcomes: tuple[str, ...], as_json: bool) -> None:
    """Read stored messages again after an upgrade, so that improvements take effect.

    Running the command again changes nothing, so you can repeat an interrupted run.
    """
    from intake.reprocessing.reprocess import reprocess as read_again

    chosen = [outcome for outcome in IntakeOutcome if _ALL in outcomes or outcome.value in outcomes]

    summary = _followed(account_id, "Reprocessing", lambda row, progress: read_again(row, chosen, progress))
    result(as_json, summary.summary_text(), msgspec.to_builtins(summary))


@intake.command()
@click.option("--account", "account_id", required=True, metavar="ACCOUNT", help="The account's id.")
@with_json
def refold(account_id: str, as_json: bool) -> None:
    """Read all stored messages again, and compute every sale of an account again.

    After an upgrade, sales gain what earlier versions did not read from their messages. The server can keep
    running. Running the command again changes nothing, so you can repeat an interrupted run.
    """
    from intake.reprocessing.refold import refold as fold_again

    summary = _followed(account_id, "Reading again", fold_again)
    result(as_json, summary.summary_text(), msgspec.to_builtins(summary))


def _followed(account_id: str, label: str, read: Callable[[str, Progress], Awaitable[Any]]) -> Any:
    """Read an account's messages with a progress bar."""

    async def work() -> Any:
        await account_named(account_id)
        with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

            def progress(done: int, total: int) -> None:
                bar.length = max(1, total)
                bar.update(done - bar.pos)

            return await read(row_of(account_id), progress)

    return with_database(work)

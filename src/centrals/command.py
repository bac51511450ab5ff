"""The command line."""

import functools
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from centrals.commands.account import account
from centrals.commands.audit import audit
from centrals.commands.backup import backup, restore
from centrals.commands.check import check
from centrals.commands.documents import documents
from centrals.commands.intake import intake
from centrals.commands.mail import mail
from centrals.commands.output import result, with_json
from centrals.commands.report import report
from centrals.commands.retention import prune
from centrals.commands.terminal import (
    account_named,
    on_database,
    require_listening,
    require_mail_folder,
    require_usable,
    row_of,
    settings_of_environment,
    show_metrics,
    with_database,
    with_key,
)
from centrals.commands.user import user
from centrals.commands.work import work
from centrals.settings import prefer_options
from models.migrate import migrate


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="centrals")
def main() -> None:
    """A GraphQL API for the team behind a digital seller.

    Settings come from environment variables.
    """


main.add_command(account)
main.add_command(audit)
main.add_command(backup)
main.add_command(restore)
main.add_command(check)
main.add_command(documents)
main.add_command(intake)
main.add_command(mail)
main.add_command(prune)
main.add_command(report)
main.add_command(user)
main.add_command(work)


@main.command()
@click.option("--demo", is_flag=True, help="Create the demo data first if the database is empty.")
@click.option("--host", help="The address to listen on. Defaults to the variable HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port. Defaults to the variable PORT.")
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    help="How many processes serve. Defaults to the variable WORKERS.",
)
def serve(demo: bool, host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the API and GraphiQL."""
    import uvicorn

    from centrals.demo.banner import database_use, show_banner
    from centrals.server import SOCKET_BYTES, raise_file_limit

    prefer_options(host=host, port=port, workers=workers)
    settings = settings_of_environment()
    require_listening(settings)
    require_usable(settings)
    require_mail_folder(settings)
    settings = with_key()
    show_metrics(settings)
    show_banner(
        settings, on_database(settings, functools.partial(database_use, settings.secret_key, demo=demo))
    )
    raise_file_limit(settings.connections)
    # uvicorn raises the signal again after the last response: this is a normal end
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        "centrals.application:application",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        loop="uvloop" if sys.platform != "win32" else "auto",
        http="centrals.server:BoundedProtocol",
        log_config=None,
        access_log=False,
        server_header=False,
        ws="centrals.socket:BoundedWebSocket",
        ws_max_size=SOCKET_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=20,
    )


@main.command()
def demo() -> None:
    """Delete all data that the demo created, and create the demo again.

    The command refuses a database that the demo did not create, or that contains other accounts or people.
    """
    from centrals.demo.banner import start_afresh

    settings = settings_of_environment()
    require_usable(settings)
    key = with_key().secret_key
    on_database(settings, lambda: start_afresh(settings.database_url, key), bring_up_to_date=False)


@main.command(name="migrate")
@with_json
def migrate_command(as_json: bool) -> None:
    """Apply the missing migrations."""
    settings = settings_of_environment()
    require_usable(settings)
    done = on_database(with_key(), lambda: migrate(settings.database_url), bring_up_to_date=False)
    text = "\n".join(f"applied {name}" for name in done) or "up to date"
    result(as_json, text, {"applied": done})


@main.command()
@click.option(
    "--profile", "preset", metavar="PRESET", help="As seen by a user with a preset: SUPPORT, TECHNICAL, …"
)
@click.option("--grants", metavar="A,B", help="As seen by a user with these grants.")
@click.option("--owner", is_flag=True, help="As seen by an account's owner.")
@click.option("--cache-keys", is_flag=True, help="The types without an id, as keys for urql's graphcache.")
def schema(preset: str | None, grants: str | None, owner: bool, cache_keys: bool) -> None:
    """Print the full schema, or the schema that one viewer sees."""
    from centrals.printed import cache_keys as printed_keys
    from centrals.printed import printed_schema

    if cache_keys:
        click.echo(printed_keys(), nl=False)
        return
    if sum([preset is not None, grants is not None, owner]) > 1:
        raise click.UsageError("Use only one of --profile, --grants and --owner.")
    try:
        click.echo(printed_schema(preset=preset, grants=grants, owner=owner), nl=False)
    except KeyError as error:
        raise click.ClickException(f"There is no {error.args[0]}.") from error


@main.command()
@click.argument("query")
@click.option("--as", "email", required=True, metavar="EMAIL", help="The person who would send the query.")
@click.option("--central", metavar="ID", help="The central that the request would select.")
@click.option("--variables", metavar="JSON", help="The variables of the query, as a JSON object.")
def explain(query: str, email: str, central: str | None, variables: str | None) -> None:
    """Explain how a query runs: its cost, its SQL, its generated code, and what is not compiled and why.

    QUERY is the text of a query, or - to read it from standard input. A query is run once to see its
    statements, and its result is discarded. A mutation is not run.
    """
    from centrals.commands.explain import InvalidQuery, explained

    text = sys.stdin.read() if query == "-" else query
    settings = settings_of_environment()
    try:
        lines = with_database(lambda: explained(settings, text, email, central, variables))
    except InvalidQuery as error:
        raise click.ClickException(str(error)) from error
    click.echo("\n".join(lines))


@main.group(name="import")
def import_group() -> None:
    """Import past sales."""


@import_group.command()
@click.option("--account", "account_id", required=True, metavar="ID", help="The account's id.")
@click.option(
    "--as-of",
    metavar="TIME",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]),
    help="When the pages and reports were fetched, in UTC unless an offset is given, for example"
    " 2026-05-31T12:00. Defaults to each file's own time.",
)
@click.option(
    "--product",
    metavar="ID",
    help="The product of a page of offers or plans, which does not name it: its number or its ucode.",
)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True, path_type=Path)
)
@with_json
def hotmart(
    account_id: str, files: tuple[Path, ...], as_of: datetime | None, product: str | None, as_json: bool
) -> None:
    """Import Hotmart's webhook messages, REST pages and sales reports.

    The pages are those of the sales history and of sales' users, commissions and prices, of subscriptions,
    and of products, offers and plans.

    Each FILE is a file, a folder with files, or - for standard input. A file contains JSON documents (one,
    several, or one per line), or a sales report as CSV or XLSX. It can be compressed with gzip.
    Importing the same files again changes nothing, so you can repeat an interrupted import.
    """
    from intake.files.history import import_files

    moment = None if as_of is None else _milliseconds(as_of)

    async def work() -> Any:
        await account_named(account_id)
        with click.progressbar(length=1, label="Importing", file=sys.stderr) as bar:

            def progress(done: int, total: int) -> None:
                bar.length = max(1, total)
                bar.update(done - bar.pos)

            return await import_files(row_of(account_id), files, progress, as_of=moment, product=product)

    try:
        summary = with_database(work)
    except LookupError as error:
        raise click.ClickException(str(error)) from error
    result(as_json, summary.summary_text(), msgspec.to_builtins(summary))
    if summary.malformed and not summary.sales + summary.others + summary.known:
        raise SystemExit(1)


def _milliseconds(moment: datetime) -> int:
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)

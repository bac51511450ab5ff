"""The command line."""

import functools
import getpass
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from centrals.audit_command import audit
from centrals.backup_command import backup, restore
from centrals.check_command import check
from centrals.intake_command import intake
from centrals.mail.command import mail
from centrals.people_command import ACCOUNT_COMMANDS, USER_COMMANDS
from centrals.settings import prefer_options
from centrals.terminal import (
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
    with_operator,
)
from models.migrate import migrate
from models.vocabulary import Edition

if TYPE_CHECKING:
    from actions.kit.call import Call


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="centrals")
def main() -> None:
    """A GraphQL API for the team behind a digital seller.

    Settings come from environment variables.
    """


main.add_command(audit)
main.add_command(backup)
main.add_command(restore)
main.add_command(check)
main.add_command(intake)
main.add_command(mail)


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

    from centrals.demo.banner import served_as, show_banner
    from centrals.server import raise_file_limit

    prefer_options(host=host, port=port, workers=workers)
    settings = settings_of_environment()
    require_listening(settings)
    require_usable(settings)
    require_mail_folder(settings)
    settings = with_key()
    show_metrics(settings)
    show_banner(settings, on_database(settings, functools.partial(served_as, settings.secret_key, demo=demo)))
    raise_file_limit(settings.connections)
    # uvicorn raises the signal anew once every request is answered: that is an end like any other
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
        ws="none",
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
def migrate_command() -> None:
    """Apply the missing migrations."""
    settings = settings_of_environment()
    require_usable(settings)
    done = on_database(with_key(), lambda: migrate(settings.database_url), bring_up_to_date=False)
    click.echo("\n".join(f"applied {name}" for name in done) or "up to date")


@main.command()
@click.option(
    "--profile", "preset", metavar="PRESET", help="As seen by a user with a preset: SUPPORT, TECHNICAL, …"
)
@click.option("--grants", metavar="A,B", help="As seen by a user with these grants.")
@click.option("--owner", is_flag=True, help="As seen by an account's owner.")
def schema(preset: str | None, grants: str | None, owner: bool) -> None:
    """Print the full schema, or the schema that one viewer sees."""
    from centrals.printed import printed_schema

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
    from centrals.explained import InvalidQuery, explained

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
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True, path_type=Path)
)
def hotmart(account_id: str, files: tuple[Path, ...], as_of: datetime | None) -> None:
    """Import Hotmart's webhook messages, sales history and sales reports.

    Each FILE is a file, a folder with files, or - for standard input. A file contains JSON documents (one,
    several, or one per line), or a sales report as CSV or XLSX. It can be compressed with gzip.
    Importing the same files again changes nothing, so you can repeat an interrupted import.
    """
    from intake.history import import_files

    moment = None if as_of is None else _milliseconds(as_of)

    async def work() -> Any:
        await account_named(account_id)
        with click.progressbar(length=1, label="Importing", file=sys.stderr) as bar:

            def progress(done: int, total: int) -> None:
                bar.length = max(1, total)
                bar.update(done - bar.pos)

            return await import_files(row_of(account_id), files, progress, as_of=moment)

    try:
        summary = with_database(work)
    except LookupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(summary.summary_text())
    if summary.malformed and not summary.sales + summary.others + summary.known:
        raise SystemExit(1)


def _milliseconds(moment: datetime) -> int:
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


@main.group()
def account() -> None:
    """Manage accounts."""


for _command in ACCOUNT_COMMANDS:
    account.add_command(_command)


@account.command(name="open")
@click.option(
    "--owner", required=True, metavar="EMAIL", help="The owner's e-mail address. The user must exist."
)
@click.option("--name", required=True, help="The account's name.")
@click.option("--country", required=True, metavar="CC", help="ISO 3166 code of the account's country.")
@click.option("--currency", required=True, metavar="CCC", help="ISO 4217 code of the account's currency.")
@click.option("--timezone", default="UTC", show_default=True, help="IANA name of the time zone.")
@click.option("--tax-number", help="The company's tax number. A valid one makes the account a legal entity.")
def create_account(
    owner: str, name: str, country: str, currency: str, timezone: str, tax_number: str | None
) -> None:
    """Open an account and print its id."""
    from actions.accounts.create import InvalidAccount, Opening, register_account
    from authz.refusal import Refusal
    from graph import nouns  # noqa: F401 - their messages
    from graph.kit.messages import message

    opening = Opening(name, country, currency, timezone, "en")
    try:
        click.echo(with_operator(lambda who: register_account(who, owner, opening, tax_number)))
    except InvalidAccount as error:
        raise click.ClickException(str(error)) from error
    except Refusal as refusal:
        raise click.ClickException(message(refusal.message, "en", **refusal.words)) from refusal


@account.command()
@click.argument("account_id", metavar="ID")
@click.argument("edition", type=click.Choice([one.value for one in Edition]))
def edition(account_id: str, edition: str) -> None:
    """Set an account's edition."""

    from actions.accounts.operator import set_edition

    async def work(who: "Call") -> None:
        await set_edition(who, (await account_named(account_id))["id"], Edition(edition))

    with_operator(work)
    click.echo(f"{account_id} is {edition}")


@account.command(name="intake-secret")
@click.argument("account_id", metavar="ID")
def intake_secret(account_id: str) -> None:
    """Set the secret that the marketplace sends (Hotmart's hottok), and print the webhook address.

    The secret is read from the terminal or from standard input.
    """
    from actions.accounts.operator import set_intake_secret

    secret = getpass.getpass("Secret: ") if sys.stdin.isatty() else sys.stdin.readline()
    secret = secret.strip()
    if len(secret) < 8:
        raise click.ClickException("The secret must have at least 8 characters.")

    async def work(who: "Call") -> str:
        return await set_intake_secret(who, (await account_named(account_id))["id"], secret)

    intake_id = with_operator(work)
    click.echo(f"{settings_of_environment().public_url}/intake/hotmart/{intake_id}")


@main.group()
def user() -> None:
    """Manage people who sign in."""


for _command in USER_COMMANDS:
    user.add_command(_command)


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option(
    "--locale",
    type=click.Choice(["en", "es", "fr", "ar", "pt"]),
    default="en",
    show_default=True,
    help="The language of the person's e-mails and messages.",
)
def create(email: str, name: str, locale: str) -> None:
    """Create a user.

    The password is read from the terminal or from standard input.
    """
    from actions.accounts.create import InvalidAccount, create_user

    tty = sys.stdin.isatty()
    password = getpass.getpass("Password: ") if tty else sys.stdin.readline().rstrip("\n")
    if tty and getpass.getpass("Repeat the password: ") != password:
        raise click.ClickException("The passwords do not match.")
    try:
        click.echo(with_operator(lambda who: create_user(who, email, name, password, locale), creates=True))
    except InvalidAccount as error:
        raise click.ClickException(str(error)) from error

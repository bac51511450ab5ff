"""The command line."""

import asyncio
import functools
import getpass
import hashlib
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from centrals.audit_command import audit
from centrals.mail.command import mail
from centrals.terminal import account_named, row_of, settings_told, with_database
from models import database
from models.migrate import migrate
from models.words import Edition


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="centrals")
def main() -> None:
    """A GraphQL API for the team behind a digital seller. Settings come from the environment."""


main.add_command(audit)
main.add_command(mail)


@main.command()
@click.option("--demo", is_flag=True, help="Furnish an empty database with the demo first.")
def serve(demo: bool) -> None:
    """Serve the API and GraphiQL."""
    import uvicorn

    from centrals.demo.banner import furnish_if_empty, show_banner

    settings = settings_told()
    if demo:
        furnish_if_empty(settings)
    else:
        with_database(lambda: asyncio.sleep(0))
    show_banner(settings, demo=demo)
    # uvicorn raises the signal anew once every request is answered: that is an end like any other
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        "centrals.application:application",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        loop="uvloop" if sys.platform != "win32" else "auto",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=20,
        h11_max_incomplete_event_size=32_768,
    )


@main.command()
def demo() -> None:
    """Throw the database's rows away and furnish it with the demo."""
    from centrals.demo.banner import start_afresh

    start_afresh(settings_told())


@main.command(name="migrate")
def migrate_command() -> None:
    """Bring the tables up to date."""
    url = settings_told().database_url
    done = with_database(lambda: migrate(url), bring_up_to_date=False)
    click.echo("\n".join(f"applied {name}" for name in done) or "up to date")


@main.command()
@click.option("--profile", "preset", metavar="PRESET", help="As a user with a preset: SUPPORT, TECHNICAL, …")
@click.option("--grants", metavar="A,B", help="As a user with these grants.")
@click.option("--owner", is_flag=True, help="As an account's owner.")
def schema(preset: str | None, grants: str | None, owner: bool) -> None:
    """Print the schema: whole, or as such a viewer sees it."""
    from centrals.printed import printed_schema

    if sum([preset is not None, grants is not None, owner]) > 1:
        raise click.UsageError("Give one of --profile, --grants and --owner.")
    try:
        click.echo(printed_schema(preset=preset, grants=grants, owner=owner), nl=False)
    except KeyError as error:
        raise click.ClickException(f"There is no {error.args[0]}.") from error


@main.group(name="import")
def import_group() -> None:
    """Take in what was sold before."""


@import_group.command()
@click.option("--account", "account_id", required=True, metavar="ID", help="The account's id.")
@click.option(
    "--as-of",
    metavar="TIME",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]),
    help="When the pages and reports were fetched, in UTC unless an offset is given, for example"
    " 2026-05-31T12:00. By default, each file's own time.",
)
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True, path_type=Path)
)
def hotmart(account_id: str, files: tuple[Path, ...], as_of: datetime | None) -> None:
    """Import Hotmart's webhook messages, sales history and sales reports.

    Each FILE is a file, a folder with files, or - for standard input. Files hold JSON documents (one,
    several, or one a line), or a sales report as CSV or XLSX; any of them may be compressed with gzip.
    Importing the same files again changes nothing: an interrupted import is finished by running it again.
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
    click.echo(summary.told())


def _milliseconds(moment: datetime) -> int:
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


@main.group()
def account() -> None:
    """Look after accounts."""


@account.command(name="list")
def list_accounts() -> None:
    """Tell every account's id, edition, owner and name."""

    async def work() -> Any:
        return await database.read(
            "SELECT a.id, a.edition, u.email, a.name FROM accounts a"
            " JOIN users u ON u.id = a.owner_id ORDER BY a.name"
        )

    for row in with_database(work):
        click.echo(f"{row['id']}  {row['edition']:8}  {row['email']}  {row['name']}")


@account.command(name="open")
@click.option("--owner", required=True, metavar="EMAIL", help="The owner's address; the user must exist.")
@click.option("--name", required=True, help="The account's name.")
@click.option("--country", required=True, metavar="CC", help="ISO 3166 code of its country.")
@click.option("--currency", required=True, metavar="CCC", help="ISO 4217 code of its own currency.")
@click.option("--timezone", default="UTC", show_default=True, help="IANA name.")
@click.option("--tax-number", help="A company's tax number; with a valid one it is a legal entity.")
def open_account(
    owner: str, name: str, country: str, currency: str, timezone: str, tax_number: str | None
) -> None:
    """Open an account and tell its id."""
    from actions.account import InvalidAccount, Opening, register_account
    from authz.refusal import Refusal
    from graph.messages import message

    opening = Opening(name, country, currency, timezone, "en")
    work = functools.partial(register_account, owner, opening, tax_number)
    try:
        click.echo(with_database(work))
    except InvalidAccount as error:
        raise click.ClickException(str(error)) from error
    except Refusal as refusal:
        raise click.ClickException(message(refusal.message, "en", **refusal.words)) from refusal


@account.command()
@click.argument("account_id", metavar="ID")
@click.argument("edition", type=click.Choice([one.value for one in Edition]))
def edition(account_id: str, edition: str) -> None:
    """Set an account's edition."""

    async def work() -> int:
        found = await account_named(account_id)
        statement = "UPDATE accounts SET edition = ? WHERE id = ?"
        return await database.transact(lambda: database.write(statement, (edition, found["id"])))

    with_database(work)
    click.echo(f"{account_id} is {edition}")


@account.command(name="intake-secret")
@click.argument("account_id", metavar="ID")
def intake_secret(account_id: str) -> None:
    """Set the secret that the marketplace sends (Hotmart's hottok), read from the terminal or a pipe."""
    secret = getpass.getpass("Secret: ") if sys.stdin.isatty() else sys.stdin.readline()
    secret = secret.strip()
    if len(secret) < 8:
        raise click.ClickException("A secret has at least 8 characters.")
    stored = hashlib.sha256(secret.encode()).hexdigest()

    async def work() -> str:
        found = await account_named(account_id)
        statement = "UPDATE accounts SET intake_secret_digest = ? WHERE id = ?"
        await database.transact(lambda: database.write(statement, (stored, found["id"])))
        rows = await database.read("SELECT intake_id FROM accounts WHERE id = ?", (found["id"],))
        return str(rows[0]["intake_id"])

    click.echo(f"{settings_told().public_url}/intake/hotmart/{with_database(work)}")


@main.group()
def user() -> None:
    """Look after people who sign in."""


@user.command()
@click.argument("email")
@click.option("--name", required=True)
@click.option("--locale", type=click.Choice(["en", "es", "fr", "ar", "pt"]), default="en", show_default=True)
def create(email: str, name: str, locale: str) -> None:
    """Create someone who can sign in; the password is read from the terminal or standard input."""
    from actions.account import InvalidAccount, create_user

    tty = sys.stdin.isatty()
    password = getpass.getpass("Password: ") if tty else sys.stdin.readline().rstrip("\n")
    if tty and getpass.getpass("Again: ") != password:
        raise click.ClickException("The two differ.")
    try:
        click.echo(with_database(functools.partial(create_user, email, name, password, locale)))
    except InvalidAccount as error:
        raise click.ClickException(str(error)) from error

"""The demo at the command line: creating it, recreating it, and printing how to use it."""

import contextlib
from enum import Enum

import click
import msgspec

from centrals.demo.mark import demo_ids, strangers
from centrals.demo.seed import DEMO_PEOPLE, PASSWORD, NotEmpty, seed_demo
from centrals.settings import Settings
from models import database
from models.migrate import FIRST_MIGRATION, migrate, pending
from models.preflight import described

# dependent rows are deleted with these; the logs come last
_TABLES = (
    *(
        "outbox_messages",
        "idempotency_keys",
        "intake_events",
        "sale_events",
        "commissions",
        "sales",
        "offers",
    ),
    *("products", "invitations", "team_members", "teams", "collaborators", "profiles", "accounts"),
    *("credentials", "sessions", "users", "user_entries", "log_heads"),
)
_FIELDS = "accessToken viewer { name centrals { id accountName role } }"


class DatabaseUse(Enum):
    """How a database is used."""

    PLAIN = "plain"
    DEMO = "demo"
    NOT_THE_DEMO = "not the demo"
    """The demo was requested, but the database is not the demo's."""


async def database_use(secret_key: bytes, *, demo: bool) -> DatabaseUse:
    """Create the demo if it is requested and the database has no users. Any other database stays as it is."""
    if not demo:
        return DatabaseUse.PLAIN
    if not await database.read("SELECT 1 FROM users LIMIT 1"):
        # another process was first: its demo is the same
        with contextlib.suppress(NotEmpty):
            await _seed(secret_key)
    return DatabaseUse.DEMO if await demo_ids() else DatabaseUse.NOT_THE_DEMO


async def start_afresh(url: str, secret_key: bytes) -> None:
    """Delete all rows of a database that the demo created, and create the demo again.

    Ends the command if the demo did not create the database, or if it contains anything else.
    """
    if FIRST_MIGRATION not in await pending(url):
        await _require_demo_alone(url)
    await migrate(url)

    async def work() -> None:
        if database.dialect() == "postgres":
            # nobody can sign up between the check and the deletion
            await database.write("LOCK TABLE accounts, users IN SHARE ROW EXCLUSIVE MODE")
        await _require_demo_alone(url)
        await _emptied()

    await database.transact(work)
    await _seed(secret_key)


async def _require_demo_alone(url: str) -> None:
    found = await strangers()
    if found:
        raise click.ClickException(
            f"DATABASE_URL: {described(url)} contains {found}, which the demo did not create. `centrals demo`"
            " deletes everything, so it refuses this database. Use another one."
        )


async def _seed(secret_key: bytes) -> None:
    with click.progressbar(length=100, label="Creating the demo") as bar:

        def progress(done: int, total: int) -> None:
            bar.update(done * 100 // max(1, total) - bar.pos)

        await seed_demo(secret_key, progress)
    await database.transact(lambda: database.write("ANALYZE"))  # plans made for empty tables are slow


async def _emptied() -> None:
    for table in _TABLES:
        await database.write(f"DELETE FROM {table}")


def show_banner(settings: Settings, use: DatabaseUse) -> None:
    """Print the server's URL and, for the demo, who can sign in and a command to try."""
    click.echo(f"\nCentrals: {settings.public_url}/graphql (open it in a browser for GraphiQL)")
    if not settings.mail.host:
        click.echo(f"E-mails: files in {settings.mail.folder} (set MAIL_HOST to send them)")
    if use is DatabaseUse.NOT_THE_DEMO:
        click.echo(
            f"{described(settings.database_url)} was not created by the demo. It is served without demo data."
        )
    if use is not DatabaseUse.DEMO:
        return
    click.echo(f"\nSign in with the password {PASSWORD} as")
    for email, who in DEMO_PEOPLE:
        click.echo(f"  {email:24} {who}")
    query = (
        f'mutation {{ signIn(input: {{email: "lead@example.com", password: "{PASSWORD}"}}) {{ {_FIELDS} }} }}'
    )
    body = msgspec.json.encode({"query": query}).decode()
    address = f"{settings.public_url}/graphql"
    click.echo(
        f"\nOr from a terminal:\n  curl -s {address} -H 'content-type: application/json' -d '{body}'\n"
    )

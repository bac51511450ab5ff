"""The demo from the command line: furnish it, start it afresh, and say what one can do with it."""

import asyncio

import click
import msgspec

from centrals.demo.furnish import DEMO_PEOPLE, PASSWORD, furnish
from centrals.settings import Settings
from models import database
from models.migrate import migrate

# what hangs on these goes with them; the logs last, which stay as long as what they tell of
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
    *("credentials", "sessions", "users", "user_entries"),
)
_ASKED = "accessToken viewer { name centrals { id accountName role } }"


def furnish_if_empty(settings: Settings) -> None:
    """Furnish a database that has no user; leave any other as it is."""
    asyncio.run(_furnished(settings, afresh=False))


def start_afresh(settings: Settings) -> None:
    """Throw every row away, and furnish the database again."""
    asyncio.run(_furnished(settings, afresh=True))


async def _furnished(settings: Settings, *, afresh: bool) -> None:
    async with database.connected(settings.database_url):
        await migrate(settings.database_url)
        if afresh:
            await database.transact(_emptied)
        if await database.read("SELECT 1 FROM users LIMIT 1"):
            return
        with click.progressbar(length=100, label="Furnishing the demo") as bar:

            def progress(done: int, total: int) -> None:
                bar.update(done * 100 // max(1, total) - bar.pos)

            await furnish(progress)
        await database.transact(lambda: database.write("ANALYZE"))  # plans made for empty tables are slow


async def _emptied() -> None:
    for table in _TABLES:
        await database.write(f"DELETE FROM {table}")


def show_banner(settings: Settings, *, demo: bool) -> None:
    """Where the server is, who can sign in, and a line to try."""
    click.echo(f"\nCentrals: {settings.public_url}/graphql (GraphiQL in a browser)")
    if not settings.mail.host:
        click.echo(f"E-mails: files in {settings.mail.folder} (MAIL_HOST names a server)")
    if not demo:
        return
    click.echo(f"\nSign in with the password {PASSWORD} as")
    for email, who in DEMO_PEOPLE:
        click.echo(f"  {email:24} {who}")
    query = (
        f'mutation {{ signIn(input: {{email: "lead@example.com", password: "{PASSWORD}"}}) {{ {_ASKED} }} }}'
    )
    body = msgspec.json.encode({"query": query}).decode()
    address = f"{settings.public_url}/graphql"
    click.echo(
        f"\nOr from a terminal:\n  curl -s {address} -H 'content-type: application/json' -d '{body}'\n"
    )

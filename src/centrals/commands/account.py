"""The command `centrals account`."""

import getpass
import sys
from typing import TYPE_CHECKING, Any

import click

from centrals.commands.output import details, moment, result, with_json
from centrals.commands.terminal import account_named, settings_of_environment, with_database, with_operator
from models import database
from models.vocabulary import Edition

if TYPE_CHECKING:
    from actions.kit.call import Call

_ACCOUNTS = (
    "SELECT a.id, a.edition, u.email AS owner, a.name, a.country, a.currency, a.timezone, a.closed_at"
    " FROM accounts a JOIN users u ON u.id = a.owner_id"
)


@click.group()
def account() -> None:
    """Manage accounts."""


def _account(row: Any) -> dict[str, Any]:
    return {
        "id": f"account_{row['id']}",
        "edition": str(row["edition"]),
        "owner": row["owner"],
        "name": row["name"],
        "country": row["country"],
        "currency": row["currency"],
        "timezone": row["timezone"],
        "closedAt": moment(row["closed_at"]),
    }


@account.command(name="list")
@with_json
def list_accounts(as_json: bool) -> None:
    """Print each account's id, edition, owner and name."""

    async def work() -> Any:
        return await database.read(f"{_ACCOUNTS} ORDER BY a.name, a.id")

    for row in with_database(work):
        result(as_json, f"{row['id']}  {row['edition']:8}  {row['owner']}  {row['name']}", _account(row))


@account.command()
@click.argument("account_id", metavar="ID")
@with_json
def show(account_id: str, as_json: bool) -> None:
    """Print an account, and how many collaborators and sales it has."""

    async def work() -> dict[str, Any]:
        found = (await account_named(account_id))["id"]
        row = (await database.read(f"{_ACCOUNTS} WHERE a.id = ?", (found,)))[0]
        counts = {}
        for table in ("collaborators", "sales"):
            statement = f"SELECT COUNT(*) FROM {table} WHERE account_id = ?"
            counts[table] = int((await database.read(statement, (found,)))[0][0])
        return _account(row) | counts

    details(as_json, with_database(work))


@account.command(name="open")
@click.option(
    "--owner", required=True, metavar="EMAIL", help="The owner's e-mail address. The user must exist."
)
@click.option("--name", required=True, help="The account's name.")
@click.option("--country", required=True, metavar="CC", help="ISO 3166 code of the account's country.")
@click.option("--currency", required=True, metavar="CCC", help="ISO 4217 code of the account's currency.")
@click.option("--timezone", default="UTC", show_default=True, help="IANA name of the time zone.")
@click.option("--tax-number", help="The company's tax number. A valid one makes the account a legal entity.")
@with_json
def create_account(
    owner: str, name: str, country: str, currency: str, timezone: str, tax_number: str | None, as_json: bool
) -> None:
    """Open an account and print its id."""
    from actions.accounts.create import InvalidAccount, Opening, register_account

    opening = Opening(name, country, currency, timezone, "en")
    try:
        account_id = with_operator(lambda who: register_account(who, owner, opening, tax_number))
    except InvalidAccount as error:
        raise click.ClickException(str(error)) from error
    result(as_json, account_id, {"id": f"account_{account_id}"})


@account.command()
@click.argument("account_id", metavar="ID")
@click.argument("edition", type=click.Choice([edition.value for edition in Edition]))
@with_json
def edition(account_id: str, edition: str, as_json: bool) -> None:
    """Set an account's edition."""

    from actions.accounts.operator import set_edition

    async def work(who: "Call") -> str:
        found = str((await account_named(account_id))["id"])
        await set_edition(who, found, Edition(edition))
        return found

    found = with_operator(work)
    result(as_json, f"{account_id} is {edition}", {"id": f"account_{found}", "edition": edition})


@account.command(name="intake-secret")
@click.argument("account_id", metavar="ID")
@with_json
def intake_secret(account_id: str, as_json: bool) -> None:
    """Set the secret that the marketplace sends (Hotmart's hottok), and print the webhook address.

    The secret is read from the terminal or from standard input.
    """
    from actions.accounts.operator import set_intake_secret

    secret = getpass.getpass("Secret: ") if sys.stdin.isatty() else sys.stdin.readline()
    secret = secret.strip()
    if len(secret) < 8:
        raise click.ClickException("The secret must have at least 8 characters.")

    async def work(who: "Call") -> tuple[str, str]:
        found = str((await account_named(account_id))["id"])
        return found, await set_intake_secret(who, found, secret)

    found, intake_id = with_operator(work)
    url = f"{settings_of_environment().public_url}/intake/hotmart/{intake_id}"
    result(as_json, url, {"id": f"account_{found}", "webhookUrl": url})


@account.command()
@click.argument("account_id", metavar="ID")
@with_json
def close(account_id: str, as_json: bool) -> None:
    """Close an account. Its owner gets an e-mail, and can still export its data and reopen it for 30 days."""
    from actions.accounts.operator import close_account

    async def work(who: "Call") -> str:
        found = str((await account_named(account_id))["id"])
        await close_account(who, found)
        return found

    try:
        found = with_operator(work)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    result(as_json, f"{account_id} is closed", {"id": f"account_{found}", "changed": True})

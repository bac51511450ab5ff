"""The command line's part about users and accounts that exist: listing, showing and changing them."""

import getpass
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
import msgspec

from centrals.terminal import account_named, with_database, with_operator
from models import database

if TYPE_CHECKING:
    from actions.kit.call import Call

_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
_USERS = "SELECT id, email, name, locale, email_verified_at, created_at, password_hash FROM users"
_ACCOUNTS = (
    "SELECT a.id, a.edition, u.email AS owner, a.name, a.country, a.currency, a.timezone, a.closed_at"
    " FROM accounts a JOIN users u ON u.id = a.owner_id"
)


def _moment(milliseconds: int | None) -> str | None:
    if milliseconds is None:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")


async def _count(statement: str, row_id: str) -> int:
    return int((await database.read(f"SELECT COUNT(*) FROM {statement}", (row_id,)))[0][0])


def _json(value: dict[str, Any]) -> str:
    return msgspec.json.encode(value).decode()


def _print(value: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(_json(value))
        return
    for name, one in value.items():
        shown = ", ".join(one) if isinstance(one, list) else one
        click.echo(f"{name + ':':16} {'-' if shown in (None, '') else shown}")


def _user(row: Any) -> dict[str, Any]:
    return {
        "id": f"user_{row['id']}",
        "email": row["email"],
        "name": row["name"],
        "locale": row["locale"],
        "verifiedAt": _moment(row["email_verified_at"]),
        "createdAt": _moment(row["created_at"]),
        "hasPassword": row["password_hash"] is not None,
    }


async def _user_named(named: str) -> Any:
    """A user by e-mail address or id; one that is not there ends the command."""
    from actions.kit.email_address import normalised_email
    from graph.kit.node import is_uuid

    key = named.removeprefix("user_")
    column, value = ("id", key) if is_uuid(key) else ("email", normalised_email(named))
    rows = await database.read(f"{_USERS} WHERE {column} = ?", (value,))
    if not rows:
        raise click.ClickException(f"There is no user {named}.")
    return rows[0]


@click.command(name="list")
@_JSON
def list_users(as_json: bool) -> None:
    """Print each user's id, e-mail address and name, and whether the address is verified."""

    async def work() -> Any:
        return await database.read(f"{_USERS} ORDER BY email")

    for row in with_database(work):
        one = _user(row)
        verified = "verified" if one["verifiedAt"] else "unverified"
        click.echo(_json(one) if as_json else f"{row['id']}  {verified:10}  {one['email']}  {one['name']}")


@click.command(name="show")
@click.argument("named", metavar="USER")
@_JSON
def show_user(named: str, as_json: bool) -> None:
    """Print a user, their accounts, and how many sessions and tokens are open.

    USER is an e-mail address or an id.
    """

    async def work() -> dict[str, Any]:
        row = await _user_named(named)
        owned = await database.read("SELECT id FROM accounts WHERE owner_id = ? ORDER BY id", (row["id"],))
        return _user(row) | {
            "sessions": await _count("sessions WHERE user_id = ? AND ended_at IS NULL", row["id"]),
            "accessTokens": await _count("access_tokens WHERE user_id = ? AND ended_at IS NULL", row["id"]),
            "owns": [f"account_{one['id']}" for one in owned],
        }

    _print(with_database(work), as_json)


@click.command(name="set-password")
@click.argument("named", metavar="USER")
def set_password(named: str) -> None:
    """Set a user's password, and end their sessions and tokens. The user gets an e-mail.

    The password is read from the terminal or from standard input. USER is an e-mail address or an id.
    """
    from actions.accounts.create import InvalidAccount
    from actions.users.operator import set_user_password

    tty = sys.stdin.isatty()
    password = getpass.getpass("Password: ") if tty else sys.stdin.readline().rstrip("\n")
    if tty and getpass.getpass("Repeat the password: ") != password:
        raise click.ClickException("The passwords do not match.")

    async def work(who: "Call") -> str:
        row = await _user_named(named)
        await set_user_password(who, row["id"], password)
        return str(row["email"])

    try:
        click.echo(f"{with_operator(work)} has a new password")
    except InvalidAccount as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.argument("named", metavar="USER")
def verify(named: str) -> None:
    """Mark a user's e-mail address as verified, as opening the link in the e-mail would.

    Sessions, the password and tokens from before end, because anyone could have signed up with the address.
    Set a password next. USER is an e-mail address or an id.
    """
    from actions.users.operator import verify_user

    async def work(who: "Call") -> tuple[str, bool]:
        row = await _user_named(named)
        return str(row["email"]), await verify_user(who, row["id"])

    email, first = with_operator(work)
    click.echo(f"{email} is verified" if first else f"{email} was verified already")


def _account(row: Any) -> dict[str, Any]:
    return {
        "id": f"account_{row['id']}",
        "edition": str(row["edition"]),
        "owner": row["owner"],
        "name": row["name"],
        "country": row["country"],
        "currency": row["currency"],
        "timezone": row["timezone"],
        "closedAt": _moment(row["closed_at"]),
    }


@click.command(name="list")
@_JSON
def list_accounts(as_json: bool) -> None:
    """Print each account's id, edition, owner and name."""

    async def work() -> Any:
        return await database.read(f"{_ACCOUNTS} ORDER BY a.name, a.id")

    for row in with_database(work):
        line = f"{row['id']}  {row['edition']:8}  {row['owner']}  {row['name']}"
        click.echo(_json(_account(row)) if as_json else line)


@click.command(name="show")
@click.argument("account_id", metavar="ID")
@_JSON
def show_account(account_id: str, as_json: bool) -> None:
    """Print an account, and how many collaborators and sales it has."""

    async def work() -> dict[str, Any]:
        found = (await account_named(account_id))["id"]
        row = (await database.read(f"{_ACCOUNTS} WHERE a.id = ?", (found,)))[0]
        return _account(row) | {
            "collaborators": await _count("collaborators WHERE account_id = ?", found),
            "sales": await _count("sales WHERE account_id = ?", found),
        }

    _print(with_database(work), as_json)


@click.command()
@click.argument("account_id", metavar="ID")
def close(account_id: str) -> None:
    """Close an account. Its owner gets an e-mail, and can still export its data and reopen it for 30 days."""
    from actions.accounts.operator import close_account

    async def work(who: "Call") -> None:
        await close_account(who, (await account_named(account_id))["id"])

    try:
        with_operator(work)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{account_id} is closed")


USER_COMMANDS = (list_users, show_user, set_password, verify)
ACCOUNT_COMMANDS = (list_accounts, show_account, close)

"""The command `centrals user`."""

import getpass
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import click

from centrals.commands.output import details, moment, result, with_json
from centrals.commands.terminal import id_in, with_database, with_operator
from models import database

if TYPE_CHECKING:
    from actions.kit.call import Call

_USERS = (
    "SELECT id, email, name, locale, email_verified_at, created_at, password_hash, disabled_at, erased_at"
    " FROM users"
)
_COUNTS = {"sessions": "sessions", "accessTokens": "access_tokens"}


@click.group()
def user() -> None:
    """Manage people who sign in."""


def _user(row: Any) -> dict[str, Any]:
    return {
        "id": f"user_{row['id']}",
        "email": row["email"],
        "name": row["name"],
        "locale": row["locale"],
        "verifiedAt": moment(row["email_verified_at"]),
        "createdAt": moment(row["created_at"]),
        "disabledAt": moment(row["disabled_at"]),
        "erasedAt": moment(row["erased_at"]),
        "hasPassword": row["password_hash"] is not None,
    }


def _state(row: Any) -> str:
    if row["erased_at"] is not None:
        return "erased"
    if row["disabled_at"] is not None:
        return "disabled"
    return "unverified" if row["email_verified_at"] is None else "verified"


async def _user_named(named: str) -> Any:
    """A user by e-mail address or id. If there is none, the command ends."""
    from actions.kit.email_address import normalised_email

    key = id_in(named, "user_")
    column, value = ("id", key) if key else ("email", normalised_email(named))
    rows = await database.read(f"{_USERS} WHERE {column} = ?", (value,))
    if not rows:
        raise click.ClickException(f"There is no user {named}.")
    return rows[0]


def _password() -> str:
    tty = sys.stdin.isatty()
    password = getpass.getpass("Password: ") if tty else sys.stdin.readline().rstrip("\n")
    if tty and getpass.getpass("Repeat the password: ") != password:
        raise click.ClickException("The passwords do not match.")
    return password


def _act(named: str, work: "Callable[[Call, str], Awaitable[Any]]") -> tuple[dict[str, Any], Any]:
    """Do something to a user, and return their previous id and address, and the result.

    If it is not possible, the command ends with the reason.
    """

    async def found(who: "Call") -> tuple[dict[str, Any], Any]:
        row = await _user_named(named)
        return {"id": f"user_{row['id']}", "email": row["email"]}, await work(who, str(row["id"]))

    try:
        return with_operator(found)
    except ValueError as error:
        raise click.ClickException(str(error)) from error


@user.command(name="list")
@with_json
def list_users(as_json: bool) -> None:
    """Print each user's id, state, e-mail address and name.

    A user is verified, unverified, disabled or erased.
    """

    async def work() -> Any:
        return await database.read(f"{_USERS} ORDER BY email")

    for row in with_database(work):
        result(as_json, f"{row['id']}  {_state(row):10}  {row['email']}  {row['name']}", _user(row))


@user.command()
@click.argument("named", metavar="USER")
@with_json
def show(named: str, as_json: bool) -> None:
    """Print a user, their accounts, and how many sessions and tokens are open.

    USER is an e-mail address or an id.
    """

    async def work() -> dict[str, Any]:
        row = await _user_named(named)
        owned = await database.read("SELECT id FROM accounts WHERE owner_id = ? ORDER BY id", (row["id"],))
        counts = {}
        for name, table in _COUNTS.items():
            statement = f"SELECT COUNT(*) FROM {table} WHERE user_id = ? AND ended_at IS NULL"
            counts[name] = int((await database.read(statement, (row["id"],)))[0][0])
        return _user(row) | counts | {"owns": [f"account_{account['id']}" for account in owned]}

    details(as_json, with_database(work))


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
@with_json
def create(email: str, name: str, locale: str, as_json: bool) -> None:
    """Create a user and print their id.

    The password is read from the terminal or from standard input.
    """
    from actions.accounts.create import InvalidAccount, create_user

    password = _password()
    try:
        user_id = with_operator(lambda who: create_user(who, email, name, password, locale), creates=True)
    except InvalidAccount as error:
        raise click.ClickException(str(error)) from error
    result(as_json, user_id, {"id": f"user_{user_id}"})


@user.command(name="set-password")
@click.argument("named", metavar="USER")
@with_json
def set_password(named: str, as_json: bool) -> None:
    """Set a user's password, and end their sessions and tokens. The user gets an e-mail.

    The password is read from the terminal or from standard input. USER is an e-mail address or an id.
    """
    from actions.identity.users.operator import set_user_password

    password = _password()
    person, _ = _act(named, lambda who, user_id: set_user_password(who, user_id, password))
    result(as_json, f"{person['email']} has a new password", person | {"changed": True})


@user.command()
@click.argument("named", metavar="USER")
@with_json
def verify(named: str, as_json: bool) -> None:
    """Mark a user's e-mail address as verified, as opening the link in the e-mail would.

    Sessions, the password and tokens from before end, because anyone could have signed up with the address.
    Set a password next. USER is an e-mail address or an id.
    """
    from actions.identity.users.operator import verify_user

    person, first = _act(named, verify_user)
    text = "is verified" if first else "was verified already"
    result(as_json, f"{person['email']} {text}", person | {"changed": first})


@user.command(name="reset-two-factor")
@click.argument("named", metavar="USER")
@with_json
def reset_two_factor(named: str, as_json: bool) -> None:
    """Remove a user's authenticator app, passkeys and recovery codes, for someone who has lost them all.

    First make sure that the request really comes from them. Their sessions end, and they get an e-mail. USER
    is an e-mail address or an id.
    """
    from actions.operator.reset_two_factor import reset_two_factor

    person, changed = _act(named, reset_two_factor)
    text = "signs in with the password alone" if changed else "had no second factor"
    result(as_json, f"{person['email']} {text}", person | {"changed": changed})


@user.command()
@click.argument("named", metavar="USER")
@with_json
def disable(named: str, as_json: bool) -> None:
    """Lock a user out: end their sessions and tokens, and refuse to sign them in.

    They are suspended as a collaborator of each account, so nothing is assigned to them. Accounts that they
    own stay open. USER is an e-mail address or an id.
    """
    from actions.operator.disable_user import disable_user

    person, changed = _act(named, disable_user)
    text = "is disabled" if changed else "was disabled already"
    result(as_json, f"{person['email']} {text}", person | {"changed": changed})


@user.command()
@click.argument("named", metavar="USER")
@with_json
def enable(named: str, as_json: bool) -> None:
    """Let a disabled user sign in again, and lift the suspensions that disabling caused.

    Their password works again. Sessions and tokens stay ended. USER is an e-mail address or an id.
    """
    from actions.operator.disable_user import enable_user

    person, changed = _act(named, enable_user)
    text = "is enabled" if changed else "was not disabled"
    result(as_json, f"{person['email']} {text}", person | {"changed": changed})


@user.command()
@click.argument("named", metavar="USER")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@with_json
def erase(named: str, yes: bool, as_json: bool) -> None:
    """Remove a user's personal data for good: name, e-mail address, password, sessions, tokens and e-mails.

    They leave each account that they work in. Their sales stay credited to a former collaborator without a
    name. Log entries keep the name and address that they were written with. A user who owns an open account
    is refused. USER is an e-mail address or an id.
    """
    from actions.operator.erase_user import erase_user

    if not yes:
        click.confirm(f"Erase {named} for good?", abort=True, err=True)
    person, _ = _act(named, erase_user)
    result(as_json, f"{person['id']} is erased", {"id": person["id"], "changed": True})

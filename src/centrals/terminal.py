"""What the parts of the command line share: the settings, the database, and naming an account."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import click
from tortoise.exceptions import DBConnectionError

from centrals.settings import Settings, read_settings
from models import database
from models.migrate import migrate

T = TypeVar("T")


def settings_told() -> Settings:
    """The settings of the environment; one that is wrong ends the command with its words."""
    try:
        return read_settings()
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def with_database(work: Callable[[], Awaitable[T]], *, bring_up_to_date: bool = True) -> T:
    """Run something on the database of the settings, its tables brought up to date first."""
    url = settings_told().database_url

    async def connected() -> T:
        async with database.connected(url):
            if bring_up_to_date:
                await migrate(url)
            return await work()

    try:
        return asyncio.run(connected())
    except (OSError, DBConnectionError) as error:
        raise click.ClickException(f"The database cannot be reached: {type(error).__name__}.") from error


def row_of(account_id: str) -> str:
    """The row's own id in an account's, as the API gives it."""
    return account_id.removeprefix("account_").removeprefix("central_")


async def account_named(account_id: str) -> Any:
    """The id and the name of an account; one that is not there ends the command."""
    from graph.node import is_uuid

    found = row_of(account_id)
    rows = (
        await database.read("SELECT id, name FROM accounts WHERE id = ?", (found,)) if is_uuid(found) else ()
    )
    if not rows:
        raise click.ClickException(f"There is no account {account_id}.")
    return rows[0]

"""What commands share: the settings, the database, and finding an account."""

import asyncio
import atexit
import contextlib
import functools
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from tortoise.exceptions import BaseORMException

from centrals.listening import require_port
from centrals.settings import DEFAULT_DATABASE, Settings, read_settings, setting_warnings, share_metrics
from models import database
from models.database import is_postgres
from models.migrate import migrate
from models.preflight import described, require_database, require_writable_folder
from telemetry.sharing import SharedFolder

if TYPE_CHECKING:
    from actions.kit.call import Call
    from authz.refusal import Refusal

T = TypeVar("T")


def settings_of_environment() -> Settings:
    """The settings of the environment. An invalid one ends the command with its error. Nothing is written."""
    _warn_of_unknown_variables()
    with _sentences():
        return read_settings(creates_key=False)


@functools.cache
def _warn_of_unknown_variables() -> None:
    for sentence in setting_warnings():
        click.echo(f"Warning: {sentence}", err=True)


def require_usable(settings: Settings, *, creates: bool = True) -> None:
    """End the command unless the database can be used. Nothing is written."""
    url = settings.database_url
    with _sentences():
        asyncio.run(require_database(url, creates=creates, creates_folder=url == DEFAULT_DATABASE))


def require_mail_folder(settings: Settings) -> None:
    """End the command unless e-mails can be written, if they become files."""
    if settings.mail.host:
        return
    # the default folder can be in another one that is created, too
    levels = 2 if settings.database_url == DEFAULT_DATABASE or is_postgres(settings.database_url) else 1
    with _sentences():
        require_writable_folder(settings.mail.folder.absolute(), "MAIL_FOLDER", creates=levels)


def require_listening(settings: Settings) -> None:
    """End the command unless the server can listen where the settings say."""
    observation = settings.observation
    with _sentences():
        require_port(settings.host, settings.port)
        if observation.metrics_folder is not None:
            require_writable_folder(observation.metrics_folder.absolute(), "METRICS_FOLDER", creates=1)
        if observation.metrics_port:
            require_port(observation.metrics_host, observation.metrics_port, "METRICS_")


def show_metrics(settings: Settings) -> None:
    """Show the metrics of child processes, if the settings say so."""
    observation = settings.observation
    if not observation.publishes:
        return
    from centrals.metrics import MetricsServer

    folder = observation.metrics_folder or Path(tempfile.mkdtemp(prefix="centrals-metrics-"))
    if observation.metrics_folder is None:
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        share_metrics(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shared = SharedFolder(folder)
    shared.empty()
    if observation.metrics_port:
        MetricsServer(observation.metrics_host, observation.metrics_port, shared).start()


def with_key() -> Settings:
    """The settings with the secret key, which a first start creates."""
    with _sentences():
        return read_settings()


def with_database(work: Callable[[], Awaitable[T]], *, creates: bool = False) -> T:
    """Run something on the settings' database, after its migrations.

    With `creates`, the database file can be missing.
    """
    require_usable(settings_of_environment(), creates=creates)
    return on_database(with_key(), work)


def with_operator(work: "Callable[[Call], Awaitable[T]]", *, creates: bool = False) -> T:
    """Do something on the database as the operator. It is logged with the server's key."""
    from actions.accounts.operator import operator
    from authz.refusal import Refusal

    require_usable(settings_of_environment(), creates=creates)
    settings = with_key()
    try:
        return on_database(settings, lambda: work(operator(settings.secret_key)))
    except Refusal as refusal:
        raise click.ClickException(sentence(refusal)) from refusal


def on_database(settings: Settings, work: Callable[[], Awaitable[T]], *, bring_up_to_date: bool = True) -> T:
    """Run something on a usable database. If the database fails, the command ends with a sentence."""
    url = settings.database_url

    async def connected() -> T:
        async with database.connected(url):
            if bring_up_to_date:
                await migrate(url)
            return await work()

    with failures(url):
        return asyncio.run(connected())


@contextlib.contextmanager
def _sentences() -> Iterator[None]:
    """End the command with one sentence if a setting is wrong."""
    try:
        yield
    except ValueError as error:
        raise click.ClickException(str(error)) from error


@contextlib.contextmanager
def failures(url: str) -> Iterator[None]:
    """End the command with one sentence, not a traceback, if a database or a file fails."""
    try:
        yield
    except database.Unstorable as error:
        raise click.ClickException("A text contains characters that the database cannot store.") from error
    except database.TooSlow as error:
        raise click.ClickException(
            f"DATABASE_URL: {described(url)} is busy or locked by another process."
        ) from error
    except database.Outage as error:
        raise click.ClickException(
            f"DATABASE_URL: {described(url)} is not available: {_reason(error.__cause__ or error)}."
        ) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or described(url)}: {_reason(error)}.") from error
    except Exception as error:
        # asyncpg's exceptions, raw or inside Tortoise's; asyncpg does not have to be installed
        if not (isinstance(error, (BaseORMException, sqlite3.Error)) or "asyncpg" in type(error).__module__):
            raise
        raise click.ClickException(f"DATABASE_URL: {described(url)} fails: {_reason(error)}.") from error


def _reason(error: BaseException) -> str:
    words = error.strerror if isinstance(error, OSError) else str(error)
    return (words or type(error).__name__).splitlines()[0].rstrip(".")


def sentence(refusal: "Refusal") -> str:
    """The message of a refusal in the API, in English."""
    from graph import nouns  # noqa: F401 - their messages
    from graph.kit.messages import message

    return message(refusal.message, "en", **refusal.words)


def id_in(named: str, *prefixes: str) -> str | None:
    """The row's id in an API id with one of the prefixes, or in a bare id. None if it is neither."""
    from actions.kit.chosen_central import NOWHERE
    from graph.kit.node import is_uuid, prefixed

    if is_uuid(named):
        return named
    return next((found for prefix in prefixes if (found := prefixed(prefix, named)) != NOWHERE), None)


def row_of(account_id: str) -> str:
    """The row's id in an account's API id. Any other text is returned as it is."""
    return id_in(account_id, "account_", "central_") or account_id


async def account_named(account_id: str) -> Any:
    """The id and the name of an account. If it does not exist, the command ends."""
    found = id_in(account_id, "account_", "central_")
    rows = await database.read("SELECT id, name FROM accounts WHERE id = ?", (found,)) if found else ()
    if not rows:
        raise click.ClickException(f"There is no account {account_id}.")
    return rows[0]

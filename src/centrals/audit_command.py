"""The command line's part about the logs: where they end, and proof that they are whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

from actions.kit.chain import chain_key
from actions.kit.proof import Broken, Head, head_of, prove, read_head
from centrals.terminal import (
    account_named,
    require_usable,
    row_of,
    settings_of_environment,
    with_database,
    with_key,
)
from models import database


@click.group()
def audit() -> None:
    """Check the accounts' logs."""


@audit.command()
@click.option("--account", "account_id", metavar="ID", help="Only this account. Defaults to all accounts.")
def head(account_id: str | None) -> None:
    """Print the end of each log, as ACCOUNT SEQUENCE:DIGEST.

    Keep these lines in another place. With them, verify detects that a log was cut off.
    """

    async def work() -> list[tuple[str, Head]]:
        return [(one, await head_of(one)) for one in await _accounts(account_id)]

    for one, found in with_database(work):
        click.echo(f"{one} {found}")


@dataclass(frozen=True, slots=True)
class _SavedHead:
    """A head that was kept elsewhere, and the account that it is of, where its line tells."""

    account_id: str | None
    head: Head


def _saved_head(line: str) -> _SavedHead:
    """A line of `audit head`, or its last word alone; raises `ValueError` for anything else."""
    from graph.kit.node import is_uuid

    *names, head = line.split() or [""]
    account_id = row_of(names[0]) if names else None
    if len(names) > 1 or not (account_id is None or is_uuid(account_id)):
        raise ValueError(line)
    return _SavedHead(account_id, read_head(head))


class _HeadType(click.ParamType):  # type: ignore[type-arg]
    name = "LINE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> _SavedHead:
        try:
            return value if isinstance(value, _SavedHead) else _saved_head(value)
        except ValueError:
            return self.fail(f"{value!r} is not a line of audit head.", param, ctx)


class _HeadsType(click.ParamType):  # type: ignore[type-arg]
    name = "FILE"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[_SavedHead]:
        line = _HeadType()
        try:
            text = click.File().convert(value, param, ctx).read()
        except UnicodeDecodeError:
            return self.fail(f"{value} is not a text file.", param, ctx)
        return [line.convert(one, param, ctx) for one in text.splitlines() if one.strip()]


@audit.command()
@click.option("--account", "account_id", metavar="ID", help="Only this account. Defaults to all accounts.")
@click.option(
    "--head", "heads", type=_HeadType(), multiple=True, help="A line that audit head printed earlier."
)
@click.option("--heads", "files", type=_HeadsType(), multiple=True, help="A file with such lines.")
def verify(
    account_id: str | None, heads: tuple[_SavedHead, ...], files: tuple[list[_SavedHead], ...]
) -> None:
    """Verify that no log entry was changed, removed or cut off. Otherwise print the first broken entry.

    Without an earlier head, the command cannot detect that the end of a log was removed together with
    the account's own record of it.
    """
    chosen = None if account_id is None else row_of(account_id)
    filed = [one for file in files for one in file if chosen is None or one.account_id in (None, chosen)]
    saved = _by_account([*heads, *filed], chosen)
    require_usable(settings_of_environment(), creates=False)
    settings = with_key()
    keys = [chain_key(key) for key in (settings.secret_key, *settings.previous_keys)]

    async def work() -> bool:
        accounts = await _accounts(account_id)
        gone = sorted(saved.keys() - accounts)
        for one in gone:
            click.echo(f"{one} BROKEN: there is no such account, but you have a head of its log")
        return all([await _proven(keys, one, saved.get(one, [])) for one in accounts]) and not gone

    if not with_database(work):
        raise SystemExit(1)


def _by_account(saved: Sequence[_SavedHead], chosen: str | None) -> dict[str, list[Head]]:
    """The heads of each account; each is of the one that is asked for, if one is."""
    found: dict[str, list[Head]] = {}
    for one in saved:
        account_id = one.account_id or chosen
        if account_id is None:
            raise click.UsageError("A head without an account needs --account.")
        if chosen is not None and account_id != chosen:
            raise click.UsageError(f"A head of {account_id} proves nothing about {chosen}.")
        found.setdefault(account_id, []).append(one.head)
    return found


async def _accounts(account_id: str | None) -> Sequence[str]:
    if account_id is not None:
        return [(await account_named(account_id))["id"]]
    return [row["id"] for row in await database.read("SELECT id FROM accounts ORDER BY id")]


async def _proven(keys: Sequence[bytes], account_id: str, heads: Sequence[Head]) -> bool:
    proof = await prove(keys[0], account_id, heads, keys[1:])
    if proof.broken is None:
        click.echo(f"{account_id} whole: {proof.proven} entries, head {proof.head}")
        return True
    click.echo(
        f"{account_id} BROKEN at {_described(proof.broken)}: {proof.proven} entries before it are whole"
    )
    return False


def _described(broken: Broken) -> str:
    number = f"entry {broken.sequence}" if broken.sequence is not None else "an entry without a number"
    return f"{number}{f' ({broken.entry_id})' if broken.entry_id else ''}, {broken.fault.value}"

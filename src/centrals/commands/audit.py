"""The command `centrals audit`: where the logs end, and proof that they are complete."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

from actions.kit.chain import PEOPLE, chain_key, chain_people
from actions.kit.proof import BrokenEntry, Fault, Head, head_of, prove, read_head
from centrals.commands.output import result, with_json
from centrals.commands.terminal import (
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
    """Check the logs: each account's, and that of people outside any account, such as their sign-ins."""


@audit.command()
@click.option("--account", "account_id", metavar="ID", help="Only this account. Defaults to all accounts.")
@with_json
def head(account_id: str | None, as_json: bool) -> None:
    """Print the end of each log, as ACCOUNT SEQUENCE:DIGEST. The log of people is called `people`.

    Keep these lines in another place. With them, verify detects that a log was cut off.
    """

    async def work() -> list[tuple[str, Head]]:
        await chain_people(chain_key(with_key().secret_key))
        return [(log, await head_of(_account_of(log))) for log in await _logs(account_id)]

    for log, found in with_database(work):
        values = {"log": _global_id(log), "sequence": found.sequence, "digest": found.digest}
        result(as_json, f"{log} {found}", values)


def _account_of(log: str) -> str | None:
    return None if log == PEOPLE else log


def _global_id(log: str) -> str:
    return log if log == PEOPLE else f"account_{log}"


@dataclass(frozen=True, slots=True)
class _SavedHead:
    """A head that was saved elsewhere, with its log if the line names it."""

    log: str | None
    head: Head


def _saved_head(line: str) -> _SavedHead:
    """A line of `audit head`, or only its last word. Raises `ValueError` for anything else."""
    from graph.kit.node import is_uuid

    *names, head = line.split() or [""]
    log = row_of(names[0]) if names else None
    if len(names) > 1 or not (log in (None, PEOPLE) or is_uuid(log)):
        raise ValueError(line)
    return _SavedHead(log, read_head(head))


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
        return [line.convert(row, param, ctx) for row in text.splitlines() if row.strip()]


@audit.command()
@click.option("--account", "account_id", metavar="ID", help="Only this account. Defaults to all accounts.")
@click.option(
    "--head", "heads", type=_HeadType(), multiple=True, help="A line that audit head printed earlier."
)
@click.option("--heads", "files", type=_HeadsType(), multiple=True, help="A file with such lines.")
@with_json
def verify(
    account_id: str | None,
    heads: tuple[_SavedHead, ...],
    files: tuple[list[_SavedHead], ...],
    as_json: bool,
) -> None:
    """Verify that no log entry was changed, removed or cut off. Otherwise print the first broken entry.

    Without an earlier head, the command cannot detect that the end of a log was removed together with
    the account's own record of it.
    """
    chosen = None if account_id is None else row_of(account_id)
    filed = [head for file in files for head in file if chosen is None or head.log in (None, chosen)]
    saved = _by_log([*heads, *filed], chosen)
    require_usable(settings_of_environment(), creates=False)
    settings = with_key()
    keys = [chain_key(key) for key in (settings.secret_key, *settings.previous_keys)]

    async def work() -> bool:
        await chain_people(keys[0])
        logs = await _logs(account_id)
        gone = sorted(saved.keys() - logs)
        for log in gone:
            text = f"{log}: this account is missing, but a head of its log was saved."
            result(as_json, text, {"log": _global_id(log), "whole": False, "fault": "NO_ACCOUNT"})
        proofs = [await _proven(keys, log, saved.get(log, []), as_json) for log in logs]
        return all(proofs) and not gone

    if not with_database(work):
        raise SystemExit(1)


def _by_log(saved: Sequence[_SavedHead], chosen: str | None) -> dict[str, list[Head]]:
    """The heads by log. If one account is requested, they are all of its log."""
    found: dict[str, list[Head]] = {}
    for saved_head in saved:
        log = saved_head.log or chosen
        if log is None:
            raise click.UsageError("A head without an account needs --account.")
        if chosen is not None and log != chosen:
            raise click.UsageError(f"A head of {log} proves nothing about {chosen}.")
        found.setdefault(log, []).append(saved_head.head)
    return found


async def _logs(account_id: str | None) -> Sequence[str]:
    """The log of people, then those of all accounts; or only that of the requested account."""
    if account_id is not None:
        return [(await account_named(account_id))["id"]]
    return [PEOPLE, *(row["id"] for row in await database.read("SELECT id FROM accounts ORDER BY id"))]


_FAULTS = {
    Fault.ALTERED: "{entry} was changed, or something before it was removed.",
    Fault.MISSING: "{entry} is missing, although later entries exist.",
    Fault.DUPLICATE: "{entry} has the same number as another entry.",
    Fault.INSERTED: "{entry} was inserted past the server: it has no number.",
    Fault.TRUNCATED: "The log was cut off: {entry} is missing.",
    Fault.PAST_THE_HEAD: "{entry} follows the end of the log.",
    Fault.RETIRED_KEY: "{entry} was signed with a key that had been replaced before.",
    Fault.OTHER_HEAD: "{entry} differs from a head that was saved.",
}


async def _proven(keys: Sequence[bytes], log: str, heads: Sequence[Head], as_json: bool) -> bool:
    proof = await prove(keys[0], _account_of(log), heads, keys[1:])
    verified = f"{proof.proven} {'entry' if proof.proven == 1 else 'entries'}"
    broken = proof.broken
    values: dict[str, Any] = {
        "log": _global_id(log),
        "whole": broken is None,
        "entries": proof.proven,
        "sequence": proof.head.sequence if broken is None else broken.sequence,
    }
    if broken is None:
        text = f"{log}: The log is complete and unchanged. It has {verified}. Head: {proof.head}"
        result(as_json, text, values | {"digest": proof.head.digest})
        return True
    values |= {"entryId": broken.entry_id and str(broken.entry_id), "fault": broken.fault.value}
    result(as_json, f"{log}: {_sentence(broken)} Verified before it: {verified}.", values)
    return False


def _sentence(broken: BrokenEntry) -> str:
    entry = "an entry" if broken.sequence is None else f"entry {broken.sequence}"
    entry += f" ({broken.entry_id})" if broken.entry_id else ""
    sentence = _FAULTS[broken.fault].format(entry=entry)
    return sentence[0].upper() + sentence[1:]

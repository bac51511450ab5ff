"""The command line's part about the logs: where they end, and proof that they are whole."""

from collections.abc import Sequence
from typing import Any

import click

from actions.chain import chain_key
from actions.proof import Broken, Head, head_of, prove, read_head
from models import database


@click.group()
def audit() -> None:
    """Look after the accounts' logs."""


@audit.command()
@click.option("--account", "account_id", metavar="ID", help="One account's; without it, every account's.")
def head(account_id: str | None) -> None:
    """Tell where each log ends, as ACCOUNT SEQUENCE:DIGEST.

    Keep these lines elsewhere: with one of them, verify finds out that a log was cut off.
    """
    from centrals import command

    async def work() -> list[tuple[str, Head]]:
        return [(one, await head_of(one)) for one in await _accounts(account_id)]

    for one, found in command._with_database(work):
        click.echo(f"{one} {found}")


class _HeadType(click.ParamType):  # type: ignore[type-arg]
    name = "SEQUENCE:DIGEST"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        try:
            return value if isinstance(value, Head) else read_head(value)
        except ValueError:
            return self.fail(f"{value} is no head: as 17:3f…, from audit head.", param, ctx)


@audit.command()
@click.option("--account", "account_id", metavar="ID", help="One account's; without it, every account's.")
@click.option(
    "--head", "heads", type=_HeadType(), multiple=True, help="A head kept elsewhere; needs --account."
)
def verify(account_id: str | None, heads: tuple[Head, ...]) -> None:
    """Prove that nothing of the logs was changed, removed or cut off; else tell the first broken entry."""
    from centrals import command

    if heads and account_id is None:
        raise click.UsageError("--head needs --account.")
    key = chain_key(command._settings().secret_key)

    async def work() -> bool:
        return all([await _proven(key, one, heads) for one in await _accounts(account_id)])

    if not command._with_database(work):
        raise SystemExit(1)


async def _accounts(account_id: str | None) -> Sequence[str]:
    from centrals import command

    if account_id is not None:
        return [(await command._account(account_id))["id"]]
    return [row["id"] for row in await database.read("SELECT id FROM accounts ORDER BY id")]


async def _proven(key: bytes, account_id: str, heads: Sequence[Head]) -> bool:
    proof = await prove(key, account_id, heads)
    if proof.broken is None:
        click.echo(f"{account_id} whole: {proof.proven} entries, head {proof.head}")
        return True
    click.echo(f"{account_id} BROKEN at {_told(proof.broken)}: {proof.proven} entries before it are whole")
    return False


def _told(broken: Broken) -> str:
    number = f"entry {broken.sequence}" if broken.sequence is not None else "an entry without a number"
    return f"{number}{f' ({broken.entry_id})' if broken.entry_id else ''}, {broken.fault.value}"

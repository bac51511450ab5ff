"""The columns of a row with a name: as it is shown, searched and sorted."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from models.collation import sort_key
from models.text import LONGEST_FOLDED, folded

NAMED = ("collaborators", "invitations", "profiles", "teams", "products")
"""The tables whose rows are listed, searched and sorted by name. Every write to them uses `name_columns`."""

_BATCH = 1_000
Run = Callable[[str, Sequence[Any]], Awaitable[Any]]


def name_columns(name: str) -> dict[str, str]:
    """A name's columns."""
    return {"name": name, "name_folded": folded(name)[:LONGEST_FOLDED], "sort_key": sort_key(name)}


async def refill_names(run: Run, mark: Callable[[int], str]) -> None:
    """Compute the columns again wherever they differ: for a migration, when a rule or the table changes.

    `run` executes a statement and returns its rows; `mark` writes the placeholder of a parameter.
    """
    for table in NAMED:
        await _refill(run, mark, table, "name", ("name_folded", "sort_key"), name_columns)


async def refill_buyers(run: Run, mark: Callable[[int], str]) -> None:
    """The same for the names of buyers, which are searched but never sorted."""
    await _refill(
        run,
        mark,
        "sales",
        "buyer_name",
        ("buyer_folded",),
        lambda name: {"buyer_folded": folded(name)[:LONGEST_FOLDED]},
    )


async def _refill(
    run: Run,
    mark: Callable[[int], str],
    table: str,
    source: str,
    columns: tuple[str, ...],
    compute: Callable[[str], dict[str, str]],
) -> None:
    last = "00000000-0000-0000-0000-000000000000"
    chosen = ", ".join(("id", source, *columns))
    settings = ", ".join(f"{column} = {mark(place)}" for place, column in enumerate(columns, 1))
    while True:
        rows = await run(
            f"SELECT {chosen} FROM {table} WHERE id > {mark(1)} ORDER BY id LIMIT {_BATCH}", [last]
        )
        if not rows:
            return
        for row in rows:
            if row[source] is None:
                continue
            found = compute(str(row[source]))
            if any(row[column] != found[column] for column in columns):
                values = [*(found[column] for column in columns), str(row["id"])]
                await run(f"UPDATE {table} SET {settings} WHERE id = {mark(len(columns) + 1)}", values)
        last = str(rows[-1]["id"])

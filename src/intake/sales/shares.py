"""The shares of sales' prices, as they are stored."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from intake.events.facts import Share
from models import database
from models.statement import one_of

SHARE_COLUMNS = ("source", "amount", "currency", "name", "converted_amount", "converted_currency")


async def read_shares(account_id: str, sale_ids: Sequence[str]) -> dict[str, list[tuple[Any, ...]]]:
    """The stored shares of sales, by the sale's id."""
    shares: dict[str, list[tuple[Any, ...]]] = {}
    if not sale_ids:
        return shares
    chosen = one_of("sale_id", sale_ids)
    rows = await database.read(
        f"SELECT sale_id, {', '.join(SHARE_COLUMNS)} FROM commissions"
        f" WHERE account_id = ? AND {chosen.text} ORDER BY sale_id, position",
        (account_id, *chosen.params),
    )
    for row in rows:
        shares.setdefault(str(row["sale_id"]), []).append(tuple(row[name] for name in SHARE_COLUMNS))
    return shares


async def replace_shares(
    account_id: str, sales: Mapping[str, tuple[tuple[tuple[Any, ...], ...], Sequence[Share]]]
) -> None:
    """Replace the shares of sales, by the sale's id: each with the stored ones and those of today."""
    changed = [
        (sale_id, shares)
        for sale_id, (stored, shares) in sales.items()
        if stored != tuple(share_values(share) for share in shares)
    ]
    if changed:
        await database.write_later(
            "DELETE FROM commissions WHERE account_id = ? AND sale_id = ?",
            [(account_id, sale_id) for sale_id, _ in changed],
        )
        await insert_shares(account_id, changed)


def share_values(share: Share) -> tuple[Any, ...]:
    """The stored columns of a share, in the order of `SHARE_COLUMNS`."""
    return (
        *(share.source.value, share.amount, share.currency, share.name),
        *(share.converted_amount, share.converted_currency),
    )


async def insert_shares(account_id: str, shares: Iterable[tuple[str, Sequence[Share]]]) -> None:
    """Add the shares of sales, each with the sale's id."""
    rows = [
        (database.new_id(), account_id, sale_id, position, *share_values(share))
        for sale_id, of_sale in shares
        for position, share in enumerate(of_sale)
    ]
    columns = ("id", "account_id", "sale_id", "position", *SHARE_COLUMNS)
    await database.write_later(database.insertion("commissions", columns), rows)

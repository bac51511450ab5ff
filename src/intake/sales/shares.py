"""The shares of sales' prices, as they are stored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from intake.events.facts import Share
from intake.sales.fold import Folded
from models import database
from models.statement import one_of
from models.text import folded as folded_text

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
        (database.new_id(), account_id, sale_id, position, repeats, *share_values(share))
        for sale_id, of_sale in shares
        for position, (share, repeats) in enumerate(zip(of_sale, _repeats(of_sale), strict=True))
    ]
    columns = ("id", "account_id", "sale_id", "position", "repeats", *SHARE_COLUMNS)
    await database.write_later(database.insertion("commissions", columns), rows)


def _repeats(shares: Iterable[Share]) -> Iterator[int]:
    """How much each share of a sale repeats of an earlier one. Reports count a sale once for each recipient,
    and would otherwise have to look for the earlier shares of each share."""
    sources: set[str] = set()
    recipients: set[tuple[str, str]] = set()
    for share in shares:
        recipient = (share.source, share.name or "")
        yield 2 if recipient in recipients else 1 if share.source in sources else 0
        sources.add(share.source)
        recipients.add(recipient)


async def own_names(account_id: str, folds: Iterable[Folded]) -> frozenset[str]:
    """The account's names, folded; read only if they are needed to find its share among several."""
    if all(len(folded.own) < 2 for folded in folds):
        return frozenset()
    rows = await database.read(
        "SELECT a.name, a.brand_name, d.legal_name FROM accounts a"
        " LEFT JOIN owner_details d ON d.account_id = a.id WHERE a.id = ?",
        (account_id,),
    )
    return frozenset(folded_text(name) for name in rows[0] if name)

"""Withdraws what messages said about sales, so that they can say something else or nothing."""

from collections.abc import Sequence
from typing import Any

import msgspec

from intake.sales.fold import describes_sale
from intake.sales.sale import fold_again, read_sales
from intake.sales.supplement import history_event_in
from intake.subscriptions.settle import settle_subscriptions, unpriced_at_offers
from models import database
from models.changes import ChangeKind, note
from models.ledger.settle import settle_ledger
from models.price_history import settle_prices
from models.product_vocabulary import Source
from models.recovery.settle import settle_opportunities
from models.statement import one_of
from models.vocabulary import OWN_SOURCES


class Withdrawn(msgspec.Struct, frozen=True):
    """The sales that lost facts. What is left of them is settled after the messages are read again."""

    account_id: str
    sales: dict[str, str]
    """Ids by reference."""

    async def settle(self) -> None:
        """Fold the sales that still have events, and remove the others."""
        if not self.sales:
            return
        chosen = one_of("sale_id", sorted(self.sales.values()))
        rows = await database.read(
            "SELECT sale_id, key, source, happened_at, status, facts FROM sale_events"
            f" WHERE account_id = ? AND {chosen.text}",
            (self.account_id, *chosen.params),
        )
        histories: dict[str, list[Any]] = {}
        for row in rows:
            if row["source"] not in OWN_SOURCES:
                histories.setdefault(str(row["sale_id"]), []).append(history_event_in(row))
        left = {
            name: sale_id
            for name, sale_id in self.sales.items()
            if describes_sale(histories.get(sale_id, []))
        }
        if left:
            known = (await read_sales(self.account_id, left)).sales
            await settle_subscriptions(self.account_id, await fold_again(self.account_id, known))
            note(self.account_id, ChangeKind.SALE, left.values())
        await self._remove([sale_id for sale_id in self.sales.values() if sale_id not in histories])

    async def _remove(self, sale_ids: Sequence[str]) -> None:
        """Remove sales that no message describes, and products that are left without a sale."""
        if not sale_ids:
            return
        chosen, sales = one_of("sale_id", sale_ids), one_of("id", sale_ids)
        products = await database.read(
            f"SELECT DISTINCT product_id, offer_id FROM sales WHERE account_id = ? AND {sales.text}",
            (self.account_id, *sales.params),
        )
        subscriptions = await database.read(
            "SELECT DISTINCT subscription_code, subscription_id FROM sales"
            f" WHERE account_id = ? AND subscription_id IS NOT NULL AND {sales.text}",
            (self.account_id, *sales.params),
        )
        await settle_ledger(self.account_id, (), gone=sale_ids)
        for table in ("commissions", "sale_events"):
            await database.write(
                f"DELETE FROM {table} WHERE account_id = ? AND {chosen.text}",
                (self.account_id, *chosen.params),
            )
        await database.write(
            f"DELETE FROM sales WHERE account_id = ? AND {sales.text}", (self.account_id, *sales.params)
        )
        of_sales = {row["subscription_code"]: str(row["subscription_id"]) for row in subscriptions}
        offers = {str(row["offer_id"]) for row in products if row["offer_id"]}
        exchanged = await settle_prices(self.account_id, offers)
        unpriced = await unpriced_at_offers(self.account_id, exchanged)
        await settle_subscriptions(self.account_id, of_sales | unpriced)
        await settle_opportunities(self.account_id, gone=set(sale_ids))
        # what people created or changed stays
        untouched = f"source = '{Source.MARKETPLACE}' AND version = 1"
        for table, column in (("offers", "product_id"), ("products", "id")):
            of = one_of(f"{table}.{column}", sorted({str(row["product_id"]) for row in products}))
            await database.write(
                f"DELETE FROM {table} WHERE account_id = ? AND {of.text} AND {untouched} AND NOT EXISTS"
                f" (SELECT 1 FROM sales s WHERE s.account_id = {table}.account_id"
                f" AND s.product_id = {table}.{column}) AND NOT EXISTS (SELECT 1 FROM subscriptions u"
                f" WHERE u.account_id = {table}.account_id AND u.product_id = {table}.{column})"
                " AND NOT EXISTS (SELECT 1 FROM catalog_events c"
                " JOIN products p ON p.account_id = c.account_id AND c.product IN (p.reference, p.ucode)"
                f" WHERE c.account_id = {table}.account_id AND p.id = {table}.{column})"
                " AND NOT EXISTS (SELECT 1 FROM opportunities o"
                f" WHERE o.account_id = {table}.account_id AND o.product_id = {table}.{column})",
                (self.account_id, *of.params),
            )


async def withdraw(account_id: str, rows: Sequence[Any]) -> Withdrawn:
    """Withdraw what stored messages said about sales, products and offers."""
    keys = one_of("key", sorted({row["key"] for row in rows}))
    references = sorted({row["reference"] for row in rows if row["reference"] is not None})
    if not references:
        return Withdrawn(account_id, {})
    chosen = one_of("reference", references)
    await database.write(
        f"DELETE FROM sale_supplements WHERE account_id = ? AND {chosen.text} AND {keys.text}",
        (account_id, *chosen.params, *keys.params),
    )
    lost = one_of("e.key", keys.params)
    of_sales = one_of("s.reference", references)
    found = await database.read(
        "SELECT DISTINCT s.id, s.reference FROM sales s JOIN sale_events e ON e.account_id = s.account_id"
        f" AND e.sale_id = s.id WHERE s.account_id = ? AND {of_sales.text} AND {lost.text}",
        (account_id, *of_sales.params, *lost.params),
    )
    sales = {row["reference"]: str(row["id"]) for row in found}
    of = one_of("sale_id", sorted(sales.values()))
    await database.write(
        f"DELETE FROM sale_events WHERE account_id = ? AND {of.text} AND {keys.text}",
        (account_id, *of.params, *keys.params),
    )
    for table, word in (("products", "named"), ("offers", "named"), ("offers", "planned")):
        by = one_of(f"{word}_by", keys.params)
        # whichever event has it next is the latest
        await database.write(
            f"UPDATE {table} SET {word}_at = -1, {word}_by = '' WHERE account_id = ? AND {by.text}",
            (account_id, *by.params),
        )
    return Withdrawn(account_id, sales)

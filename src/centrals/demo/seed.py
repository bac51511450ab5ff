"""Creates the demo: two sellers and their people, the same in every run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from centrals.demo.catalog import add_catalog
from centrals.demo.chance import Chance
from centrals.demo.desk import work_at_desks
from centrals.demo.mark import mark
from centrals.demo.messages import add_messages
from centrals.demo.orders import Shop
from centrals.demo.people import DEMO_PEOPLE, PASSWORD, People, people
from centrals.demo.products import (
    AURORA,
    BOSQUE,
    OFFER_COLUMNS,
    PRODUCT_COLUMNS,
    Seller,
    affiliates,
    listings,
    offer_rows,
    product_row,
)
from centrals.demo.sales import COMMISSION_COLUMNS, EVENT_COLUMNS, SALE_COLUMNS, Ledger, Refund, SaleRows
from centrals.demo.subscriptions import add_subscriptions
from centrals.demo.tools import VERSION_COLUMNS, tool_versions
from models import database
from models.person_change import Author
from models.price_history import settle_prices
from models.sales.words import restore_words

__all__ = ["DEMO_PEOPLE", "PASSWORD", "DemoSummary", "NotEmpty", "seed_demo"]

_SELLERS = {"owner@example.com": AURORA, "livros@example.com": BOSQUE}
_BATCH = 1000


class NotEmpty(Exception):
    """The database already has users. The demo is only created in an empty one."""


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """The numbers of rows in the demo."""

    users: int
    accounts: int
    collaborators: int
    products: int
    sales: int
    commissions: int
    events: int


async def seed_demo(secret_key: bytes, progress: Callable[[int, int], None] | None = None) -> DemoSummary:
    """Fill an empty, migrated database, in one transaction: an interrupted run leaves it empty.

    `progress` is called with the number of sales written so far and their total. Raises `NotEmpty`.
    """
    data = await people(Chance("people"))  # hashes a password, which should not happen in a transaction
    done, total = 0, sum(seller.sales for seller in _SELLERS.values())

    def show_progress(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done, total)

    async def work() -> None:
        if await database.read("SELECT 1 FROM users LIMIT 1"):
            raise NotEmpty
        await data.insert()
        await mark(list(data.accounts.values()), [row["id"] for row in data.rows["users"]], secret_key)
        desks = {}
        for owner, seller in _SELLERS.items():
            account_id = data.accounts[owner]
            desks[owner] = account_id, await _sell(data, account_id, seller, show_progress)
        await work_at_desks(desks, secret_key)

    await database.transact(work)
    return await _summary()


async def _sell(
    data: People, account_id: str, seller: Seller, show_progress: Callable[[int], None]
) -> Sequence[Refund]:
    """Write a seller's products and sales. Returns the refunds that are left to request."""
    chance = Chance(seller.name)
    offered = listings(chance, seller)
    await database.insert_many(
        "products", PRODUCT_COLUMNS, [product_row(account_id, seller, product) for product in offered]
    )
    await database.insert_many(
        "offers", OFFER_COLUMNS, [row for product in offered for row in offer_rows(account_id, product)]
    )
    editor = _owner(data, account_id)
    await database.insert_many(
        "tool_versions", VERSION_COLUMNS, list(tool_versions(account_id, offered[0].id, editor.name))
    )
    orders = Shop(chance, seller, offered, affiliates(chance, seller)).orders()
    collaborators = {
        address: collaborator
        for (account, address), collaborator in data.collaborators.items()
        if account == account_id
    }
    named: dict[str, tuple[int, str]] = {}
    ledger = Ledger(chance, account_id, seller, collaborators, editor)
    for number, batch in enumerate(_batches(ledger.sales(orders))):
        await _insert(batch)
        await restore_words(account_id, [sold.sale[_ID] for sold in batch])
        if number == 0 and database.dialect() == "postgres":
            # checks of foreign keys that were planned for empty tables would scan an index for each row
            await database.write("ANALYZE sales, sale_events, commissions")
        for sold in batch:
            product_id = sold.sale[_PRODUCT]
            named[product_id] = max(named.get(product_id, sold.named), sold.named)
        show_progress(len(batch))
    await _date(named, account_id)
    offers = (offer.id for product in offered for of in product.offers.values() for offer in of)
    await settle_prices(account_id, offers)
    await add_catalog(account_id, seller, offered, editor.name or "")
    await add_messages(account_id, seller.name)
    await add_subscriptions(account_id, ledger.subscriptions)
    return ledger.refunds


def _owner(data: People, account_id: str) -> Author:
    (account,) = [row for row in data.rows["accounts"] if row["id"] == account_id]
    (user,) = [row for row in data.rows["users"] if row["id"] == account["owner_id"]]
    return Author(user["id"], user["name"])


_ID, _PRODUCT = SALE_COLUMNS.index("id"), SALE_COLUMNS.index("product_id")


def _batches(sales: Iterator[SaleRows]) -> Iterator[Sequence[SaleRows]]:
    while batch := list(islice(sales, _BATCH)):
        yield batch


async def _insert(batch: Sequence[SaleRows]) -> None:
    await database.insert_many("sales", SALE_COLUMNS, [sold.sale for sold in batch])
    await database.insert_many(
        "commissions", COMMISSION_COLUMNS, [row for sold in batch for row in sold.commissions]
    )
    await database.insert_many("sale_events", EVENT_COLUMNS, [row for sold in batch for row in sold.events])


async def _date(clocks: dict[str, tuple[int, str]], account_id: str) -> None:
    """Store the newest event of a product, so that only a later one changes it."""
    for row_id, (at, key) in clocks.items():
        await database.write(
            "UPDATE products SET named_at = ?, named_by = ? WHERE account_id = ? AND id = ?",
            (at, key, account_id, row_id),
        )


async def _summary() -> DemoSummary:
    tables: dict[str, Any] = {
        "users": "users",
        "accounts": "accounts",
        "collaborators": "collaborators",
        "products": "products",
        "sales": "sales",
        "commissions": "commissions",
        "events": "sale_events",
    }
    counts = {}
    for name, table in tables.items():
        rows = await database.read(f"SELECT COUNT(*) AS number FROM {table}")
        counts[name] = rows[0]["number"]
    return DemoSummary(**counts)

"""Products, offers and plans as pages describe them: each fact is that of the newest page that has it.

Pages are stored as they were read, and folded again for each product that they are about, so every order of
pages and messages ends alike. Pages about a product that is not known yet wait for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from intake.events.event import Event
from intake.events.notice import OFFERS, PLANS, PRODUCTS, CatalogFacts, CatalogNotice
from intake.sales.product import lock, products_of
from intake.subscriptions.settle import settle_subscriptions, unpriced_at_offers
from models import database
from models.ledger.review import start_review
from models.naming import name_columns
from models.plans import link_plans
from models.price_history import UNQUOTED, settle_prices
from models.product_vocabulary import ByHand, ProductStatus, Source
from models.statement import one_of

_COLUMNS = (
    *("id", "account_id", "key", "kind", "product", "code", "happened_at", "received_at", "price"),
    *("currency", "facts"),
)
_decoder = msgspec.json.Decoder(CatalogFacts)


class Said(msgspec.Struct, frozen=True):
    """What one stored item of a page says, and when."""

    at: tuple[int, str]
    kind: str
    code: str | None
    price: int | None
    facts: CatalogFacts


async def store_catalog(account_id: str, events: Sequence[Event], received_at: int) -> None:
    """Store what pages say, and apply it to their products."""
    notices = [(event, event.notice) for event in events if isinstance(event.notice, CatalogNotice)]
    if not notices:
        return
    rows = [_row(account_id, event, notice, received_at) for event, notice in notices]
    await database.write_later(
        database.insertion("catalog_events", _COLUMNS) + " ON CONFLICT DO NOTHING", rows
    )
    await _add_products(account_id, [notice for event, notice in notices if event.kind == PRODUCTS])
    await settle_catalog(account_id, {notice.product for _, notice in notices})


async def remove_catalog(account_id: str, keys: Iterable[str]) -> None:
    """Remove what pages said, so that they can say something else."""
    chosen = one_of("key", sorted(keys))
    found = await database.read(
        f"SELECT DISTINCT product FROM catalog_events WHERE account_id = ? AND {chosen.text}",
        (account_id, *chosen.params),
    )
    if found:
        await database.write(
            f"DELETE FROM catalog_events WHERE account_id = ? AND {chosen.text}",
            (account_id, *chosen.params),
        )
        await settle_catalog(account_id, {row["product"] for row in found})


def _row(account_id: str, event: Event, notice: CatalogNotice, received_at: int) -> tuple[Any, ...]:
    price, currency = notice.price or (None, None)
    return (
        *(database.new_id(), account_id, event.key, event.kind, notice.product, notice.code),
        *(event.happened_at, received_at, price, currency),
        msgspec.json.encode(notice.facts).decode(),
    )


async def _add_products(account_id: str, notices: Iterable[CatalogNotice]) -> None:
    """Add the products that are not known yet, and the ucodes that are not."""
    named = {notice.product: notice.facts.ucode for notice in notices}
    if not named:
        return
    known = await _products(account_id, {*named, *(ucode for ucode in named.values() if ucode)})
    present = {row["reference"] for row in known} | {row["ucode"] for row in known}
    columns = (
        "id",
        "account_id",
        "reference",
        "ucode",
        *name_columns(""),
        "named_at",
        "named_by",
        "created_at",
    )
    await database.write_later(
        "UPDATE products SET ucode = ? WHERE account_id = ? AND reference = ? AND ucode IS NULL",
        [(ucode, account_id, name) for name, ucode in sorted(named.items()) if ucode is not None],
    )
    now = database.now()
    await database.write_later(
        database.insertion("products", columns),
        [
            (database.new_id(), account_id, name, ucode, *name_columns(name).values(), -1, "", now)
            for name, ucode in sorted(named.items())
            if name not in present and (ucode is None or ucode not in present)
        ],
    )


async def _products(account_id: str, names: Iterable[str]) -> Sequence[Any]:
    by_reference, by_ucode = one_of("reference", sorted(names)), one_of("ucode", sorted(names))
    return await database.read(
        "SELECT id, reference, ucode, name, status, format, warranty_days, marketplace_name,"
        " marketplace_status, marketplace_format, marketplace_warranty_days, by_hand, source, named_at,"
        f" named_by FROM products WHERE account_id = ? AND ({by_reference.text} OR {by_ucode.text})"
        f" ORDER BY reference{lock()}",
        (account_id, *by_reference.params, *by_ucode.params),
    )


async def settle_new_products(account_id: str, events: Sequence[Event], known: Mapping[str, Any]) -> None:
    """Apply the pages that waited for the products of events, given the rows that were known before."""
    new = {
        name
        for name, of in products_of(events).items()
        if name not in known
        or (known[name]["ucode"] is None and any(event.facts and event.facts.product_ucode for event in of))
    }
    if new:
        await settle_catalog(account_id, new)


async def settle_catalog(account_id: str, names: Iterable[str]) -> None:
    """Fold the pages about products again, which are named by number or ucode."""
    products = await _products(account_id, set(names))
    if not products:
        return
    said = await _said(account_id, products)
    offers: dict[str, dict[str, list[Said]]] = {}
    plans: dict[str, dict[str, list[Said]]] = {}
    for product in products:
        product_id = str(product["id"])
        own = [
            item
            for name in dict.fromkeys((product["reference"], product["ucode"]))
            for item in said.get(name, ())
        ]
        await _describe_product(account_id, product, [item for item in own if item.kind == PRODUCTS])
        offers[product_id] = _by_code(own, OFFERS)
        plans[product_id] = _by_code(own, PLANS)
    await _settle_plans(account_id, plans)
    await _settle_offers(account_id, offers, products)
    await link_plans(account_id, offers)


async def _said(account_id: str, products: Sequence[Any]) -> dict[str, list[Said]]:
    names = {row["reference"] for row in products} | {row["ucode"] for row in products if row["ucode"]}
    chosen = one_of("product", sorted(names))
    rows = await database.read(
        "SELECT key, kind, product, code, happened_at, price, CAST(facts AS TEXT) AS facts"
        f" FROM catalog_events WHERE account_id = ? AND {chosen.text} ORDER BY happened_at, key",
        (account_id, *chosen.params),
    )
    found: dict[str, list[Said]] = {}
    for row in rows:
        item = Said(
            (row["happened_at"], row["key"]),
            row["kind"],
            row["code"],
            row["price"],
            _decoder.decode(row["facts"]),
        )
        found.setdefault(row["product"], []).append(item)
    return found


def _by_code(said: Iterable[Said], kind: str) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for item in said:
        if item.kind == kind and item.code is not None:
            found.setdefault(item.code, []).append(item)
    return found


def _latest(said: Iterable[Said], fact: str) -> Any:
    """The value of the newest item that has it."""
    dated = _dated(said, fact)
    return None if dated is None else dated[1]


def _dated(said: Iterable[Said], fact: str) -> tuple[tuple[int, str], Any] | None:
    found = [(item.at, value) for item in said if (value := getattr(item.facts, fact)) is not None]
    return max(found, key=lambda dated: dated[0], default=None)


_LAYERS = {
    "status": ByHand.STATUS,
    "format": ByHand.FORMAT,
    "warranty_days": ByHand.WARRANTY_DAYS,
}
_OTHERWISE = {"status": ProductStatus.ACTIVE.value}


async def _describe_product(account_id: str, row: Any, said: Sequence[Said]) -> None:
    values: dict[str, Any] = {}
    for name, flag in _LAYERS.items():
        found = _latest(said, name)
        values[f"marketplace_{name}"] = found
        if not row["by_hand"] & flag:
            values[name] = _OTHERWISE.get(name) if found is None else found
    named = _dated(said, "name")
    if named is not None and named[0] > (row["named_at"], row["named_by"]):
        values |= {"named_at": named[0][0], "named_by": named[0][1], "marketplace_name": named[1]}
        if not row["by_hand"] & ByHand.NAME and named[1] != row["name"]:
            values |= name_columns(named[1])
    if said and row["source"] == Source.HAND:
        values["source"] = Source.BOTH.value
    if values.get("warranty_days", row["warranty_days"]) != row["warranty_days"]:
        await start_review(account_id)
    await _update("products", account_id, row, values)


async def _update(table: str, account_id: str, row: Any, values: Mapping[str, Any]) -> None:
    present = dict(row)
    changed = {name: value for name, value in values.items() if present.get(name) != value}
    if changed:
        settings = ", ".join(f"{column} = ?" for column in changed)
        await database.write_later(
            f"UPDATE {table} SET {settings} WHERE account_id = ? AND id = ?",
            [(*changed.values(), account_id, str(row["id"]))],
        )


async def _settle_offers(
    account_id: str, offers: Mapping[str, Mapping[str, Sequence[Said]]], products: Sequence[Any]
) -> None:
    """Add and describe the offers of products, by product and code."""
    present = await _offers(account_id, offers)
    priced: list[str] = []
    chosen_by_hand = {str(row["id"]) for row in products if row["by_hand"] & ByHand.MAIN_OFFER}
    for product_id, by_code in offers.items():
        for code, said in sorted(by_code.items()):
            row = present.get((product_id, code)) or await _add_offer(account_id, product_id, code)
            await _describe_offer(account_id, row, said, main_by_hand=product_id in chosen_by_hand)
            if any(item.price is not None for item in said):
                priced.append(str(row["id"]))
    exchanged = await settle_prices(account_id, priced)
    await settle_subscriptions(account_id, await unpriced_at_offers(account_id, exchanged))


async def _offers(account_id: str, products: Iterable[str]) -> dict[tuple[str, str], Any]:
    chosen = one_of("product_id", sorted(products))
    rows = await database.read(
        "SELECT id, product_id, code, name, marketplace_name, named_at, named_by, named_by_hand,"
        f" payment_mode, main, source FROM offers WHERE account_id = ? AND {chosen.text}"
        f" ORDER BY id{lock()}",
        (account_id, *chosen.params),
    )
    return {(str(row["product_id"]), row["code"]): row for row in rows}


async def _add_offer(account_id: str, product_id: str, code: str) -> dict[str, Any]:
    row = {"id": database.new_id(), "account_id": account_id, "product_id": product_id, "code": code}
    dated = {"priced_at": UNQUOTED, "named_at": -1, "named_by": ""}
    values = row | dated | {"created_at": database.now()}
    await database.write_later(database.insertion("offers", tuple(values)), [tuple(values.values())])
    described = {"name": None, "marketplace_name": None, "named_by_hand": False, "payment_mode": None}
    return values | described | {"main": False, "source": Source.MARKETPLACE.value}


async def _describe_offer(
    account_id: str, row: Mapping[str, Any], said: Sequence[Said], *, main_by_hand: bool
) -> None:
    values: dict[str, Any] = {"payment_mode": _latest(said, "payment_mode")}
    if not main_by_hand:
        values["main"] = bool(_latest(said, "main"))
    name = _dated(said, "name")
    if name is not None and name[0] > (row["named_at"], row["named_by"]):
        values |= {"named_at": name[0][0], "named_by": name[0][1], "marketplace_name": name[1]}
        if not row["named_by_hand"]:
            values["name"] = name[1]
    if row["source"] == Source.HAND:
        values["source"] = Source.BOTH.value
    await _update("offers", account_id, row, values)


async def _settle_plans(account_id: str, plans: Mapping[str, Mapping[str, Sequence[Said]]]) -> None:
    """Write the plans of products, by product and code."""
    columns = ("id", "account_id", "product_id", "code", "name", "period", "trial_days", "max_charges")
    rows = [
        (
            *(database.new_id(), account_id, product_id, code),
            *(_latest(said, name) for name in ("name", "period", "trial_days", "max_charges")),
        )
        for product_id, by_code in plans.items()
        for code, said in sorted(by_code.items())
    ]
    settings = ", ".join(f"{name} = excluded.{name}" for name in columns[4:])
    await database.write_later(
        f"{database.insertion('plans', columns)} ON CONFLICT (account_id, product_id, code)"
        f" DO UPDATE SET {settings}",
        rows,
    )

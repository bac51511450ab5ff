"""Creating offers, changing them and their prices, and archiving them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from actions.commerce.products.checks import checked_code, checked_url
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.naming import checked_name
from actions.kit.refusals import too_soon, wrong_state
from actions.kit.use import require_unused, use
from actions.kit.version import conflict
from authz import reach
from authz.grant import Grant
from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.currency import exponent_of
from models.plans import link_plans
from models.price_history import UNQUOTED, settle_prices
from models.prices import HandPrice, Price, hand_prices, price_at, stored_prices
from models.product_vocabulary import ByHand, OfferStatus, Source
from models.statement import Statement

LONGEST_NAME = 300
MOST_PRICES = 200
_CURRENCY_LETTERS = 3
_MOST_DIGITS = 13


CREATE_OFFER = Mutation(
    "createOffer",
    Grant.MANAGE_OFFERS,
    "Offer",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.CODE_TAKEN, ErrorCode.BAD_URL, ErrorCode.BAD_INPUT),
    replays=True,
    changes_access=False,
)
EDIT_OFFER = Mutation(
    "editOffer",
    Grant.MANAGE_OFFERS,
    "Offer",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.BAD_URL, ErrorCode.BAD_INPUT, ErrorCode.VERSION_CONFLICT),
    replays=True,
    changes_access=False,
)
SET_OFFER_PRICE = Mutation(
    "setOfferPrice",
    Grant.MANAGE_OFFERS,
    "Offer",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.BAD_INPUT, ErrorCode.TOO_SOON, ErrorCode.TOO_MANY),
    replays=True,
    changes_access=False,
)
ARCHIVE_OFFER = Mutation(
    "archiveOffer",
    Grant.MANAGE_OFFERS,
    "Offer",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.IN_USE),
    replays=True,
    changes_access=False,
)
SET_MAIN_OFFER = Mutation(
    "setMainOffer",
    Grant.MANAGE_OFFERS,
    "Offer",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE),
    replays=True,
    changes_access=False,
)


use(
    "offers",
    "SELECT p.name FROM products p"
    " WHERE p.account_id = r.account_id AND p.id = r.product_id AND r.main = TRUE",
)


def managed(viewer: Viewer) -> Reach:
    """The offers that a viewer can change."""
    return reach.tool_rows(viewer, "offers", Grant.MANAGE_OFFERS)


async def create_offer(
    call: Call, product_id: str, code: str, values: Mapping[str, Any], price: tuple[Decimal, str] | None
) -> str:
    """Create an offer of a product and return its id."""

    async def work(viewer: Viewer) -> Done:
        within = managed(viewer)
        await _require_product(viewer, product_id)
        found = _checked(values)
        await _require_plan(within, product_id, found.get("hand_plan"))
        chosen = None if price is None else _checked_price(*price, None)
        now = database.now()
        row = {
            "id": database.new_id(),
            "account_id": within.account_id,
            "product_id": product_id,
            "code": checked_code(code, ("code",)),
            **found,
            "named_by_hand": "name" in found,
            "source": Source.HAND.value,
            "hand_prices": None if chosen is None else stored_prices((HandPrice(now, viewer.name, *chosen),)),
            "priced_at": UNQUOTED,
            "changed_at": now,
            "changed_by": viewer.name,
            "created_at": now,
        }
        insertion = database.insertion("offers", tuple(row))
        await database.write(f"{insertion} ON CONFLICT DO NOTHING", tuple(row.values()))
        if not await database.read("SELECT 1 AS saved FROM offers WHERE id = ?", (row["id"],)):
            raise Refusal(ErrorCode.CODE_TAKEN, "code_taken_in_product", ("code",))
        if "hand_plan" in found:
            await link_plans(within.account_id, (product_id,))
        if chosen is not None:
            await settle_prices(within.account_id, (row["id"],))
        after = {"code": row["code"], **found} | ({} if chosen is None else {"price": _written(chosen)})
        return Done(str(row["id"]), _changes({}, after))

    return await CREATE_OFFER.perform(call, work)


async def edit_offer(
    call: Call, offer_id: str, values: Mapping[str, Any], expected: int, *, name: bool, price: bool
) -> str:
    """Change an offer. With `name` or `price`, the marketplace's applies again."""

    async def work(viewer: Viewer) -> Done:
        within = managed(viewer)
        row = await _locked(within, offer_id)
        if row["version"] != expected:
            raise conflict()
        if name and "name" in values:
            raise Refusal(ErrorCode.BAD_INPUT, "by_hand_and_restored", ("useMarketplaceName",))
        for restored, member in ((name, "useMarketplaceName"), (price, "useMarketplacePrice")):
            if restored and row["source"] == Source.HAND:
                raise Refusal(ErrorCode.BAD_INPUT, "nothing_from_marketplace", (member,))
        found = _checked(values)
        await _require_plan(within, str(row["product_id"]), found.get("hand_plan"))
        if "name" in found:
            found["named_by_hand"] = True
        if name:
            found |= {"name": row["marketplace_name"], "named_by_hand": False}
        if price and row["hand_prices"]:
            now = database.now()
            past = tuple(price for price in hand_prices(row["hand_prices"]) if price.start < now)
            found["hand_prices"] = stored_prices((*past, HandPrice(now, viewer.name)))
        return await _write(viewer, within, row, found)

    return await EDIT_OFFER.perform(call, work, offer_id)


async def set_offer_price(
    call: Call, offer_id: str, amount: Decimal, currency: str, start: int | None
) -> str:
    """Set the price that applies from a moment on, by default from now."""

    async def work(viewer: Viewer) -> Done:
        within = managed(viewer)
        row = await _locked(within, offer_id)
        prices, now = hand_prices(row["hand_prices"]), database.now()
        known = next((price.currency for price in reversed(prices) if price.currency), row["currency"])
        chosen = _checked_price(amount, currency, known)
        at = now if start is None else start
        if at < now and known is not None:
            raise too_soon(_time(now), ("from",))
        if len(prices) >= MOST_PRICES:
            raise Refusal(ErrorCode.TOO_MANY, "too_many_prices", ("price",), most=MOST_PRICES)
        stored = stored_prices((*prices, HandPrice(at, viewer.name, *chosen)))
        before = price_at(at, (row["price"], row["currency"]), row["hand_prices"])
        await _update(viewer, within, row, {"hand_prices": stored})
        changes = (
            Change("Offer.price", _written(before), _written(chosen)),
            Change("SetOfferPriceInput.from", None, at),
        )
        return Done(offer_id, changes)

    return await SET_OFFER_PRICE.perform(call, work, offer_id)


async def archive_offer(call: Call, offer_id: str) -> str:
    """Archive an offer, unless something uses it."""

    async def work(viewer: Viewer) -> Done:
        within = managed(viewer)
        row = await _locked(within, offer_id)
        await require_unused("offers", within.account_id, offer_id)
        return await _write(viewer, within, row, {"status": OfferStatus.ARCHIVED.value})

    return await ARCHIVE_OFFER.perform(call, work, offer_id)


async def set_main_offer(call: Call, offer_id: str) -> str:
    """Make an offer its product's main offer, in place of the former one."""

    async def work(viewer: Viewer) -> Done:
        within = managed(viewer)
        row = await _locked(within, offer_id)
        if row["status"] != OfferStatus.ACTIVE:
            raise wrong_state(str(row["status"]), [OfferStatus.ACTIVE.value], ("id",))
        if row["main"]:
            return Done(offer_id)
        await database.write(
            Statement(
                "UPDATE offers AS r SET main = ?, version = version + 1, changed_at = ?, changed_by = ?"
                " WHERE r.product_id = ? AND r.main = ? AND ",
                (False, database.now(), viewer.name, str(row["product_id"]), True),
            )
            + within.where("r")
        )
        await database.write(
            "UPDATE products SET by_hand = by_hand | ? WHERE account_id = ? AND id = ?",
            (int(ByHand.MAIN_OFFER), within.account_id, str(row["product_id"])),
        )
        return await _write(viewer, within, row, {"main": True})

    return await SET_MAIN_OFFER.perform(call, work, offer_id)


async def _require_product(viewer: Viewer, product_id: str) -> None:
    products = reach.tool_rows(viewer, "products", Grant.MANAGE_OFFERS)
    found = Statement("SELECT 1 FROM products r WHERE r.id = ? AND ", (product_id,)) + products.where("r")
    if not await database.read(found):
        raise Refusal(ErrorCode.NOT_FOUND, "no_product", ("product",))


async def _require_plan(within: Reach, product_id: str, code: str | None) -> None:
    if code is None:
        return
    found = await database.read(
        "SELECT 1 FROM plans WHERE account_id = ? AND product_id = ? AND code = ?",
        (within.account_id, product_id, code),
    )
    if not found:
        raise Refusal(ErrorCode.NOT_FOUND, "no_plan", ("plan",))


async def _locked(within: Reach, offer_id: str) -> Any:
    """The offer; its product is locked, since only one of its offers can be the main one."""
    lock = " FOR NO KEY UPDATE" if database.dialect() == "postgres" else ""
    rows = await database.read(
        Statement(
            "SELECT r.id, r.product_id, r.name, r.code, r.price, r.currency, r.main,"
            " r.status, r.checkout_url, r.source, r.version, r.marketplace_name, r.named_by_hand,"
            " r.hand_prices, r.hand_plan FROM offers r WHERE r.id = ? AND ",
            (offer_id,),
        )
        + within.where("r")
        + lock
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_offer", ("id",))
    return rows[0]


async def _write(viewer: Viewer, within: Reach, row: Any, values: Mapping[str, Any]) -> Done:
    """Write the values of a locked row that differ. Without any, nothing changes."""
    changed = {name: value for name, value in values.items() if value != row[name]}
    if not changed:
        return Done(str(row["id"]))
    await _update(viewer, within, row, changed)
    shown, before = dict(changed), {name: row[name] for name in changed}
    if "hand_prices" in changed:
        facts = (row["price"], row["currency"])
        before["price"] = _written(price_at(database.now(), facts, row["hand_prices"]))
        shown["price"] = _written(price_at(database.now(), facts, changed["hand_prices"]))
    return Done(str(row["id"]), _changes(before, shown))


async def _update(viewer: Viewer, within: Reach, row: Any, changed: Mapping[str, Any]) -> None:
    editor = {"version": row["version"] + 1, "changed_at": database.now(), "changed_by": viewer.name}
    columns = {**changed, **editor}
    settings = ", ".join(f"{column} = ?" for column in columns)
    await database.write(
        Statement(
            f"UPDATE offers AS r SET {settings} WHERE r.id = ? AND ", (*columns.values(), str(row["id"]))
        )
        + within.where("r")
    )
    if "hand_plan" in changed:
        await link_plans(within.account_id, (str(row["product_id"]),))
    if "hand_prices" in changed:
        await settle_prices(within.account_id, (str(row["id"]),))


_COORDINATES = {
    "code": "Offer.code",
    "name": "Offer.name",
    "price": "Offer.price",
    "checkout_url": "Offer.checkoutUrl",
    "hand_plan": "Offer.plan",
    "status": "Offer.status",
    "main": "Offer.main",
}


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    return tuple(
        Change(field, bool(before.get(name)) if name == "main" else before.get(name), after[name])
        for name, field in _COORDINATES.items()
        if name in after
    )


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(values)
    if found.get("name") is not None:
        found["name"] = checked_name(found["name"], LONGEST_NAME, ("name",), "offer_name_length")
    if found.get("checkout_url") is not None:
        found["checkout_url"] = checked_url(found["checkout_url"], ("checkoutUrl",))
    return found


def _checked_price(amount: Decimal, currency: str, known: str | None) -> Price:
    currency = currency.upper()
    if len(currency) != _CURRENCY_LETTERS or not (currency.isascii() and currency.isalpha()):
        raise Refusal(ErrorCode.BAD_INPUT, "no_currency", ("price", "currency"))
    if known is not None and currency != known:
        raise Refusal(ErrorCode.BAD_INPUT, "price_currency", ("price",), currency=known)
    decimals = exponent_of(currency)
    minor = amount.scaleb(decimals) if amount.is_finite() and amount.adjusted() < _MOST_DIGITS else Decimal(0)
    if minor <= 0 or minor != int(minor):
        words = {"decimals": decimals, "currency": currency}
        raise Refusal(ErrorCode.BAD_INPUT, "price_amount", ("price",), **words)
    return int(minor), currency


def _written(price: Price | None) -> str | None:
    """A price as the log has it, such as `900.00 BRL`."""
    if price is None:
        return None
    return f"{Decimal(price[0]).scaleb(-exponent_of(price[1])):f} {price[1]}"


def _time(now: int) -> str:
    return datetime.fromtimestamp(now // 1000, UTC).isoformat().replace("+00:00", "Z")

"""Hotmart's REST pages: each item is one event, which is true at the time its page was read.

An item has no id. Its key consists of its sale, the time of the page and a digest of its content, so the same
page counts once and a later one replaces it.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from intake.events.event import Event
from intake.events.facts import Facts
from intake.events.notice import CatalogNotice
from intake.hotmart.catalog import catalog_page
from intake.hotmart.facts import (
    address_of,
    coupon_of,
    document_of,
    first,
    product_facts,
    purchase_facts,
    shares_of,
)
from intake.hotmart.notices import SUBSCRIPTION_PAGES, subscription_notice
from intake.hotmart.spelling import method_of, source_of, status_of
from intake.hotmart.subscription import plan_of
from intake.values.fields import Fields
from intake.values.reading import Malformed, Tree, encoded, name_at, text_at, tree_at
from models import database
from models.vocabulary import CommissionSource, EventSource, SaleStatus

KIND = "SALES_HISTORY"
_DIGITS = 12


def rest_event(item: Any, as_of: int | None = None) -> Event:
    """The event of a page's item. `as_of` is when the page was read; by default, now."""
    if type(item) is not dict:
        raise Malformed("The item is not an object.")
    if (page := catalog_page(item)) is not None:
        return _catalog_event(item, *page, database.now() if as_of is None else as_of)
    found = _page_of(item)
    if found is None:
        raise Malformed("The item is neither a webhook's message nor one of a page that is known.")
    kind, reading = found
    at = database.now() if as_of is None else as_of
    reference = name_at(tree_at(item, "purchase") if kind == KIND else item, "transaction", 64)
    digest = hashlib.sha256(encoded(item).encode()).hexdigest()[:_DIGITS]
    doubts: list[str] = []
    fields = Fields(item, "", doubts)
    notice = subscription_notice(fields, at) if kind in SUBSCRIPTION_PAGES else None
    if reference is None:
        if kind not in SUBSCRIPTION_PAGES:
            raise Malformed(f"{'purchase.' if kind == KIND else ''}transaction is missing.")
        key = f"rest:{kind}:{at}:{digest}"
        return Event(key, kind, EventSource.REST, at, doubts=tuple(doubts), notice=notice)
    facts = reading(fields)
    key = f"rest:{reference}:{at}:{digest}"
    return Event(key, kind, EventSource.REST, at, reference, facts, tuple(doubts), notice)


def _catalog_event(item: Tree, kind: str, read: Callable[[Fields], CatalogNotice], at: int) -> Event:
    doubts: list[str] = []
    notice = read(Fields(item, "", doubts))
    digest = hashlib.sha256(encoded(item).encode()).hexdigest()[:_DIGITS]
    key = f"rest:{kind}:{notice.code or notice.product}:{at}:{digest}"
    return Event(key, kind, EventSource.REST, at, doubts=tuple(doubts), notice=notice)


def is_rest_item(item: Any) -> bool:
    """Whether an object is an item of a REST page rather than a webhook message."""
    if type(item) is not dict or "event" in item or "data" in item:
        return False
    return catalog_page(item) is not None or _page_of(item) is not None


def _history(item: Fields) -> Facts:
    return purchase_facts(item, _status(tree_at(item.tree, "purchase"), "purchase."))


def _status(tree: Tree, path: str) -> SaleStatus:
    status = status_of(text_at(tree, "status", 60) or "")
    if status is None:
        raise Malformed(f"{path}status is not a status that is known.")
    return status


def _commissions(item: Fields) -> Facts:
    return Facts(**product_facts(item.at("product")), commissions=shares_of(item))


def _users(item: Fields) -> Facts:
    """The participants of a sale: the buyer's data, and the names of those who have a share."""
    found: dict[str, Any] = {}
    coproducers = 0
    for entry in item.each("users"):
        role, user = (entry.text("role", 60) or "").upper(), entry.at("user")
        if role == "BUYER":
            address = address_of(user.at("address"))
            found |= {
                "buyer_name": user.text("name", 300),
                "buyer_email": user.name("email", 254),
                "buyer_phone": first(user.text("cellphone", 60), user.text("phone", 60)),
                "buyer_document": document_of(user),
                "buyer_address": address,
            }
        source = source_of(role)
        if source is CommissionSource.PRODUCER:
            found["producer_name"] = user.text("name", 300)
        elif source is CommissionSource.AFFILIATE:
            found["affiliate_name"] = user.text("name", 300)
        elif source is CommissionSource.COPRODUCER:
            coproducers += 1
            found["coproducer_name"] = user.text("name", 300)
    if coproducers > 1:
        del found["coproducer_name"]  # the item does not say which share belongs to whom
    return Facts(**product_facts(item.at("product")), **found)


def _price_details(item: Fields) -> Facts:
    base = item.money("base")
    total = item.money("total", base and base[1])
    vat = item.money("vat", base and base[1])
    return Facts(
        **product_facts(item.at("product")),
        full_price=total and total[0],
        full_currency=total and total[1],
        vat=vat and vat[0],
        vat_currency=vat and vat[1],
        coupon=coupon_of(item),
    )


def _subscriptions(item: Fields) -> Facts:
    return Facts(
        **product_facts(item.at("product")),
        subscription_code=item.name("subscriber_code", 64),
        subscription_plan=plan_of(item),
    )


def _subscription_purchases(item: Fields) -> Facts:
    price = item.money("price")
    method = item.text("payment_type", 60)
    return Facts(
        status=_status(item.tree, ""),
        price=price and price[0],
        currency=price and price[1],
        payment_method=method_of(method) if method else None,
        recurrence=item.whole("recurrency_number"),
        approved_at=item.moment("approved_date"),
    )


_PAGES: tuple[tuple[frozenset[str], str, Callable[[Fields], Facts]], ...] = (
    (frozenset({"purchase"}), KIND, _history),
    (frozenset({"transaction", "commissions"}), "SALES_COMMISSIONS", _commissions),
    (frozenset({"transaction", "users"}), "SALES_USERS", _users),
    (frozenset({"transaction", "base"}), "SALES_PRICE_DETAILS", _price_details),
    (frozenset({"transaction", "total"}), "SALES_PRICE_DETAILS", _price_details),
    (frozenset({"transaction", "subscriber_code"}), "SUBSCRIPTIONS", _subscriptions),
    (frozenset({"transaction", "status"}), "SUBSCRIPTION_PURCHASES", _subscription_purchases),
    (frozenset({"subscriber_code", "last_recurrency"}), "SUBSCRIPTIONS_SUMMARY", _subscriptions),
    (frozenset({"subscriber_code", "subscription_id"}), "SUBSCRIPTIONS_SUMMARY", _subscriptions),
)


def _page_of(item: Tree) -> tuple[str, Callable[[Fields], Facts]] | None:
    """The kind of page that an item is from, by a set of keys that only this kind has."""
    return next(((kind, read) for words, kind, read in _PAGES if words <= item.keys()), None)

"""Hotmart's REST pages of products, of a product's offers and of its plans.

The items of the last two do not say whose they are: the address that a page was read from does. So whoever
imports such a page names the product, and each item is stored with it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from intake.events.notice import OFFERS, PLANS, PRODUCTS, CatalogFacts, CatalogNotice
from intake.hotmart.facts import first
from intake.values.fields import Fields
from intake.values.reading import Malformed, Tree
from models.product_vocabulary import PaymentMode, PlanPeriod, ProductFormat, ProductStatus

PRODUCT = "product_id"
"""The member of an item that names its product, by its number or ucode."""

_STATUSES: Mapping[str, ProductStatus] = {
    "ACTIVE": ProductStatus.ACTIVE,
    "CHANGES_PENDING_ON_PRODUCT": ProductStatus.ACTIVE,
    "DRAFT": ProductStatus.DRAFT,
    "IN_REVIEW": ProductStatus.DRAFT,
    "NOT_APPROVED": ProductStatus.DRAFT,
    "PAUSED": ProductStatus.PAUSED,
    "INACTIVE": ProductStatus.PAUSED,
    "DELETED": ProductStatus.ARCHIVED,
}
_FORMATS: Mapping[str, ProductFormat] = {
    "ONLINE_COURSE": ProductFormat.COURSE,
    "COMMUNITY": ProductFormat.SUBSCRIPTION,
    "EBOOK": ProductFormat.EBOOK,
    "SOFTWARE": ProductFormat.SOFTWARE,
    "MOBILE_APPS": ProductFormat.SOFTWARE,
    "SERIAL_CODES": ProductFormat.SOFTWARE,
    "AUDIOS": ProductFormat.AUDIO,
    "VIDEOS": ProductFormat.VIDEO,
    "TEMPLATES": ProductFormat.TEMPLATE,
    "IMAGES": ProductFormat.TEMPLATE,
    "ETICKET": ProductFormat.EVENT,
    "ONLINE_EVENT": ProductFormat.EVENT,
    "ONLINE_SERVICE": ProductFormat.SERVICE,
    "BUNDLE": ProductFormat.OTHER,
}
_MODES: Mapping[str, PaymentMode] = {
    "PAY_IN_FULL": PaymentMode.SINGLE,
    "SINGLE_PAYMENT": PaymentMode.SINGLE,
    "MULTIPLE_PAYMENTS": PaymentMode.INSTALLMENTS,
    "SMART_INSTALLMENT": PaymentMode.INSTALLMENTS,
    "SUBSCRIPTION": PaymentMode.SUBSCRIPTION,
    "ASSINATURA": PaymentMode.SUBSCRIPTION,
}
_PERIODS: Mapping[str, PlanPeriod] = {period.value: period for period in PlanPeriod}
_ADDRESS = re.compile(r"/products/([^/?:]+)/(?:offers|plans)\b")


def _word(item: Fields, key: str, words: Mapping[str, Any]) -> Any:
    """The meaning of a word; none, with a doubt, of an unknown word."""
    word = item.text(key, 60)
    if word is None:
        return None
    found = words.get(word.upper())
    if found is None:
        item.doubt(f"{key} is not one that is known.")
    return found


def _product(item: Fields) -> CatalogNotice:
    reference, ucode = item.name("id", 64), item.name("ucode", 64)
    named = first(reference, ucode)
    if named is None:
        raise Malformed("The product has neither an id nor a ucode.")
    facts = CatalogFacts(
        name=item.text("name", 300),
        reference=reference,
        ucode=ucode,
        status=_word(item, "status", _STATUSES),
        format=_word(item, "format", _FORMATS),
        warranty_days=item.whole("warranty_period"),
    )
    return CatalogNotice(named, facts)


def _offer(item: Fields) -> CatalogNotice:
    facts = CatalogFacts(
        name=item.text("name", 300),
        main=item.truth("is_main_offer"),
        payment_mode=_word(item, "payment_mode", _MODES),
    )
    return CatalogNotice(_product_of(item), facts, _code(item), _price(item))


def _plan(item: Fields) -> CatalogNotice:
    period = _word(item, "periodicity", _PERIODS)
    name = item.text("name", 300)
    if period is None or name is None:
        raise Malformed("The plan has no name or no periodicity that is known.")
    facts = CatalogFacts(
        name=name,
        period=period,
        trial_days=item.whole("trial_period"),
        max_charges=first(item.whole("max_charge_cycles"), item.whole("max_charges")),
    )
    return CatalogNotice(_product_of(item), facts, _code(item))


def _price(item: Fields) -> tuple[int, str] | None:
    price = item.money("price")
    if price is not None and price[0] < 0:
        item.doubt("price is below zero.")
        return None
    return price


def _code(item: Fields) -> str:
    code = item.name("code", 64)
    if code is None:
        raise Malformed("The code is missing.")
    return code


def _product_of(item: Fields) -> str:
    product = item.at("product") if type(item.tree.get("product")) is dict else Fields({}, "", [])
    named = first(
        *(item.name(key, 64) for key in (PRODUCT, "product_ucode")),
        *(product.name(key, 64) for key in ("id", "ucode")),
    )
    if named is None:
        raise Malformed("The item does not name its product: import the page with --product.")
    return str(named)


_PAGES: tuple[tuple[frozenset[str], str, Callable[[Fields], CatalogNotice]], ...] = (
    (frozenset({"code", "periodicity"}), PLANS, _plan),
    (frozenset({"code", "payment_mode"}), OFFERS, _offer),
    (frozenset({"code", "is_main_offer"}), OFFERS, _offer),
    (frozenset({"id", "ucode", "status"}), PRODUCTS, _product),
    (frozenset({"id", "ucode", "warranty_period"}), PRODUCTS, _product),
)


def catalog_page(item: Tree) -> tuple[str, Callable[[Fields], CatalogNotice]] | None:
    """The kind of page of the catalog that an item is from, and how it is read."""
    return next(((kind, read) for words, kind, read in _PAGES if words <= item.keys()), None)


def product_in(address: str) -> str | None:
    """The product that the address of a page of offers or plans names."""
    found = _ADDRESS.search(address)
    return None if found is None or found[1].startswith("{") else found[1]


def placed(item: Any, product: str | None) -> Any:
    """An item with its product, if it is an offer or a plan that names none."""
    if product is None or type(item) is not dict or PRODUCT in item:
        return item
    page = catalog_page(item)
    return {**item, PRODUCT: product} if page is not None and page[0] != PRODUCTS else item

"""The facts of a Hotmart purchase: what webhooks and REST items share, under either's names."""

from typing import Any

from intake.facts import Address, Facts, Share
from intake.money import money_at, money_in
from intake.reading import LARGEST, Malformed, Tree, moment_at, name_at, text_at, tree_at, trees_at, whole_at
from intake.spelling import method_of, source_of
from models.words import CommissionSource, PaymentMethod, SaleStatus

_MOST_SHARES = 100


def purchase_facts(data: Tree, status: SaleStatus) -> Facts:
    """What a webhook's `data` or a REST item says about its sale."""
    purchase = tree_at(data, "purchase")
    return Facts(
        status=status,
        **_product(data, purchase),
        **_prices(purchase),
        **_payment(purchase),
        **_buyer(data, purchase),
        **_origin(data, purchase),
        **_subscription(data, purchase),
        commissions=_shares(data),
        ordered_at=moment_at(purchase, "order_date"),
        approved_at=moment_at(purchase, "approved_date"),
        refunded_at=moment_at(purchase, "refund_date"),
        warranty_until=_first(
            moment_at(tree_at(data, "product"), "warranty_date"), moment_at(purchase, "warranty_expire_date")
        ),
    )


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _product(data: Tree, purchase: Tree) -> dict[str, Any]:
    product = tree_at(data, "product")
    ucode = name_at(product, "ucode", 64)
    reference = _first(name_at(product, "id", 64), ucode)
    if reference is None:
        raise Malformed("product.id is missing.")
    offer = money_at(purchase, "original_offer_price")
    return {
        "product_reference": reference,
        "product_ucode": ucode,
        "product_name": text_at(product, "name", 300),
        "product_support_email": name_at(product, "support_email", 254),
        "offer_code": name_at(tree_at(purchase, "offer"), "code", 64),
        "offer_price": offer and offer[0],
        "offer_currency": offer and offer[1],
    }


def _prices(purchase: Tree) -> dict[str, Any]:
    full = money_at(purchase, "full_price")
    price = money_at(purchase, "price") or money_at(purchase, "original_offer_price") or full
    if price is None:
        raise Malformed("purchase.price is missing.")
    return {
        "price": price[0],
        "currency": price[1],
        "full_price": full and full[0],
        "full_currency": full and full[1],
    }


def _payment(purchase: Tree) -> dict[str, Any]:
    payment = tree_at(purchase, "payment")
    word = _first(text_at(payment, "type", 60), text_at(payment, "method", 60))
    method: PaymentMethod | None = None if word is None else method_of(word)
    return {
        "payment_method": method,
        "instalments": whole_at(payment, "installments_number") or None,
    }


def _buyer(data: Tree, purchase: Tree) -> dict[str, Any]:
    buyer = tree_at(data, "buyer")
    address = _address(tree_at(buyer, "address"))
    parts = [text_at(buyer, "first_name", 300), text_at(buyer, "last_name", 300)]
    name = text_at(buyer, "name", 300) or " ".join(part for part in parts if part)[:300] or None
    return {
        "buyer_name": name,
        "buyer_email": name_at(buyer, "email", 254),
        "buyer_phone": _first(text_at(buyer, "checkout_phone", 60), text_at(buyer, "phone", 60)),
        "buyer_document": text_at(buyer, "document", 60),
        "buyer_country": _first(
            _country(text_at(tree_at(purchase, "checkout_country"), "iso", 20)), address and address.country
        ),
        "buyer_address": address,
    }


def _country(word: str | None) -> str | None:
    """ISO 3166's two letters; a country told otherwise stays in the address' kept message only."""
    code = (word or "").upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def _address(tree: Tree) -> Address | None:
    address = Address(
        street=text_at(tree, "address", 300),
        number=text_at(tree, "number", 60),
        complement=text_at(tree, "complement", 300),
        neighborhood=text_at(tree, "neighborhood", 300),
        city=text_at(tree, "city", 300),
        state=text_at(tree, "state", 300),
        postcode=_first(text_at(tree, "zipcode", 60), text_at(tree, "zip_code", 60)),
        country=_first(_country(text_at(tree, "country_iso", 20)), _country(text_at(tree, "country", 300))),
    )
    return None if address == Address() else address


def _origin(data: Tree, purchase: Tree) -> dict[str, Any]:
    origin, tracking = tree_at(purchase, "origin"), tree_at(purchase, "tracking")
    affiliate = _affiliate(data)
    return {
        "origin_src": _first(text_at(origin, "src", 300), text_at(tracking, "source", 300)),
        "origin_sck": _first(
            text_at(origin, "sck", 300),
            text_at(tracking, "source_sck", 300),
            text_at(purchase, "sckPaymentLink", 300),
        ),
        "checkout_origin": _first(
            text_at(purchase, "checkout_origin", 100), text_at(origin, "checkout_origin", 100)
        ),
        "device": _first(text_at(purchase, "device", 40), text_at(origin, "device", 40)),
        "affiliate_code": _first(name_at(affiliate, "affiliate_code", 64), name_at(affiliate, "code", 64)),
        "affiliate_name": text_at(affiliate, "name", 300),
    }


def _affiliate(data: Tree) -> Tree:
    """The first affiliate that is named at all: none is sent as one with empty texts."""
    told = [] if type(data.get("affiliates")) is bool else trees_at(data, "affiliates")
    if type(data.get("affiliate")) is dict:
        told = [*told, data["affiliate"]]
    return next((one for one in told if one.get("affiliate_code") or one.get("code") or one.get("name")), {})


def _subscription(data: Tree, purchase: Tree) -> dict[str, Any]:
    subscription = tree_at(data, "subscription")
    subscriber = tree_at(subscription, "subscriber")
    return {
        "subscription_code": _first(
            name_at(subscriber, "code", 64),
            name_at(subscription, "subscriber_code", 64),
            name_at(purchase, "subscriber_code", 64),
        ),
        "recurrence": _first(
            whole_at(purchase, "recurrence_number"), whole_at(purchase, "recurrency_number")
        ),
    }


def _shares(data: Tree) -> tuple[Share, ...] | None:
    told = trees_at(data, "commissions")
    if len(told) > _MOST_SHARES:
        raise Malformed(f"commissions holds more than {_MOST_SHARES} shares.")
    names = {
        CommissionSource.PRODUCER: text_at(tree_at(data, "producer"), "name", 300),
        CommissionSource.AFFILIATE: text_at(_affiliate(data), "name", 300),
    }
    shares = tuple(share for one in told if (share := _share(one, names)))
    if sum(abs(share.amount) for share in shares) > LARGEST:
        raise Malformed("The commissions add up to more than can be held.")
    return shares or None


def _share(one: Tree, names: dict[CommissionSource, str | None]) -> Share | None:
    amount = money_in(tree_at(one, "commission") or one, share=True)
    if amount is None:
        return None
    source = source_of(text_at(one, "source", 60) or "")
    name = _first(text_at(tree_at(one, "user"), "name", 300), text_at(one, "name", 300), names.get(source))
    return Share(source=source, amount=amount[0], currency=amount[1], name=name)

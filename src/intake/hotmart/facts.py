"""The facts of a Hotmart purchase: what webhooks and REST items share, under the names of either.

Every field here is secondary: what cannot be read is left out with a doubt.
"""

from typing import Any

from intake.events.facts import Facts, Share, Slip
from intake.hotmart.spelling import method_of, source_of
from intake.hotmart.subscription import plan_of, subscription_status
from intake.values.fields import Fields, Money
from intake.values.money import currency_of
from intake.values.phone import country_of_currency, dialed
from intake.values.reading import LARGEST, Malformed
from models.address import Address
from models.vocabulary import PaymentMethod, SaleStatus, SlipKind, SoldAs

_MOST_SHARES = 100
_LOST = (SaleStatus.PARTIALLY_REFUNDED, SaleStatus.REFUNDED, SaleStatus.CHARGEBACK, SaleStatus.DISPUTE)
_REFUNDED_KEYS = (
    *("refund", "partial_refund", "refund_value", "refund_amount"),
    *("refunded_value", "refunded_amount", "refunded"),
)


def purchase_facts(data: Fields, status: SaleStatus) -> Facts:
    """What a webhook's `data` or a REST item says about its sale."""
    purchase = data.at("purchase")
    prices = _prices(purchase, status)
    product = data.at("product")
    affiliate = affiliate_of(data)
    return Facts(
        status=status,
        **product_facts(product),
        **_offer(purchase),
        **prices,
        **_payment(purchase),
        slip=_slip(purchase),
        sold_as=_sold_as(purchase),
        **_bump(purchase),
        **_buyer(data, purchase, prices["currency"]),
        **_origin(purchase),
        **_affiliate(affiliate),
        **_subscription(data, purchase),
        producer_name=data.at("producer").text("name", 300),
        commissions=shares_of(data, prices["currency"]),
        ordered_at=purchase.moment("order_date"),
        approved_at=purchase.moment("approved_date"),
        refunded_at=purchase.moment("refund_date"),
        warranty_until=first(product.moment("warranty_date"), purchase.moment("warranty_expire_date")),
    )


def checkout_facts(data: Fields) -> Facts:
    """What a message about an abandoned checkout says: the product, the offer, and who it was."""
    return Facts(**product_facts(data.at("product")), **_offer(data), **_buyer(data, data, None))


def first(*values: Any) -> Any:
    """The first value that is not None."""
    return next((value for value in values if value is not None), None)


def _split(money: Money | None, amount: str, currency: str) -> dict[str, Any]:
    return {amount: money and money[0], currency: money and money[1]}


def product_facts(product: Fields) -> dict[str, Any]:
    """The facts about the product."""
    ucode = product.name("ucode", 64)
    return {
        "product_reference": first(product.name("id", 64), ucode),
        "product_ucode": ucode,
        "product_name": product.text("name", 300),
        "product_support_email": product.name("support_email", 254),
        "product_coproduced": product.truth("has_co_production"),
    }


def _offer(purchase: Fields) -> dict[str, Any]:
    offer = purchase.at("offer")
    return {
        "offer_code": offer.name("code", 64),
        "offer_name": offer.text("name", 300),
        "coupon": first(offer.name("coupon_code", 64), coupon_of(purchase)),
    }


def coupon_of(tree: Fields) -> str | None:
    """The code of a coupon, which is either a text or an object."""
    if type(tree.tree.get("coupon")) is dict:
        return tree.at("coupon").name("code", 64)
    return tree.name("coupon_code", 64) or tree.name("coupon", 64)


def _prices(purchase: Fields, status: SaleStatus) -> dict[str, Any]:
    """The prices. A price without a currency has that of the others."""
    currency = _currency(purchase)
    offered = _priced(purchase, purchase.money("original_offer_price", currency), "original_offer_price")
    full = _priced(purchase, purchase.money("full_price", currency), "full_price")
    charged = purchase.money("price", currency)
    refunded = _refunded(purchase, charged, currency, status)
    price = first(_priced(purchase, charged, "price"), offered, full)
    return {
        **_split(price, "price", "currency"),
        **_split(full, "full_price", "full_currency"),
        **_split(offered, "offer_price", "offer_currency"),
        **_split(refunded, "refunded_amount", "refunded_currency"),
        **_split(purchase.money("vat", currency), "vat", "vat_currency"),
    }


def _currency(purchase: Fields) -> str | None:
    """The currency of the first price that has one."""
    for key in ("price", "original_offer_price", "full_price"):
        tree = purchase.tree.get(key)
        value = type(tree) is dict and (tree.get("currency_value") or tree.get("currency_code"))
        if value:
            try:
                return currency_of(value)
            except Malformed:
                continue  # reading the price itself notes the doubt
    return purchase.currency("currency", "currency_code", "currency_value")


def _priced(purchase: Fields, money: Money | None, key: str) -> Money | None:
    """The price, or None with a doubt if it is below zero."""
    if money is not None and money[0] < 0:
        purchase.doubt(f"{key} is below zero.")
        return None
    return money


def _refunded(
    purchase: Fields, charged: Money | None, currency: str | None, status: SaleStatus
) -> Money | None:
    """The refunded amount, either as its own field or as a negative price."""
    if status not in _LOST:
        return None
    for key in _REFUNDED_KEYS:
        value = purchase.tree.get(key)
        if value is None or type(value) is bool:
            continue
        value = purchase.money(key, currency)
        if value is not None:
            return abs(value[0]), value[1]
    return (-charged[0], charged[1]) if charged is not None and charged[0] < 0 else None


def _payment(purchase: Fields) -> dict[str, Any]:
    payment = purchase.at("payment")
    word = first(payment.text("type", 60), payment.text("method", 60))
    method: PaymentMethod | None = None if word is None else method_of(word)
    return {
        "payment_method": method,
        "instalments": payment.whole("installments_number") or None,
        "refusal_reason": payment.text("refusal_reason", 300),
    }


_SLIPS = {PaymentMethod.PIX: SlipKind.PIX, PaymentMethod.CASH: SlipKind.CASH}


def _slip(purchase: Fields) -> Slip | None:
    """The payment slip, if the message has a code or an address for it."""
    payment = purchase.at("payment")
    pix = payment.name("pix_code", 1000)
    code = first(pix, payment.name("billet_barcode", 1000))
    url = first(_web(payment, "billet_url"), _web(payment, "pix_url"))
    if code is None and url is None:
        return None
    word = first(payment.text("type", 60), payment.text("method", 60))
    kind = _SLIPS.get(method_of(word), SlipKind.BILLET) if word else SlipKind.BILLET
    expires_at = first(payment.moment("pix_expiration_date"), payment.moment("billet_expiration_date"))
    return Slip(SlipKind.PIX if pix is not None else kind, code, url, expires_at)


def _web(payment: Fields, key: str) -> str | None:
    """The address of a page. Buyers receive it, so anything but a web address is left out."""
    url = payment.name(key, 2000)
    if url is not None and not url.startswith(("https://", "http://")):
        payment.doubt(f"{key} is not a web address.")
        return None
    return url


def _sold_as(purchase: Fields) -> SoldAs | None:
    """The account's role, which the sales history alone says."""
    word = purchase.text("commission_as", 60)
    if word is None:
        return None
    source = source_of(word).value
    if source not in SoldAs.__members__:
        purchase.doubt("commission_as is not a role that is known.")
        return None
    return SoldAs(source)


def _bump(purchase: Fields) -> dict[str, Any]:
    bump = purchase.at("order_bump")
    return {
        "in_funnel": purchase.truth("is_funnel"),
        "order_bump": bump.truth("is_order_bump"),
        "parent_reference": bump.name("parent_purchase_transaction", 64),
    }


def _buyer(data: Fields, purchase: Fields, currency: str | None) -> dict[str, Any]:
    buyer = data.at("buyer")
    address = address_of(buyer.at("address"))
    country = first(_country(purchase.at("checkout_country").text("iso", 20)), address and address.country)
    parts = [buyer.text("first_name", 300), buyer.text("last_name", 300)]
    name = buyer.text("name", 300) or " ".join(part for part in parts if part)[:300] or None
    return {
        "buyer_name": name,
        "buyer_email": buyer.name("email", 254),
        "buyer_phone": dialed(
            first(buyer.text("checkout_phone", 60), buyer.text("phone", 60)),
            first(buyer.text("checkout_phone_code", 60), buyer.text("phone_code", 60)),
            country or country_of_currency(currency),
        ),
        "buyer_document": buyer.text("document", 60),
        "buyer_country": country,
        "buyer_address": address,
    }


def _country(word: str | None) -> str | None:
    """The country as two letters of ISO 3166. Any other form remains only in the stored message."""
    code = (word or "").upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def address_of(tree: Fields) -> Address | None:
    """A postal address, as far as the message has it."""
    if not tree.tree:
        return None
    address = Address(
        street=tree.text("address", 300),
        number=tree.text("number", 60),
        complement=tree.text("complement", 300),
        neighborhood=tree.text("neighborhood", 300),
        city=tree.text("city", 300),
        state=tree.text("state", 300),
        zip_code=first(tree.text("zipcode", 60), tree.text("zip_code", 60)),
        country=first(_country(tree.text("country_iso", 20)), _country(tree.text("country", 300))),
    )
    return None if address == Address() else address


def _origin(purchase: Fields) -> dict[str, Any]:
    origin, tracking = purchase.at("origin"), purchase.at("tracking")
    return {
        "origin_src": first(origin.text("src", 300), tracking.text("source", 300)),
        "origin_sck": first(
            origin.text("sck", 300), tracking.text("source_sck", 300), purchase.text("sckPaymentLink", 300)
        ),
        "origin_xcod": first(origin.text("xcod", 300), tracking.text("external_code", 300)),
        "checkout_origin": first(purchase.text("checkout_origin", 100), origin.text("checkout_origin", 100)),
        "device": first(purchase.text("device", 40), origin.text("device", 40)),
    }


def affiliate_of(data: Fields) -> Fields | None:
    """The first affiliate with a name or code; sales without an affiliate have one with empty texts."""
    value = list(data.each("affiliates"))
    if type(data.tree.get("affiliate")) is dict:
        value.append(data.at("affiliate"))
    named = (
        affiliate
        for affiliate in value
        if any(affiliate.tree.get(key) for key in ("affiliate_code", "code", "name"))
    )
    return next(named, None)


def _affiliate(affiliate: Fields | None) -> dict[str, Any]:
    if affiliate is None:
        return {}
    return {
        "affiliate_code": first(affiliate.name("affiliate_code", 64), affiliate.name("code", 64)),
        "affiliate_name": affiliate.text("name", 300),
    }


def _subscription(data: Fields, purchase: Fields) -> dict[str, Any]:
    subscription = data.at("subscription")
    status, ended_by = subscription_status(subscription)
    return {
        "subscription_code": first(
            subscription.at("subscriber").name("code", 64),
            subscription.name("subscriber_code", 64),
            purchase.name("subscriber_code", 64),
        ),
        "subscription_plan": plan_of(subscription),
        "subscription_status": status,
        "subscription_ended_by": ended_by,
        "next_charge_at": purchase.moment("date_next_charge"),
        "recurrence": first(purchase.whole("recurrence_number"), purchase.whole("recurrency_number")),
    }


def shares_of(data: Fields, currency: str | None = None) -> tuple[Share, ...] | None:
    """The commissions. A commission without a currency has that of the price."""
    shares: list[Share] = []
    for commission in data.each("commissions"):
        if len(shares) == _MOST_SHARES:
            data.doubt(f"commissions holds more than {_MOST_SHARES} shares.")
            break
        if share := _share(commission, currency):
            shares.append(share)
    if sum(abs(share.amount) for share in shares) > LARGEST:
        data.doubt("commissions add up to more than can be stored.")
        return None
    return tuple(shares) or None


def _share(commission: Fields, sale_currency: str | None) -> Share | None:
    tree = commission.at("commission") if type(commission.tree.get("commission")) is dict else commission
    currency = tree.currency("currency_value", "currency_code")
    amount = tree.amount("value", currency, sale_currency, quotient=True)
    if amount is None:
        return None
    converted = _converted(tree if "currency_conversion" in tree.tree else commission)
    return Share(
        source=source_of(commission.text("source", 60) or ""),
        amount=amount[0],
        currency=amount[1],
        name=first(commission.at("user").text("name", 300), commission.text("name", 300)),
        converted_amount=converted and converted[0],
        converted_currency=converted and converted[1],
    )


def _converted(commission: Fields) -> Money | None:
    """The share in the currency in which its recipient is paid."""
    if commission.tree.get("currency_conversion") is None:
        return None
    conversion = commission.at("currency_conversion")
    currency = conversion.currency("converted_to_currency", "converted_currency", "currency_value")
    return conversion.amount("converted_value", currency, quotient=True)


def document_of(user: Fields) -> str | None:
    """The first identity document of a sale's user."""
    return next((found for document in user.each("documents") if (found := document.text("value", 60))), None)

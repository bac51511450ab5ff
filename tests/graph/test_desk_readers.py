"""What other parts of the product show differently after each act of the desk, and what they show as before."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from models import database
from small_shop import UNKNOWN, Shop

# each part of the product that reads what acts change, as the owner sees it
READERS = {
    "sale": 'sale(reference: "S06") { status buyer { email } offer { name status } product { name } warrantyUntil }',
    "slip": 'sale(reference: "S04") { paymentSlip { status requestedBy { name } } }',
    "search": 'sales(filter: {text: "moved"}) { totalCount nodes { reference } }',
    "history": "sales(first: 50) { nodes { reference history { change source } } }",
    "receipt": 'receipt(reference: "S06") { emailedAt product }',
    "requests": "refundRequests { totalCount nodes { reference status decidedBy { name } } }",
    "of the sale": 'sale(reference: "S07") { refundRequest { status } }',
    "products": "products { nodes { name status version changedBy { name } } }",
    "offers": "products { nodes { offers { code name main status version price { amount } prices { totalCount } } } }",
    "report": 'reports { revenueByProduct(period: {from: "2026-06-01", to: "2026-08-01"}, every: WHOLE)'
    " { product { name } count gross { amount } } }",
    "revenue": 'reports { revenue(period: {from: "2026-06-01", to: "2026-08-01"}, every: WHOLE)'
    " { count gross { amount } refunded { amount } } }",
}


@dataclass
class Act:
    """A call, and what it changes: readers, e-mails, followed sales, and the fields that its log entry names."""

    name: str
    values: dict[str, Any]
    readers: set[str]
    mails: tuple[str, ...] = ()
    followed: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    before: Callable[[], Awaitable[Any]] | None = None


async def _read(shop: Shop) -> dict[str, Any]:
    return {name: await shop.read("owner", fields) for name, fields in READERS.items()}


async def _events(shop: Shop) -> list[str]:
    rows = await database.read(
        "SELECT CAST(changes AS TEXT) AS changes FROM events WHERE scope_id = ? ORDER BY at",
        (shop.account["id"],),
    )
    return [row["changes"] for row in rows]


async def _followed(shop: Shop, events: list[str]) -> set[str]:
    """The sales that some events are about."""
    rows = await database.read("SELECT id, reference FROM sales WHERE account_id = ?", (shop.account["id"],))
    return {row["reference"] for row in rows if any(str(row["id"]) in event for event in events)}


async def _is_as_said(shop: Shop, act: Act) -> None:
    if act.before is not None:
        await act.before()
    before, mails, events = await _read(shop), len(await shop.mails()), len(await _events(shop))
    shop.clock.passes(minutes=1)
    payload = await shop.act("owner", act.name, **act.values)
    assert payload != UNKNOWN, act.name
    assert payload["errors"] == [], act.name

    after = await _read(shop)
    assert {name for name in READERS if before[name] != after[name]} == act.readers, act.name
    assert tuple(mail["kind"] for mail in (await shop.mails())[mails:]) == act.mails, act.name
    assert await _followed(shop, (await _events(shop))[events:]) == set(act.followed), act.name
    entry = (await shop.log())[-1]
    assert (entry["act"], entry["refusal"]) == (act.name, None)
    assert {change["field"] for change in entry["changes"]} == set(act.log), act.name


async def _ids(shop: Shop) -> dict[str, str]:
    found = await shop.read("owner", "products { nodes { id name offers { id code } } }")
    products = {product["name"]: product["id"] for product in found["nodes"]}
    return products | {
        offer["code"]: offer["id"] for product in found["nodes"] for offer in product["offers"]
    }


async def test_acts_on_sales_are_seen_wherever_they_matter_and_nowhere_else(shop: Shop) -> None:
    email = {"reference": "S06", "email": "moved@example.com", "resend": False}
    for act in (
        Act("changeBuyerEmail", email, {"sale", "search", "history"},
            ("buyer_email_changed", "buyer_email_moved"), ("S06", "S07"), ("Buyer.email",)),
        Act("resendPurchaseEmail", {"reference": "S06"}, {"history"}, ("purchase_access",), ("S06",)),
        Act("sendReceipt", {"reference": "S06"}, {"history", "receipt"}, ("receipt",), ("S06",)),
        Act("issuePaymentSlip", {"reference": "S04"}, {"slip", "history"}, (), ("S04",),
            ("PaymentSlip.status",)),
    ):  # fmt: skip
        await _is_as_said(shop, act)


async def test_requests_for_refunds_are_seen_wherever_they_matter_and_nowhere_else(shop: Shop) -> None:
    shop.clock.set("07-05 12:00")
    parts = {"history", "requests", "of the sale"}
    found = await shop.read("owner", "version")
    rules = {"refundsAbove": [{"amount": "10.00", "currency": "BRL"}], "expectedVersion": found}
    wanted = {"reference": "S07", "reason": "REGRET"}
    await _is_as_said(
        shop,
        Act("requestRefund", wanted, parts, (), ("S07",), ("RefundRequest.status", "RefundRequest.reason")),
    )
    first = await _open(shop)
    await _is_as_said(
        shop, Act("withdrawRefundRequest", {"id": first}, parts, (), ("S07",), ("RefundRequest.status",))
    )
    assert await shop.code("owner", "setApprovalRules", **rules) is None
    for decision, values in (
        ("refuseRefundRequest", {"reason": "Access works"}),
        ("approveRefundRequest", {}),
    ):
        shop.clock.passes(minutes=1)
        assert await shop.code("ana", "requestRefund", **wanted) is None
        waiting = {"id": await _open(shop), **values}
        logged = ("RefundRequest.status", *(("RefundRequest.refusalReason",) if values else ()))
        await _is_as_said(shop, Act(decision, waiting, parts, (), ("S07",), logged))
    before = await _read(shop)
    shop.clock.passes(minutes=1)
    await shop.receive("S07", "PURCHASE_REFUNDED", "REFUNDED")
    after = await _read(shop)

    changed = {name for name in READERS if before[name] != after[name]}
    assert changed == parts | {"report", "revenue"}  # a refund, and no request for it, changes what was sold
    assert after["of the sale"] == {"refundRequest": {"status": "REFUNDED"}}


async def _open(shop: Shop) -> str:
    found = await shop.read("owner", "refundRequests(first: 1) { nodes { id } }")
    return str(found["nodes"][0]["id"])


async def test_acts_on_products_and_offers_are_seen_wherever_they_matter_and_nowhere_else(shop: Shop) -> None:
    ids = await _ids(shop)
    club, offer = ids["Clube"], ids["p2a"]
    new = {"name": "Mentoria", "reference": "990001"}
    renamed = {"id": club, "name": "Clube 2", "expectedVersion": 1}
    days = {"id": club, "warrantyDays": 9, "expectedVersion": 2}
    cheaper = {"id": offer, "price": {"amount": "40.00", "currency": "BRL"}}
    for act in (
        Act("createProduct", new, {"products", "offers"}, log=("Product.name", "Product.reference", "Product.status")),
        Act("editProduct", renamed, {"products", "sale", "receipt", "report"}, log=("Product.name",)),
        Act("editProduct", days, {"products"}, log=("Product.warrantyDays",)),
        Act("createOffer", {"product": club, "code": "black", "name": "Black"}, {"offers"},
            log=("Offer.code", "Offer.name")),
        Act("editOffer", {"id": offer, "name": "Promo", "expectedVersion": 1}, {"offers", "sale"},
            log=("Offer.name",)),
        # a sale keeps its price, and so do reports
        Act("setOfferPrice", cheaper, {"offers"}, log=("Offer.price", "SetOfferPriceInput.from")),
        Act("setMainOffer", {"id": ids["p1a"]}, {"offers"}, log=("Offer.main",)),
        Act("archiveOffer", {"id": offer}, {"offers", "sale"}, log=("Offer.status",)),
        Act("setProductStatus", {"id": club, "status": "PAUSED"}, {"products"}, log=("Product.status",)),
        # what is archived is out of the list, and its sales and reports stay
        Act("setProductStatus", {"id": club, "status": "ARCHIVED"}, {"products", "offers"}, log=("Product.status",)),
    ):  # fmt: skip
        await _is_as_said(shop, act)

"""Acts of the desk cost as many statements beside many rows as beside a few."""

from typing import Any

import make
from models import database
from small_shop import UNKNOWN, Shop

MANY = 40
# what the costliest of them may take, with the session, the log and the idempotency of each
MOST = 26


async def _crowd(shop: Shop) -> None:
    """Many sales of the same subscription and of none, requests for refunds, products, offers and e-mails."""
    account = {"id": shop.account["id"], "owner_id": shop.users["owner"]}
    collaborator = {"id": shop.collaborators["ana"]}

    async def work() -> None:
        for number in range(MANY):
            product = await make.product(account)
            await make.offer(account, product)
            for code in ("K1", None):
                sale = await make.sale(
                    account, product, collaborator, subscription_code=code, buyer_email=shop.email("b6")
                )
            await database.write(
                "INSERT INTO refund_requests (id, account_id, sale_id, current_of, assignee_id, reference, status,"
                " reason, amount, currency, requested_at, requested_by_id, requested_by_owner,"
                " requested_by_name, expires_at, own_status) VALUES (?, ?, ?, ?, ?, ?, 'REQUESTED', 'REGRET', 1,"
                " 'BRL', 1, ?, ?, 'Olga', ?, 'REQUESTED')",
                (database.new_id(), shop.account["id"], sale["id"], sale["id"], collaborator["id"], sale["reference"],
                 shop.users["owner"], True, database.now() + number),
            )  # fmt: skip

    await database.transact(work)


async def _cost(shop: Shop, name: str, fields: str = "", /, **values: Any) -> tuple[int, Any]:
    await shop.token("owner")
    with database.observed() as statements:
        payload = await shop.act("owner", name, fields, **values)
    assert payload != UNKNOWN, name
    assert payload["errors"] == [], (name, payload)
    return len(statements), payload


async def _on_sales(shop: Shop, attempt: str) -> dict[str, int]:
    costs = {}
    email = {"email": f"{attempt}@example.com", "resend": True}
    costs["issuePaymentSlip"], _ = await _cost(shop, "issuePaymentSlip", "slip { status }", reference="S04")
    costs["changeBuyerEmail"], _ = await _cost(
        shop, "changeBuyerEmail", "alsoChanged", reference="S06", **email
    )
    for name in ("resendPurchaseEmail", "sendReceipt"):
        costs[name], _ = await _cost(shop, name, "sentTo", reference="S01")
    costs["requestRefund"], payload = await _cost(
        shop, "requestRefund", "refundRequest { id status }", reference="S01", reason="REGRET"
    )
    costs["withdrawRefundRequest"], _ = await _cost(
        shop, "withdrawRefundRequest", "refundRequest { status }", id=payload["refundRequest"]["id"]
    )
    version = await shop.read("owner", "version")
    rules = {"refundsAbove": [{"amount": "1.00", "currency": "BRL"}], "expectedVersion": version}
    costs["setApprovalRules"], _ = await _cost(shop, "setApprovalRules", **rules)
    for decision, more in (("refuseRefundRequest", {"reason": "Access works"}), ("approveRefundRequest", {})):
        shop.clock.passes(minutes=1)
        wanted = {"reference": "S01", "reason": "REGRET"}
        waiting = await shop.act("ana", "requestRefund", "refundRequest { id }", **wanted)
        request = waiting["refundRequest"]["id"]
        costs[decision], _ = await _cost(shop, decision, "refundRequest { status }", id=request, **more)
        await shop.code("ana", "withdrawRefundRequest", id=request)
    assert await shop.code("owner", "setApprovalRules", refundsAbove=[], expectedVersion=version + 1) is None
    return costs


async def _on_products(shop: Shop, attempt: str, codes: tuple[str, str]) -> dict[str, int]:
    costs = {}
    found = await shop.read("owner", 'product(reference: "1001") { id version offers { id code version } }')
    product, offers = found["id"], {offer["code"]: offer for offer in found["offers"]}
    reference = database.new_id()
    costs["createProduct"], _ = await _cost(shop, "createProduct", name=f"New {attempt}", reference=reference)
    edited = {"id": product, "name": f"Curso {attempt}", "expectedVersion": found["version"]}
    costs["editProduct"], _ = await _cost(shop, "editProduct", "product { name }", **edited)
    for status in ("PAUSED", "ACTIVE"):
        costs["setProductStatus"], _ = await _cost(shop, "setProductStatus", id=product, status=status)
    price = {"amount": f"{900 + len(attempt)}.00", "currency": "BRL"}
    costs["createOffer"], _ = await _cost(shop, "createOffer", product=product, code=attempt, price=price)
    offer = offers["p1a"]
    edited = {"id": offer["id"], "name": f"Offer {attempt}", "expectedVersion": offer["version"]}
    costs["editOffer"], _ = await _cost(shop, "editOffer", "offer { name }", **edited)
    costs["setOfferPrice"], _ = await _cost(
        shop, "setOfferPrice", "offer { price { amount } }", id=offer["id"], price=price
    )
    for code in codes:
        costs["setMainOffer"], _ = await _cost(shop, "setMainOffer", id=offers[code]["id"])
    created = await shop.act("owner", "createOffer", "offer { id }", product=product, code=f"{attempt}-2")
    costs["archiveOffer"], _ = await _cost(shop, "archiveOffer", id=created["offer"]["id"])
    return costs


async def test_acts_cost_the_same_statements_beside_many_rows_as_beside_few(shop: Shop) -> None:
    costs = {}
    for at, attempt in (("05-29 12:00", "warm"), ("06-06 12:00", "few"), ("06-14 12:00", "many")):
        shop.clock.set(at)
        if attempt == "many":
            await _crowd(shop)
        await shop.receive("S04", "PURCHASE_EXPIRED", "EXPIRED", at)
        costs[attempt] = await _on_sales(shop, attempt) | await _on_products(shop, attempt, ("p1a", "p1b"))

    assert costs["many"] == costs["few"]
    assert max(costs["many"].values()) <= MOST, costs["many"]


async def _on_withdrawals(shop: Shop) -> dict[str, int]:
    costs, wanted = {}, {"amount": {"amount": "60.00", "currency": "BRL"}}
    for end, how in (
        ("cancelWithdrawal", {}),
        ("settleWithdrawal", {"outcome": {"paid": {"bankReference": "TED 1"}}}),
    ):
        costs["makeWithdrawal"], payload = await _cost(shop, "makeWithdrawal", "withdrawal { id }", **wanted)
        costs[end], _ = await _cost(shop, end, "withdrawal { status }", id=payload["withdrawal"]["id"], **how)
    for decision, more in (("refuseWithdrawal", {"reason": "Not now, please"}), ("approveWithdrawal", {})):
        waiting = await shop.act("ana", "makeWithdrawal", "withdrawal { id status }", **wanted)
        row_id = waiting["withdrawal"]["id"]
        costs[decision], _ = await _cost(shop, decision, "withdrawal { status }", id=row_id, **more)
        await shop.code("owner", "cancelWithdrawal", id=row_id)
    return costs


async def test_withdrawals_cost_the_same_statements_beside_many_as_beside_few(shop: Shop) -> None:
    shop.clock.set("07-23 12:00")
    version = await shop.read("owner", "ownerDetails { version }")
    bank = {
        "holder": "Aurora",
        "number": {"iban": "DE89370400440532013000"},
        "expectedVersion": version["version"],
    }
    assert await shop.code("owner", "setBankDetails", **bank) is None
    limits = {"withdrawalsAbove": [{"amount": "50.00", "currency": "BRL"}]}
    version = await shop.read("owner", "version")
    assert await shop.code("owner", "setApprovalRules", **limits, expectedVersion=version) is None
    shop.clock.set("07-25 12:00")
    costs = {attempt: await _on_withdrawals(shop) for attempt in ("warm", "few")}
    names = "account_id, amount, currency, bank_kind, bank_ending, bank_holder, usable_from, requested_by_id"
    copied = (
        f"INSERT INTO withdrawals (id, status, requested_at, requested_by_owner, requested_by_name, {names})"
        f" SELECT ?, 'CANCELLED', requested_at, requested_by_owner, requested_by_name, {names} FROM withdrawals"
        " WHERE account_id = ? AND status = 'PAID' LIMIT 1"
    )

    async def work() -> None:
        for _ in range(MANY):
            await database.write(copied, (database.new_id(), shop.account["id"]))

    shop.clock.passes(hours=25)
    await database.transact(work)
    costs["many"] = await _on_withdrawals(shop)

    assert costs["many"] == costs["few"]
    assert max(costs["many"].values()) <= MOST, costs["many"]

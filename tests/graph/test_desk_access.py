"""Who can do what at the desk: each act by each standing, on each kind of row, and for each grant."""

from typing import Any

import pytest

from authz.grant import Grant
from models import database
from small_shop import UNKNOWN, Shop

ON_SALES = {
    "sendReceipt": Grant.SEND_RECEIPTS,
    "changeBuyerEmail": Grant.CHANGE_BUYER_EMAIL,
    "resendPurchaseEmail": Grant.RESEND_PURCHASE_EMAILS,
    "issuePaymentSlip": Grant.ISSUE_PAYMENT_SLIPS,
    "requestRefund": Grant.REQUEST_REFUNDS,
}
ACTS: dict[str, Grant] = ON_SALES | {
    "withdrawRefundRequest": Grant.REQUEST_REFUNDS,
    **dict.fromkeys(("createProduct", "editProduct", "setProductStatus"), Grant.MANAGE_PRODUCTS),
    **dict.fromkeys(
        ("createOffer", "editOffer", "setOfferPrice", "archiveOffer", "setMainOffer"), Grant.MANAGE_OFFERS
    ),
}
OWNERS = (
    "approveRefundRequest",
    "refuseRefundRequest",
    "setApprovalRules",
    "setReceiptDetails",
    "setRevealOnRecord",
)
# the owner's and an admin's, a lead's, their member's, and a stranger to the team's; S03 is Bia's
ROWS = {"S01": "ana", "S03": "bia", "S08": "caio", "S10": None, "XX": None}
REACH = {
    "owner": {"S01", "S03", "S08", "S10"},
    "bia": {"S01", "S03"},
    "ana": {"S01"},
    "caio": {"S08"},
}


def _values(act: str, reference: str) -> dict[str, Any]:
    more = {
        "changeBuyerEmail": {"email": f"{database.new_id()}@example.com"},
        "requestRefund": {"reason": "REGRET"},
    }
    return {"reference": reference} | more.get(act, {})


async def _state(shop: Shop) -> list[Any]:
    """All that an act on a sale writes but its entry in the log."""
    account = (shop.account["id"],)
    sales = "SELECT id, buyer_email, slip_requested_at, slip_mailed_at FROM sales WHERE account_id = ? ORDER BY id"
    counted = [
        f"SELECT COUNT(*) AS n FROM {table} WHERE account_id = ?"
        for table in ("sale_events", "refund_requests", "outbox_messages")
    ]
    return [[tuple(row) for row in await database.read(text, account)] for text in (sales, *counted)]


async def _tried(shop: Shop, who: str, act: str, reference: str) -> bytes:
    """The answer to a call, without the reference that it repeats."""
    kind = act[0].upper() + act[1:]
    document = (
        f"mutation($input: {kind}Input!) {{ {act}(input: $input) {{ errors {{ code field message }} }} }}"
    )
    return (await shop.post(who, document, {"input": _values(act, reference)})).content


async def _reached(shop: Shop, who: str, act: str) -> set[str]:
    """The sales that an act reaches; of all others it says the same as of none, and changes nothing."""
    absent, found = await _tried(shop, who, act, "XX"), set()
    assert b'"NOT_FOUND"' in absent
    for reference in ROWS:
        before = await _state(shop)
        answer = await _tried(shop, who, act, reference)
        entry = (await shop.log())[-1]
        assert (entry["act"], entry["object_id"], entry["let_by"]) == (act, reference, ON_SALES[act].name)
        if answer != absent:
            assert b'"NOT_FOUND"' not in answer
            assert (await _state(shop) == before) is (b'"errors":[]' not in answer), (who, reference)
            found.add(reference)
        else:
            assert entry["refusal"] == "NOT_FOUND"
            assert await _state(shop) == before
    return found


@pytest.mark.parametrize("act", ON_SALES)
async def test_an_act_reaches_the_rows_of_each_standing_and_no_others(shop: Shop, act: str) -> None:
    for who in ("ana", "bia", "caio"):
        await shop.give(who, ON_SALES[act])
    for who, rows in REACH.items():
        assert await _reached(shop, who, act) == rows, who
    shared = {"teamId": shop.team_id, "privacy": "SHARED"}
    assert await shop.code("owner", "setTeamPrivacy", **shared) is None
    assert await _reached(shop, "ana", act) == REACH["bia"]  # a colleague's row that the team shares
    admin = {"collaboratorId": shop.collaborator("caio"), "role": "ADMIN"}
    assert await shop.code("owner", "changeRole", **admin) is None
    assert await _reached(shop, "caio", act) == REACH["owner"]
    logged = len(await shop.log())
    await shop.give("caio", *(grant for grant in Grant if grant is not ON_SALES[act]))
    before = await _state(shop)
    assert await shop.code("caio", act, **_values(act, "S10")) == UNKNOWN
    assert await _state(shop) == before
    assert act not in {entry["act"] for entry in (await shop.log())[logged:]}


async def test_a_request_is_withdrawn_by_who_made_it_a_lead_of_its_row_or_an_admin(shop: Shop) -> None:
    shop.clock.set("07-05 12:00")
    shared = {"teamId": shop.team_id, "privacy": "SHARED"}
    assert await shop.code("owner", "setTeamPrivacy", **shared) is None
    wanted = {"reference": "S07", "reason": "REGRET"}

    async def withdrawn(*tries: str, requester: str = "ana") -> list[str | None]:
        shop.clock.passes(minutes=1)
        payload = await shop.act(requester, "requestRefund", "refundRequest { id }", **wanted)
        request = payload["refundRequest"]["id"]
        return [await shop.code(who, "withdrawRefundRequest", id=request) for who in tries]

    assert await withdrawn("caio", "ana", "ana") == ["NOT_FOUND", None, "WRONG_STATE"]
    assert await withdrawn("bia", requester="owner") == [None]
    assert await withdrawn("ana", "owner", requester="owner") == ["FORBIDDEN", None]
    admin = {"collaboratorId": shop.collaborator("caio"), "role": "ADMIN"}
    assert await shop.code("owner", "changeRole", **admin) is None
    assert await withdrawn("caio", requester="owner") == [None]


async def test_what_the_owner_decides_is_for_no_one_else(shop: Shop) -> None:
    admin = {"collaboratorId": shop.collaborator("caio"), "role": "ADMIN"}
    assert await shop.code("owner", "changeRole", **admin) is None

    listed = {who: set((await shop.read(who, "access { mutations }"))["mutations"])
              for who in ("owner", "caio", "bia", "ana")}  # fmt: skip

    assert set(OWNERS) <= listed["owner"]
    for who in ("caio", "bia", "ana"):
        assert not set(OWNERS) & listed[who]
        assert await shop.code(who, "approveRefundRequest", id="refund_x") == UNKNOWN
        assert set(ACTS) <= listed[who]  # all of these come with a profile, whatever the role


@pytest.mark.parametrize("grant", sorted(set(ACTS.values())))
async def test_an_act_is_listed_and_exists_for_exactly_those_with_its_grant(shop: Shop, grant: Grant) -> None:
    own = {act for act, needed in ACTS.items() if needed is grant}
    await shop.give("ana", grant)
    await shop.give("bia", *(other for other in Grant if other is not grant))

    for who, expected in (("ana", own), ("bia", ACTS.keys() - own)):
        listed = set((await shop.read(who, "access { mutations }"))["mutations"])
        document = "{ __schema { mutationType { fields { name } } } }"
        there = (await shop.post(who, document)).json()["data"]["__schema"]["mutationType"]["fields"]
        assert listed & ACTS.keys() == expected, who
        assert {field["name"] for field in there} & ACTS.keys() == expected

"""Who requests refunds and withdraws the requests, what the owner approves, and how messages end them."""

import asyncio
import time
from typing import Any

import pytest

from actions.clock import JOBS
from authz.grant import Grant
from centrals.work.worker import Worker
from leftovers import nothing_is_due
from models import database
from small_shop import UNKNOWN, Shop, moment

_REQUEST = (
    "refundRequest { id status amount { amount currency } requestedBy { name } decidedBy { name } closedAt }"
)
_LIMIT = [{"amount": "500.00", "currency": "BRL"}]


async def paid(shop: Shop, reference: str, who: str | None = None, **changed: Any) -> None:
    """A sale like S13 before its chargeback: 700.00 BRL, approved on 06-28, with a warranty of 15 days."""
    at = f"06-28 13:{int(reference[1:]):02}"
    await shop.receive("S13", "PURCHASE_APPROVED", "APPROVED", at, transaction=reference, **changed)
    if who is not None:
        values = {"reference": reference, "assigneeId": shop.person(who)}
        assert await shop.code("owner", "assignSale", **values) is None


async def ends(shop: Shop, reference: str, kind: str, status: str, at: str) -> None:
    await shop.receive("S13", f"PURCHASE_{kind}", status, at, transaction=reference)


async def request_refund(shop: Shop, who: str, reference: str) -> dict[str, Any]:
    values = {"reference": reference, "reason": "REGRET"}
    payload = await shop.act(who, "requestRefund", _REQUEST, **values)
    assert not payload["errors"], payload
    found: dict[str, Any] = payload["refundRequest"]
    return found


async def of_sale(shop: Shop, reference: str, who: str = "owner") -> Any:
    return (await shop.read(who, f'sale(reference: "{reference}") {{ {_REQUEST} }}'))["refundRequest"]


async def code(shop: Shop, who: str, reference: str, **more: Any) -> str | None:
    return await shop.code(who, "requestRefund", **{"reference": reference, "reason": "REGRET", **more})


async def limit(shop: Shop, **rules: Any) -> None:
    version = await shop.read("owner", "version")
    values = {"refundsAbove": _LIMIT, "expectedVersion": version, **rules}
    assert await shop.code("owner", "setApprovalRules", **values) is None


async def number(shop: Shop) -> int:
    rows = await database.read(
        "SELECT COUNT(*) AS n FROM refund_requests WHERE account_id = ?", (shop.account["id"],)
    )
    return int(rows[0]["n"])


async def test_a_refund_is_requested_inside_the_warranty_alone(shop: Shop) -> None:
    await paid(shop, "R13", "bia")
    shop.clock.set("07-14 12:00")
    payload = await shop.act("bia", "requestRefund", _REQUEST, reference="R13", reason="REGRET")
    shop.clock.set("07-05 12:00")
    request = await request_refund(shop, "bia", "R13")

    assert [(error["code"], error["field"]) for error in payload["errors"]] == [
        ("WARRANTY_OVER", ["reference"])
    ]
    assert "2026-07-13" in payload["errors"][0]["message"]
    assert request | {"id": ""} == {
        "id": "", "status": "REQUESTED", "amount": {"amount": "700.00", "currency": "BRL"},
        "requestedBy": {"name": "Bia"}, "decidedBy": None, "closedAt": None,
    }  # fmt: skip
    assert await of_sale(shop, "R13") == request
    assert [entry["refusal"] for entry in await shop.log("requestRefund")] == ["WARRANTY_OVER", None]
    assert await shop.mails() == []
    fields = "history { change refundRequest { status reason } }"
    history = (await shop.read("owner", f'sale(reference: "R13") {{ {fields} }}'))["history"]
    assert history[-1] == {
        "change": "REFUND_REQUEST",
        "refundRequest": {"status": "REQUESTED", "reason": "REGRET"},
    }


async def test_what_cannot_be_refunded_is_refused_with_its_reason_and_changes_nothing(shop: Shop) -> None:
    shop.clock.set("07-05 12:00")
    await paid(shop, "R20", payment={"type": "DIRECT_DEBIT"})
    await paid(shop, "R21")
    await database.transact(
        lambda: database.write(
            "UPDATE sales SET warranty_until = NULL WHERE account_id = ? AND reference = 'R21'",
            (shop.account["id"],),
        )
    )
    refused = {
        reference: await code(shop, "owner", reference)
        for reference in ("S03", "S04", "S05", "S11", "S12", "S14", "R20", "R21", "XX")
    }
    other = [await code(shop, "owner", "S07", reason="OTHER", note=note) for note in (None, "why", "x" * 501)]
    state = await shop.act("owner", "requestRefund", reference="S03", reason="REGRET")

    wrong = dict.fromkeys(("S03", "S04", "S05", "S11", "S12"), "WRONG_STATE")
    assert refused == wrong | {
        "S14": "FORBIDDEN", "R20": "METHOD_EXCLUDED", "R21": "NO_WARRANTY", "XX": "NOT_FOUND"
    }  # fmt: skip
    assert other == ["BAD_INPUT"] * 3
    assert "REFUNDED" in state["errors"][0]["message"]
    assert await number(shop) == 0
    assert all(entry["refusal"] for entry in await shop.log("requestRefund"))


@pytest.mark.parametrize(
    ("kind", "status", "ended"),
    [
        ("REFUNDED", "REFUNDED", "REFUNDED"),
        ("REFUNDED", "PARTIALLY_REFUNDED", "REFUNDED"),
        ("CHARGEBACK", "CHARGEBACK", "OVERTAKEN"),
    ],
)
async def test_the_marketplace_ends_a_request_when_it_happened(
    shop: Shop, kind: str, status: str, ended: str
) -> None:
    await paid(shop, "R13")
    shop.clock.set("07-05 12:00")
    await request_refund(shop, "owner", "R13")
    shop.clock.set("07-09 12:00")
    await ends(shop, "R13", kind, status, "07-08 10:00")

    found = await of_sale(shop, "R13")
    assert (found["status"], found["closedAt"]) == (ended, "2026-07-08T13:00:00Z")
    assert await code(shop, "owner", "R13") == "WRONG_STATE"


async def test_a_late_message_closes_a_request_that_it_happened_before(shop: Shop) -> None:
    await paid(shop, "R13")
    await paid(shop, "R14")
    shop.clock.set("07-05 12:00")
    await ends(shop, "R14", "REFUNDED", "REFUNDED", "07-04 10:00")
    before = await code(shop, "owner", "R14")
    await request_refund(shop, "owner", "R13")
    await ends(shop, "R13", "REFUNDED", "REFUNDED", "07-04 10:01")

    found = await of_sale(shop, "R13")
    assert before == "WRONG_STATE"
    assert (found["status"], found["closedAt"]) == ("REFUNDED", "2026-07-04T13:01:00Z")


async def test_a_withdrawal_counts_unless_a_refund_happened_before_it(shop: Shop) -> None:
    await paid(shop, "R13")
    await paid(shop, "R14")
    shop.clock.set("07-05 12:00")
    requests = [await request_refund(shop, "owner", reference) for reference in ("R13", "R14")]
    shop.clock.set("07-06 12:00")
    for request in requests:
        assert await shop.code("owner", "withdrawRefundRequest", id=request["id"]) is None
    again = await shop.code("owner", "withdrawRefundRequest", id=requests[0]["id"])
    await ends(shop, "R13", "REFUNDED", "REFUNDED", "07-07 10:00")
    await ends(shop, "R14", "REFUNDED", "REFUNDED", "07-05 18:00")

    assert again == "WRONG_STATE"
    assert [(await of_sale(shop, reference))["status"] for reference in ("R13", "R14")] == [
        "WITHDRAWN", "REFUNDED"
    ]  # fmt: skip


async def test_above_the_limit_the_owner_approves_or_refuses(shop: Shop) -> None:
    await limit(shop)
    await paid(shop, "R13", "bia")
    await paid(shop, "R14", "bia")
    shop.clock.set("07-05 12:00")
    first, second = await request_refund(shop, "bia", "R13"), await request_refund(shop, "bia", "R14")
    below = await request_refund(shop, "owner", "S07")
    (mail, _) = await shop.mails("approval_waits")
    hidden = await shop.act("bia", "approveRefundRequest", id=first["id"])
    approved = await shop.act("owner", "approveRefundRequest", _REQUEST, id=first["id"])
    short = await shop.code("owner", "refuseRefundRequest", id=second["id"], reason="no")
    refused = await shop.act(
        "owner", "refuseRefundRequest", "refundRequest { status refusalReason }",
        id=second["id"], reason="Access works",
    )  # fmt: skip
    again = await shop.code("owner", "approveRefundRequest", id=second["id"])

    assert (first["status"], below["status"], hidden) == ("AWAITING_APPROVAL", "REQUESTED", UNKNOWN)
    assert mail["recipient"] == shop.email("owner")
    assert (mail["by"], mail["reference"], mail["amount"]) == ("Bia", "R13", "700.00 BRL")
    assert approved["refundRequest"]["status"] == "REQUESTED"
    assert approved["refundRequest"]["decidedBy"] == {"name": "Olga"}
    assert (short, again) == ("BAD_INPUT", "WRONG_STATE")
    assert refused["refundRequest"] == {"status": "REFUSED", "refusalReason": "Access works"}


async def test_above_a_days_total_the_owner_approves(shop: Shop) -> None:
    budget = [{"amount": "1400.00", "currency": "BRL"}]
    await limit(shop, refundsAbove=[], refundsPerDayAbove=budget)
    for number in range(13, 18):
        await paid(shop, f"R{number}", "bia")
    shop.clock.set("07-05 12:00")
    withdrawn = await request_refund(shop, "bia", "R13")
    assert await shop.code("bia", "withdrawRefundRequest", id=withdrawn["id"]) is None

    first, second = await asyncio.gather(
        request_refund(shop, "bia", "R14"), request_refund(shop, "bia", "R15")
    )
    by_owner, shop_day = await request_refund(shop, "owner", "R16"), await request_refund(shop, "ana", "S07")
    (waiting,) = (item for item in (first, second) if item["status"] == "AWAITING_APPROVAL")
    assert await shop.code("owner", "approveRefundRequest", id=waiting["id"]) is None
    shop.clock.passes(days=1)
    tomorrow = await request_refund(shop, "bia", "R17")

    assert sorted(item["status"] for item in (first, second)) == ["AWAITING_APPROVAL", "REQUESTED"]
    assert [item["status"] for item in (by_owner, shop_day, tomorrow)] == ["REQUESTED"] * 3
    assert len(await shop.mails("approval_waits")) == 1
    assert await shop.read("owner", "approvalRules { refundsPerDayAbove { amount currency } }") == {
        "refundsPerDayAbove": budget
    }


async def test_approval_judges_the_requester_again(shop: Shop) -> None:
    await limit(shop)
    for reference in ("R13", "R14"):
        await paid(shop, reference, "ana")
    shop.clock.set("07-05 12:00")
    first, second = await request_refund(shop, "ana", "R13"), await request_refund(shop, "ana", "R14")
    moved = {"reference": "R13", "assigneeId": shop.person("caio")}
    assert await shop.code("owner", "assignSale", **moved) is None
    unreached = await shop.code("owner", "approveRefundRequest", id=first["id"])
    await shop.give("ana", Grant.SEARCH_SALES)
    without = await shop.code("owner", "approveRefundRequest", id=second["id"])
    await shop.give("ana", Grant.REQUEST_REFUNDS)

    assert (unreached, without) == ("FORBIDDEN", "FORBIDDEN")
    assert await shop.code("owner", "approveRefundRequest", id=second["id"]) is None


async def test_who_requested_and_became_the_owner_withdraws_instead_of_approving(shop: Shop) -> None:
    await limit(shop)
    await paid(shop, "R13", "bia")
    shop.clock.set("07-05 12:00")
    request = await request_refund(shop, "bia", "R13")
    values = {"collaboratorId": shop.collaborator("bia")}
    assert await shop.code("owner", "offerTransfer", **values) is None
    central = f"central_{shop.account['id']}"
    assert await shop.code("bia", "acceptTransfer", centralId=central) is None

    assert await shop.code("bia", "approveRefundRequest", id=request["id"]) == "SAME_PERSON"
    assert await shop.code("bia", "withdrawRefundRequest", id=request["id"]) is None
    assert (await request_refund(shop, "bia", "R13"))["status"] == "REQUESTED"


async def test_a_token_of_the_owner_needs_their_approval(shop: Shop) -> None:
    await limit(shop)
    await paid(shop, "R13")
    shop.clock.set("07-05 12:00")
    grants = ["REQUEST_REFUNDS"]
    central = f"central_{shop.account['id']}"
    await shop.token("owner")
    shop.clock.at(time.time_ns() // 1_000_000)  # a token expires by the machine's time
    values = {"name": "Refunds", "days": 30, "centralId": central, "grants": grants}
    token = await shop.act("owner", "createAccessToken", "secret", **values)
    shop.clock.set("07-05 12:00")
    sessions, shop._tokens["owner"] = shop._tokens["owner"], token["secret"]
    request = await request_refund(shop, "owner", "R13")
    alone = await shop.act("owner", "approveRefundRequest", id=request["id"])
    shop._tokens["owner"] = sessions

    assert (request["status"], alone) == ("AWAITING_APPROVAL", UNKNOWN)
    assert await shop.code("owner", "approveRefundRequest", id=request["id"]) is None


async def test_fifty_at_once_make_one_request(shop: Shop) -> None:
    await shop.token("owner")
    shop.clock.set("07-05 12:00")
    async with asyncio.timeout(60):
        codes = await asyncio.gather(*[code(shop, "owner", "S07") for _ in range(50)])

    assert sorted(map(str, codes)) == ["ALREADY_REQUESTED"] * 49 + ["None"]
    assert await number(shop) == 1


async def test_rows_follow_the_sale_in_lists_and_acts(shop: Shop) -> None:
    for reference, who in (("R13", "ana"), ("R14", "bia"), ("R15", "caio")):
        await paid(shop, reference, who)
    shop.clock.set("07-05 12:00")
    ids = {
        reference: (await request_refund(shop, "owner", reference))["id"]
        for reference in ("R13", "R14", "R15")
    }
    fields = "refundRequests { nodes { reference } reach { kind } }"

    async def listed(who: str) -> tuple[str, list[str]]:
        found = await shop.read(who, fields)
        return found["reach"]["kind"], [node["reference"] for node in found["nodes"]]

    assert [await listed(who) for who in ("owner", "ana", "bia", "caio")] == [
        ("ALL", ["R15", "R14", "R13"]), ("OWN", ["R13"]), ("TEAM", ["R14", "R13"]), ("OWN", ["R15"]),
    ]  # fmt: skip
    acts = [await shop.code(who, "withdrawRefundRequest", id=ids["R13"]) for who in ("caio", "ana")]
    assert acts == ["NOT_FOUND", "FORBIDDEN"]
    assert await code(shop, "ana", "R15") == "NOT_FOUND"
    assert await shop.code("owner", "assignSale", reference="R13", assigneeId=shop.person("caio")) is None
    assert [(await listed(who))[1] for who in ("ana", "caio")] == [[], ["R15", "R13"]]
    gone = {"collaboratorId": shop.collaborator("caio"), "reassignTo": shop.collaborator("bia")}
    assert await shop.code("owner", "removeCollaborator", **gone) is None
    assert (await listed("bia"))[1] == ["R15", "R14", "R13"]
    assert await shop.code("bia", "withdrawRefundRequest", id=ids["R13"]) is None
    chosen = 'refundRequests(filter: {status: [WITHDRAWN], reason: [REGRET], requestedPeriod: {from: "2026-07-05", to: "2026-07-06"}})'
    assert await shop.read("owner", f"{chosen} {{ nodes {{ reference }} }}") == {
        "nodes": [{"reference": "R13"}]
    }


async def test_without_the_grant_the_words_do_not_exist(shop: Shop) -> None:
    await shop.give("ana", *(grant for grant in Grant if grant is not Grant.REQUEST_REFUNDS))
    words = ("refundRequests { nodes { id } }", 'sale(reference: "S01") { refundRequest { id } }')

    assert [await shop.is_unknown("ana", text) for text in words] == [True, True]
    assert await code(shop, "ana", "S07") == UNKNOWN
    assert await shop.is_unknown("ana", "approvalRules { refundsAbove { amount } }")
    assert await number(shop) == 0


async def test_requests_expire_once_by_the_clock(shop: Shop) -> None:
    await nothing_is_due()
    shop.clock.set("07-05 12:00")
    await limit(shop)
    await paid(shop, "R13", "bia")
    await request_refund(shop, "bia", "R13")
    await request_refund(shop, "owner", "S07")
    times = ("07-12 11:59", "07-12 12:00", "07-12 12:01", "08-04 12:00")
    done = [await Worker(JOBS).work_once(moment(time)) for time in times]

    assert [item.get("refund_request_expiry", 0) for item in done] == [0, 1, 0, 1]
    waiting, open_ = await of_sale(shop, "R13"), await of_sale(shop, "S07")
    assert (waiting["status"], waiting["closedAt"]) == ("EXPIRED", "2026-07-12T15:00:00Z")
    assert (open_["status"], open_["closedAt"]) == ("EXPIRED", "2026-08-04T15:00:00Z")
    assert (await steps(shop, "R13"))[-2:] == [("PERSON", "AWAITING_APPROVAL"), ("CLOCK", "EXPIRED")]


async def steps(shop: Shop, reference: str) -> list[tuple[str, str]]:
    """What a sale's history shows of refund requests, and of refunds."""
    fields = "history { source status refundRequest { status } }"
    sale = await shop.read("owner", f'sale(reference: "{reference}") {{ {fields} }}')
    return [
        (item["source"], item["refundRequest"]["status"] if item["refundRequest"] else item["status"])
        for item in sale["history"]
        if item["refundRequest"] or item["source"] == "WEBHOOK"
    ]


async def test_the_history_shows_each_step_with_its_source_and_followers_hear_of_it(shop: Shop) -> None:
    shop.clock.set("07-05 12:00")
    await limit(shop)
    await paid(shop, "R13", "bia")
    sale_id = await shop.sale_id("R13")
    heard = []

    async def hears() -> None:
        rows = await database.read(
            "SELECT CAST(changes AS TEXT) AS changes FROM events WHERE scope_id = ?", (shop.account["id"],)
        )
        heard.append(sum(sale_id in row["changes"] for row in rows))

    await hears()
    first = await request_refund(shop, "bia", "R13")
    await hears()
    assert await shop.code("owner", "approveRefundRequest", id=first["id"]) is None
    await hears()
    assert await shop.code("bia", "withdrawRefundRequest", id=first["id"]) is None
    await hears()
    shop.clock.passes(hours=1)
    second = await request_refund(shop, "bia", "R13")
    await hears()
    values = {"id": second["id"], "reason": "Access works"}
    assert await shop.code("owner", "refuseRefundRequest", **values) is None
    await hears()
    shop.clock.passes(hours=1)
    await ends(shop, "R13", "REFUNDED", "REFUNDED", "07-05 14:00")
    await hears()

    assert await steps(shop, "R13") == [
        ("WEBHOOK", "APPROVED"), ("PERSON", "AWAITING_APPROVAL"), ("PERSON", "REQUESTED"),
        ("PERSON", "WITHDRAWN"), ("PERSON", "AWAITING_APPROVAL"), ("PERSON", "REFUSED"),
        ("WEBHOOK", "REFUNDED"),
    ]  # fmt: skip
    assert heard == list(range(heard[0], heard[0] + 7))
    assert (await of_sale(shop, "R13"))["status"] == "REFUSED"  # what the owner decided earlier counts


async def many(shop: Shop, count: int) -> None:
    """Requests that the owner made today and withdrew."""
    request = await request_refund(shop, "owner", "S07")
    await shop.code("owner", "withdrawRefundRequest", id=request["id"])
    columns = (
        "account_id, sale_id, reference, status, reason, amount, currency, requested_at, requested_by_id,"
        " requested_by_owner, requested_by_name, expires_at, own_status"
    )

    async def work() -> None:
        for _ in range(count - 1):
            await database.write(
                f"INSERT INTO refund_requests (id, {columns}) SELECT ?, {columns} FROM refund_requests"
                " WHERE account_id = ? LIMIT 1",
                (database.new_id(), shop.account["id"]),
            )

    await database.transact(work)


async def test_a_person_makes_a_hundred_requests_a_day(shop: Shop) -> None:
    shop.clock.set("07-05 12:00")
    await many(shop, 100)
    limited = await code(shop, "owner", "S07")
    shop.clock.passes(days=1)

    assert limited == "RATE_LIMITED"
    assert await code(shop, "owner", "S07") is None


async def test_two_requests_at_once_never_make_a_hundred_and_one(shop: Shop) -> None:
    await paid(shop, "R13")
    shop.clock.set("07-05 12:00")
    await many(shop, 99)
    async with asyncio.timeout(60):
        codes = await asyncio.gather(*(code(shop, "owner", reference) for reference in ("S07", "R13")))

    assert sorted(map(str, codes)) == ["None", "RATE_LIMITED"]
    assert await number(shop) == 100


async def test_approval_rules_are_the_owners_and_exact(shop: Shop) -> None:
    await limit(shop, refundsPerDayAbove=[{"amount": "10", "currency": "jpy"}])
    fields = "approvalRules { refundsAbove { amount currency } refundsPerDayAbove { amount currency } }"
    version = await shop.read("owner", "version")
    bad = [
        await shop.code("owner", "setApprovalRules", expectedVersion=version, refundsAbove=limits)
        for limits in (
            [{"amount": "1.001", "currency": "BRL"}],
            [{"amount": "-1", "currency": "BRL"}],
            [{"amount": "1", "currency": "ZZZ"}],
            [*_LIMIT, *_LIMIT],
            [{"amount": "9" * 29, "currency": "BRL"}],
        )
    ]

    assert bad == ["BAD_INPUT"] * 5
    assert await shop.code("owner", "setApprovalRules", expectedVersion=version - 1) == "VERSION_CONFLICT"
    assert await shop.read("owner", fields) == {
        "refundsAbove": [{"amount": "500.00", "currency": "BRL"}],
        "refundsPerDayAbove": [{"amount": "10", "currency": "JPY"}],
    }
    (entry,) = [item for item in await shop.log("setApprovalRules") if item["refusal"] is None]
    changes = {change["field"]: change["after"] for change in entry["changes"]}
    assert changes == {
        "ApprovalRules.refundsAbove": ["500.00 BRL"], "ApprovalRules.refundsPerDayAbove": ["10 JPY"]
    }  # fmt: skip
    await limit(shop, refundsAbove=[])
    assert (await shop.read("owner", fields))["refundsAbove"] == []


async def test_sales_with_requests_can_be_assigned_together(shop: Shop) -> None:
    shop.clock.set("07-05 12:00")
    await paid(shop, "R13")
    await request_refund(shop, "owner", "R13")

    values = {"references": ["R13", "S01"], "assigneeId": shop.person("caio")}
    assert await shop.code("owner", "assignSales", **values) is None

"""Issuing the payment slip of a sale: e-mailed again while it can be paid, else requested anew."""

import asyncio
from typing import Any

import pytest

from authz.grant import Grant
from models import database
from small_shop import UNKNOWN, Shop, moment

SLIP = "slip { kind code url expiresAt status requestedAt requestedBy { name } }"
ISSUE = "issuePaymentSlip"


def pix(code: str, expires: str = "07-30 12:00") -> dict[str, Any]:
    return {"type": "PIX", "pix_code": code, "pix_expiration_date": moment(expires)}


async def issue(shop: Shop, who: str, reference: str) -> Any:
    return await shop.act(who, ISSUE, f"reference sent {SLIP}", reference=reference)


async def code(shop: Shop, who: str, reference: str) -> str | None:
    return await shop.code(who, ISSUE, reference=reference)


async def printed(shop: Shop, reference: str, slip: dict[str, Any], at: str | None = None) -> None:
    await shop.receive(reference, "PURCHASE_BILLET_PRINTED", "BILLET_PRINTED", at, payment=slip)


async def history(shop: Shop, reference: str) -> list[tuple[str, str]]:
    sale = await shop.read("owner", f'sale(reference: "{reference}") {{ history {{ source change }} }}')
    return [(item["source"], item["change"]) for item in sale["history"] if item["change"]]


async def test_an_expired_slip_is_requested_once(shop: Shop) -> None:
    done = await issue(shop, "ana", "S04")
    again = await issue(shop, "owner", "S04")

    slip = done["slip"]
    assert (done["reference"], done["sent"], done["errors"]) == ("S04", False, [])
    assert (slip["status"], slip["requestedBy"]) == ("REQUESTED", {"name": "Ana"})
    assert again["errors"][0]["code"] == "ALREADY_REQUESTED"
    assert (again["slip"], again["sent"]) == (None, False)
    assert await shop.mails() == []
    done_entry, refused_entry = await shop.log(ISSUE)
    assert done_entry["changes"] == [
        {"field": "PaymentSlip.status", "before": "EXPIRED", "after": "REQUESTED"}
    ]
    assert (done_entry["object_id"], done_entry["let_by"]) == ("S04", "ISSUE_PAYMENT_SLIPS")
    assert (refused_entry["refusal"], refused_entry["changes"]) == ("ALREADY_REQUESTED", [])
    assert (await history(shop, "S04"))[-1] == ("PERSON", "PAYMENT_SLIP_REQUEST")


@pytest.mark.parametrize(
    ("reference", "refusal", "words"),
    [
        ("S05", "METHOD_EXCLUDED", "CREDIT_CARD"),
        ("S01", "WRONG_STATE", "COMPLETE"),
        ("S14", "WRONG_STATE", "AFFILIATE"),
    ],
)
async def test_what_cannot_be_paid_by_slip_is_refused(
    shop: Shop, reference: str, refusal: str, words: str
) -> None:
    before = await shop.read("owner", f'sale(reference: "{reference}") {{ status paymentSlip {{ status }} }}')

    payload = await issue(shop, "owner", reference)

    (error,) = payload["errors"]
    assert (error["code"], error["field"]) == (refusal, ["reference"])
    assert words in error["message"]
    assert (
        await shop.read("owner", f'sale(reference: "{reference}") {{ status paymentSlip {{ status }} }}')
        == before
    )
    assert await shop.mails() == []


async def test_an_overdue_payment_gets_a_slip_whatever_its_method(shop: Shop) -> None:
    done = await issue(shop, "caio", "S09")

    assert (done["slip"]["status"], done["slip"]["kind"], done["sent"]) == ("REQUESTED", None, False)


async def test_a_slip_that_can_be_paid_is_sent_again_three_times_a_day(shop: Shop) -> None:
    await shop.act("owner", "setBranding", brandName="Aurora", locale="pt")
    await printed(shop, "S04", pix("new-code"))

    done = [await issue(shop, "ana", "S04") for _ in range(3)]
    fourth = await code(shop, "ana", "S04")
    shop.clock.passes(days=1, minutes=1)

    assert [(item["sent"], item["slip"]["status"], item["slip"]["code"]) for item in done] == [
        (True, "PAYABLE", "new-code")
    ] * 3
    assert (fourth, await code(shop, "ana", "S04")) == ("RATE_LIMITED", None)
    mails = await shop.mails()
    assert [(mail["kind"], mail["recipient"], mail["locale"], mail["slip"]) for mail in mails] == [
        ("payment_slip", shop.email("b4"), "pt", "new-code")
    ] * 4
    assert (await shop.log(ISSUE))[0]["changes"] == [
        {"field": "IssuePaymentSlipPayload.sent", "before": None, "after": True}
    ]
    assert (await history(shop, "S04"))[-1] == ("PERSON", "PAYMENT_SLIP_EMAIL")


async def test_an_address_is_needed_only_to_send_one(shop: Shop) -> None:
    sale_id = await shop.sale_id("S04")
    nobody = "UPDATE sales SET buyer_email = NULL WHERE id = ?"
    await database.transact(lambda: database.write(nobody, (sale_id,)))
    requested = await code(shop, "owner", "S04")
    shop.clock.passes(hours=1)
    await printed(shop, "S04", pix("new-code"))
    await database.transact(lambda: database.write(nobody, (sale_id,)))

    assert (requested, await code(shop, "owner", "S04")) == (None, "NO_ADDRESS")
    assert await shop.mails() == []


async def test_who_may_do_it_without_searching_sales_acts_within_their_reach(shop: Shop) -> None:
    await shop.give("ana", Grant.ISSUE_PAYMENT_SLIPS)
    await shop.give("caio", Grant.ISSUE_PAYMENT_SLIPS)
    own = await issue(shop, "ana", "S04")
    foreign, absent = await issue(shop, "caio", "S04"), await issue(shop, "caio", "XX")

    assert own["slip"]["status"] == "REQUESTED"
    assert foreign | {"reference": "XX"} == absent
    assert [error["code"] for error in absent["errors"]] == ["NOT_FOUND"]
    await shop.give("caio", Grant.SEARCH_SALES)
    assert await code(shop, "caio", "S09") == UNKNOWN
    assert [entry["refusal"] for entry in await shop.log(ISSUE)] == [None, "NOT_FOUND", "NOT_FOUND"]


async def test_the_same_call_takes_effect_once(shop: Shop) -> None:
    values = {"reference": "S04", "idempotencyKey": "one"}

    first, second = [await shop.act("ana", ISSUE, f"sent {SLIP}", **values) for _ in range(2)]

    assert first == second
    assert (await history(shop, "S04")).count(("PERSON", "PAYMENT_SLIP_REQUEST")) == 1


async def test_of_twenty_calls_at_once_one_requests_a_slip(shop: Shop) -> None:
    await shop.token("owner")  # made while the clock is set aside, so not by the twenty at once
    async with asyncio.timeout(60):
        codes = await asyncio.gather(*(code(shop, "owner", "S04") for _ in range(20)))

    assert sorted(codes, key=str) == ["ALREADY_REQUESTED"] * 19 + [None]
    assert (await history(shop, "S04")).count(("PERSON", "PAYMENT_SLIP_REQUEST")) == 1

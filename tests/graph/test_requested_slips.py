"""What becomes of a payment slip in each state, and what the clock does with the slips that were requested."""

from typing import Any

import pytest

from actions.clock import JOBS
from centrals.work.worker import Worker
from leftovers import nothing_is_due
from models import database
from small_shop import Shop, moment

_STATE = "paymentSlip { code status requestedAt requestedBy { name } } status"
ISSUE = "issuePaymentSlip"


async def printed(shop: Shop, code: str, at: str, expires: str = "08-30 12:00") -> None:
    payment = {"type": "BILLET", "billet_barcode": code, "pix_expiration_date": moment(expires)}
    await shop.receive("S04", "PURCHASE_BILLET_PRINTED", "BILLET_PRINTED", at, payment=payment)


async def requested(shop: Shop) -> None:
    assert await shop.code("ana", ISSUE, reference="S04") is None


async def works(at: str) -> dict[str, int]:
    return await Worker(JOBS).work_once(moment(at))


async def state(shop: Shop) -> Any:
    sale = await shop.read("owner", f'sale(reference: "S04") {{ {_STATE} }}')
    return (sale["paymentSlip"] or {}).get("status"), (sale["paymentSlip"] or {}).get("code"), sale["status"]


async def history(shop: Shop, reference: str = "S04") -> list[tuple[str, str, str]]:
    fields = "history { source change happenedAt changedBy }"
    sale = await shop.read("owner", f'sale(reference: "{reference}") {{ {fields} }}')
    return [(item["source"], item["change"], item["changedBy"]) for item in sale["history"] if item["change"]]


async def changes(shop: Shop) -> int:
    rows = await database.read("SELECT COUNT(*) FROM events WHERE scope_id = ?", (shop.account["id"],))
    return int(rows[0][0])


@pytest.fixture(autouse=True)
async def _drained(shop: Shop) -> None:
    await nothing_is_due()


async def test_a_requested_slip_that_is_issued_is_mailed_by_itself_once(shop: Shop) -> None:
    await requested(shop)
    early = await works("07-25 13:00")
    shop.clock.set("07-26 09:00")
    await printed(shop, "second", "07-26 08:59")
    noted = await changes(shop)

    done, again = await works("07-26 09:00"), await works("07-27 09:00")

    assert (early, done, again) == ({}, {"slip_issue": 1}, {})
    assert await state(shop) == ("PAYABLE", "second", "WAITING_PAYMENT")
    assert [(mail["kind"], mail["recipient"], mail["slip"]) for mail in await shop.mails()] == [
        ("payment_slip", shop.email("b4"), "second")
    ]
    assert (await history(shop))[-2:] == [
        ("PERSON", "PAYMENT_SLIP_REQUEST", "Ana"), ("CLOCK", "PAYMENT_SLIP_EMAIL", None)
    ]  # fmt: skip
    assert await changes(shop) == noted + 1
    assert [entry["act"] for entry in await shop.log()] == [ISSUE]  # what the clock does is in no log


async def test_a_message_that_repeats_the_old_slip_answers_no_request(shop: Shop) -> None:
    await requested(shop)
    payment = {"billet_url": "https://pay.example.com/slip/S04", "billet_barcode": "34191.79001 01043.510047"}
    await shop.receive("S04", "PURCHASE_BILLET_PRINTED", "BILLET_PRINTED", "07-26 08:00", payment=payment)
    shop.clock.set("07-26 09:00")

    assert await works("07-26 09:00") == {}
    assert (await state(shop))[0] == "REQUESTED"
    assert await shop.mails() == []


async def test_a_request_expires_after_seven_days_and_can_be_made_anew(shop: Shop) -> None:
    await requested(shop)
    early, done, again = [await works(at) for at in ("08-01 11:59", "08-01 12:00", "08-02 12:00")]
    shop.clock.set("08-01 12:00")

    assert (early, done, again) == ({}, {"slip_request_expiry": 1}, {})
    assert (await state(shop))[0] == "EXPIRED"
    assert (await history(shop))[-1] == ("CLOCK", "PAYMENT_SLIP_EXPIRY", None)
    await requested(shop)
    assert (await state(shop))[0] == "REQUESTED"
    assert await shop.mails() == []


async def test_a_slip_that_cannot_be_mailed_says_so_in_the_history(shop: Shop) -> None:
    await requested(shop)
    shop.clock.set("07-26 09:00")
    await printed(shop, "second", "07-26 08:59")
    nobody = "UPDATE sales SET buyer_email = NULL WHERE id = ?"
    sale_id = await shop.sale_id("S04")
    await database.transact(lambda: database.write(nobody, (sale_id,)))

    assert await works("07-26 09:00") == {"slip_issue": 1}
    assert (await history(shop))[-1][:2] == ("CLOCK", "PAYMENT_SLIP_NOT_EMAILED")
    assert (await state(shop))[0] == "PAYABLE"
    assert await shop.mails() == []


@pytest.mark.parametrize(
    ("kind", "status", "more", "becomes"),
    [
        ("PURCHASE_APPROVED", "APPROVED", {"approved_date": moment("07-26 08:30")}, "PAID"),
        ("PURCHASE_CANCELED", "CANCELED", {}, "EXPIRED"),
    ],
)
async def test_a_request_that_is_overtaken_mails_nothing(
    shop: Shop, kind: str, status: str, more: dict[str, Any], becomes: str
) -> None:
    await requested(shop)
    await printed(shop, "second", "07-26 08:00")
    payment = {"type": "BILLET", "billet_barcode": "second"}
    await shop.receive("S04", kind, status, "07-26 08:30", payment=payment, **more)
    shop.clock.set("07-26 09:00")

    assert await works("07-26 09:00") == {"slip_issue": 1}
    assert (await state(shop))[0] == becomes
    assert await shop.mails() == []
    assert [entry for entry in await history(shop) if entry[0] == "CLOCK"] == []


_PRINTED = ("PURCHASE_BILLET_PRINTED", "BILLET_PRINTED", "07-25 08:00")
# messages, when a slip was requested before them → the slip, and what issuing it is refused with then
_STATES: dict[str, tuple[list[tuple[str, str, str]], str | None, str, str | None]] = {
    "issued": ([_PRINTED], None, "PAYABLE", None),
    "its sale expired": ([_PRINTED, ("PURCHASE_EXPIRED", "EXPIRED", "07-25 09:00")], None, "EXPIRED", None),
    "its sale was canceled": (
        [_PRINTED, ("PURCHASE_CANCELED", "CANCELED", "07-25 09:00")], None, "EXPIRED", "WRONG_STATE",
    ),
    "its sale was approved": (
        [_PRINTED, ("PURCHASE_APPROVED", "APPROVED", "07-25 09:00")], None, "PAID", "WRONG_STATE",
    ),
    "an older message arrives late": (
        [_PRINTED, ("PURCHASE_EXPIRED", "EXPIRED", "07-24 09:00")], None, "PAYABLE", None,
    ),
    "requested": ([], "07-25 06:00", "REQUESTED", "ALREADY_REQUESTED"),
    "requested a week ago": ([], "07-18 11:59", "EXPIRED", None),
    "requested, then issued": ([_PRINTED], "07-25 06:00", "PAYABLE", None),
    "requested, then approved": (
        [("PURCHASE_APPROVED", "APPROVED", "07-25 11:00")], "07-25 06:00", "PAID", "WRONG_STATE",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", _STATES)
async def test_the_state_of_a_slip_is_what_messages_requests_and_time_make_it(shop: Shop, case: str) -> None:
    messages, request, becomes, refusal = _STATES[case]
    if request is not None:
        shop.clock.set(request)
        await requested(shop)
    shop.clock.set("07-25 12:00")
    for kind, status, at in messages:
        payment = {"type": "BILLET", "billet_barcode": "new" if "PRINTED" in status else None}
        more = {"approved_date": moment(at)} if status == "APPROVED" else {}
        await shop.receive("S04", kind, status, at, payment=payment, **more)

    assert (await state(shop))[0] == becomes
    assert await shop.code("ana", ISSUE, reference="S04") == refusal
    assert len(await shop.mails()) == (becomes == "PAYABLE")


async def test_issuing_a_slip_costs_the_same_statements_for_every_sale(shop: Shop) -> None:
    counts = set()
    assert await shop.code("owner", ISSUE, reference="S09") is None  # warm
    await requested(shop)
    shop.clock.passes(days=8)
    for _ in range(2):
        with database.observed() as statements:
            assert await shop.code("owner", ISSUE, reference="S04") is None
        counts.add(sum("sales" in statement for statement in statements))
        shop.clock.passes(days=8)

    assert len(counts) == 1
    assert max(counts) <= 3

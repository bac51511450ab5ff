"""Payment slips as messages issue them and time ends them, read with their grant."""

from typing import Any

from actions.clock import JOBS
from authz.grant import Grant
from centrals.work.worker import Worker
from leftovers import nothing_is_due
from models import database
from small_shop import Shop, moment

_SLIP = "paymentSlip { kind code url expiresAt status requestedAt requestedBy { name } }"


async def slip(shop: Shop, reference: str, who: str = "owner") -> Any:
    return await shop.read(who, f'sale(reference: "{reference}") {{ {_SLIP} }}')


def pix(code: str, expires: str) -> dict[str, Any]:
    return {"type": "PIX", "pix_code": code, "pix_expiration_date": moment(expires)}


async def printed(shop: Shop, code: str, at: str, expires: str) -> None:
    await shop.receive("S04", "PURCHASE_BILLET_PRINTED", "BILLET_PRINTED", at, payment=pix(code, expires))


async def test_a_slip_is_paid_expired_or_absent_as_its_sale_is(shop: Shop) -> None:
    paid, expired = (await slip(shop, "S01"))["paymentSlip"], (await slip(shop, "S04"))["paymentSlip"]

    assert (paid["kind"], paid["code"], paid["status"]) == ("PIX", "pix-S01", "PAID")
    assert expired == {
        "kind": "BILLET", "code": "34191.79001 01043.510047", "url": "https://pay.example.com/slip/S04",
        "expiresAt": None, "status": "EXPIRED", "requestedAt": None, "requestedBy": None,
    }  # fmt: skip
    assert await slip(shop, "S02") == {"paymentSlip": None}


async def test_the_newest_slip_by_event_time_counts_and_time_ends_it(shop: Shop) -> None:
    await printed(shop, "second", "07-25 11:00", "07-26 12:00")
    await printed(shop, "first", "07-25 10:00", "07-28 12:00")

    before = (await slip(shop, "S04"))["paymentSlip"]
    shop.clock.passes(days=1)
    after = (await slip(shop, "S04"))["paymentSlip"]

    assert (before["code"], before["status"]) == ("second", "PAYABLE")
    assert (after["code"], after["status"]) == ("second", "EXPIRED")


async def test_slips_exist_only_for_those_who_can_issue_them(shop: Shop) -> None:
    await shop.give("ana", Grant.SEARCH_SALES)
    hidden = await shop.is_unknown("ana", f'sale(reference: "S04") {{ {_SLIP} }}')
    await shop.give("ana", Grant.SEARCH_SALES, Grant.ISSUE_PAYMENT_SLIPS)

    assert hidden
    assert (await slip(shop, "S04", "ana"))["paymentSlip"]["status"] == "EXPIRED"
    assert await slip(shop, "S05", "ana") is None


async def test_a_link_that_is_no_web_address_is_not_given_to_anyone(shop: Shop) -> None:
    payment = {"type": "BILLET", "billet_url": "javascript:alert(1)", "billet_barcode": "1"}

    await shop.receive("S04", "PURCHASE_BILLET_PRINTED", "BILLET_PRINTED", payment=payment)

    assert (await slip(shop, "S04"))["paymentSlip"]["url"] is None


async def _events(shop: Shop) -> int:
    rows = await database.read("SELECT COUNT(*) FROM events WHERE scope_id = ?", (shop.account["id"],))
    return int(rows[0][0])


async def test_the_clock_tells_of_an_expiry_once_and_not_while_the_account_is_closed(shop: Shop) -> None:
    await nothing_is_due()
    await printed(shop, "code", "07-25 11:00", "07-26 12:00")
    early = await Worker(JOBS).work_once(moment("07-26 11:59"))
    assert await shop.code("owner", "closeAccount", name="Aurora Cursos") is None
    closed = await Worker(JOBS).work_once(moment("07-26 12:00"))
    assert await shop.code("owner", "reopenAccount") is None
    events = await _events(shop)

    done = await Worker(JOBS).work_once(moment("07-26 12:00"))
    again = await Worker(JOBS).work_once(moment("07-27 12:00"))

    assert (early, closed, done, again) == ({}, {}, {"slip_expiry": 1}, {})
    assert await _events(shop) == events + 1
    sale = await shop.read("owner", 'sale(reference: "S04") { history { source change happenedAt } }')
    assert [item for item in sale["history"] if item["source"] == "CLOCK"] == [
        {"source": "CLOCK", "change": "PAYMENT_SLIP_EXPIRY", "happenedAt": "2026-07-26T15:00:00Z"}
    ]

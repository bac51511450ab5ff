"""A buyer's corrected address: what finds the sale then, and what no later message undoes."""

from authz.grant import Grant
from small_shop import Shop

CHANGE = "changeBuyerEmail"


async def found(shop: Shop, text: str, who: str = "ana") -> list[str]:
    sales = await shop.read(who, f'sales(filter: {{text: "{text}"}}) {{ nodes {{ reference }} }}')
    return sorted(node["reference"] for node in sales["nodes"])


async def test_a_corrected_address_moves_the_subscription_and_stays_over_later_messages(shop: Shop) -> None:
    old = shop.email("b6")
    before = await found(shop, old)
    values = {"reference": "S06", "email": "corrected@example.com"}
    changed = await shop.act("ana", CHANGE, "reference alsoChanged", **values)
    await shop.receive("S06", "PURCHASE_COMPLETE", "COMPLETE", "07-25 11:00")

    assert changed == {"reference": "S06", "alsoChanged": 1, "errors": []}
    assert before == ["S06", "S07"]
    assert (await found(shop, old), await found(shop, "corrected@example.com")) == ([], ["S06", "S07"])
    assert [(mail["kind"], mail["recipient"]) for mail in await shop.mails()] == [
        ("buyer_email_changed", shop.email("owner")),
        ("buyer_email_moved", old),
        ("purchase_access", "corrected@example.com"),
    ]
    assert "corrected" not in str(await shop.mails("buyer_email_moved"))
    await shop.give("ana", Grant.SEARCH_SALES)
    assert await found(shop, "corrected@example.com") == []  # nobody searches what they cannot read


async def test_an_address_is_corrected_three_times_in_thirty_days(shop: Shop) -> None:
    codes = [
        await shop.code("owner", CHANGE, reference="S01", email=f"attempt.{number}@example.com")
        for number in range(4)
    ]
    shop.clock.passes(days=30, minutes=1)

    assert codes == [None, None, None, "RATE_LIMITED"]
    assert await found(shop, "attempt.2@example.com", "owner") == ["S01"]
    assert await shop.code("owner", CHANGE, reference="S01", email="attempt.4@example.com") is None

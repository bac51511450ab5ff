"""Subscription rules e-mail subscribers before a charge, after a late one and after the end, each once."""

import asyncio
from typing import Any

import pytest

from authz.grant import Grant
from centrals.application import handler_of
from centrals.mail.compose import QueuedEmail
from centrals.mail.prepare import preparing
from centrals.work.worker import Worker
from client import SETTINGS
from leftovers import nothing_is_due
from models import database
from shop_subscriptions import of, said
from small_shop import UNKNOWN, Shop, moment

SAVE, RESTORE = "saveSubscriptionRules", "restoreSubscriptionRules"
RENEWAL, OVERDUE, WIN_BACK = "subscription_renewal", "subscription_overdue", "subscription_winback"
DUNNING = {"overdue": [{"daysAfter": days} for days in (1, 3, 7)]}
THREE_DAYS = {"renewal": [{"daysBefore": 3}]}
REMINDERS = "reminders { at about days by { name } }"
FIELDS = """version followsAccount renewal { daysBefore } overdue { daysAfter withSlip } askCancelAfterUnpaid
  winBack { daysAfter offer } quietHours { fromHour toHour } segments { plans countries methods }"""
CHECKOUT = "https://pay.example.com/p2a"


@pytest.fixture(autouse=True)
async def _drained(shop: Shop) -> None:
    await nothing_is_due()
    shop.clock.set("07-20 09:00")


async def saved(shop: Shop, who: str = "owner", expected: int = 0, **rules: Any) -> str | None:
    return await shop.code(who, SAVE, expectedVersion=expected, **rules)


async def works(shop: Shop, *times: str) -> None:
    for at in times:
        shop.clock.set(at)
        await Worker().work_once(moment(at))


async def kinds(shop: Shop) -> list[tuple[str, str]]:
    return [
        (mail["kind"], mail["recipient"]) for mail in await shop.mails() if mail["kind"].startswith("subs")
    ]


async def product(shop: Shop, offer: str = "p2a") -> str:
    """The id of the product of an offer."""
    rows = await database.read(
        "SELECT product_id FROM offers WHERE account_id = ? AND code = ?", (shop.account["id"], offer)
    )
    return f"product_{rows[0]['product_id']}"


async def overdue(shop: Shop, reference: str, number: int, at: str) -> None:
    """A further payment of K2 that is late."""
    await shop.receive(
        "S09", "PURCHASE_DELAYED", "OVERDUE", at, transaction=reference, recurrence_number=number,
        order_date=moment(at),
    )  # fmt: skip


async def with_checkout(shop: Shop) -> None:
    rows = await database.read(
        "SELECT id, version FROM offers WHERE account_id = ? AND code = 'p2a'", (shop.account["id"],)
    )
    values = {"id": f"offer_{rows[0]['id']}", "checkoutUrl": CHECKOUT, "expectedVersion": rows[0]["version"]}
    assert await shop.code("owner", "editOffer", **values) is None


async def test_a_reminder_comes_three_days_before_the_charge(shop: Shop) -> None:
    assert await saved(shop, **THREE_DAYS) is None
    await works(shop, "07-30 07:59")
    before = await kinds(shop)
    await works(shop, "07-30 08:10", "07-30 08:20", "07-31 09:00", "08-01 20:00", "08-02 09:00")

    assert before == []
    (mail,) = await shop.mails(RENEWAL)
    assert (mail["recipient"], mail["day"], mail["amount"]) == (shop.email("b6"), "2026-08-02", "50.00 BRL")
    assert (await of(shop, "K1", REMINDERS))["reminders"] == [
        {"at": "2026-07-30T11:10:00Z", "about": "RENEWAL", "days": 3, "by": None}
    ]


async def test_no_reminder_comes_for_a_subscription_that_ended_or_is_to_end(shop: Shop) -> None:
    assert await saved(shop, **THREE_DAYS) is None
    shop.clock.set("07-26 12:00")
    await said(
        shop, "SUBSCRIPTION_CANCELLATION", "K1", "07-26 10:00", cancellation_date=moment("07-26 10:00")
    )
    await works(shop, "07-30 08:10")

    assert await kinds(shop) == []


async def test_no_reminder_comes_while_an_end_is_requested(shop: Shop) -> None:
    assert await saved(shop, **THREE_DAYS) is None
    values = {"code": "K1", "reason": "PRICE", "tellSubscriber": False}
    assert await shop.code("owner", "cancelSubscription", **values) is None
    await works(shop, "07-30 08:10")

    assert await kinds(shop) == []


async def test_a_reminder_follows_a_charge_that_is_moved(shop: Shop) -> None:
    assert await saved(shop, **THREE_DAYS) is None
    shop.clock.set("07-26 12:00")
    moved = {"new_charge_day": 15, "date_next_charge": moment("08-15 08:00")}
    await said(shop, "UPDATE_SUBSCRIPTION_CHARGE_DATE", "K1", "07-26 10:00", subscription=moved)
    await works(shop, "07-30 08:10")
    early = await kinds(shop)
    await works(shop, "08-12 08:10", "08-13 08:10")

    assert early == []
    (mail,) = await shop.mails(RENEWAL)
    assert mail["day"] == "2026-08-15"


async def test_a_late_payment_is_dunned_on_each_of_its_days_once(shop: Shop) -> None:
    assert await saved(shop, **DUNNING) is None
    sent = []
    for day in ("07-21", "07-22", "07-23", "07-24", "07-26", "07-27", "07-28", "07-30"):
        before = len(await kinds(shop))
        await works(shop, f"{day} 08:10", f"{day} 08:20")
        sent += [day] * (len(await kinds(shop)) - before)

    assert sent == ["07-21", "07-23", "07-27"]
    assert await kinds(shop) == [(OVERDUE, shop.email("b7"))] * 3
    assert [item["days"] for item in (await of(shop, "K2", REMINDERS))["reminders"]] == [1, 3, 7]


async def test_a_payment_ends_the_dunning(shop: Shop) -> None:
    assert await saved(shop, **DUNNING) is None
    await works(shop, "07-21 08:10")
    shop.clock.set("07-22 10:00")
    await shop.receive(
        "S09", "PURCHASE_APPROVED", "APPROVED", "07-22 09:00", approved_date=moment("07-22 09:00")
    )
    await works(shop, "07-23 08:10", "07-27 08:10")

    assert await kinds(shop) == [(OVERDUE, shop.email("b7"))]


async def test_rules_send_nothing_for_days_gone_by(shop: Shop) -> None:
    shop.clock.set("07-23 09:00")  # the third day was an hour ago
    assert await saved(shop, **DUNNING) is None
    await works(shop, "07-23 09:10", "07-24 08:10")
    early = await kinds(shop)
    await works(shop, "07-27 08:10")

    assert early == []
    assert len(await kinds(shop)) == 1


async def test_saving_another_setting_keeps_what_is_due(shop: Shop) -> None:
    assert await saved(shop, **DUNNING) is None
    shop.clock.set("07-21 08:05")
    quiet = {"fromHour": 22, "toHour": 7}
    assert await saved(shop, expected=1, quietHours=quiet, **DUNNING) is None
    await works(shop, "07-21 08:10")

    assert len(await kinds(shop)) == 1


async def test_a_server_that_was_off_sends_the_newest_e_mail_only(shop: Shop) -> None:
    assert await saved(shop, **DUNNING) is None
    await works(shop, "07-23 09:00")
    on_time = [item["days"] for item in (await of(shop, "K2", REMINDERS))["reminders"]]
    await works(shop, "07-29 09:00")  # two days late

    assert on_time == [3]
    assert len(await kinds(shop)) == 1


async def test_nothing_happens_until_rules_are_saved_or_after_they_are_emptied(shop: Shop) -> None:
    found = await shop.read("owner", f"tools {{ subscriptionRules {{ {FIELDS} }} }}")
    await works(shop, "07-21 08:10")
    unsaved = await kinds(shop)
    assert await saved(shop, **DUNNING) is None
    assert await saved(shop, expected=1) is None
    await works(shop, "07-23 08:10", "07-27 08:10", "07-30 08:10")

    assert [step["daysAfter"] for step in found["subscriptionRules"]["overdue"]] == [1, 3, 7]
    assert found["subscriptionRules"]["version"] == 0
    assert unsaved == await kinds(shop) == []


async def test_what_falls_into_quiet_hours_is_sent_after_them(shop: Shop) -> None:
    assert await saved(shop, quietHours={"fromHour": 7, "toHour": 9}, **DUNNING) is None
    await works(shop, "07-21 08:10", "07-21 08:50")
    quiet = await kinds(shop)
    await works(shop, "07-21 09:01")

    assert quiet == []
    assert len(await kinds(shop)) == 1


@pytest.mark.parametrize(
    ("segment", "sent"),
    [
        ({"plans": ["Anual"]}, 0),
        ({"countries": ["PT"]}, 0),
        ({"methods": ["PIX", "BILLET"]}, 0),
        ({"countries": ["PT", "BR"], "methods": ["CREDIT_CARD"]}, 1),
    ],
)
async def test_segments_limit_whom_rules_are_for(shop: Shop, segment: dict[str, Any], sent: int) -> None:
    assert await saved(shop, segments=segment, **DUNNING) is None
    await works(shop, "07-21 08:10")

    assert len(await kinds(shop)) == sent


async def test_a_product_has_the_accounts_rules_or_its_own(shop: Shop) -> None:
    own = await product(shop)
    assert await saved(shop, **DUNNING) is None
    assert await saved(shop, product=own, overdue=[{"daysAfter": 2}]) is None
    await works(shop, "07-21 08:10", "07-22 08:10")
    assert await saved(shop, product=own, expected=1, followsAccount=True) is None
    await works(shop, "07-23 08:10")
    other = await shop.read(
        "owner",
        f'tools {{ subscriptionRules(product: "{await product(shop, "p3a")}") {{ followsAccount }} }}',
    )

    assert [item["days"] for item in (await of(shop, "K2", REMINDERS))["reminders"]] == [2, 3]
    assert other["subscriptionRules"]["followsAccount"] is True


async def test_a_slip_is_requested_with_the_e_mail_that_has_one(shop: Shop) -> None:
    assert await saved(shop, overdue=[{"daysAfter": 1, "withSlip": True}]) is None
    await works(shop, "07-21 08:10")
    found = await shop.read(
        "owner",
        'sale(reference: "S09") { paymentSlip { status requestedBy { name } } history { source change } }',
    )

    assert await kinds(shop) == [(OVERDUE, shop.email("b7"))]
    assert found["paymentSlip"] == {"status": "REQUESTED", "requestedBy": None}
    assert {"source": "CLOCK", "change": "PAYMENT_SLIP_REQUEST"} in found["history"]


async def test_the_end_is_requested_once_at_the_second_unpaid_charge_in_a_row(shop: Shop) -> None:
    assert await saved(shop, askCancelAfterUnpaid=2) is None
    await works(shop, "07-21 08:10")
    first = (await of(shop, "K2", "requests { id }"))["requests"]
    shop.clock.set("08-20 12:00")
    await overdue(shop, "S20", 3, "08-20 08:00")
    await works(shop, "08-20 13:00", "08-20 14:00")
    found = await of(shop, "K2", "status requests { id kind status reason requestedBy { name } }")
    assert await shop.code("owner", "withdrawSubscriptionRequest", id=found["requests"][0]["id"]) is None
    await works(shop, "08-20 15:00")

    assert first == []
    (request,) = found["requests"]
    assert (request["kind"], request["status"], request["requestedBy"]) == ("CANCEL", "REQUESTED", None)
    assert (found["status"], request["reason"]) == ("DELAYED", "PAYMENT_PROBLEM")
    assert len((await of(shop, "K2", "requests { id }"))["requests"]) == 1
    assert await kinds(shop) == [("subscription_cancel_asked", shop.email("b7"))]
    assert [entry["act"] for entry in await shop.log() if "ancel" in entry["act"]] == []


async def ended(shop: Shop) -> None:
    """K1 ends on the 26th, and its subscriber is to be won back after two days."""
    await with_checkout(shop)
    assert await saved(shop, winBack={"daysAfter": 2, "offer": "p2a"}) is None
    shop.clock.set("07-26 12:00")
    await said(
        shop, "SUBSCRIPTION_CANCELLATION", "K1", "07-26 10:00", cancellation_date=moment("07-26 10:00")
    )


async def won_back(shop: Shop) -> QueuedEmail | None:
    """The e-mail after the end, as it would be sent."""
    rows = await database.read(
        "SELECT id, recipient FROM outbox_messages WHERE kind = ? AND recipient = ?",
        (WIN_BACK, shop.email("b6")),
    )
    (mail,) = await shop.mails(WIN_BACK)
    plain = {name: value for name, value in mail.items() if name not in ("kind", "recipient", "locale")}
    queued = QueuedEmail(str(rows[0]["id"]), WIN_BACK, mail["recipient"], mail["locale"], plain, 0)
    return await preparing(lambda: handler_of(SETTINGS))(queued)


async def test_a_subscriber_is_won_back_once_with_the_offers_checkout(shop: Shop) -> None:
    await ended(shop)
    await works(shop, "07-28 09:59")
    early = await kinds(shop)
    await works(shop, "07-28 10:10", "07-28 10:20", "07-29 10:00")
    queued = await won_back(shop)

    assert early == []
    assert await kinds(shop) == [(WIN_BACK, shop.email("b6"))]
    assert queued is not None
    assert queued.data["checkout"] == CHECKOUT
    assert queued.data["leave"].endswith(queued.data["unsubscribe"])
    assert shop.email("b6") not in queued.data["unsubscribe"]


async def test_who_ends_such_e_mails_gets_no_more_of_the_account(shop: Shop) -> None:
    await ended(shop)
    await works(shop, "07-28 10:10")
    queued = await won_back(shop)
    assert queued is not None
    link = queued.data["unsubscribe"]
    looked = await shop.client.http.get(link)
    unchanged = await won_back(shop)
    left = await shop.client.http.post(link)
    again = await shop.client.http.post(link)
    forged = await shop.client.http.post(link[:-2] + ("AA" if link[-2:] != "AA" else "BB"))

    assert [response.status_code for response in (looked, left, again, forged)] == [200, 200, 200, 404]
    assert unchanged is not None
    assert await won_back(shop) is None  # what waits is not sent any more
    rows = await database.read(
        "SELECT digest FROM refused_emails WHERE account_id = ?", (shop.account["id"],)
    )
    assert len(rows) == 1
    assert "example" not in rows[0]["digest"]


async def test_the_next_end_of_who_left_is_skipped_and_noted(shop: Shop) -> None:
    await ended(shop)
    await works(shop, "07-28 10:10")
    queued = await won_back(shop)
    assert queued is not None
    await shop.client.http.post(queued.data["unsubscribe"])
    shop.clock.set("08-05 12:00")
    await shop.receive(
        "S07", "PURCHASE_APPROVED", "APPROVED", "08-05 08:00", transaction="S30", recurrence_number=3,
        order_date=moment("08-05 08:00"), approved_date=moment("08-05 08:00"),
    )  # fmt: skip
    shop.clock.set("08-10 12:00")
    await said(
        shop, "SUBSCRIPTION_CANCELLATION", "K1", "08-10 10:00", cancellation_date=moment("08-10 10:00")
    )
    await works(shop, "08-12 10:10")
    history = (await of(shop, "K1", "history { change ruleEmailSkipped { about days } }"))["history"]

    assert len(await kinds(shop)) == 1
    assert history[-1] == {
        "change": "RULE_EMAIL_SKIPPED",
        "ruleEmailSkipped": {"about": "WIN_BACK", "days": 2},
    }


async def test_an_offer_that_cannot_be_bought_wins_no_one_back(shop: Shop) -> None:
    await ended(shop)
    rows = await database.read(
        "SELECT id, version FROM offers WHERE account_id = ? AND code = 'p2a'", (shop.account["id"],)
    )
    values = {"id": f"offer_{rows[0]['id']}", "checkoutUrl": None, "expectedVersion": rows[0]["version"]}
    assert await shop.code("owner", "editOffer", **values) is None
    await works(shop, "07-28 10:10")

    assert await kinds(shop) == []


async def test_workers_at_once_send_each_e_mail_once(shop: Shop) -> None:
    assert await saved(shop, **DUNNING, **THREE_DAYS) is None
    shop.clock.set("07-21 08:10")
    await asyncio.gather(*(Worker().work_once(moment("07-21 08:10")) for _ in range(5)))

    assert await kinds(shop) == [(OVERDUE, shop.email("b7"))]


async def test_a_product_without_support_address_can_be_reminded(shop: Shop) -> None:
    forget = "UPDATE products SET support_email = NULL WHERE account_id = ?"
    await database.transact(lambda: database.write(forget, (shop.account["id"],)))
    shop.clock.set("07-25 12:00")

    assert await shop.code("owner", "remindSubscriber", code="K2") is None


async def test_what_is_wrong_with_rules_is_said_by_its_path(shop: Shop) -> None:
    await with_checkout(shop)
    for rules, field in (
        ({"renewal": [{"daysBefore": 16}]}, ["renewal", "0", "daysBefore"]),
        ({"renewal": [{"daysBefore": 2}, {"daysBefore": 2}]}, ["renewal", "1"]),
        ({"overdue": [{"daysAfter": 0}]}, ["overdue", "0", "daysAfter"]),
        ({"overdue": [{"daysAfter": day} for day in range(1, 7)]}, ["overdue"]),
        ({"askCancelAfterUnpaid": 1}, ["askCancelAfterUnpaid"]),
        ({"winBack": {"daysAfter": 91, "offer": "p2a"}}, ["winBack", "daysAfter"]),
        ({"winBack": {"daysAfter": 1, "offer": "p1a"}}, ["winBack", "offer"]),
        ({"winBack": {"daysAfter": 1, "offer": "none"}}, ["winBack", "offer"]),
        ({"quietHours": {"fromHour": 8, "toHour": 8}}, ["quietHours", "toHour"]),
        ({"quietHours": {"fromHour": 24, "toHour": 8}}, ["quietHours", "fromHour"]),
        ({"segments": {"countries": ["br"]}}, ["segments", "countries", "0"]),
    ):
        payload = await shop.act("owner", SAVE, expectedVersion=0, **rules)
        assert [(error["code"], error["field"]) for error in payload["errors"]] == [("BAD_INPUT", field)]
    found = await shop.read("owner", "tools { subscriptionRules { version } }")
    assert found["subscriptionRules"]["version"] == 0


async def test_rules_and_their_figures_are_for_holders_of_the_grant(shop: Shop) -> None:
    await shop.give("ana", Grant.MANAGE_SUBSCRIPTION_TOOLS)
    await shop.give("caio", Grant.MANAGE_SUBSCRIPTIONS)
    await shop.give("bia", Grant.MANAGE_TRACKING_PIXEL)
    read = "tools { subscriptionRules { version } }"

    assert await saved(shop, "ana", **DUNNING) is None
    assert await saved(shop, "owner", expected=0, **DUNNING) == "VERSION_CONFLICT"
    assert (await shop.read("ana", read))["subscriptionRules"]["version"] == 1
    for who in ("bia", "caio"):
        assert await saved(shop, who, expected=1) == UNKNOWN
        assert await shop.code(who, RESTORE, version=1, expectedVersion=1) == UNKNOWN
        assert await shop.is_unknown(who, read)
        assert await shop.is_unknown(who, "tools { subscriptionEmailsDue { count } }")
    assert (await shop.read("owner", read))["subscriptionRules"]["version"] == 1


async def test_the_e_mails_that_will_be_due_are_counted_by_day(shop: Shop) -> None:
    ask = "tools { subscriptionEmailsDue(days: 30%s) { day about count } }"
    before = await shop.read("owner", ask % "")
    assert await saved(shop, **DUNNING, **THREE_DAYS) is None
    found = await shop.read("owner", ask % "")
    nowhere = await shop.read("owner", ask % f', product: "product_{database.new_id()}"')

    assert before["subscriptionEmailsDue"] == []
    assert found["subscriptionEmailsDue"] == [
        {"day": "2026-07-21", "about": "OVERDUE", "count": 1},
        {"day": "2026-07-23", "about": "OVERDUE", "count": 1},
        {"day": "2026-07-27", "about": "OVERDUE", "count": 1},
        {"day": "2026-07-30", "about": "RENEWAL", "count": 1},
    ]
    assert nowhere["subscriptionEmailsDue"] is None


async def test_the_number_of_statements_does_not_grow_with_subscriptions(shop: Shop) -> None:
    assert await saved(shop, **DUNNING, **THREE_DAYS) is None
    ask = "tools { subscriptionEmailsDue(days: 30) { day about count } subscriptionRules { version } }"
    await shop.read("owner", ask)
    with database.observed() as statements:
        await shop.read("owner", ask)

    assert len([text for text in statements if "subscriptions" in text or "tool_versions" in text]) == 5


async def test_rules_of_a_closed_account_stand_still(shop: Shop) -> None:
    assert await saved(shop, **DUNNING) is None
    close = "UPDATE accounts SET closed_at = 1 WHERE id = ?"
    await database.transact(lambda: database.write(close, (shop.account["id"],)))
    await works(shop, "07-21 08:10")

    assert await kinds(shop) == []

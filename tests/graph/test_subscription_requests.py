"""What people request for subscriptions is stated, and done only when the marketplace says so."""

from typing import Any

import pytest

from authz.grant import Grant
from centrals.work.worker import Worker
from models import database
from shop_subscriptions import of, said
from small_shop import UNKNOWN, Shop, moment

REQUESTS = "requests { id kind status reason note day effectiveFrom requestedBy { name } closedAt }"
ACTS: dict[str, dict[str, Any]] = {
    "cancelSubscription": {"reason": "PRICE"},
    "changeChargeDay": {"day": 15},
    "requestReactivation": {},
    "remindSubscriber": {},
}


async def cancel(shop: Shop, code: str = "K1", who: str = "owner", **more: Any) -> str | None:
    return await shop.code(who, "cancelSubscription", **{"code": code, "reason": "PRICE", **more})


async def newest(shop: Shop, code: str = "K1") -> dict[str, Any]:
    found: dict[str, Any] = (await of(shop, code, REQUESTS))["requests"][0]
    return found


async def ended(shop: Shop, at: str, **status: Any) -> None:
    await said(shop, "SUBSCRIPTION_CANCELLATION", "K1", at, cancellation_date=moment(at), **status)


async def number(shop: Shop, table: str = "subscription_requests") -> int:
    rows = await database.read(
        f"SELECT COUNT(*) AS n FROM {table} WHERE account_id = ?", (shop.account["id"],)
    )
    return int(rows[0]["n"])


async def test_a_request_to_cancel_changes_nothing_until_the_marketplace_cancels(shop: Shop) -> None:
    assert await cancel(shop, note="Too dear for me") is None
    before = await of(shop, "K1", f"status {REQUESTS}")
    mails = await shop.mails()
    shop.clock.set("07-26 12:00")
    await ended(shop, "07-26 10:00")

    assert before["status"] == "ACTIVE"
    assert [(found["kind"], found["status"]) for found in before["requests"]] == [("CANCEL", "REQUESTED")]
    assert [(mail["kind"], mail["recipient"]) for mail in mails] == [
        ("subscription_cancel_asked", shop.email("b6"))
    ]
    found = await of(shop, "K1", f"status endedBy reason note {REQUESTS}")
    assert (found["status"], found["endedBy"], found["reason"]) == ("CANCELLED", "SELLER", "PRICE")
    assert found["note"] == "Too dear for me"
    assert found["requests"][0]["status"] == "DONE"
    assert found["requests"][0]["closedAt"] == "2026-07-26T13:00:00Z"


async def test_an_end_before_the_request_overtakes_it(shop: Shop) -> None:
    assert await cancel(shop) is None
    await ended(shop, "07-25 11:00", subscription={"status": "CANCELLED_BY_CUSTOMER"})

    found = await of(shop, "K1", f"status endedBy reason {REQUESTS}")

    assert (found["status"], found["endedBy"], found["reason"]) == ("CANCELLED", "CUSTOMER", "UNKNOWN")
    assert found["requests"][0]["status"] == "OVERTAKEN"


async def test_an_end_by_the_customer_after_the_request_overtakes_it(shop: Shop) -> None:
    assert await cancel(shop) is None
    shop.clock.set("07-26 12:00")
    await ended(shop, "07-26 10:00", subscription={"status": "CANCELLED_BY_CUSTOMER"})

    found = await of(shop, "K1", f"endedBy reason {REQUESTS}")

    assert (found["endedBy"], found["reason"], found["requests"][0]["status"]) == (
        "CUSTOMER",
        "UNKNOWN",
        "OVERTAKEN",
    )


async def test_a_withdrawn_request_is_not_what_canceled_it(shop: Shop) -> None:
    assert await cancel(shop) is None
    request = await newest(shop)
    assert await shop.code("owner", "withdrawSubscriptionRequest", id=request["id"]) is None
    shop.clock.set("07-26 12:00")
    await ended(shop, "07-26 10:00")

    found = await of(shop, "K1", f"endedBy {REQUESTS}")

    assert (found["endedBy"], found["requests"][0]["status"]) == ("UNKNOWN", "WITHDRAWN")
    assert await shop.code("owner", "withdrawSubscriptionRequest", id=request["id"]) == "WRONG_STATE"


async def test_the_next_charge_stays_when_another_day_is_requested(shop: Shop) -> None:
    assert await shop.code("owner", "changeChargeDay", code="K1", day=15) is None
    found = await of(shop, "K1", f"nextChargeAt chargeDay {REQUESTS}")

    assert (found["nextChargeAt"], found["chargeDay"]) == ("2026-08-02T11:00:00Z", 2)
    assert (found["requests"][0]["day"], found["requests"][0]["effectiveFrom"]) == (15, "2026-09-15")


async def test_in_a_shorter_month_the_last_day_is_charged(shop: Shop) -> None:
    assert await shop.code("owner", "changeChargeDay", code="K1", day=31) is None

    assert (await newest(shop))["effectiveFrom"] == "2026-09-30"


@pytest.mark.parametrize(("day", "status"), [(15, "DONE"), (20, "OVERTAKEN")])
async def test_the_marketplaces_day_closes_the_request_for_one(shop: Shop, day: int, status: str) -> None:
    assert await shop.code("owner", "changeChargeDay", code="K1", day=15) is None
    shop.clock.set("07-26 12:00")
    await said(
        shop, "UPDATE_SUBSCRIPTION_CHARGE_DATE", "K1", "07-26 10:00", subscription={"new_charge_day": day}
    )

    assert (await of(shop, "K1", "chargeDay"))["chargeDay"] == day
    assert (await newest(shop))["status"] == status


async def test_a_payment_closes_the_request_to_reactivate(shop: Shop) -> None:
    await ended(shop, "07-20 10:00")
    assert await shop.code("owner", "requestReactivation", code="K1", charge=True) is None
    before = await of(shop, "K1", f"status {REQUESTS}")
    shop.clock.set("07-27 12:00")
    await shop.receive(
        "S07", "PURCHASE_APPROVED", "APPROVED", "07-27 08:00", transaction="S20", recurrence_number=3,
        order_date=moment("07-27 08:00"), approved_date=moment("07-27 08:00"),
    )  # fmt: skip

    assert (before["status"], before["requests"][0]["status"]) == ("CANCELLED", "REQUESTED")
    assert (await of(shop, "K1"))["status"] == "ACTIVE"
    assert (await newest(shop))["status"] == "DONE"


async def test_a_request_expires_after_thirty_days_and_stays_expired(shop: Shop) -> None:
    assert await cancel(shop) is None
    shop.clock.passes(days=29)
    await Worker().work_once(shop.clock.now)
    before = (await newest(shop))["status"]
    shop.clock.passes(days=2)
    await Worker().work_once(shop.clock.now)
    await Worker().work_once(shop.clock.now)
    late = (await newest(shop))["status"]
    await ended(shop, "08-25 13:00")

    assert (before, late) == ("REQUESTED", "EXPIRED")
    assert (await newest(shop))["status"] == "EXPIRED"
    history = (await of(shop, "K1", "history { change source request { kind status } }"))["history"]
    assert [(entry["source"], entry["request"]) for entry in history if entry["change"]] == [
        ("PERSON", {"kind": "CANCEL", "status": "REQUESTED"}),
        ("CLOCK", {"kind": "CANCEL", "status": "EXPIRED"}),
    ]


async def test_what_the_state_does_not_allow_is_refused_and_changes_nothing(shop: Shop) -> None:
    refused = {
        (act, code): await shop.code("owner", act, **{"code": code, **more})
        for act, more in ACTS.items()
        for code in ("K1", "K2", "K3", "XX")
        if (act, code) not in {
            ("cancelSubscription", "K1"), ("cancelSubscription", "K2"), ("changeChargeDay", "K1"),
            ("changeChargeDay", "K2"), ("requestReactivation", "K3"), ("remindSubscriber", "K2"),
        }
    }  # fmt: skip
    days = [await shop.code("owner", "changeChargeDay", code="K1", day=day) for day in (0, 32, -1)]
    notes = [await cancel(shop, reason="OTHER", note=note) for note in (None, "why", "x" * 501)]

    missing = {key for key, code in refused.items() if code == "NOT_FOUND"}
    assert missing == {(act, "XX") for act in ACTS}
    assert {code for key, code in refused.items() if key not in missing} == {"WRONG_STATE"}
    assert days == notes == ["BAD_INPUT"] * 3
    assert (await number(shop), await shop.mails()) == (0, [])
    assert all(entry["refusal"] for entry in await shop.log())


async def test_the_same_request_is_made_once(shop: Shop) -> None:
    assert await cancel(shop) is None
    assert await shop.code("owner", "changeChargeDay", code="K1", day=3) is None

    assert await cancel(shop, who="ana") == "ALREADY_REQUESTED"
    assert await shop.code("owner", "changeChargeDay", code="K1", day=4) == "ALREADY_REQUESTED"
    assert await number(shop) == 2


async def test_of_several_none_is_canceled_if_one_cannot_be(shop: Shop) -> None:
    payload = await shop.act("owner", "cancelSubscriptions", codes=["K1", "K3"], reason="PRICE")
    missing = await shop.act("owner", "cancelSubscriptions", codes=["K1", "XX"], reason="PRICE")
    none = await shop.code("owner", "cancelSubscriptions", codes=[], reason="PRICE")
    many = await shop.code("owner", "cancelSubscriptions", codes=["K1"] * 101, reason="PRICE")

    assert [(error["code"], error["field"]) for error in payload["errors"]] == [
        ("WRONG_STATE", ["codes", "1"])
    ]
    assert [(error["code"], error["field"]) for error in missing["errors"]] == [("NOT_FOUND", ["codes", "1"])]
    assert (none, many) == ("BAD_INPUT", "BAD_INPUT")
    assert (await number(shop), await shop.mails()) == (0, [])


async def test_several_are_canceled_at_once(shop: Shop) -> None:
    fields = "codes subscriptions { code requests { status } }"
    values = {"codes": ["K1", "K2", "K1"], "reason": "OTHER", "note": "Product ends"}
    payload = await shop.act("owner", "cancelSubscriptions", fields, **values)

    assert payload["errors"] == []
    assert [found["code"] for found in payload["subscriptions"]] == ["K2", "K1"]
    assert [found["requests"] for found in payload["subscriptions"]] == [[{"status": "REQUESTED"}]] * 2
    assert len(await shop.mails("subscription_cancel_asked")) == 2


async def test_a_late_payer_is_reminded_three_times_a_day(shop: Shop) -> None:
    fields = "subscription { reminders { by { name } } }"
    results = [await shop.act("caio", "remindSubscriber", fields, code="K2") for _ in range(4)]

    assert [found["errors"] and found["errors"][0]["code"] for found in results] == [
        [],
        [],
        [],
        "RATE_LIMITED",
    ]
    assert results[2]["subscription"]["reminders"] == [{"by": {"name": "Caio"}}] * 3
    mails = await shop.mails("subscription_overdue")
    assert [mail["recipient"] for mail in mails] == [shop.email("b7")] * 3


async def test_the_subscriber_gets_no_email_if_the_caller_does_not_want_it(shop: Shop) -> None:
    assert await cancel(shop, tellSubscriber=False) is None

    assert await shop.mails() == []


ROWS = ("K1", "K2", "K3", "XX")
REACHED = {
    "owner": ROWS[:3],
    "admin": ROWS[:3],
    "bia": ROWS[:1],
    "ana": ROWS[:1],
    "caio": ROWS[1:2],
    "stranger": (),
}


@pytest.mark.parametrize("who", REACHED)
@pytest.mark.parametrize(
    "act", ["cancelSubscription", "changeChargeDay", "requestReactivation", "remindSubscriber"]
)
async def test_acts_cover_the_rows_within_reach_alone(shop: Shop, who: str, act: str) -> None:
    caller = who
    if who == "admin":
        values = {"collaboratorId": shop.collaborator("caio"), "role": "ADMIN"}
        assert await shop.code("owner", "changeRole", **values) is None
        caller = "caio"
    if who == "stranger":
        caller = "ana"
        await shop.give("ana", Grant.SEARCH_SALES)
    outcome = {code: await shop.code(caller, act, **{"code": code, **ACTS[act]}) for code in ROWS}

    if who == "stranger":
        assert set(outcome.values()) == {UNKNOWN}
        return
    assert {code for code, found in outcome.items() if found == "NOT_FOUND"} == set(ROWS) - set(REACHED[who])
    done = [code for code, found in outcome.items() if found is None]
    entries = await shop.log(act)
    assert [entry["object_id"] for entry in entries] == list(ROWS)
    assert [entry["object_id"] for entry in entries if entry["refusal"] is None] == done
    assert await number(shop) == (0 if act == "remindSubscriber" else len(done))


async def test_what_others_share_can_be_acted_on(shop: Shop) -> None:
    values = {"code": "K1", "assigneeId": shop.person("bia")}
    assert await shop.code("owner", "assignSubscription", **values) is None
    assert await cancel(shop, who="ana") == "NOT_FOUND"

    shared = {"teamId": shop.team_id, "privacy": "SHARED"}
    assert await shop.code("owner", "setTeamPrivacy", **shared) is None
    assert await cancel(shop, who="ana") is None


@pytest.mark.parametrize(
    ("who", "row", "code"),
    [
        ("owner", "K3", None),
        ("bia", "K1", None),
        ("bia", "K2", "NOT_FOUND"),
        ("bia", "K3", "NOT_FOUND"),
        ("ana", "K1", UNKNOWN),
        ("caio", "K2", UNKNOWN),
        ("owner", "XX", "NOT_FOUND"),
    ],
)
async def test_assigning_has_the_rules_of_sales(shop: Shop, who: str, row: str, code: str | None) -> None:
    values = {"assigneeId": shop.person("ana" if who == "owner" else "bia")}

    assert await shop.code(who, "assignSubscription", code=row, **values) == code
    assert await shop.code(who, "assignSubscriptions", codes=[row], **values) == code

    if row in ROWS[:3]:
        found = await of(shop, row, "assignee { name } history { change }")
        before = {"K1": "Ana", "K2": "Caio", "K3": None}[row]
        name = before if code else "Ana" if who == "owner" else "Bia"
        assert (found["assignee"] and found["assignee"]["name"]) == name
        changes = [entry["change"] for entry in found["history"] if entry["change"]]
        assert changes == ([] if code else ["ASSIGNMENT"] * 2)


async def test_a_lead_can_assign_without_the_grant_and_sees_nothing(shop: Shop) -> None:
    await shop.give("bia", Grant.SEARCH_SALES)

    assert await shop.code("bia", "assignSubscription", code="K1", assigneeId=shop.person("bia")) is None
    assert (
        await shop.code("bia", "assignSubscription", code="K2", assigneeId=shop.person("bia")) == "NOT_FOUND"
    )
    assert await shop.code("bia", "assignSubscription", code="K1", assigneeId=None) == "FORBIDDEN"
    fields = "subscription { code }"
    payload = await shop.act("bia", "assignSubscription", fields, code="K1", assigneeId=shop.person("bia"))
    assert payload == UNKNOWN


async def test_who_withdraws_a_request(shop: Shop) -> None:
    assert await cancel(shop, who="owner") is None
    request = (await newest(shop))["id"]

    refused = [await shop.code(who, "withdrawSubscriptionRequest", id=request) for who in ("ana", "caio")]
    by_lead = await shop.code("bia", "withdrawSubscriptionRequest", id=request)

    assert refused == ["FORBIDDEN", "NOT_FOUND"]
    assert by_lead is None
    assert (await newest(shop))["status"] == "WITHDRAWN"


async def test_an_id_finds_a_request_within_reach_alone(shop: Shop) -> None:
    assert await cancel(shop) is None
    request = (await newest(shop))["id"]
    document = "query($id: ID!) { node(id: $id) { ... on SubscriptionRequest { kind } } }"

    found = {
        who: (await shop.post(who, document, {"id": request})).json()["data"]["node"]
        for who in ("ana", "caio")
    }
    values = {"code": "K1", "assigneeId": shop.person("caio")}
    assert await shop.code("owner", "assignSubscription", **values) is None
    after = {
        who: (await shop.post(who, document, {"id": request})).json()["data"]["node"]
        for who in ("ana", "caio")
    }

    assert found == {"ana": {"kind": "CANCEL"}, "caio": None}
    assert after == {"ana": None, "caio": {"kind": "CANCEL"}}


async def test_a_removed_collaborators_subscriptions_go_to_the_successor(shop: Shop) -> None:
    values = {"code": "K3", "assigneeId": shop.person("ana")}
    assert await shop.code("owner", "assignSubscription", **values) is None
    values = {"collaboratorId": shop.collaborator("ana"), "reassignTo": shop.collaborator("caio")}
    assert await shop.code("owner", "removeCollaborator", **values) is None

    names = {code: (await of(shop, code, "assignee { name }"))["assignee"] for code in ("K1", "K3")}
    assert names == {"K1": {"name": "Caio"}, "K3": {"name": "Caio"}}

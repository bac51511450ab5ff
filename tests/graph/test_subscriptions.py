"""Subscriptions of the small shop: who sees them, and what their payments and messages make of them."""

import json
from pathlib import Path

import pytest

from authz.grant import Grant
from intake.files.history import import_files
from shop_subscriptions import of, said
from small_shop import UNKNOWN, Shop, moment

K1 = (
    "code status endedBy product { name } plan { name } price { amount currency } startedAt nextChargeAt chargeDay"
    " recurrence paidRecurrences overdueRecurrences endedAt reason silent trial assignee { name } team { name }"
)
PEOPLE = ("owner", "ana", "bia", "caio")


async def codes(shop: Shop, who: str, arguments: str = "") -> list[str]:
    found = await shop.read(who, f"subscriptions{arguments} {{ nodes {{ code }} }}")
    return [node["code"] for node in found["nodes"]]


def utc(local: str) -> str:
    """A local time of the shop as the API writes it: three hours later."""
    day, clock = local.split()
    return f"2026-{day}T{int(clock[:2]) + 3:02}:{clock[3:]}:00Z"


async def test_a_subscription_is_what_its_payments_and_messages_say(shop: Shop) -> None:
    first, second, third = [await of(shop, code, K1) for code in ("K1", "K2", "K3")]

    assert first == {
        "code": "K1", "status": "ACTIVE", "endedBy": None, "product": {"name": "Clube"}, "plan": {"name": "Mensal"},
        "price": {"amount": "50.00", "currency": "BRL"}, "startedAt": utc("06-02 08:00"),
        "nextChargeAt": utc("08-02 08:00"), "chargeDay": 2, "recurrence": 2, "paidRecurrences": 2,
        "overdueRecurrences": 0, "endedAt": None, "reason": None, "silent": False, "trial": False,
        "assignee": {"name": "Ana"}, "team": {"name": "North"},
    }  # fmt: skip
    assert (second["status"], second["chargeDay"], second["overdueRecurrences"]) == ("DELAYED", 20, 1)
    assert (second["paidRecurrences"], second["assignee"]["name"]) == (1, "Caio")
    assert (third["status"], third["endedBy"], third["reason"]) == ("CANCELLED", "UNKNOWN", "UNKNOWN")
    assert (third["startedAt"], third["endedAt"]) == (None, utc("06-22 10:00"))
    assert (third["price"], third["assignee"]) == ({"amount": "50.00", "currency": "BRL"}, None)


@pytest.mark.parametrize(
    ("who", "visible", "kind"),
    [
        ("owner", ["K3", "K2", "K1"], "ALL"),
        ("bia", ["K1"], "TEAM"),
        ("ana", ["K1"], "OWN"),
        ("caio", ["K2"], "OWN"),
    ],
)
async def test_subscriptions_follow_their_assignee(
    shop: Shop, who: str, visible: list[str], kind: str
) -> None:
    await shop.act("owner", "setTeamPrivacy", teamId=shop.team_id, privacy="OWN")
    listed = await codes(shop, who)
    found = {code: (await of(shop, code, who=who)) is not None for code in ("K1", "K2", "K3", "XX")}
    counted = await shop.read(who, "subscriptions(first: 0) { totalCount reach { kind people why } }")

    assert listed == visible
    assert found == {code: code in visible for code in ("K1", "K2", "K3", "XX")}
    assert counted["totalCount"] == len(visible)
    assert counted["reach"]["kind"] == kind


async def test_an_id_finds_a_subscription_within_reach_alone(shop: Shop) -> None:
    ids = {code: (await of(shop, code, "id"))["id"] for code in ("K1", "K2")}
    document = "query($id: ID!) { node(id: $id) { ... on ProductSubscription { code } } }"

    found = {
        (who, code): (await shop.post(who, document, {"id": ids[code]})).json()["data"]["node"]
        for who in ("owner", "ana", "caio")
        for code in ids
    }

    assert [key for key, node in found.items() if node is None] == [("ana", "K2"), ("caio", "K1")]


async def test_without_the_grant_there_are_no_subscriptions(shop: Shop) -> None:
    await shop.give("ana", Grant.SEARCH_SALES)

    assert await shop.is_unknown("ana", "subscriptions { totalCount }")
    assert await shop.is_unknown("ana", 'subscription(code: "K1") { code }')
    assert await shop.code("ana", "cancelSubscription", code="K1", reason="PRICE") == UNKNOWN


async def test_a_subscribers_personal_data_have_the_gates_of_a_buyers(shop: Shop) -> None:
    gates = {
        "email": Grant.CHANGE_BUYER_EMAIL,
        "phone": Grant.ISSUE_PAYMENT_SLIPS,
        "document": Grant.SEND_RECEIPTS,
    }
    full = await of(shop, "K1", "subscriber { name email emailMasked phone phoneMasked document }", who="ana")
    await shop.give("ana", Grant.MANAGE_SUBSCRIPTIONS)

    bare = await of(shop, "K1", "subscriber { name emailMasked phoneMasked }", who="ana")
    hidden = [
        await shop.is_unknown("ana", f'subscription(code: "K1") {{ subscriber {{ {name} }} }}')
        for name in gates
    ]
    by_address = await codes(shop, "ana", f'(filter: {{ text: "{shop.email("b6")}" }})')
    by_code = await codes(shop, "ana", '(filter: { text: "k1" })')

    subscriber = full["subscriber"]
    assert subscriber["email"] == shop.email("b6")
    assert subscriber["emailMasked"] == bare["subscriber"]["emailMasked"] == "b…@e…"
    assert subscriber["phone"].endswith(bare["subscriber"]["phoneMasked"].removeprefix("…"))
    assert hidden == [True, True, True]
    assert (by_address, by_code) == ([], ["K1"])
    assert await shop.is_unknown("ana", 'subscription(code: "K1") { payments { reference } }')


async def test_where_data_are_revealed_on_record_a_collaborator_sees_them_masked(shop: Shop) -> None:
    assert await shop.code("owner", "setRevealOnRecord", enabled=True) is None

    visible = {
        who: (await of(shop, "K1", "subscriber { email phone }", who))["subscriber"]
        for who in ("owner", "ana")
    }

    assert visible["owner"]["email"] == shop.email("b6")
    assert visible["ana"]["email"] == "b…@e…"
    assert visible["ana"]["phone"].startswith("…")
    assert await codes(shop, "ana", '(filter: { text: "example.com" })') == []
    assert await codes(shop, "ana", f'(filter: {{ text: "{shop.email("b6")}" }})') == ["K1"]


async def test_payments_are_the_sales_within_reach(shop: Shop) -> None:
    fields = "payments { reference }"
    values = {"reference": "S06", "assigneeId": shop.person("caio")}
    assert await shop.code("owner", "assignSale", **values) is None

    whole, part = await of(shop, "K1", fields), await of(shop, "K1", fields, who="ana")

    assert [sale["reference"] for sale in whole["payments"]] == ["S07", "S06"]
    assert part["payments"] == [{"reference": "S07"}]


async def test_a_sale_says_how_its_subscription_stands_within_reach(shop: Shop) -> None:
    values = {"reference": "S06", "assigneeId": shop.person("caio")}
    assert await shop.code("owner", "assignSale", **values) is None
    below = "subscription { code recurrence subscription { subscriptionId status assignee { name } } }"

    found = {
        who: {node["reference"]: node["subscription"] for node in (await shop.read(who, fields))["nodes"]}
        for who, fields in dict.fromkeys(
            ("owner", "caio"), f"sales {{ nodes {{ reference {below} }} }}"
        ).items()
    }

    named = {"code": "K1", "recurrence": 1}
    summary = {
        "subscriptionId": (await of(shop, "K1", "id"))["id"], "status": "ACTIVE", "assignee": {"name": "Ana"}
    }  # fmt: skip
    assert found["owner"]["S06"] == {**named, "subscription": summary}
    assert found["owner"]["S01"] is None
    assert found["caio"]["S06"] == {**named, "subscription": None}
    assert found["caio"]["S08"]["subscription"]["status"] == "DELAYED"
    answer = await shop.read("caio", f'sale(reference: "S06") {{ {below} }}')
    assert answer == {"subscription": {**named, "subscription": None}}


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ("filter: { status: [DELAYED] }", ["K2"]),
        ("filter: { status: [ACTIVE, CANCELLED] }", ["K3", "K1"]),
        ("filter: { overdue: true }", ["K2"]),
        ("filter: { overdue: false }", ["K3", "K1"]),
        ("filter: { silent: true }", []),
        ("filter: { silent: false }", ["K3", "K2", "K1"]),
        ('filter: { plan: "Mensal" }', ["K3", "K2", "K1"]),
        ('filter: { plan: "Anual" }', []),
        ('filter: { nextCharge: { from: "2026-08-01", to: "2026-08-10" } }', ["K1"]),
        ('filter: { started: { from: "2026-06-01", to: "2026-06-10" } }', ["K1"]),
        ('filter: { ended: { from: "2026-06-01", to: "2026-07-01" } }', ["K3"]),
        ("filter: { unassigned: true }", ["K3"]),
        ("filter: { unassigned: false }", ["K2", "K1"]),
        ('filter: { text: "bernardo" }', ["K3"]),
        ("order: { field: STARTED_AT, direction: ASC }", ["K1", "K2", "K3"]),
        ("order: { field: NEXT_CHARGE_AT, direction: ASC }", ["K1", "K2"]),
        ("order: { field: ENDED_AT, direction: DESC }", ["K3"]),
    ],
)
async def test_filters_and_orders(shop: Shop, arguments: str, found: list[str]) -> None:
    assert await codes(shop, "owner", f"({arguments})") == found


async def test_pages_of_every_order_are_the_whole_list(shop: Shop) -> None:
    for order in ("STARTED_AT", "NEXT_CHARGE_AT", "ENDED_AT"):
        whole = await codes(shop, "owner", f"(order: {{ field: {order}, direction: DESC }})")
        after, found = "", []
        while True:
            chosen = f"(first: 1, order: {{ field: {order}, direction: DESC }}{after})"
            page = await shop.read(
                "owner", f"subscriptions{chosen} {{ nodes {{ code }} pageInfo {{ endCursor hasNextPage }} }}"
            )
            found += [node["code"] for node in page["nodes"]]
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = f', after: "{page["pageInfo"]["endCursor"]}"'
        assert found == whole


async def test_a_paid_payment_ends_the_delay(shop: Shop) -> None:
    await shop.receive("S09", "PURCHASE_APPROVED", "APPROVED", approved_date=shop.clock.now)

    found = await of(shop, "K2", "status overdueRecurrences paidRecurrences")

    assert found == {"status": "ACTIVE", "overdueRecurrences": 0, "paidRecurrences": 2}


async def test_an_imported_page_of_its_payments_ends_the_delay(shop: Shop, tmp_path: Path) -> None:
    price = {"value": 50, "currency_code": "BRL"}
    paid = {
        "transaction": "S09",
        "status": "APPROVED",
        "recurrency_number": 2,
        "payment_type": "PIX",
        "price": price,
    }
    unknown = paid | {"transaction": "S99", "recurrency_number": 3}
    page = tmp_path / "purchases.json"
    page.write_text(json.dumps([paid | {"approved_date": moment("07-22 09:00")}, unknown]))

    summary = await import_files(shop.account["id"], [page], lambda *_: None, as_of=moment("07-23 09:00"))

    assert (summary.sales, summary.waiting, summary.malformed) == (1, 1, 0)
    found = await of(
        shop, "K2", "status paidRecurrences overdueRecurrences payments { reference approvedAt }"
    )
    assert (found["status"], found["paidRecurrences"], found["overdueRecurrences"]) == ("ACTIVE", 2, 0)
    assert found["payments"][0] == {"reference": "S09", "approvedAt": utc("07-22 09:00")}


async def test_a_subscription_without_news_is_silent_ten_days_after_its_next_charge(shop: Shop) -> None:
    shop.clock.set("08-12 07:00")
    before = await of(shop, "K1", "silent status")
    shop.clock.set("08-12 09:00")

    assert before == {"silent": False, "status": "ACTIVE"}
    assert await of(shop, "K1", "silent status") == {"silent": True, "status": "ACTIVE"}
    assert await codes(shop, "owner", "(filter: { silent: true })") == ["K1"]


async def test_messages_change_the_day_the_plan_and_the_end(shop: Shop) -> None:
    await said(
        shop, "UPDATE_SUBSCRIPTION_CHARGE_DATE", "K1", "07-22 10:00", subscription={"new_charge_day": 15}
    )
    await said(
        shop,
        "SWITCH_PLAN",
        "K1",
        "07-23 10:00",
        plans=[{"name": "Anual", "current": True}, {"name": "Mensal"}],
    )
    await said(
        shop, "SUBSCRIPTION_CANCELLATION", "K1", "07-24 10:00", cancellation_date=moment("07-24 09:00")
    )

    found = await of(shop, "K1", "chargeDay plan { name } status endedBy endedAt history { message source }")

    assert (found["chargeDay"], found["plan"]["name"], found["status"]) == (15, "Anual", "CANCELLED")
    assert (found["endedBy"], found["endedAt"]) == ("UNKNOWN", utc("07-24 09:00"))
    assert [entry["message"] for entry in found["history"]] == ["CHARGE_DAY", "PLAN", "CANCELED"]


async def test_a_payment_after_the_end_makes_it_active_again(shop: Shop) -> None:
    await said(
        shop, "SUBSCRIPTION_CANCELLATION", "K1", "07-03 10:00", cancellation_date=moment("07-03 10:00")
    )
    ended = await of(shop, "K1")
    await shop.receive(
        "S07", "PURCHASE_APPROVED", "APPROVED", "07-20 08:00", transaction="S20", recurrence_number=3,
        order_date=moment("07-20 08:00"), approved_date=moment("07-20 08:00"),
    )  # fmt: skip

    assert ended["status"] == "CANCELLED"
    assert await of(shop, "K1", "status endedAt recurrence") == {
        "status": "ACTIVE", "endedAt": None, "recurrence": 3,
    }  # fmt: skip


async def test_a_changed_address_of_the_buyer_is_the_subscribers(shop: Shop) -> None:
    values = {"reference": "S07", "email": "moved@example.com"}
    assert await shop.code("owner", "changeBuyerEmail", **values) is None

    assert (await of(shop, "K1", "subscriber { email }"))["subscriber"]["email"] == "moved@example.com"


async def test_an_assignment_by_hand_outlasts_that_of_its_payments(shop: Shop) -> None:
    values = {"code": "K1", "assigneeId": shop.person("caio")}
    assert await shop.code("owner", "assignSubscription", **values) is None
    values = {"reference": "S07", "assigneeId": shop.person("bia")}
    assert await shop.code("owner", "assignSale", **values) is None
    await shop.receive("S07", "PURCHASE_COMPLETE", "COMPLETE")

    assert (await of(shop, "K1", "assignee { name }"))["assignee"]["name"] == "Caio"
    assert await of(shop, "K1", who="ana") is None


async def test_a_subscription_follows_the_newest_assigned_payment(shop: Shop) -> None:
    values = {"reference": "S07", "assigneeId": shop.person("caio")}
    assert await shop.code("owner", "assignSale", **values) is None
    moved = await of(shop, "K1", "assignee { name }")
    assert await shop.code("owner", "assignSale", reference="S07", assigneeId=None) is None

    assert moved["assignee"]["name"] == "Caio"
    assert (await of(shop, "K1", "assignee { name }"))["assignee"]["name"] == "Ana"

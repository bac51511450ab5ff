"""Who sees opportunities, who works on them, what the acts do, and what the marketplace makes of them."""

import asyncio
from typing import Any

import pytest

from authz.grant import Grant
from centrals.work.worker import Worker
from opportunities import code, listed, manual, of, stored
from small_shop import UNKNOWN, Shop, moment

RECOVERY = Grant.VIEW_PURCHASE_RECOVERY_REPORT
_OPPORTUNITY = "opportunity { status version step { name } }"


async def test_the_shops_messages_are_opportunities_with_what_became_of_them(shop: Shop) -> None:
    abandoned, slip, refused = [
        await of(shop, kind) for kind in ("ABANDONED_CHECKOUT", "EXPIRED_SLIP", "REFUSED_PAYMENT")
    ]

    assert (abandoned["status"], abandoned["wonBy"], abandoned["sale"]) == ("WON", {"reference": "S02"}, None)
    assert (slip["status"], slip["sale"], slip["assignee"]) == (
        "TODO", {"reference": "S04"}, {"name": "Ana"}
    )  # fmt: skip
    assert (refused["status"], refused["sale"], refused["assignee"]) == (
        "TODO", {"reference": "S05"}, {"name": "Bia"}
    )  # fmt: skip
    amounts = {
        node["kind"]: node["amount"]["amount"] for node in await listed(shop, fields="kind amount { amount }")
    }
    assert amounts == dict.fromkeys(("ABANDONED_CHECKOUT", "EXPIRED_SLIP", "REFUSED_PAYMENT"), "1000.00")
    await shop.receive(
        "S04", "PURCHASE_APPROVED", "APPROVED", "07-24 10:00", approved_date=moment("07-24 10:00")
    )
    assert (await of(shop, "UNPAID_SLIP"))["status"] == "WON"


async def test_who_sees_and_works_on_which(shop: Shop) -> None:
    slip, refused = await of(shop, "EXPIRED_SLIP"), await of(shop, "REFUSED_PAYMENT")
    own = await manual(shop)
    reach = "opportunities { totalCount reach { kind people } }"
    visible = {who: await shop.read(who, reach) for who in ("owner", "ana", "bia", "caio")}

    assert {who: (found["totalCount"], found["reach"]["kind"]) for who, found in visible.items()} == {
        "owner": (4, "ALL"), "ana": (1, "OWN"), "bia": (3, "TEAM"), "caio": (0, "OWN")
    }  # fmt: skip
    before = await stored(shop)
    assert await code(shop, "caio", "loseOpportunity", slip, reason="PRICE") == "NOT_FOUND"
    assert await code(
        shop, "caio", "loseOpportunity", {"id": "opportunity_x", "version": 1}, reason="PRICE"
    ) == ("NOT_FOUND")
    assert await code(shop, "ana", "loseOpportunity", own, reason="PRICE") == "NOT_FOUND"
    assert await shop.code("owner", "setTeamPrivacy", teamId=shop.team_id, privacy="SHARED") is None
    shared = await shop.read("ana", reach)
    assert (shared["totalCount"], shared["reach"]) == (3, {"kind": "SHARED", "people": 2})
    acts: dict[str, dict[str, Any]] = {
        "loseOpportunity": {"reason": "PRICE"}, "winOpportunity": {"note": "By telephone"}, "cancelOpportunity": {},
        "reopenOpportunity": {}, "noteOpportunity": {"text": "Hello"}, "editOpportunity": {"starred": True},
        "postponeOpportunity": {"remindAt": "2026-08-01T12:00:00Z"},
        "moveOpportunity": {"stepId": (await shop.read("ana", "pipeline { stepId }"))[0]["stepId"]},
    }  # fmt: skip
    for name, values in acts.items():
        for opportunity in (own, refused):
            assert await code(shop, "ana", name, opportunity, **values) == "FORBIDDEN", name
    assert await stored(shop) == before
    entries = [entry for entry in await shop.log() if entry["object_type"] == "Opportunity"][-len(acts) * 2 :]
    assert all(entry["refusal"] == "FORBIDDEN" and not entry["changes"] for entry in entries)
    for who, opportunity in (("bia", slip), ("ana", {**slip, "version": 2}), ("owner", own)):
        assert await code(shop, who, "noteOpportunity", opportunity, text="Called") is None, who


async def test_without_the_grant_nothing_of_it_exists(shop: Shop) -> None:
    slip = await of(shop, "EXPIRED_SLIP")
    await shop.give("ana", Grant.SEARCH_SALES, Grant.SEND_RECEIPTS)

    assert await shop.is_unknown("ana", "opportunities { totalCount }")
    assert await shop.is_unknown("ana", "pipeline { name }")
    assert await code(shop, "ana", "loseOpportunity", slip, reason="PRICE") == UNKNOWN
    body = (await shop.post("ana", f'{{ node(id: "{slip["id"]}") {{ id }} }}')).json()
    assert body["data"]["node"] is None
    assert await shop.code("bia", "setPipeline", steps=[], expectedVersion=1) == UNKNOWN


async def test_contacts_and_sales_need_their_grants_and_their_reach(shop: Shop) -> None:
    await shop.give("ana", RECOVERY)
    for field in ("email", "phone", "document"):
        assert await shop.is_unknown("ana", f"opportunities {{ nodes {{ contact {{ {field} }} }} }}")
    for field in ("sale { reference }", "wonBy { reference }", "affiliate { name }"):
        assert await shop.is_unknown("ana", f"opportunities {{ nodes {{ {field} }} }}")
    (own,) = await listed(shop, "ana", "id title contact { name emailMasked phoneMasked }")
    assert own["title"] == own["contact"]["name"] == "Breno Sá"
    assert own["contact"]["emailMasked"].startswith("b…@")
    for text, count in (("breno", 1), ("curso", 1), (shop.email("b4"), 0), ("0000004", 0)):
        found = await shop.read("ana", f'opportunities(filter: {{ text: "{text}" }}) {{ totalCount }}')
        assert found["totalCount"] == count, text
    reference = {"reference": "S01", "note": "x"}
    slip = await of(shop, "EXPIRED_SLIP")
    assert await code(shop, "ana", "winOpportunity", slip, **reference) == UNKNOWN
    await shop.give("ana", RECOVERY, Grant.SEARCH_SALES, Grant.CHANGE_BUYER_EMAIL)
    found = await shop.read(
        "ana", f'opportunities(filter: {{ text: "{shop.email("b4")}" }}) {{ totalCount }}'
    )
    assert found["totalCount"] == 1
    (own,) = await listed(shop, "ana", "contact { email } sale { reference }")
    assert own == {"contact": {"email": shop.email("b4")}, "sale": {"reference": "S04"}}


async def test_a_sale_out_of_reach_is_not_shown_by_the_opportunity_it_made_or_won(shop: Shop) -> None:
    slip, won = await of(shop, "EXPIRED_SLIP"), await of(shop, "ABANDONED_CHECKOUT")
    for opportunity in (slip, won):
        assert (
            await code(shop, "owner", "assignOpportunity", opportunity, assigneeId=shop.person("caio"))
            is None
        )

    found = await listed(shop, "caio", "kind sale { reference } wonBy { reference }")
    single = [
        (await shop.client.ask(
            f'{{ node(id: "{opportunity["id"]}") {{ ... on Opportunity {{ sale {{ id }} wonBy {{ id }} }} }} }}',
            token=await shop.token("caio"), account=shop.account,
        ))["node"]
        for opportunity in (slip, won)
    ]  # fmt: skip

    # what a mutation answers is read row by row
    answered = []
    for who in ("caio", "owner"):
        version = (await of(shop, "EXPIRED_SLIP"))["version"]
        payload = await shop.act(
            who, "noteOpportunity", "opportunity { sale { reference } wonBy { reference } }",
            id=slip["id"], expectedVersion=version, text="Called",
        )  # fmt: skip
        answered.append(payload["opportunity"])

    assert answered == [{"sale": None, "wonBy": None}, {"sale": {"reference": "S04"}, "wonBy": None}]
    assert len(found) == 2
    assert all(node["sale"] is None and node["wonBy"] is None for node in [*found, *single])
    assert (await of(shop, "EXPIRED_SLIP"))["sale"] == {"reference": "S04"}


async def test_each_act_leads_to_its_state_and_is_in_the_log_and_the_history(shop: Shop) -> None:
    opportunity = await manual(shop)
    assert (opportunity["status"], opportunity["title"], opportunity["assignee"]) == (
        "TODO",
        "Bulk order",
        {"name": "Bia"},
    )
    steps = await shop.read("bia", "pipeline { stepId name open }")
    assert [(step["name"], step["open"]) for step in steps] == [
        ("New", 3), ("Contacted", 0), ("Offer", 0), ("Waiting", 0)
    ]  # fmt: skip
    (own,) = (await shop.read("ana", "opportunities { nodes { step { name open } } }"))["nodes"]
    assert own == {"step": {"name": "New", "open": 1}}
    acts: list[tuple[str, dict[str, Any], str]] = [
        ("moveOpportunity", {"stepId": steps[2]["stepId"]}, "TODO"),
        ("postponeOpportunity", {"remindAt": "2026-08-01T12:00:00Z", "note": "On holiday"}, "STANDBY"),
        ("loseOpportunity", {"reason": "PRICE"}, "LOST"),
        ("reopenOpportunity", {}, "TODO"),
        ("winOpportunity", {"reference": "S01"}, "WON"),
        ("reopenOpportunity", {}, "TODO"),
        ("cancelOpportunity", {"note": "A test"}, "CANCELLED"),
        ("reopenOpportunity", {}, "TODO"),
        (
            "editOpportunity",
            {"title": "Bigger order", "probability": 60, "starred": True, "amount": None},
            "TODO",
        ),
        ("noteOpportunity", {"text": "Called"}, "TODO"),
    ]
    for number, (name, values, status) in enumerate(acts, 1):
        shop.clock.passes(minutes=1)
        payload = await shop.act(
            "bia", name, _OPPORTUNITY, id=opportunity["id"], expectedVersion=number, **values
        )
        assert not payload["errors"], (name, payload)
        assert (payload["opportunity"]["status"], payload["opportunity"]["version"]) == (status, number + 1)

    fields = (
        "title starred probability amount { amount } step { name } lostReason closedAt wonBy { reference }"
        " notes { totalCount nodes { text by { name } } }"
        " history(first: 50) { nodes { change source loss { reason } stepChange { step } changedBy } }"
    )
    (found,) = [
        node for node in await listed(shop, "owner", f"id {fields}") if node["id"] == opportunity["id"]
    ]
    history = found.pop("history")["nodes"]
    assert [event["change"] for event in reversed(history)] == [
        "CREATION", "STEP", "POSTPONEMENT", "LOSS", "REOPENING", "WIN", "REOPENING", "CANCELLATION", "REOPENING",
        "EDIT", "NOTE",
    ]  # fmt: skip
    assert {event["source"] for event in history} == {"PERSON"}
    assert {event["changedBy"] for event in history} == {"Bia"}
    assert history[-4]["loss"] == {"reason": "PRICE"}
    assert history[-2]["stepChange"] == {"step": "Offer"}
    assert [note["text"] for note in found.pop("notes")["nodes"]] == ["Called", "A test", "On holiday"]
    assert found | {"id": ""} == {
        "id": "", "title": "Bigger order", "starred": True, "probability": 60, "amount": None,
        "step": {"name": "Offer"}, "lostReason": None, "closedAt": None, "wonBy": None,
    }  # fmt: skip
    logged = [entry for entry in await shop.log() if entry["object_type"] == "Opportunity"]
    assert [entry["act"] for entry in logged] == ["createOpportunity", *(name for name, _, _ in acts)]
    assert all(entry["let_by"] == RECOVERY.name and entry["refusal"] is None for entry in logged)


async def test_what_an_act_does_not_cover_is_refused_and_changes_nothing(shop: Shop) -> None:
    opportunity, won = await manual(shop), await of(shop, "ABANDONED_CHECKOUT")
    before = await stored(shop)
    refused: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
        ("postponeOpportunity", opportunity, {"remindAt": "2026-07-25T12:00:00Z"}, "TOO_SOON"),
        ("postponeOpportunity", opportunity, {"remindAt": "2028-08-25T12:00:00Z"}, "BAD_INPUT"),
        ("loseOpportunity", opportunity, {"reason": "OTHER"}, "BAD_INPUT"),
        ("loseOpportunity", opportunity, {"reason": "OTHER", "note": "x" * 5_001}, "BAD_INPUT"),
        ("loseOpportunity", won, {"reason": "PRICE"}, "WRONG_STATE"),
        ("moveOpportunity", opportunity, {"stepId": "step_1"}, "NOT_FOUND"),
        ("winOpportunity", opportunity, {}, "BAD_INPUT"),
        ("winOpportunity", opportunity, {"reference": "S03"}, "NOT_PAID"),
        ("winOpportunity", opportunity, {"reference": "XX"}, "NOT_FOUND"),
        ("winOpportunity", won, {"note": "Again"}, "WRONG_STATE"),
        ("cancelOpportunity", won, {}, "WRONG_STATE"),
        ("reopenOpportunity", won, {}, "WRONG_STATE"),
        ("reopenOpportunity", opportunity, {}, "WRONG_STATE"),
        ("noteOpportunity", opportunity, {"text": "  "}, "BAD_INPUT"),
        ("editOpportunity", opportunity, {"probability": 101}, "BAD_INPUT"),
        ("editOpportunity", opportunity, {"title": ""}, "BAD_INPUT"),
        ("editOpportunity", opportunity, {"amount": {"amount": "1.001", "currency": "BRL"}}, "BAD_INPUT"),
        ("editOpportunity", {**opportunity, "version": 7}, {"starred": True}, "VERSION_CONFLICT"),
    ]
    found = [(name, await code(shop, "owner", name, which, **values)) for name, which, values, _ in refused]
    contact = {"email": "none"}
    bad = await shop.code("owner", "createOpportunity", title="x", contact=contact)

    assert found == [(name, expected) for name, _, _, expected in refused]
    assert bad == "BAD_EMAIL"
    assert await shop.code("owner", "createOpportunity", title="x", productId="product_1") == "NOT_FOUND"
    slip = await of(shop, "EXPIRED_SLIP")
    assert await code(shop, "owner", "winOpportunity", slip, reference="S08") == "BAD_INPUT"
    assert await code(shop, "bia", "winOpportunity", slip, reference="S08") == "NOT_FOUND"
    assert await stored(shop) == before


async def test_a_sale_wins_over_what_people_did_but_not_over_a_cancellation(shop: Shop) -> None:
    slip, refused = await of(shop, "EXPIRED_SLIP"), await of(shop, "REFUSED_PAYMENT")
    assert await code(shop, "owner", "loseOpportunity", slip, reason="PRICE") is None
    assert await code(shop, "owner", "cancelOpportunity", refused) is None
    for reference in ("S04", "S05"):
        at = moment("07-24 10:00")
        await shop.receive(reference, "PURCHASE_APPROVED", "APPROVED", "07-24 10:00", approved_date=at)

    slip, refused = await of(shop, "UNPAID_SLIP"), await of(shop, "REFUSED_PAYMENT")
    assert (slip["status"], slip["wonBy"], refused["status"]) == ("WON", {"reference": "S04"}, "CANCELLED")
    assert await code(shop, "owner", "reopenOpportunity", refused) is None
    assert (await of(shop, "REFUSED_PAYMENT"))["status"] == "WON"


async def test_what_a_person_added_is_won_by_a_sale_to_the_contact(shop: Shop) -> None:
    product = (await shop.read("owner", 'sale(reference: "S01") { product { id } }'))["product"]["id"]
    opportunity = await manual(shop, productId=product, contact={"email": shop.email("B4").upper()})
    shop.clock.passes(hours=1)
    await shop.receive("S04", "PURCHASE_APPROVED", "APPROVED", None, approved_date=shop.clock.now)

    (found,) = [
        node
        for node in await listed(shop, "owner", "id status wonBy { reference }")
        if node["id"] == opportunity["id"]
    ]
    assert (found["status"], found["wonBy"]) == ("WON", {"reference": "S04"})


async def test_postponed_ones_come_back_by_the_clock(shop: Shop) -> None:
    await Worker().work_once(moment("07-25 12:00"))
    opportunity = await manual(shop)
    assert (
        await code(shop, "bia", "postponeOpportunity", opportunity, remindAt="2026-07-28T15:00:00Z") is None
    )
    await Worker().work_once(moment("07-28 11:59"))
    waiting = await listed(shop, "bia", "id status remindAt")
    await Worker().work_once(moment("07-28 12:00"))
    await Worker().work_once(moment("07-28 12:00"))

    fields = "id status remindAt version history(first: 2) { nodes { change source happenedAt } }"
    (found,) = [node for node in await listed(shop, "bia", fields) if node["id"] == opportunity["id"]]
    assert {"id": opportunity["id"], "status": "STANDBY", "remindAt": "2026-07-28T15:00:00Z"} in waiting
    assert (found["status"], found["remindAt"], found["version"]) == ("TODO", None, 3)
    assert found["history"]["nodes"][0] == {
        "change": "REMINDER", "source": "CLOCK", "happenedAt": "2026-07-28T15:00:00Z"
    }  # fmt: skip


async def test_leads_hand_out_what_their_members_have_and_a_bulk_is_done_whole(shop: Shop) -> None:
    slip, refused = await of(shop, "EXPIRED_SLIP"), await of(shop, "REFUSED_PAYMENT")
    loose = await of(shop, "ABANDONED_CHECKOUT")
    ana, caio = shop.person("ana"), shop.person("caio")

    async def bulk(who: str, *ones: dict[str, Any], to: str | None) -> Any:
        payload = await shop.act(
            who, "assignOpportunities", "opportunities { id assignee { name } }",
            ids=[opportunity["id"] for opportunity in ones], assigneeId=to,
        )  # fmt: skip
        return [(error["code"], error["field"]) for error in payload["errors"]] or payload["opportunities"]

    assert (
        await bulk("bia", slip, refused, to=ana)
        == [
            {"id": opportunity["id"], "assignee": {"name": "Ana"}}
            for opportunity in sorted((slip, refused), key=lambda opportunity: opportunity["id"])
        ]
        or len(await listed(shop, "ana")) == 2
    )
    assert await bulk("bia", slip, loose, to=ana) == [("NOT_FOUND", ["ids", "1"])]
    assert await bulk("bia", slip, to=caio) == [("NOT_FOUND", ["assigneeId"])]
    assert await bulk("bia", slip, to=None) == [("FORBIDDEN", ["assigneeId"])]
    assert await bulk("owner", to=ana) == [("BAD_INPUT", ["ids"])]
    assert (await shop.act("ana", "assignOpportunities", ids=[slip["id"]])) == UNKNOWN
    version = (await of(shop, "EXPIRED_SLIP"))["version"]
    named = {"id": slip["id"], "assigneeId": caio}
    assert (
        await shop.code("owner", "assignOpportunity", expectedVersion=version - 1, **named)
        == "VERSION_CONFLICT"
    )
    assert await shop.code("owner", "assignOpportunity", expectedVersion=version, **named) is None
    assert [node["id"] for node in await listed(shop, "caio")] == [slip["id"]]
    (event,) = (await shop.read("owner", "opportunities(filter: {kind: EXPIRED_SLIP}) {"
        " nodes { history(first: 1) { nodes { change assignment { assigneeName } } } } }"))["nodes"][0]["history"]["nodes"]  # fmt: skip
    assert event == {"change": "ASSIGNMENT", "assignment": {"assigneeName": "Caio"}}


async def test_an_opportunity_follows_its_sale_until_a_person_assigns_it(shop: Shop) -> None:
    values = {"reference": "S04", "assigneeId": shop.person("caio")}
    assert await shop.code("owner", "assignSale", **values) is None
    followed = await of(shop, "EXPIRED_SLIP")
    assert await code(shop, "owner", "assignOpportunity", followed, assigneeId=shop.person("bia")) is None
    assert await shop.code("owner", "assignSale", reference="S04", assigneeId=shop.person("ana")) is None

    assert followed["assignee"] == {"name": "Caio"}
    assert (await of(shop, "EXPIRED_SLIP"))["assignee"] == {"name": "Bia"}


async def test_who_leaves_hands_their_opportunities_on(shop: Shop) -> None:
    values = {"collaboratorId": shop.collaborator("ana"), "reassignTo": shop.collaborator("bia")}
    assert await shop.code("owner", "removeCollaborator", **values) is None
    handed = await of(shop, "EXPIRED_SLIP")
    assert await shop.code("owner", "removeCollaborator", collaboratorId=shop.collaborator("bia")) is None

    assert handed["assignee"] == {"name": "Bia"}
    assert (await of(shop, "EXPIRED_SLIP"))["assignee"] is None
    (entry, _) = await shop.log("removeCollaborator")
    change = {"field": "Opportunity.assignee", "before": "Ana", "after": "Bia", "count": 1}
    assert change in entry["changes"]


async def test_admins_set_the_pipeline_and_what_stood_at_a_gone_step_stands_at_the_first(shop: Shop) -> None:
    steps = await shop.read("owner", "pipeline { stepId name }")
    slip = await of(shop, "EXPIRED_SLIP")
    assert await code(shop, "owner", "moveOpportunity", slip, stepId=steps[1]["stepId"]) is None
    version = await shop.read("owner", "version")

    async def set_to(*steps_of: dict[str, Any], expected: int = version) -> str | None:
        return await shop.code("owner", "setPipeline", steps=list(steps_of), expectedVersion=expected)

    new, renamed = {"name": "Hello"}, {"name": "Won soon", "id": steps[3]["stepId"]}
    assert await set_to(new) == "BAD_INPUT"
    assert await set_to(new, {"name": "hello"}) == "NAME_TAKEN"
    assert await set_to(new, {"name": "x", "id": "step_1"}) == "NOT_FOUND"
    assert await set_to(new, renamed, expected=version - 1) == "VERSION_CONFLICT"
    assert await set_to(new, renamed) is None

    after = await shop.read("owner", "pipeline { stepId name position open }")
    assert [(step["name"], step["position"], step["open"]) for step in after] == [
        ("Hello", 0, 2),
        ("Won soon", 1, 0),
    ]
    assert after[1]["stepId"] == steps[3]["stepId"]
    (entry,) = [entry for entry in await shop.log("setPipeline") if entry["refusal"] is None]
    assert entry["changes"][0]["after"] == ["Hello", "Won soon"]


async def test_filters_and_orders_find_what_they_say(shop: Shop) -> None:
    opportunity = await manual(shop)
    assert (
        await code(shop, "bia", "postponeOpportunity", opportunity, remindAt="2026-07-28T15:00:00Z") is None
    )
    steps = await shop.read("owner", "pipeline { stepId }")
    product = (await shop.read("owner", 'sale(reference: "S01") { product { id } }'))["product"]["id"]
    for chosen, count in (
        ("status: [TODO]", 2), ("status: [STANDBY, WON]", 2), ("kind: [MANUAL]", 1), ("unassigned: true", 1),
        (f'assignee: "{shop.person("bia")}"', 2), (f'step: "{steps[0]["stepId"]}"', 4), (f'step: "{steps[1]["stepId"]}"', 0),
        (f'product: "{product}"', 3), ("starred: true", 0), ("starred: false", 4), ('currency: "EUR"', 0),
        ('opened: { from: "2026-06-01", to: "2026-07-01" }', 3), ('remind: { from: "2026-07-28", to: "2026-07-29" }', 1),
        ("status: [TODO], kind: [EXPIRED_SLIP]", 1),
    ):  # fmt: skip
        found = await shop.read("owner", f"opportunities(filter: {{ {chosen} }}) {{ totalCount }}")
        assert found["totalCount"] == count, chosen
    for order, filters, kinds in (
        ("OPENED_AT", "", ["MANUAL", "REFUSED_PAYMENT", "EXPIRED_SLIP", "ABANDONED_CHECKOUT"]),
        ("REMIND_AT", "", ["MANUAL"]),
        ("AMOUNT", 'filter: { currency: "BRL" }', None),
    ):
        query = f"opportunities(order: {{ field: {order} }} {filters}) {{ nodes {{ kind }} }}"
        found = [node["kind"] for node in (await shop.read("owner", query))["nodes"]]
        assert found == kinds if kinds else len(found) == 4
    body = (
        await shop.post("owner", "{ account { opportunities(order: { field: AMOUNT }) { totalCount } } }")
    ).json()
    assert body["errors"][0]["extensions"]["code"] == "BAD_INPUT"


@pytest.mark.parametrize("rounds", [50])
async def test_of_two_acts_at_once_on_one_version_one_is_done(shop: Shop, rounds: int) -> None:
    for number in range(rounds):
        opportunity = await manual(shop)
        found = await asyncio.gather(
            code(shop, "bia", "loseOpportunity", opportunity, reason="PRICE"),
            code(shop, "owner", "winOpportunity", opportunity, note="By telephone"),
        )
        assert sorted(found, key=str) == [None, "VERSION_CONFLICT"], number

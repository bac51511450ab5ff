"""Whatever happens to an opportunity reaches those who follow it: acts, messages and the clock, within reach."""

from typing import Any

from authz.grant import Grant
from centrals.work.worker import Worker
from leftovers import nothing_is_due
from opportunities import code, manual
from small_shop import Shop, moment
from sockets import begun, connected

QUERY = "subscription { opportunityChanged { opportunity { kind status } } }"


async def slip(shop: Shop) -> dict[str, Any]:
    query = "opportunities(filter: { kind: [EXPIRED_SLIP, UNPAID_SLIP] }) { nodes { id version } }"
    (found,) = (await shop.read("owner", query))["nodes"]
    return {"id": found["id"], "expectedVersion": found["version"]}


async def test_each_act_message_and_work_of_the_clock_is_reported_within_reach(shop: Shop, port: int) -> None:
    await nothing_is_due()
    shop.clock.set("07-25 12:00")
    async with (
        connected(port, await shop.token("owner"), shop.account) as owner,
        connected(port, await shop.token("caio"), shop.account) as caio,
    ):
        await begun(owner, query=QUERY)
        await begun(caio, query=QUERY)

        async def reported() -> tuple[str, str]:
            found = (await owner.data())["opportunityChanged"]["opportunity"]
            return found["kind"], found["status"]

        async def act(name: str, /, **values: Any) -> None:
            assert await shop.code("owner", name, **await slip(shop), **values) is None

        await act("noteOpportunity", text="Called")
        assert await reported() == ("EXPIRED_SLIP", "TODO")
        await act("postponeOpportunity", remindAt="2026-07-26T15:00:00Z")
        assert await reported() == ("EXPIRED_SLIP", "STANDBY")
        await Worker().work_once(moment("07-26 12:00"))
        assert await reported() == ("EXPIRED_SLIP", "TODO")
        assert await shop.code("owner", "createOpportunity", title="Bulk order") is None
        assert await reported() == ("MANUAL", "TODO")
        await shop.receive(
            "S04", "PURCHASE_APPROVED", "APPROVED", "07-24 10:00", approved_date=moment("07-24 10:00")
        )
        assert await reported() == ("UNPAID_SLIP", "WON")
        assert await caio.silent()
        await act("assignOpportunity", assigneeId=shop.person("caio"))
        assert await reported() == ("UNPAID_SLIP", "WON")
        found = (await caio.data())["opportunityChanged"]["opportunity"]
        assert found == {"kind": "UNPAID_SLIP", "status": "WON"}
        await shop.give("caio", Grant.SEARCH_SALES)
        await act("noteOpportunity", text="Thank you")
        assert await reported() == ("UNPAID_SLIP", "WON")
        message = await caio.next()
        assert message["type"] in ("error", "complete"), message


async def test_a_merge_is_reported_of_both(shop: Shop, port: int) -> None:
    found = await slip(shop)
    by_hand = await manual(shop, "ana")
    async with (
        connected(port, await shop.token("ana"), shop.account) as ana,
        connected(port, await shop.token("caio"), shop.account) as caio,
    ):
        await begun(ana, query=QUERY)
        await begun(caio, query=QUERY)
        values = {"duplicateId": found["id"], "expectedVersionOfDuplicate": found["expectedVersion"]}
        assert await code(shop, "ana", "mergeOpportunities", by_hand, **values) is None
        events = [(await ana.data())["opportunityChanged"]["opportunity"] for _ in range(2)]
        assert {(event["kind"], event["status"]) for event in events} == {
            ("MANUAL", "TODO"),
            ("EXPIRED_SLIP", "CANCELLED"),
        }
        assert await caio.silent()


async def test_a_notice_reaches_its_reader_alone_while_they_want_it_live(shop: Shop, port: int) -> None:
    query = "subscription { noticeReceived { notice { kind sale @whenGranted { reference } } } }"

    async def assigns(reference: str, to: str = "caio") -> None:
        values = {"reference": reference, "assigneeId": shop.person(to)}
        assert await shop.code("owner", "assignSale", **values) is None

    async with (
        connected(port, await shop.token("owner"), shop.account) as owner,
        connected(port, await shop.token("caio"), shop.account) as caio,
    ):
        await begun(owner, query=query)
        await begun(caio, query=query)
        await assigns("S01")
        received = {"kind": "ASSIGNMENT", "sale": {"reference": "S01"}}
        assert (await caio.data())["noticeReceived"]["notice"] == received
        for channels in (["EMAIL"], []):
            values = {"kind": "ASSIGNMENT", "channels": channels}
            assert await shop.code("caio", "chooseNotices", **values) is None
            await assigns("S02")
            await assigns("S02", "ana")
        assert await caio.silent()
        assert await owner.silent()

"""Everything that happens to a sale at the desk reaches those who follow it: acts, messages and the clock."""

from typing import Any

from centrals.work.worker import Worker
from leftovers import nothing_is_due
from small_shop import Shop, moment
from sockets import begun, connected


async def test_each_act_and_each_work_of_the_clock_on_a_sale_is_reported(shop: Shop, port: int) -> None:
    await nothing_is_due()
    shop.clock.set("07-05 12:00")
    query = "subscription { saleChanged { sale { reference } } }"
    async with connected(port, await shop.token("owner"), shop.account) as socket:
        await begun(socket, query=query)

        async def reported() -> str:
            return str((await socket.data())["saleChanged"]["sale"]["reference"])

        async def act(name: str, fields: str = "", /, **values: Any) -> Any:
            payload = await shop.act("owner", name, fields, **values)
            assert not payload["errors"], payload
            return payload

        request = await act("requestRefund", "refundRequest { id }", reference="S07", reason="REGRET")
        assert await reported() == "S07"
        await act("withdrawRefundRequest", id=request["refundRequest"]["id"])
        assert await reported() == "S07"
        shop.clock.set("07-25 12:00")
        for name in ("sendReceipt", "resendPurchaseEmail"):
            await act(name, reference="S01")
            assert await reported() == "S01"
        await act("revealBuyer", reference="S01", fields=["EMAIL"], reason="A call about access")
        assert await reported() == "S01"
        await act("changeBuyerEmail", reference="S02", email=shop.email("b99"))
        assert await reported() == "S02"
        payment = {"type": "BILLET", "billet_barcode": "second", "pix_expiration_date": moment("07-26 12:00")}
        await shop.receive("S04", "PURCHASE_BILLET_PRINTED", "BILLET_PRINTED", "07-25 11:00", payment=payment)
        assert await reported() == "S04"
        await act("issuePaymentSlip", reference="S04")
        assert await reported() == "S04"
        await Worker().work_once(moment("07-28 12:00"))
        assert await reported() == "S04"
        assert await socket.silent()

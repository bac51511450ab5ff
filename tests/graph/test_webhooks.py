"""Webhooks: what happens goes out, signed, to whoever wants it, within what one person holds and reaches."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from graphql import parse, validate
from standardwebhooks.webhooks import Webhook

from actions.kit.outside import PrivateAddress, is_public, resolve
from authz.grant import Grant
from centrals.outgoing.connection import Connections, Unsent
from centrals.outgoing.worker import Sender
from doorstep import application
from graph.export.event import _document
from graph.http.endpoint import Endpoint
from graph.http.handler import GraphQLHandler
from graph.schema import full_schema
from models import database
from models.outgoing_events import OUTGOING, EventType
from receiver import Receiver, receiver
from small_shop import UNKNOWN, Shop

HOOKS = Grant.MANAGE_API_AND_NOTIFICATIONS
WEBHOOK = (
    "webhook { id url version status enabled disabledReason responsible { name } events secrets { until } }"
)
DELIVERIES = (
    "deliveries(first: 100) { nodes { id event eventId status reduced object reference nextAt"
    " attempts { status error durationMs } } }"
)


def handler() -> GraphQLHandler:
    found = next(route.app for route in application().routes if getattr(route, "path", "") == "/graphql")
    assert isinstance(found, Endpoint)
    return found._handler


@dataclass
class Out:
    """A shop, a receiver, and what sends from one to the other."""

    shop: Shop
    there: Receiver
    connections: Connections

    async def create(self, who: str = "owner", **changed: Any) -> dict[str, Any]:
        """An endpoint at the receiver, with its secret."""
        values = {"url": self.there.url} | changed
        payload = await self.shop.act(who, "createWebhook", f"{WEBHOOK} secret", **values)
        assert payload["errors"] == [], payload
        return {**payload["webhook"], "secret": payload["secret"]}

    async def send(self) -> int:
        """Send what is due."""
        return await Sender(handler, self.connections).send_due()

    async def deliveries(self, who: str = "owner") -> list[dict[str, Any]]:
        """The deliveries, newest first."""
        found: list[dict[str, Any]] = (await self.shop.read(who, DELIVERIES))["nodes"]
        return found

    async def status(self) -> list[str]:
        """The statuses of the endpoints, newest first."""
        found = await self.shop.read("owner", "webhooks { nodes { status } }")
        return [node["status"] for node in found["nodes"]]


@pytest.fixture
async def out(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Out]:
    serving, connections = handler().serving, Connections(allow_private=True)
    object.__setattr__(serving, "allow_private_targets", True)
    # the reference library compares the time with that of the machine, and the shop's stands still
    monkeypatch.setattr(Webhook, "_Webhook__verify_timestamp", _any_time)
    async with receiver() as there:
        yield Out(shop, there, connections)
    object.__setattr__(serving, "allow_private_targets", False)
    await connections.close()


async def test_each_status_that_a_sale_reaches_goes_out_once_signed(out: Out) -> None:
    before = await out.create(events=["SALE_DISPUTED"])
    keys = await out.create()
    out.shop.clock.passes(minutes=1)
    await out.shop.receive("S06", "PURCHASE_REFUNDED", "REFUNDED")
    out.shop.clock.passes(minutes=1)
    await out.shop.receive("S06", "PURCHASE_APPROVED", "APPROVED", at="06-02 08:00")  # late, and older
    await out.shop.receive("S06", "PURCHASE_REFUNDED", "REFUNDED")

    assert await out.send() == 1
    assert await out.send() == 0

    (received,) = out.there.received
    sale = received.content["data"]
    assert (received.content["type"], sale["reference"], sale["status"]) == (
        "sale.refunded",
        "S06",
        "REFUNDED",
    )
    assert sale["buyer"]["email"] == out.shop.email("b6")
    assert sale["object"] == "Sale"
    assert sale["account"] == f"account_{out.shop.account['id']}"
    assert received.verified(keys["secret"])
    assert not received.verified(before["secret"])
    (delivery,) = await out.deliveries()
    assert (delivery["status"], delivery["reduced"], delivery["nextAt"]) == ("SENT", False, None)
    assert delivery["eventId"] == received.headers["webhook-id"]
    assert [attempt["status"] for attempt in delivery["attempts"]] == [200]


async def test_a_message_has_what_its_person_holds_and_reaches_as_it_is_sent(out: Out) -> None:
    shop = out.shop
    await shop.give("ana", HOOKS, Grant.SEARCH_SALES)
    await shop.give("caio", HOOKS)
    await out.create("ana", events=["SALE_REFUNDED", "SALE_CHARGED_BACK"])
    await out.create("caio", events=["SALE_REFUNDED", "SALE_CHARGED_BACK"])
    shop.clock.passes(minutes=1)

    await shop.receive("S01", "PURCHASE_REFUNDED", "REFUNDED")
    await shop.receive("S08", "PURCHASE_REFUNDED", "REFUNDED")  # caio's, which ana does not reach
    await out.send()

    found = [received.content["data"] for received in out.there.received]
    full = [data for data in found if "reference" in data]
    assert [(data["reference"], sorted(data["buyer"])) for data in full] == [("S01", ["country", "name"])]
    reduced = [data for data in found if "reference" not in data]
    assert len(reduced) == 3
    assert all(list(data) == ["id"] for data in reduced)
    assert sorted(node["reduced"] for node in await out.deliveries()) == [False, True, True, True]

    out.there.received.clear()
    await shop.receive("S01", "PURCHASE_CHARGEBACK", "CHARGEBACK")
    await shop.act("owner", "removeCollaborator", collaboratorId=shop.collaborator("caio"))
    await shop.give("ana", HOOKS)
    await out.send()

    assert [list(received.content["data"]) for received in out.there.received] == [["id"]]
    assert await out.status() == ["FALLEN", "ACTIVE"]
    assert {node["status"] for node in await out.deliveries()} == {"SENT"}


async def test_a_delivery_is_tried_again_under_the_same_id_and_a_later_success_ends_it(out: Out) -> None:
    await out.create()
    out.shop.clock.passes(minutes=1)
    await out.shop.receive("S06", "PURCHASE_REFUNDED", "REFUNDED")
    out.there.answer(500, 500, retry_after="700")

    for seconds, tries in ((0, 1), (3, 1), (4, 2), (360, 2), (350, 3), (1, 3)):
        out.shop.clock.passes(minutes=seconds / 60)
        await out.send()
        assert len(out.there.received) == tries, seconds
        if seconds == 0:  # that the receiver asks for more time counts as long as it is longer
            await database.transact(
                lambda: database.write(
                    "UPDATE deliveries SET next_at = ? WHERE account_id = ? AND next_at > ?",
                    (out.shop.clock.now + 6_000, out.shop.account["id"], out.shop.clock.now + 690_000),
                )
            )

    (delivery,) = await out.deliveries()
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500, 500, 200]
    assert delivery["status"] == "SENT"
    assert len({received.headers["webhook-id"] for received in out.there.received}) == 1
    assert len({received.body for received in out.there.received}) == 1


async def test_one_that_is_gone_or_fails_for_five_days_is_disabled_and_its_people_get_an_email(
    out: Out,
) -> None:
    await out.shop.give("ana", HOOKS)
    await out.create("ana")
    out.shop.clock.passes(minutes=1)
    await out.shop.receive("S01", "PURCHASE_REFUNDED", "REFUNDED")
    out.there.answer(410)
    await out.send()

    assert await out.status() == ["DISABLED"]
    assert [node["status"] for node in await out.deliveries()] == ["GIVEN_UP"]
    people = sorted(mail["recipient"] for mail in await out.shop.mails("endpoint_disabled"))
    assert people == sorted([out.shop.email("ana"), out.shop.email("owner")])
    await out.shop.receive("S02", "PURCHASE_REFUNDED", "REFUNDED")
    assert len(await out.deliveries()) == 1

    # whoever enables it is responsible for it
    (webhook,) = (await out.shop.read("owner", "webhooks { nodes { id } }"))["nodes"]
    payload = await out.shop.act("owner", "setWebhookEnabled", WEBHOOK, id=webhook["id"], enabled=True)
    assert (payload["webhook"]["status"], payload["webhook"]["disabledReason"]) == ("ACTIVE", None)
    assert [mail["recipient"] for mail in await out.shop.mails("endpoint_taken")] == [out.shop.email("ana")]

    out.shop.clock.passes(minutes=1)
    await out.shop.receive("S03", "PURCHASE_CHARGEBACK", "CHARGEBACK")
    out.there.answer(*[500] * 10)
    for _ in range(10):
        await out.send()
        out.shop.clock.passes(hours=30)

    (newest, _) = await out.deliveries()
    assert newest["status"] == "GIVEN_UP"
    assert 4 <= len(newest["attempts"]) < 10
    found = await out.shop.read("owner", "webhooks { nodes { status disabledReason } }")
    assert found["nodes"] == [{"status": "DISABLED", "disabledReason": "FAILING"}]


async def test_both_secrets_sign_while_one_replaces_the_other(out: Out) -> None:
    keys = await out.create()
    rotate = {"id": keys["id"], "keepOldHours": 24}
    payload = await out.shop.act("owner", "rotateWebhookSecret", f"{WEBHOOK} secret", **rotate)
    assert [bool(secret["until"]) for secret in payload["webhook"]["secrets"]] == [False, True]

    async def verified() -> tuple[bool, bool]:
        await out.shop.act("owner", "testWebhook", id=keys["id"])
        assert await out.send() == 1
        received = out.there.received[-1]
        assert received.content["type"] == "webhook.test"
        return received.verified(keys["secret"]), received.verified(payload["secret"])

    assert await verified() == (True, True)
    out.shop.clock.passes(hours=25)
    assert await verified() == (False, True)


def _any_time(_self: Any, timestamp: str) -> Any:
    return datetime.fromtimestamp(float(timestamp), UTC)


async def test_mutations_of_endpoints_are_refused_and_whoever_edits_one_takes_it_over(out: Out) -> None:
    shop = out.shop
    await shop.give("ana", HOOKS)
    await shop.give("caio", Grant.SEARCH_SALES)
    keys = await out.create("ana", idempotencyKey="once")
    repeated = await shop.act(
        "ana", "createWebhook", f"{WEBHOOK} secret", url=out.there.url, idempotencyKey="once"
    )
    assert (repeated["webhook"]["id"], repeated["secret"]) == (keys["id"], None)
    edit = {"id": keys["id"], "expectedVersion": keys["version"], "url": out.there.url}

    for changed, code in (
        ({"url": "ftp://example.com/"}, "BAD_URL"),
        ({"url": "https://me:secret@example.com/"}, "BAD_URL"),
        ({"expectedVersion": 77}, "VERSION_CONFLICT"),
        ({"productIds": ["product_x"]}, "NOT_FOUND"),
        ({"description": "x" * 201}, "BAD_INPUT"),
        ({"id": f"webhook_{database.new_id()}"}, "NOT_FOUND"),
    ):
        assert await shop.code("owner", "editWebhook", **edit | changed) == code, changed
    assert await shop.code("owner", "rotateWebhookSecret", id=keys["id"], keepOldHours=73) == "BAD_INPUT"
    assert await shop.code("caio", "editWebhook", **edit) == UNKNOWN
    object.__setattr__(handler().serving, "allow_private_targets", False)
    for url in (
        *("https://127.0.0.1/", "https://10.0.0.8/x", "https://[::1]/", "https://169.254.169.254/latest"),
        *("https://[::ffff:10.0.0.8]/", "https://[64:ff9b::a00:8]/", "https://0x7f.1/", "https://localhost/"),
    ):
        assert await shop.code("owner", "createWebhook", url=url) == "PRIVATE_ADDRESS", url
    assert await shop.code("owner", "createWebhook", url="http://93.184.215.14/") == "BAD_URL"
    assert len(await out.status()) == 1
    object.__setattr__(handler().serving, "allow_private_targets", True)

    taken = await shop.act("owner", "editWebhook", WEBHOOK, **edit, events=["SALE_REFUNDED"])
    assert taken["webhook"]["responsible"] != keys["responsible"]
    assert taken["webhook"]["events"] == ["SALE_REFUNDED"]
    assert [mail["recipient"] for mail in await shop.mails("endpoint_taken")] == [shop.email("ana")]
    for _ in range(10):
        assert await shop.code("owner", "testWebhook", id=keys["id"]) is None
    assert await shop.code("owner", "testWebhook", id=keys["id"]) == "RATE_LIMITED"

    (waiting, *_) = await out.deliveries()
    assert await shop.code("owner", "redeliver", id=waiting["id"]) == "WRONG_STATE"
    await out.send()
    assert await shop.code("owner", "redeliver", id=waiting["id"]) is None
    assert await out.send() == 1
    ids = [received.headers["webhook-id"] for received in out.there.received]
    assert len(ids) == 11
    assert len(set(ids)) == 10
    assert await shop.code("owner", "deleteWebhook", id=keys["id"]) is None
    assert (await out.status(), await out.deliveries()) == ([], [])
    changes = [entry["changes"] for entry in await shop.log("createWebhook")]
    assert keys["secret"] not in str(changes)


async def test_a_private_address_a_redirect_and_a_silent_receiver_are_failed_tries(
    out: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = Connections()
    try:
        for host in ("127.0.0.1", "localhost", "[::1]", "2130706433"):
            with pytest.raises(Unsent, match="private address"):
                await public.post(f"http://{host}:{out.there.port}/", {}, b"{}")
    finally:
        await public.close()
    assert out.there.connections == 0
    with pytest.raises(PrivateAddress):
        await resolve("localhost", 443, allow_private=False)

    out.there.answer(302, location=f"http://127.0.0.1:{out.there.port}/elsewhere")
    response = await out.connections.post(out.there.url, {}, b"{}")
    assert response.status == 302
    assert [received.path for received in out.there.received] == ["/hook"]

    monkeypatch.setattr("centrals.outgoing.connection.SECONDS", 0.2)
    out.there.silent = True
    with pytest.raises(Unsent, match="timeout"):
        await out.connections.post(out.there.url, {}, b"{}")


def test_addresses_are_public_or_not() -> None:
    private = (
        *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.9.9.9", "169.254.169.254", "172.16.0.1", "192.168.0.1"),
        *("198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1"),
        *("ff02::1", "::ffff:10.0.0.8", "64:ff9b::a00:8", "2002:a00:8::", "2001:db8::1", "::10.0.0.8"),
    )
    for text in private:
        assert not is_public(ipaddress.ip_address(text)), text
    for text in ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"):
        assert is_public(ipaddress.ip_address(text)), text


async def test_one_that_does_not_answer_delays_no_other(out: Out, monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiver() as dead:
        dead.silent = True
        await out.create(url=dead.url)
        await out.create()
        out.shop.clock.passes(minutes=1)
        for reference in ("S01", "S02", "S06", "S07", "S08", "S10", "S12"):
            await out.shop.receive(reference, "PURCHASE_REFUNDED", "REFUNDED")
        sender = Sender(handler, out.connections)
        sending = asyncio.create_task(sender.send_due())
        for _ in range(200):
            if len(out.there.received) >= 7 and len(dead.received) >= 4:
                break
            await asyncio.sleep(0.05)
        assert len({received.body for received in out.there.received}) == 7
        assert len(dead.received) == 4  # and not more of its own at once
        sending.cancel()
        monkeypatch.setattr("centrals.outgoing.worker.ENDS_WITHIN_SECONDS", 0.1)
        await asyncio.gather(sending, sender.end(), return_exceptions=True)


async def test_what_people_do_goes_out_too(out: Out) -> None:
    shop = out.shop
    await out.create()
    out.shop.clock.passes(minutes=1)
    assert not await shop.code("owner", "assignSale", reference="S05", assigneeId=shop.person("ana"))
    assert not await shop.code("owner", "issuePaymentSlip", reference="S04")
    assert not await shop.code("owner", "changeBuyerEmail", reference="S06", email="new@example.com")
    assert not await shop.code("owner", "cancelSubscription", code="K1", reason="PRICE")
    await out.send()

    assert [kind for kind in out.there.types if not kind.startswith("opportunity")] == [
        *("sale.assigned", "sale.buyer_email_changed", "sale.buyer_email_changed", "sale.slip_requested"),
        "subscription.cancel_requested",
    ]
    found = {received.content["type"]: received.content["data"] for received in out.there.received}
    assert found["sale.assigned"]["assignee"] == {"name": "Ana"}
    assert found["sale.slip_requested"]["paymentSlip"]["status"] == "REQUESTED"
    assert found["subscription.cancel_requested"]["requests"][0]["kind"] == "CANCEL"


def test_each_event_is_declared_and_its_fields_are_the_apis() -> None:
    assert set(OUTGOING) == set(EventType)
    for event, declared in OUTGOING.items():
        if declared.object is not None:
            unmarked = parse(_document(event).replace("@whenGranted", ""))
            assert not validate(full_schema()._schema, unmarked), event
    assert EventType.SALE_BUYER_EMAIL_CHANGED.wire == "sale.buyer_email_changed"


async def test_the_newest_status_of_a_sale_goes_out_again_to_whoever_takes_it(out: Out) -> None:
    shop = out.shop
    await shop.give("ana", Grant.RESEND_NOTIFICATIONS)
    assert await shop.code("ana", "resendNotifications", reference="S01") == "NOTHING_TO_SEND"
    first, _ = await out.create(), await out.create()
    await out.create(events=["SALE_REFUNDED"])

    async def again(reference: str, **more: Any) -> Any:
        payload = await shop.act(
            "ana", "resendNotifications", "reference deliveries", reference=reference, **more
        )
        return payload["errors"][0]["code"] if payload["errors"] else payload["deliveries"]

    assert await again("S01") == 2
    assert await again("S08") == "NOT_FOUND"  # caio's
    await out.send()
    here, there = out.there.received
    assert here.headers["webhook-id"] == there.headers["webhook-id"]
    assert here.body == there.body
    shop.clock.passes(minutes=1)
    assert await again("S01", idempotencyKey="once") == 2
    assert await again("S01", idempotencyKey="once") == 2
    await out.send()
    assert len(out.there.received) == 4
    assert {received.body for received in out.there.received} == {here.body}
    assert {received.headers["webhook-id"] for received in out.there.received} == {here.headers["webhook-id"]}
    shop.clock.passes(minutes=1)
    assert await again("S01", types=["SALE_APPROVED", "SALE_COMPLETED"]) == 4
    assert await again("S01", types=["SALE_REFUNDED"]) == "BAD_INPUT"
    chosen = {"reference": "S01", "endpoints": [first["id"]]}
    assert await shop.act("ana", "resendNotifications", **chosen) == UNKNOWN
    for _ in range(2):
        shop.clock.passes(minutes=1)
        assert await again("S01") == 2
    assert await again("S01") == "RATE_LIMITED"
    shop.clock.passes(hours=24)
    assert await shop.act("owner", "resendNotifications", "deliveries", reference="S03") == {
        "deliveries": 3,
        "errors": [],
    }
    chosen = {"reference": "S03", "endpoints": [first["id"]]}
    assert (await shop.act("owner", "resendNotifications", "deliveries", **chosen))["deliveries"] == 1
    assert len(await shop.log("resendNotifications")) > 6

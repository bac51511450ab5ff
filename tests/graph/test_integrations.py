"""Integrations: chosen fields of events go to an address that someone who holds them has confirmed."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import get_named_type

from actions.tools.targets.gates import bits_of, grants_of
from authz.grant import Grant
from centrals.outgoing.connection import Connections
from centrals.outgoing.worker import Sender
from doorstep import application
from engine.scope.gates import gate_of
from graph.http.endpoint import Endpoint
from graph.http.handler import GraphQLHandler
from graph.schema import full_schema
from models.integration_fields import IntegrationField
from receiver import Receiver, receiver
from small_shop import UNKNOWN, Shop

INTEGRATIONS = Grant.MANAGE_INTEGRATIONS
INTEGRATION = "integration { id version headerNames enabled target { id version status authority fields } }"
DELIVERIES = "tools { integrationDeliveries { nodes { id status eventId attempts { status } } } }"
REFERENCE = {"as": "ref", "from": "SALE_REFERENCE"}
PRICE = {"as": "value", "from": "SALE_PRICE"}
EMAIL = {"as": "mail", "from": "BUYER_EMAIL"}
COUPON = {"as": "coupon", "from": "SALE_COUPON"}
SECRET = "Bearer secret-of-the-other-system"


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

    def settings(self, **changed: Any) -> dict[str, Any]:
        """Settings of an integration at the receiver."""
        return {
            "name": "Warehouse",
            "url": self.there.url,
            "events": ["SALE_REFUNDED", "SALE_CHARGED_BACK"],
            "fields": [REFERENCE, PRICE],
        } | changed

    async def create(self, who: str, **changed: Any) -> dict[str, Any]:
        """An integration that someone creates."""
        payload = await self.shop.act(who, "createIntegration", INTEGRATION, **self.settings(**changed))
        assert payload["errors"] == [], payload
        found: dict[str, Any] = payload["integration"]
        return found

    async def edit(self, who: str, before: dict[str, Any], **changed: Any) -> dict[str, Any]:
        """The same integration with other settings."""
        named = {"id": before["id"], "expectedVersion": before["version"]}
        payload = await self.shop.act(
            who, "editIntegration", INTEGRATION, **self.settings(**changed), **named
        )
        assert payload["errors"] == [], payload
        found: dict[str, Any] = payload["integration"]
        return found

    async def decide(self, name: str, target: dict[str, Any]) -> str | None:
        """What comes of the owner's decision."""
        return await self.shop.code("owner", name, id=target["id"], expectedVersion=target["version"])

    async def target(self, who: str = "owner") -> dict[str, Any]:
        """The only target."""
        nodes = "nodes { id version status authority fields }"
        if who == "owner":
            (found,) = (await self.shop.read(who, f"targets {{ {nodes} }}"))["nodes"]
        else:
            listed = await self.shop.read(
                who, f"tools {{ integrations {{ nodes {{ target {nodes[6:]} }} }} }}"
            )
            (found,) = [node["target"] for node in listed["integrations"]["nodes"]]
        return dict(found)

    async def send(self) -> list[Any]:
        """The messages that are sent now."""
        self.there.received.clear()
        await Sender(handler, self.connections).send_due()
        return [received.content for received in self.there.received]

    async def refunded(self, reference: str) -> list[Any]:
        """The messages about a refund that happens now."""
        self.shop.clock.passes(minutes=1)
        await self.shop.receive(reference, "PURCHASE_REFUNDED", "REFUNDED")
        return await self.send()

    async def deliveries(self, who: str = "owner") -> list[dict[str, Any]]:
        """What was sent, newest first."""
        found: list[dict[str, Any]] = (await self.shop.read(who, DELIVERIES))["integrationDeliveries"][
            "nodes"
        ]
        return found


@pytest.fixture
async def out(shop: Shop) -> AsyncIterator[Out]:
    serving, connections = handler().serving, Connections(allow_private=True)
    object.__setattr__(serving, "allow_private_targets", True)
    async with receiver() as there:
        yield Out(shop, there, connections)
    object.__setattr__(serving, "allow_private_targets", False)
    await connections.close()


async def test_nothing_leaves_until_the_owner_confirms_what_its_maker_does_not_hold(out: Out) -> None:
    shop = out.shop
    await shop.give("ana", INTEGRATIONS, Grant.SEARCH_SALES)
    created = await out.create("ana", fields=[REFERENCE, PRICE, EMAIL])
    sent = ["Sale.buyer.email", "Sale.price.amount", "Sale.reference"]
    assert (created["target"]["status"], created["target"]["fields"]) == ("WAITING", sent)
    assert [mail["recipient"] for mail in await shop.mails("target_waits")] == [shop.email("owner")]
    assert await out.refunded("S02") == []

    await shop.receive("S03", "PURCHASE_CHARGEBACK", "CHARGEBACK")  # noted while the target waits
    assert await out.decide("refuseTarget", await out.target()) is None
    assert await out.decide("refuseTarget", await out.target()) == "WRONG_STATE"
    assert await out.decide("confirmTarget", created["target"]) == "VERSION_CONFLICT"
    shop.clock.passes(minutes=1)
    assert await out.decide("confirmTarget", await out.target()) is None
    assert await out.send() == []

    assert await out.refunded("S01") == [{"ref": "S01", "value": "1000.00", "mail": shop.email("b1")}]
    assert await out.refunded("S08") == [{"ref": "S08", "value": "50.00", "mail": shop.email("b7")}]

    # more fields, or another address, wait again; fewer and another name do not
    fewer = await out.edit("ana", created, fields=[REFERENCE, PRICE], name="Store")
    assert (fewer["target"]["status"], fewer["target"]["authority"]) == ("CONFIRMED", "OWNER")
    more = await out.edit("ana", fewer, fields=[REFERENCE, PRICE, EMAIL])
    assert (more["target"]["status"], more["target"]["authority"]) == ("WAITING", None)
    assert len(await shop.mails("target_waits")) == 2
    assert await out.decide("confirmTarget", more["target"]) is None
    elsewhere = await out.edit("ana", more, fields=[REFERENCE, EMAIL], url=f"{out.there.url}/elsewhere")
    assert elsewhere["target"]["status"] == "WAITING"
    assert await out.refunded("S12") == []

    # by the owner: at once
    owned = await out.edit("owner", elsewhere, fields=[REFERENCE, EMAIL, COUPON])
    assert (owned["target"]["status"], owned["target"]["authority"]) == ("CONFIRMED", "OWNER")
    assert await out.refunded("S06") == [{"ref": "S06", "mail": shop.email("b6"), "coupon": None}]
    assert await shop.code("ana", "confirmTarget", id=created["target"]["id"], expectedVersion=1) == UNKNOWN
    assert await shop.is_unknown("ana", "targets { nodes { id } }")
    assert len(await shop.log("confirmTarget")) == 3


async def test_what_leaves_on_its_makers_authority_ends_with_their_grant_reach_and_seat(out: Out) -> None:
    shop = out.shop
    grants = (INTEGRATIONS, Grant.SEARCH_SALES, Grant.CHANGE_BUYER_EMAIL)
    await shop.give("ana", *grants)
    created = await out.create("ana", fields=[REFERENCE, EMAIL])
    assert (created["target"]["status"], created["target"]["authority"]) == ("CONFIRMED", "MAKER")
    assert await shop.mails("target_waits") == []
    assert await out.refunded("S01") == [{"ref": "S01", "mail": shop.email("b1")}]
    assert await out.refunded("S08") == []  # caio's, whom ana does not reach

    await shop.give("ana", INTEGRATIONS, Grant.SEARCH_SALES)
    assert (await out.target())["status"] == "SUSPENDED"
    assert await out.refunded("S02") == []
    await shop.give("ana", *grants)
    assert (await out.target("ana"))["status"] == "CONFIRMED"
    assert await out.refunded("S06") == [{"ref": "S06", "mail": shop.email("b6")}]

    await shop.act("owner", "removeCollaborator", collaboratorId=shop.collaborator("ana"))
    assert (await out.target())["status"] == "SUSPENDED"
    assert await out.refunded("S07") == []
    assert await out.decide("confirmTarget", await out.target()) is None
    assert await out.refunded("S10") == [{"ref": "S10", "mail": shop.email("b8")}]


async def test_the_value_of_a_header_is_sent_and_shown_nowhere(out: Out) -> None:
    shop = out.shop
    await shop.give("ana", INTEGRATIONS, Grant.SEARCH_SALES)
    header = {"name": "Authorization", "value": SECRET}
    created = await out.create("owner", headers=[header])
    assert created["headerNames"] == ["Authorization"]
    await out.refunded("S01")
    assert out.there.received[0].headers["authorization"] == SECRET

    edited = await out.edit("ana", created, headers=[{"name": "Authorization"}], name="Store")
    await out.refunded("S02")
    assert out.there.received[0].headers["authorization"] == SECRET
    named = {"id": edited["id"], "expectedVersion": edited["version"]}
    # it does not go along to another address
    taken = out.settings(headers=[{"name": "Authorization"}], url=f"{out.there.url}/mine") | named
    payload = await shop.act("ana", "editIntegration", **taken)
    assert [error["code"] for error in payload["errors"]] == ["BAD_INPUT"]
    for refused in ({"name": "Host", "value": "x"}, {"name": "A", "value": f"{SECRET}\r\nB: c"}):
        payload = await shop.act("owner", "editIntegration", **out.settings(headers=[refused]) | named)
        assert [error["code"] for error in payload["errors"]] == ["BAD_INPUT"], refused
        assert SECRET not in str(payload)
    assert SECRET not in str(await shop.log())
    assert SECRET not in str(await out.deliveries())


async def test_a_message_on_trial_goes_nowhere_and_has_what_its_reader_sees(out: Out) -> None:
    shop = out.shop
    await shop.give("ana", INTEGRATIONS, Grant.SEARCH_SALES)
    created = await out.create("owner", fields=[REFERENCE, EMAIL, {"as": "event", "from": "EVENT_TYPE"}])

    async def tried(who: str, reference: str, of: dict[str, Any] = created) -> Any:
        payload = await shop.act(who, "tryIntegration", "body", id=of["id"], reference=reference)
        return payload["errors"][0]["code"] if payload["errors"] else json.loads(payload["body"])

    assert await tried("owner", "S01") == {
        "ref": "S01",
        "mail": shop.email("b1"),
        "event": "sale.approved",
    }
    assert await tried("ana", "S01") == {"ref": "S01", "event": "sale.approved"}
    assert await tried("ana", "S08") == "NOT_FOUND"
    chat = await out.create(
        "owner", kind="CHAT", template="{ref}: {value}, thanks", fields=[REFERENCE, PRICE]
    )
    assert await tried("ana", "S01", chat) == {"text": "S01: 1000.00, thanks"}
    assert out.there.received == []
    assert await out.deliveries() == []


async def test_a_delivery_is_tried_again_and_sent_once_more_by_hand(out: Out) -> None:
    shop = out.shop
    await shop.give("ana", INTEGRATIONS)
    created = await out.create("owner")
    out.there.answer(500)
    await out.refunded("S01")
    (failed,) = await out.deliveries("ana")
    assert (failed["status"], [attempt["status"] for attempt in failed["attempts"]]) == ("FAILED", [500])

    async def resend() -> str | None:
        return await shop.code("ana", "resendIntegrationDelivery", id=failed["id"])

    assert await resend() == "WRONG_STATE"
    shop.clock.passes(minutes=1)
    assert await out.send() == [{"ref": "S01", "value": "1000.00"}]
    assert await resend() is None
    assert await out.send() == [{"ref": "S01", "value": "1000.00"}]
    again, first = await out.deliveries()
    assert again["eventId"] == first["eventId"]

    assert await out.decide("refuseTarget", await out.target()) is None
    assert await resend() == "TARGET_UNCONFIRMED"
    assert await out.decide("confirmTarget", await out.target()) is None
    await shop.act("ana", "setIntegrationEnabled", id=created["id"], enabled=False)
    assert await resend() == "WRONG_STATE"
    assert await out.refunded("S02") == []
    await shop.act("ana", "setIntegrationEnabled", id=created["id"], enabled=True)
    out.there.answer(410)
    await out.refunded("S06")
    assert [mail["recipient"] for mail in await shop.mails("integration_disabled")] == [shop.email("owner")]

    # the holders of webhooks see nothing of it
    assert await shop.read("owner", "deliveries { totalCount }") == {"totalCount": 0}
    assert await shop.code("ana", "deleteIntegration", id=created["id"]) is None
    assert await out.deliveries() == []
    assert (await shop.read("owner", "targets { nodes { id } }"))["nodes"] == []


async def test_settings_that_cannot_be_sent_are_refused_and_change_nothing(out: Out) -> None:
    shop = out.shop
    await shop.give("ana", INTEGRATIONS)
    await shop.give("caio", Grant.SEARCH_SALES)
    created = await out.create("owner")
    named = {"id": created["id"], "expectedVersion": created["version"]}
    for changed, code in (
        ({"url": "ftp://example.com/"}, "BAD_URL"),
        ({"events": []}, "BAD_INPUT"),
        ({"events": ["WITHDRAWAL_PAID"]}, "BAD_INPUT"),
        ({"events": ["SUBSCRIPTION_STARTED"]}, "BAD_INPUT"),
        ({"fields": []}, "BAD_INPUT"),
        ({"fields": [REFERENCE, REFERENCE]}, "BAD_INPUT"),
        ({"fields": [{"as": "1 x", "from": "SALE_PRICE"}]}, "BAD_INPUT"),
        ({"kind": "MEMBERS_AREA"}, "BAD_INPUT"),
        ({"kind": "CHAT"}, "BAD_INPUT"),
        ({"kind": "CHAT", "template": "{unknown}"}, "BAD_INPUT"),
        ({"template": "{ref}"}, "BAD_INPUT"),
        ({"productIds": ["product_x"]}, "NOT_FOUND"),
    ):
        assert await shop.code("ana", "createIntegration", **out.settings(**changed)) == code, changed
        assert await shop.code("ana", "editIntegration", **out.settings(**changed), **named) == code, changed
    assert await shop.code("ana", "editIntegration", **out.settings(), **named | {"expectedVersion": 9}) == (
        "VERSION_CONFLICT"
    )
    payload = await shop.act("ana", "createIntegration", **out.settings(events=[], fields=[]))
    assert [error["field"] for error in payload["errors"]] == [["events"], ["fields"]]
    assert await shop.code("caio", "createIntegration", **out.settings()) == UNKNOWN
    object.__setattr__(handler().serving, "allow_private_targets", False)
    private = out.settings(url="https://127.0.0.1/")
    assert await shop.code("ana", "createIntegration", **private) == "PRIVATE_ADDRESS"
    integrations = await shop.read("ana", "tools { integrations { nodes { version } } }")
    assert integrations["integrations"]["nodes"] == [{"version": created["version"]}]


def test_each_field_needs_the_grants_that_the_schema_states() -> None:
    kinds = full_schema()._schema.type_map
    for field in IntegrationField:
        if field.type_name is None:
            assert grants_of([field.value]) == frozenset()
            continue
        kind: Any = kinds[field.type_name]
        bits = gate_of(kind)
        for name in field.path.split("."):
            bits |= gate_of(kind.fields[name])
            kind = get_named_type(kind.fields[name].type)
            bits |= gate_of(kind)
        assert bits_of(grants_of([field.value])) == bits, field

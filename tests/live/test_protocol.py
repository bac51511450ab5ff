"""graphql-transport-ws: what closes a connection and why, and that the limits of HTTP hold here, too."""

import asyncio
import json
from typing import Any

import pytest
import websockets
from intake_state import account
from moves import UPDATE_PROFILE, arrives, done

import make
from authz.grant import Grant
from client import Client
from graph.http import websocket
from graph.http.body import MOST_VALUES
from models import database
from sockets import CHANGED, Socket, begun, connected

VIEWER = "{ viewer { id } }"


async def closed(socket: Socket, *messages: Any) -> tuple[int, str]:
    for message in messages:
        await socket.connection.send(message if isinstance(message, (str, bytes)) else json.dumps(message))
    return await socket.closed()


@pytest.mark.parametrize(
    "message",
    ["null", "[]", "1", "{", '{"id": {}}', '{"type": "unknown"}', "[" * 10_000, b"{}", '{"type":"\ud800"}'],
)
async def test_what_is_no_message_closes_the_connection(port: int, message: Any) -> None:
    async with connected(port, init=False) as socket:
        if isinstance(message, str):
            message = message.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        assert (await closed(socket, message))[0] == 4400


async def test_each_violation_has_its_code(port: int) -> None:
    seller = await account()
    token = await Client.owner(seller)
    subscribe = {"type": "subscribe", "id": "1", "payload": {"query": CHANGED}}
    init = {"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}
    async with connected(port, init=False) as socket:
        assert await closed(socket, subscribe) == (4401, "Unauthorized")
    async with connected(port, token, seller) as socket:
        assert await closed(socket, init) == (4429, "Too many initialisation requests")
    async with connected(port, token, seller) as socket:
        assert await closed(socket, subscribe, subscribe) == (4409, "Subscriber for 1 already exists")
    async with connected(port, init=False, subprotocols=("graphql-ws",)) as socket:
        assert await socket.closed() == (4406, "Subprotocol not acceptable")
    for payload in ({"query": 1}, {}, None, {"query": VIEWER, "variables": []}):
        async with connected(port, token, seller) as socket:
            assert (await closed(socket, {"type": "subscribe", "id": "1", "payload": payload}))[0] == 4400
    for message_id in ("", "x" * 129):
        async with connected(port, token, seller) as socket:
            assert (await closed(socket, subscribe | {"id": message_id}))[0] == 4400


async def test_who_is_not_let_in_is_not_told_why(port: int) -> None:
    seller, other = await account(), await account()
    async with connected(port, init=False) as socket:
        assert await closed(socket, {"type": "connection_init"}) == (4403, "Forbidden")
    for token, central in (
        ("wrong", seller["id"]),
        (await Client.owner(seller), other["id"]),
        (await Client.owner(seller), database.new_id()),
        (await make.session({"id": seller["owner_id"]}, ended=True), seller["id"]),
    ):
        payload = {"Authorization": f"Bearer {token}", "X-Central": f"central_{central}"}
        async with connected(port, init=False) as socket:
            assert await closed(socket, {"type": "connection_init", "payload": payload}) == (
                4403,
                "Forbidden",
            )


async def test_a_client_that_says_nothing_is_disconnected(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "INIT_SECONDS", 0.1)
    async with connected(port, init=False) as socket:
        await socket.say("ping", payload={"a": 1})
        assert await socket.next() == {"type": "pong", "payload": {"a": 1}}
        assert await socket.closed() == (4408, "Connection initialisation timeout")


async def test_before_a_client_identifies_itself_it_can_send_only_a_few_messages(port: int) -> None:
    few = [{"type": "ping"}] * (websocket.FIRST_MESSAGES - 1)
    async with connected(port, init=False) as socket:
        code, _ = await closed(socket, *few, {"type": "connection_init"})
        assert (code, len(socket.received)) == (4403, len(few))
    async with connected(port, init=False) as socket:
        code, _ = await closed(socket, *few, {"type": "ping"}, {"type": "connection_init"})
        assert (code, len(socket.received)) == (4400, len(few) + 1)


async def test_a_message_of_too_many_values_is_not_read(port: int) -> None:
    lists = '{"type": "ping", "payload": [' + "[]," * MOST_VALUES + "0]}"
    async with connected(port, init=False) as socket:
        code, reason = await closed(socket, lists)
    assert (code, reason) == (4400, "The JSON has more than 10,000 commas and opening brackets.")
    async with connected(port, init=False) as socket:
        await socket.connection.send(lists.replace("[],", "", MOST_VALUES // 2 + 10))
        assert (await socket.next())["type"] == "pong"


async def test_a_page_of_another_site_cannot_use_a_cookie(port: int) -> None:
    seller = await account()
    cookie = {"cookie": f"centrals_access={await Client.owner(seller)}"}
    for origin in ("https://evil.example.com", "https://127.0.0.1:8000", "null"):
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with connected(port, headers=cookie | {"origin": origin}, init=False):
                pass
        assert refused.value.response.status_code == 403
    own = cookie | {"origin": f"http://127.0.0.1:{port}"}
    async with connected(port, None, seller, headers=own) as socket:
        await socket.subscribe("1", VIEWER)
        assert (await socket.data())["viewer"]


async def test_queries_and_mutations_run_with_the_limits_of_http(port: int) -> None:
    seller = await account()
    async with connected(port, await Client.owner(seller), seller) as socket:
        await socket.subscribe("1", "{ nothing }")
        error = await socket.next()
        assert (error["type"], error["payload"][0]["extensions"]["code"]) == (
            "error",
            "GRAPHQL_VALIDATION_FAILED",
        )
        aliases = " ".join(f"a{number}: viewer {{ id }}" for number in range(61))
        await socket.subscribe("1", f"{{ {aliases} }}")
        error = await socket.next()
        assert error["payload"][0]["extensions"]["allowed"] == {"aliases": 60}
        await socket.subscribe("1", "query($id: ID!) { node(id: $id) { id } }", {"id": "none"})
        assert await socket.data() == {"node": None}
        assert await socket.next() == {"type": "complete", "id": "1"}
        await socket.subscribe("2", "#" + "x" * 300_000)
        assert (await socket.closed())[0] == 1009


async def test_a_subscription_is_a_stream_and_nothing_else(port: int, client: Client) -> None:
    seller = await account()
    errors = await client.errors(CHANGED, token=await Client.owner(seller), account=seller)
    assert errors[0]["extensions"]["code"] == "BAD_REQUEST"
    nobody = await make.collaborator(seller, await make.profile(seller, [Grant.VIEW_PRODUCTS]))
    async with connected(port, await Client.collaborator(nobody), seller) as socket:
        await socket.subscribe("1", CHANGED)
        hidden = await socket.next()
        await socket.subscribe("1", CHANGED.replace("saleChanged", "soleChanged"))
        never = await socket.next()
        assert json.dumps(hidden).replace("saleChanged", "soleChanged") == json.dumps(never)


async def test_what_is_completed_is_not_sent_and_its_id_is_free(port: int) -> None:
    seller = await account()
    async with connected(port, await Client.owner(seller), seller) as socket:
        for _ in range(3):
            await socket.subscribe("1", CHANGED)
            await socket.say("complete", "1")
        await socket.subscribe("2", VIEWER)
        assert (await socket.next())["id"] == "2"
        await asyncio.sleep(0.05)
        await socket.subscribe("1", VIEWER)
        assert {(await socket.next())["id"] for _ in range(2)} == {"1", "2"}


async def test_a_marked_field_comes_and_goes_with_its_grant_while_its_stream_stays_open(port: int) -> None:
    seller = await account(privacy="SHARED")
    profile = await make.profile(seller, [Grant.SEARCH_SALES])
    token = await Client.collaborator(await make.collaborator(seller, profile))
    marked = "subscription { saleChanged { sale { reference %s @whenGranted { amount } } } }"
    whole = "subscription { saleChanged @whenGranted { sale { reference %s { amount } } } }"
    async with connected(port, token, seller) as socket:
        await begun(socket, "hidden", marked % "net")
        await begun(socket, "never", marked % "nut")

        async def happens(number: int, *grants: str) -> list[str]:
            """The keys of a sale over both streams, once the viewer has these grants."""
            await done(seller, UPDATE_PROFILE, profileId=f"profile_{profile['id']}", grants=list(grants))
            await arrives(seller, number)
            found = {item["id"]: item["payload"] for item in [await socket.next() for _ in range(2)]}
            assert found["never"] == {"data": {"saleChanged": {"sale": {"reference": f"HP{number}"}}}}
            return list(found["hidden"]["data"]["saleChanged"]["sale"])

        assert await happens(1, "SEARCH_SALES") == ["reference"]
        assert await happens(2, "SEARCH_SALES", "VIEW_COMMISSIONS_REPORT") == ["reference", "net"]
        assert await happens(3, "SEARCH_SALES") == ["reference"]
        errors = []
        for name in ("net", "nut"):
            await socket.subscribe("whole", whole % name)
            errors.append(await socket.next())
        assert errors[0] == errors[1]
        assert errors[0]["type"] == "error"

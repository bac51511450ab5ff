"""One's own access, messages and arrivals over a socket, each for whoever may have them."""

from typing import Any

import pytest
from intake_state import account
from moves import RESTORE, SUSPEND, UPDATE_PROFILE, arrives, done, mutation

import make
from authz.grant import Grant
from client import Client
from graph.http.stream import Stream
from models.vocabulary import Role
from sockets import CHANGED, begun, connected

ACCESS = "subscription($after: String) { accessChanged(after: $after) { cursor at access { grants standing } account { myRole } } }"
RECEIVED = "subscription { intakeReceived(filter: {outcome: [SALE]}) { message { kind reference sale { status } } } }"
ARRIVED = "subscription { saleArrived { sale { reference } } }"


async def test_a_change_of_ones_own_access_is_sent_and_nobody_elses(port: int) -> None:
    seller = await account()
    mine, other = await make.profile(seller, [Grant.SEARCH_SALES]), await make.profile(seller, [])
    collaborator = await make.collaborator(seller, mine)
    token = await Client.collaborator(collaborator)

    async def grant(profile: dict[str, Any], *grants: str) -> None:
        await done(seller, UPDATE_PROFILE, profileId=f"profile_{profile['id']}", grants=list(grants))

    async with connected(port, token, seller) as socket:
        await begun(socket, query=ACCESS)
        await grant(other, "VIEW_PRODUCTS")
        await arrives(seller, 1)
        assert await socket.silent()
        await grant(mine, "SEARCH_SALES", "VIEW_PRODUCTS")
        change = (await socket.data())["accessChanged"]
        assert set(change["access"]["grants"]) == {"SEARCH_SALES", "VIEW_PRODUCTS"}
        assert change["account"] == {"myRole": "USER"}
        assert await socket.silent()

    async with connected(port, token, seller) as socket:
        await socket.subscribe("same", ACCESS, {"after": change["cursor"]})
        assert await socket.silent()
    await grant(mine, "VIEW_PRODUCTS")
    async with connected(port, token, seller) as socket:
        await socket.subscribe("later", ACCESS, {"after": change["cursor"]})
        assert (await socket.data())["accessChanged"]["access"]["grants"] == ["VIEW_PRODUCTS"]


async def test_messages_are_sent_to_the_owner_and_admins_alone(port: int) -> None:
    seller = await account()
    every = await make.profile(seller, list(Grant))
    admin, user = [await make.collaborator(seller, every, role) for role in (Role.ADMIN, Role.USER)]
    async with (
        connected(port, await Client.collaborator(admin), seller) as socket,
        connected(port, await Client.collaborator(user), seller) as denied,
    ):
        await begun(socket, query=RECEIVED)
        await begun(socket, "2", ARRIVED)
        await denied.subscribe("1", RECEIVED)
        assert (await denied.next())["type"] == "error"
        await arrives(seller, 1)
        found = [await socket.next() for _ in range(2)]
        data = {item["id"]: item["payload"]["data"] for item in found}
        message = {"kind": "PURCHASE_APPROVED", "reference": "HP1", "sale": {"status": "APPROVED"}}
        assert data["1"] == {"intakeReceived": {"message": message}}
        assert data["2"] == {"saleArrived": {"sale": {"reference": "HP1"}}}
        await arrives(seller, 1, "COMPLETE", 9)
        assert (await socket.next())["id"] == "1"  # it has arrived before
        assert await socket.silent()


async def test_these_tests_notice_a_stream_that_is_judged_once(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def trusting(self: Stream) -> None:
        del self

    seller = await account(privacy="SHARED")
    profile = await make.profile(seller, [Grant.SEARCH_SALES])
    collaborator = await make.collaborator(seller, profile)
    async with connected(port, await Client.collaborator(collaborator), seller) as socket:
        await begun(socket)
        monkeypatch.setattr(Stream, "_judge", trusting)
        await done(seller, UPDATE_PROFILE, profileId=f"profile_{profile['id']}", grants=["VIEW_PRODUCTS"])
        await arrives(seller, 1)
        assert (await socket.next())["type"] == "next"  # what must never be


async def test_a_suspension_that_ends_lets_in_again(port: int) -> None:
    seller = await account(privacy="SHARED")
    collaborator = await make.collaborator(seller, await make.profile(seller, [Grant.SEARCH_SALES]))
    token, named = await Client.collaborator(collaborator), f"collaborator_{collaborator['id']}"
    async with connected(port, token, seller) as socket:
        await begun(socket, query=CHANGED)
        await done(seller, SUSPEND, collaboratorId=named)
        assert (await socket.closed())[0] == 4403
    await done(seller, RESTORE, collaboratorId=named)
    async with connected(port, token, seller) as socket:
        await begun(socket)
        await arrives(seller, 1)
        assert await socket.data()


async def test_ones_role_teams_and_central_are_sent_as_they_change(port: int) -> None:
    seller = await account(teams_on=True)
    collaborator = await make.collaborator(seller, await make.profile(seller, [Grant.SEARCH_SALES]))
    team, named = await make.team(seller, [], []), f"collaborator_{collaborator['id']}"
    async with connected(port, await Client.collaborator(collaborator), seller) as socket:
        await begun(socket, query=ACCESS)
        await done(seller, mutation("addTeamMember"), teamId=f"team_{team['id']}", collaboratorId=named)
        joined = (await socket.data())["accessChanged"]
        await done(seller, mutation("changeRole"), collaboratorId=named, role="TEAM_LEAD")
        promoted = (await socket.data())["accessChanged"]
        await done(seller, mutation("setPrivacy"), privacy="SHARED")
        shared = (await socket.data())["accessChanged"]

        roles = [change["account"]["myRole"] for change in (joined, promoted, shared)]
        assert roles == ["USER", "TEAM_LEAD", "TEAM_LEAD"]
        assert await socket.silent()

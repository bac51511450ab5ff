"""Sales over a socket, as they change: in order, within reach, and only as long as the viewer may see them."""

from typing import Any

from intake_state import account
from moves import SUSPEND, UPDATE_PROFILE, all_end_within, arrives, assigned, done, ended_while, in_lanes

import make
from authz.grant import Grant
from client import Client
from extent import extent
from models import database
from models.vocabulary import Role
from sockets import CHANGED, begun, connected

SALES = [Grant.SEARCH_SALES]
QUICK = 0.25
"""The seconds within which a stream of the same process ends."""


async def test_sales_are_sent_as_they_change_in_their_order(port: int) -> None:
    seller = await account()
    async with connected(port, await Client.owner(seller), seller) as socket:
        await begun(socket)
        for number in range(3):
            await arrives(seller, number)
        await arrives(seller, 1, "COMPLETE", 10)

        found = [(await socket.data())["saleChanged"] for _ in range(4)]

        assert [item["sale"]["reference"] for item in found] == ["HP0", "HP1", "HP2", "HP1"]
        assert found[-1]["sale"]["status"] == "COMPLETE"
        assert await socket.silent()


async def test_sales_of_others_are_not_sent(port: int) -> None:
    seller = await account()
    mine, theirs = [await make.collaborator(seller, await make.profile(seller, SALES)) for _ in range(2)]
    async with connected(port, await Client.collaborator(mine), seller) as socket:
        await begun(socket)
        await arrives(seller, 1)
        await assigned(seller, 1, theirs)
        await arrives(seller, 2)
        assert await socket.silent()  # what is read later is as it is then
        await assigned(seller, 2, mine)
        assert (await socket.data())["saleChanged"]["sale"]["reference"] == "HP2"
        await assigned(seller, 2, theirs)
        assert await socket.silent()


async def test_a_filter_is_applied_to_the_sale_as_it_is(port: int) -> None:
    seller = await account()
    query = "subscription { saleChanged(filter: {status: [COMPLETE]}) { sale { reference } } }"
    async with connected(port, await Client.owner(seller), seller) as socket:
        await begun(socket, query=query)
        await arrives(seller, 1)
        await arrives(seller, 2)
        assert await socket.silent()
        await arrives(seller, 2, "COMPLETE", 5)

        assert (await socket.data())["saleChanged"]["sale"]["reference"] == "HP2"
        assert await socket.silent()


async def test_a_grant_that_is_taken_away_ends_the_subscription_like_one_that_never_existed(
    port: int,
) -> None:
    async def revoked(seller: dict[str, Any], number: int) -> float:
        profile = await make.profile(seller, SALES)
        collaborator = await make.collaborator(seller, profile)
        async with connected(port, await Client.collaborator(collaborator), seller) as socket:
            await begun(socket)
            await arrives(seller, 2 * number)
            assert (await socket.next())["type"] == "next"

            await done(seller, UPDATE_PROFILE, profileId=f"profile_{profile['id']}", grants=["VIEW_PRODUCTS"])
            ended, taken = await ended_while(socket.next(), arrives(seller, 2 * number + 1))
            assert ended["type"] == "error"
            await socket.subscribe("never", CHANGED)
            never = await socket.next()
            assert ended["payload"] == never["payload"]
            assert await socket.silent(0.05)
        return taken

    all_end_within(QUICK, await in_lanes(revoked, extent(5, 1_000)))


async def test_a_suspension_closes_the_connection_at_once(port: int) -> None:
    async def suspended(seller: dict[str, Any], number: int) -> float:
        collaborator = await make.collaborator(seller, await make.profile(seller, SALES))
        async with connected(port, await Client.collaborator(collaborator), seller) as socket:
            await begun(socket)
            await done(seller, SUSPEND, collaboratorId=f"collaborator_{collaborator['id']}")
            closed, taken = await ended_while(socket.closed(), arrives(seller, number))
            assert closed == (4403, "Forbidden")
            # the check's alone
            assert [item["type"] for item in socket.received].count("next") == 1
        return taken

    all_end_within(QUICK, await in_lanes(suspended, extent(3, 200)))


async def test_an_ended_session_closes_its_connections_and_no_others(port: int) -> None:
    seller = await account()
    token, other = await Client.owner(seller), await Client.owner(seller)
    async with connected(port, token, seller) as socket, connected(port, other, seller) as stored:
        await begun(stored)
        async with connected(port, token, seller) as same:
            await same.subscribe("1", "mutation { signOut { errors { code } } }")
            assert await socket.closed() == (4403, "Forbidden")
        await arrives(seller, 1)
        assert (await stored.data())["saleChanged"]["sale"]["reference"] == "HP1"


async def test_a_credential_that_expires_closes_its_connection(port: int) -> None:
    seller = await account()
    token = await Client.owner(seller)
    async with connected(port, token, seller) as socket:
        assert await socket.silent(0.1)

    async def expire() -> None:
        await database.write("UPDATE credentials SET expires_at = ?", (database.now() + 700,))

    await database.transact(expire)
    async with connected(port, token, seller) as socket:
        assert await socket.closed(3) == (4403, "Forbidden")


async def test_a_lead_sees_what_their_members_get(port: int) -> None:
    seller = await account(teams_on=True)
    profile = await make.profile(seller, SALES)
    lead = await make.collaborator(seller, profile, Role.TEAM_LEAD)
    member, stranger = [await make.collaborator(seller, profile) for _ in range(2)]
    await make.team(seller, [member], [lead])
    async with connected(port, await Client.collaborator(lead), seller) as socket:
        await begun(socket)
        for number, collaborator in enumerate((stranger, member)):
            await arrives(seller, number)
            assert await socket.silent()  # what is read later is as it is then
            await assigned(seller, number, collaborator)
        assert (await socket.data())["saleChanged"]["sale"]["assignee"]["name"] == member["name"]
        assert await socket.silent()

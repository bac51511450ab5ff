"""What an answer tells of itself, where the server is set to."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

import make
from authz.grant import Grant
from client import SETTINGS, Client
from doorstep import visiting


@pytest.fixture
async def open_client(database_url: str) -> AsyncIterator[Client]:
    async with visiting(replace(SETTINGS, show_access=True)) as found:
        yield found


async def test_an_answer_tells_its_gates_its_execution_and_its_statements(open_client: Client) -> None:
    account = await make.account()
    collaborator = await make.collaborator(account, await make.profile(account, [Grant.SEARCH_SALES]))
    await make.sale(account, assignee=collaborator)
    token = await Client.collaborator(collaborator)
    query = "{ account { sales { nodes { reference product { name } history { status } } } } }"

    access = (await open_client.post(query, token=token, account=account)).json()["extensions"]["access"]
    owners = (await open_client.post(query, token=await Client.owner(account), account=account)).json()
    schema = (
        await open_client.post("{ __schema { queryType { name } } }", token=token, account=account)
    ).json()

    assert access["execution"] == "compiled"
    assert access["statements"] == 3
    assert access["gates"] != owners["extensions"]["access"]["gates"]
    assert schema["extensions"]["access"]["execution"] == "standard: introspection"
    assert schema["extensions"]["access"]["statements"] == 1


async def test_two_with_the_same_grants_share_a_set_of_gates(open_client: Client) -> None:
    account, other = await make.account(), await make.account()
    collaborators = [
        await make.collaborator(
            item, await make.profile(item, [Grant.SEARCH_SALES, Grant.MANAGE_KAJABI][:count])
        )
        for item, count in ((account, 1), (other, 2))
    ]

    gates = [
        (
            await open_client.post(
                "{ account { name } }", token=await Client.collaborator(collaborator), account=item
            )
        ).json()["extensions"]["access"]["gates"]
        for collaborator, item in zip(collaborators, (account, other), strict=True)
    ]

    # a grant that opens nothing in the schema yet makes no other schema
    assert gates[0] == gates[1]


async def test_an_answer_tells_nothing_of_itself_unless_it_is_set_to(client: Client) -> None:
    body = (await client.post("{ instance { name } }")).json()

    assert set(body) == {"data"}

"""What an invalid document says of a request that names no central, or no one."""

from typing import Any

import make
from client import Client

NAMES = ("account", "nothing")


async def _extensions(client: Client, **who: Any) -> list[dict[str, Any]]:
    return [
        error["extensions"]
        for name in NAMES
        for error in await client.errors(f"query {{ {name} {{ name }} }}", **who)
    ]


async def test_without_a_central_there_is_a_hint_whatever_name_is_unknown(client: Client) -> None:
    account = await make.account()

    existing, unknown = await _extensions(client, token=await Client.owner(account))

    assert existing == unknown
    assert existing["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert existing["hint"].startswith("The request names no central.")


async def test_in_a_central_there_is_no_hint(client: Client) -> None:
    account = await make.account()

    (unknown,) = await _extensions(client, token=await Client.owner(account), account=account)

    assert unknown == {"code": "GRAPHQL_VALIDATION_FAILED"}


async def test_without_a_credential_the_hint_is_to_sign_in(client: Client) -> None:
    existing, unknown = await _extensions(client)

    assert existing == unknown
    assert existing["hint"].startswith("The request has no credential.")


async def test_a_document_that_is_valid_has_no_hint(client: Client) -> None:
    owner = await Client.owner(await make.account())

    answer = await client.post("{ viewer { name } account @whenGranted { name } }", token=owner)
    faulty = await client.errors("{ viewer { name }", token=owner)

    assert "errors" not in answer.json()
    assert "hint" not in faulty[0]["extensions"]

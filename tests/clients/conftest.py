"""One server, and one account, for the clients of a module."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import make
from authz.grant import Grant
from client import Client
from doorstep import application
from sockets import listening

sys.path.append(str(Path(__file__).parent))
from scene import Scene


@pytest.fixture(scope="module")
async def scene(database_url: str) -> AsyncIterator[Scene]:
    """A server, and an account with three sales."""
    account = await make.account(await make.user("Owner"), name="Aurora", privacy="SHARED")
    product = await make.product(account)
    seat = await make.collaborator(account, await make.profile(account, [Grant.SEARCH_SALES]))
    for number in range(3):
        await make.sale(account, product, reference=f"S{number}", ordered_at=number)
    async with listening(application()) as port:
        url = f"http://127.0.0.1:{port}/graphql"
        yield Scene(url, account, await Client.owner(account), await Client.seat(seat))

"""One server, and one account, for the clients of a module."""

import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import make
from authz.grant import Grant
from client import Client
from doorstep import application
from sockets import listening

sys.path.append(str(Path(__file__).parents[1] / "intake"))
sys.path.append(str(Path(__file__).parents[1] / "live"))
sys.path.append(str(Path(__file__).parent))
import intake_state
from scene import HERE, PACKAGES, ROOT, Scene, output


@pytest.fixture(scope="session")
async def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what Relay's compiler made of a screen and of the committed schema."""
    folder = tmp_path_factory.mktemp("clients")
    shutil.copytree(HERE / "relay", folder / "relay")
    shutil.copy(HERE / "relay.config.json", folder)
    shutil.copy(ROOT / "schema.graphql", folder)
    (folder / "relay-documents.json").write_text("{}")
    (folder / "node_modules").symlink_to(PACKAGES)
    await output(["node", PACKAGES / "relay-compiler" / "cli.js"], folder)
    return folder


@pytest.fixture(scope="module")
async def scene(database_url: str) -> AsyncIterator[Scene]:
    """A server, and an account with three sales."""
    account = await intake_state.account(owner=await make.user("Owner"), name="Aurora", privacy="SHARED")
    product = await make.product(account)
    member = await make.collaborator(account, await make.profile(account, [Grant.SEARCH_SALES]))
    for number in range(3):
        await make.sale(account, product, reference=f"S{number}", ordered_at=number)
    async with listening(application()) as port:
        url = f"http://127.0.0.1:{port}/graphql"
        yield Scene(url, account, await Client.owner(account), await Client.collaborator(member), member)

"""The API beside an oracle that shares no code with it."""

import ast
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from client import Client
from doorstep import application
from extent import extent
from oracle.examine import Exam
from oracle.transports import TwoTransports
from oracle.world import plant, random_world
from sockets import listening

WORLDS, VIEWERS = extent(1, 4), 5
BLOCKS = extent(2, 5)
LEAST = 160 * WORLDS  # cases in a block: in the long run over 3,000 on each database


@pytest.mark.parametrize("block", range(BLOCKS))
async def test_the_api_answers_as_the_specification_says(client: Client, block: int) -> None:
    cases = 0
    for seed in range(block * WORLDS, (block + 1) * WORLDS):
        world = random_world(seed)
        await plant(world)
        exam = Exam(client, world, seed)

        await exam.everything(VIEWERS)

        cases += sum(exam.tally.values())
    assert cases >= LEAST


async def test_a_websocket_answers_byte_for_byte_like_http(client: Client) -> None:
    world = random_world(1_000)
    await plant(world)
    async with listening(application()) as port, AsyncExitStack() as stack:
        both = TwoTransports(client.http, port=port, stack=stack)

        await Exam(both, world, 1_000).everything(extent(2, VIEWERS))

    assert both.data >= 30
    assert both.refused >= 6
    assert both.closed >= 3


@pytest.mark.parametrize(
    "part",
    [
        *("oracle", "catalog_answers", "recovery_answers", "sale_answers", "share_sums", "standing", "sums"),
        *("fields", "recovery_fields", "recovery_sums", "report_fields", "report_lists", "vocabulary"),
    ],
)
def test_the_oracle_imports_nothing_of_the_application(part: str) -> None:
    tree = ast.parse(Path(__file__).with_name(f"{part}.py").read_text())
    froms = {node.module.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}

    library = {"re", "typing", "collections", "datetime", "fractions", "zoneinfo", "unicodedata"}
    assert froms | plain <= library | {"oracle"}

"""The API beside an oracle that shares no code with it."""

import ast
from pathlib import Path

import pytest

from client import Client
from extent import extent
from oracle.examine import Exam
from oracle.world import plant, random_world

WORLDS, VIEWERS = extent(2, 4), 5
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


@pytest.mark.parametrize("part", ["oracle", "sale_answers", "standing", "sums", "vocabulary"])
def test_the_oracle_imports_nothing_of_the_application(part: str) -> None:
    tree = ast.parse(Path(__file__).with_name(f"{part}.py").read_text())
    froms = {node.module.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}

    assert froms | plain <= {"oracle", "typing", "datetime", "fractions", "zoneinfo", "unicodedata"}

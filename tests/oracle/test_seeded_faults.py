"""The oracle finds what it is there for: each fault, once it is in the code, makes the comparison fail."""

import pytest

from doorstep import visiting
from extent import by_turns
from oracle.examine import Exam, Mismatch
from oracle.seeded import FAULTS, seeded
from oracle.world import plant, random_world

MOST_WORLDS = 12
# the first worlds that show a fault; the eighth shows most
FIRST = {
    "a user without teams sees everyone's": 20,
    "a dormant lead leads": 4,
    "a lost role leads": 13,
    "gates are ignored": 13,
}


@pytest.mark.parametrize("fault", by_turns(list(FAULTS), 5))
async def test_a_seeded_fault_is_found(
    database_url: str, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    seeded(monkeypatch, FAULTS[fault])

    with pytest.raises(Mismatch) as found:
        await _compared(FIRST.get(fault, 8))

    assert "INTERNAL" not in str(found.value)


async def _compared(first: int) -> None:
    async with visiting(apart=True) as client:  # what it makes with the fault stays with it
        for seed in range(first, first + MOST_WORLDS):
            world = random_world(seed)
            await plant(world)
            await Exam(client, world, seed).everything(6)

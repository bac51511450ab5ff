"""Plans beside the standard executor: the same bytes for queries over the whole schema, whoever asks.

And plan makers with a fault: the same comparison must find each of them.
"""

import random
import time
from collections.abc import Callable

import pytest

from engine.document import RejectedOperation
from engine.execute import Engine
from engine.limits import Limits
from extent import by_turns, extent
from graph.schema import full_schema
from models import database
from plans.leaks import LEAKS, Leak
from plans.paths import Comparison, Crowded, Difference, Stage, compare

# worlds, questions to each, and how many answers are compared at least
SIZES = extent(
    {"sqlite": (2, 30, 200), "postgres": (2, 18, 120)}, {"sqlite": (6, 85, 2_000), "postgres": (4, 65, 1_000)}
)
LEAST_SHARE = 0.8
LEAST_MASKS = extent(8, 12)


async def test_plans_answer_as_the_standard_executor_does(
    database_url: str, record_testsuite_property: Callable[[str, object], None]
) -> None:
    kind = database.dialect()
    worlds, questions, least = SIZES[kind]
    comparison, started = Comparison(), time.perf_counter()

    for seed in range(worlds):
        await compare(await Stage.of(seed), comparison, random.Random(seed), questions)

    visible = comparison.tally
    report = f"{visible}; {time.perf_counter() - started:.0f} s"
    print(kind, report)
    record_testsuite_property(f"plans beside the standard executor, {kind}", report)
    assert visible.compared >= least
    assert visible.successful >= least / 2
    assert visible.failed >= least / 50
    assert visible.share >= LEAST_SHARE
    assert len(visible.masks) >= LEAST_MASKS


async def test_plans_that_several_sets_of_grants_share_answer_as_the_standard_executor_does(
    database_url: str,
) -> None:
    comparison, worlds, questions = Comparison(Crowded), *extent((2, 12), (6, 60))

    for seed in range(worlds):
        await compare(await Stage.of(seed), comparison, random.Random(seed), questions)

    print(comparison.tally)
    engine = comparison.compiled.engine
    assert isinstance(engine, Crowded)
    assert engine.shared >= comparison.tally.successful / 5
    assert comparison.tally.share >= LEAST_SHARE


async def _compared(comparison: Comparison, who: str) -> None:
    for seed in range(6):
        await compare(await Stage.of(seed), comparison, random.Random(seed), 60, who)


@pytest.mark.parametrize("leak", by_turns(list(LEAKS), 5), ids=lambda leak: leak.__name__)
async def test_a_leaky_plan_maker_is_found(
    database_url: str, leak: Leak, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparison = Comparison(leak(monkeypatch))

    with pytest.raises(Difference) as found:
        await _compared(comparison, LEAKS[leak])

    print(comparison.tally.compared, "compared before it was found")
    assert "standard: " in str(found.value)


async def test_what_is_written_is_valid_and_the_same_for_a_seed(database_url: str) -> None:
    stage = await Stage.of(0)
    engine = Engine(full_schema(), Limits(cost=10**9))

    def written(seed: int) -> list[str]:
        writer = stage.writer(stage.people[0], random.Random(seed), tidy=True)
        return [writer.question().text for _ in range(60)]

    texts = written(1)

    assert texts == written(1) != written(2)
    refused = [
        text
        for text in texts
        if isinstance(engine.prepare(text, None, stage.people[0].mask), RejectedOperation)
    ]
    assert len([item for item in refused if "query Operation1" not in item]) <= 1

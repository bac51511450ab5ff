"""The time that requests may take: whoever is over it ends, and nobody else."""

import asyncio

import pytest

from graph.http.deadline import Deadline

SECONDS = 0.2


async def _slow() -> str:
    await asyncio.sleep(60)
    return "late"


async def _quick(value: object = "in time") -> object:
    await asyncio.sleep(0)
    return value


async def test_what_is_quick_is_answered_and_what_is_slow_ends() -> None:
    deadline = Deadline(SECONDS)

    assert await deadline.within(_quick()) == "in time"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(10):
            await deadline.within(_slow())

    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    assert await deadline.within(_quick()) == "in time"


async def test_of_many_at_once_those_that_are_over_end_alone() -> None:
    deadline = Deadline(SECONDS)

    async with asyncio.timeout(10):
        results = await asyncio.gather(
            *(deadline.within(_slow() if n % 3 == 0 else _quick(n)) for n in range(300)),
            return_exceptions=True,
        )

    assert [type(item) if n % 3 == 0 else item for n, item in enumerate(results)] == [
        TimeoutError if n % 3 == 0 else n for n in range(300)
    ]
    assert deadline._running == {}


async def test_who_is_cancelled_by_another_is_cancelled() -> None:
    deadline = Deadline(60)
    task = asyncio.create_task(deadline.within(_slow()))
    await asyncio.sleep(0.01)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_outer_time_limit_is_told_apart() -> None:
    deadline, results = Deadline(60), []

    async def outer() -> None:
        async with asyncio.timeout(0.05):
            try:
                await deadline.within(_slow())
            except BaseException as error:
                results.append(type(error))
                raise

    with pytest.raises(TimeoutError):
        await outer()

    assert results == [asyncio.CancelledError]


async def test_work_that_fails_tells_why() -> None:
    async def failing() -> None:
        raise ValueError("ours")

    with pytest.raises(ValueError, match="ours"):
        await Deadline(SECONDS).within(failing())


def test_a_deadline_serves_one_loop_after_the_other() -> None:
    deadline = Deadline(SECONDS)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            asyncio.run(deadline.within(_slow()))
        assert asyncio.run(deadline.within(_quick())) == "in time"

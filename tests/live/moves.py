"""What tests of subscriptions let happen: webhooks, and mutations by the owner."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from statistics import quantiles
from typing import Any, TypeVar

from intake_state import SECRET, account
from payloads import APRIL, body, webhook

from client import Client
from doorstep import visiting
from extent import extent
from intake.endpoint.receive import receive

T = TypeVar("T")

ASSIGN = """mutation($input: AssignSaleInput!) { assignSale(input: $input) { errors { code } } }"""
SUSPEND = """mutation($input: SuspendCollaboratorInput!) {
  suspendCollaborator(input: $input) { errors { code } } }"""
RESTORE = """mutation($input: RestoreCollaboratorInput!) {
  restoreCollaborator(input: $input) { errors { code } } }"""
UPDATE_PROFILE = (
    """mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { errors { code } } }"""
)


def mutation(name: str) -> str:
    """The mutation with this name, which tells of nothing but errors."""
    return f"mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{ errors {{ code }} }} }}"


async def arrives(seller: dict[str, Any], number: int, kind: str = "APPROVED", second: int = 0) -> None:
    """A sale's message reaches the account's address."""
    status = {"APPROVED": "APPROVED", "COMPLETE": "COMPLETED"}[kind]
    message = webhook(
        f"PURCHASE_{kind}",
        status,
        creation_date=APRIL + (number + second) * 1_000,
        purchase__transaction=f"HP{number}",
        purchase__approved_date=None,
    )
    assert (await receive(seller["intake_id"], SECRET, body(message))).status == 200


async def done(seller: dict[str, Any], mutation: str, **values: Any) -> None:
    """The owner does something."""
    async with visiting() as client:
        data = await client.ask(mutation, {"input": values}, token=await Client.owner(seller), account=seller)
    assert next(iter(data.values()))["errors"] == []


async def assigned(seller: dict[str, Any], number: int, collaborator: dict[str, Any] | None) -> None:
    """The owner assigns a sale to a collaborator, or to no one."""
    to = f"person_{collaborator['id']}" if collaborator else None
    await done(seller, ASSIGN, reference=f"HP{number}", assigneeId=to)


async def ended_while(ends: Awaitable[T], happens: Awaitable[None]) -> tuple[T, float]:
    """What ends while something else happens, and after how many seconds."""
    since = time.monotonic()

    async def end() -> tuple[T, float]:
        return await ends, time.monotonic() - since

    found, _ = await asyncio.gather(end(), happens)
    return found


async def in_lanes(play: Callable[[dict[str, Any], int], Awaitable[float]], rounds: int) -> list[float]:
    """The seconds that each round takes, in several accounts at once: rounds mostly wait."""
    lanes = extent(1, 5)

    async def lane(first: int) -> list[float]:
        seller = await account(privacy="SHARED")
        return [await play(seller, number) for number in range(first, rounds, lanes)]

    return [taken for times in await asyncio.gather(*map(lane, range(lanes))) for taken in times]


def all_end_within(seconds: float, found: list[float]) -> None:
    """Assert that rounds end in time: half of them, 95 % in the long run, and none far later.

    Other work on the machine delays some rounds, so that no bound holds for the slowest.
    """
    cuts = quantiles(found, n=100, method="inclusive")
    figures = (
        f"median {cuts[49]:.3f} s, 95 % {cuts[94]:.3f} s, 99 % {cuts[98]:.3f} s, most {max(found):.3f} s"
    )
    print(f"{len(found)} rounds: {figures}")
    assert cuts[extent(49, 94)] < seconds, figures
    assert max(found) < 4.0, figures

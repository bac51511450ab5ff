"""What is hidden from a viewer leaves no trace: with it or without it, every answer is the same bytes."""

import random
from typing import Any

import pytest

from client import Client
from doorstep import visiting
from extent import by_turns, extent
from models import database
from oracle.examine import Mismatch
from oracle.hidden_changes import HiddenChanges
from oracle.oracle import Oracle
from oracle.questions import Asker, document
from oracle.seeded import FAULTS, seeded
from oracle.standing import Field
from oracle.world import Maker, plant, random_world

FIRST_SEED, VIEWERS, PAIRS = 10_001, 4, 8
WORLDS = extent(1, 13)
LEAST = 30 * WORLDS  # pairs: over 390 on each database in the long run
RECOVERY = ("pipeline", "opportunities", "subscriptions")
_CURSORS = (
    Field("pageInfo", (Field("hasNextPage"), Field("endCursor"))),
    Field("totalCount"),
    Field("edges", (Field("cursor"), Field("node", (Field("id"),)))),
)


class Watched:
    """A viewer whose answers are compared from one state of the world to the next."""

    def __init__(self, client: Client, seed: int, world: Any, user_id: str, rng: random.Random) -> None:
        self.client, self.seed, self.rng = client, seed, rng
        self.account = world["accounts"][0]
        oracle = Oracle(world, user_id, self.account["id"], database.now())
        self.oracle = oracle
        asker = Asker(oracle, rng)
        request = asker.visible()
        reports = [item for item in request if item.sub and item.sub[0].name == "reports"]
        others = [item for item in request if item not in reports]
        self.documents = [document(tuple(_aliased(reports)))] if reports else []
        self.reports = len(self.documents)
        self.documents.append(document(tuple(_aliased(rng.sample(others, min(9, len(others)))))))
        recovery = [item for item in others if item.sub and item.sub[0].name in RECOVERY]
        self.documents += [document(tuple(_aliased(recovery[:4])))] if recovery else []
        self.documents += [document(question) for question in [asker.hidden()] if question]
        self.documents.append(document((Field("nodes", (Field("id"),), {"ids": asker.ids()}),)))
        if oracle.has("Account", "sales"):
            unseen = [sale["reference"] for sale in world["sales"] if not oracle.sees(sale)]
            looks = [Field("sale", (Field("id"),), {"reference": item}) for item in unseen[:4]]
            pages = [Field("sales", _CURSORS, asker.listing() | {"first": 4}) for _ in range(3)]
            # how addresses begin once they are changed
            pages.append(Field("sales", _CURSORS, {"filter": {"text": "other"}, "first": 4}))
            self.documents.append(
                document(tuple(_aliased([Field("account", (look,)) for look in looks + pages])))
            )

    async def follow(self, who: dict[str, Any]) -> None:
        """Ask for a second page too, by the cursor that the first one gave."""
        if not self.oracle.has("Account", "sales"):
            return
        first = (Field("account", (Field("sales", _CURSORS, {"first": 3}),)),)
        found = await self.client.ask(document(first), **who)
        args = {"first": 3, "after": found["account"]["sales"]["pageInfo"]["endCursor"]}
        self.documents.append(document((Field("account", (Field("sales", _CURSORS, args),)),)))

    async def answers(self, who: dict[str, Any]) -> list[bytes]:
        """What every document is answered with."""
        return [(await self.client.post(text, **who)).content for text in self.documents]

    def same(self, before: list[bytes], after: list[bytes], what: str) -> None:
        """Fail with what reproduces it where an answer differs."""
        for text, item, other in zip(self.documents, before, after, strict=False):
            if item != other:
                viewer = f"user {self.oracle.user['id']}, {self.oracle.role}"
                raise Mismatch(
                    f"seed {self.seed}, {viewer}: {what}\n  asked: {text}\n  {item!r}\n  {other!r}"
                )


def _aliased(fields: list[Field]) -> list[Field]:
    return [field._replace(alias=f"q{number}") for number, field in enumerate(fields)]


async def compared(client: Client, seed: int, viewers: int, pairs: int) -> int:
    """Pairs of states of a world whose answers were compared."""
    world = random_world(seed, sales=14)
    await plant(world)
    maker, rng = Maker(seed, world), random.Random(seed)
    maker.count = 5_000
    account, found = world["accounts"][0], 0
    users = [account["owner_id"], *(collaborator["user_id"] for collaborator in world["collaborators"])]
    entering = [
        fromkey
        for fromkey in dict.fromkeys(users)
        if Oracle(world, fromkey, account["id"], database.now()).enters
    ]
    for user_id in rng.sample(entering, min(viewers, len(entering))):
        if not Oracle(world, user_id, account["id"], database.now()).enters:
            continue  # suspended by a change before
        changes = HiddenChanges(world, maker, user_id, rng)
        who = {"token": await client.owner({"owner_id": user_id}), "account": account}
        watched = Watched(client, seed, world, user_id, rng)
        await watched.follow(who)
        before = await watched.answers(who)
        for _ in range(pairs):
            done = await changes.some()
            watched.same(before, await watched.answers(who), ", ".join(done))
            found += 1
        if watched.reports and await changes.visible_but_not_counted():
            after = await watched.answers(who)
            watched.same(before[: watched.reports], after[: watched.reports], "seen, and in no statistics")
            found += 1
    return found


async def test_an_answer_does_not_change_with_what_is_hidden(client: Client) -> None:
    pairs = 0
    for seed in range(FIRST_SEED, FIRST_SEED + WORLDS):
        pairs += await compared(client, seed, VIEWERS, PAIRS)

    assert pairs >= LEAST


# the first world that shows each
FIRST = {"a count of all rows": 20_000, "reports without reach": 21_500, "text finds the e-mail": 21_501}


@pytest.mark.parametrize("fault", by_turns(list(FIRST), 3))
async def test_a_trace_that_is_seeded_is_found(
    database_url: str, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    seeded(monkeypatch, FAULTS[fault])

    with pytest.raises(Mismatch):
        await _compared_from(FIRST[fault])


async def _compared_from(first: int) -> None:
    async with visiting(apart=True) as client:  # what it makes with the fault stays with it
        for seed in range(first, first + 12):
            await compared(client, seed, VIEWERS, PAIRS)

"""Sales that arrive with a collaborator's source code are theirs, unless someone decided otherwise."""

import itertools
import random
from typing import Any

import pytest
from intake_state import SECRET, account, rows, state
from payloads import APRIL, body, webhook

import make
from intake.endpoint.receive import receive
from intake.hotmart.webhook import webhook_event
from intake.messages.arrival import arrival_of
from intake.messages.secret import Secrets
from intake.messages.store import store_arrivals
from intake.sales.assignment import CodeHolder, holder_of
from intake.values.reading import decoded
from models import database
from models.vocabulary import IntakeChannel


@pytest.fixture(autouse=True)
def _database(database_url: str) -> None:
    """Every test here runs on both databases."""


async def code(collaborator: dict[str, Any], text: str) -> None:
    row = {
        "id": database.new_id(),
        "account_id": collaborator["account_id"],
        "collaborator_id": collaborator["id"],
        "code": text,
    }
    await database.transact(lambda: database.insert("source_codes", row))


async def sent(seller: dict[str, Any], **changed: Any) -> None:
    receipt = await receive(seller["intake_id"], SECRET, body(webhook(**changed)))
    assert receipt.status == 200


async def assigned(seller: dict[str, Any]) -> tuple[Any, Any, Any]:
    (sale,) = await rows(seller, "sales")
    return sale["assignee_id"], sale["team_id"], sale["assigned_at"]


@pytest.mark.parametrize(
    ("origin", "found"),
    [
        ((None, "ana"), "A"),
        (("ana", None), "A"),
        (("x|ana|y", None), "A"),
        (("utm=ana&v=1", "none"), "A"),
        (("bea", "ana"), "A"),
        ((None, "bea.ana"), "B"),
        ((None, "ana-1"), None),
        ((None, "ana_"), None),
        ((None, "joana"), None),
        ((None, "Ana"), None),
        ((None, "é-ana"), None),
        ((None, ""), None),
        ((None, None), None),
    ],
)
def test_a_code_counts_as_a_whole_token(origin: tuple[str | None, str | None], found: str | None) -> None:
    holders = {"ana": CodeHolder("A", None), "bea": CodeHolder("B", None)}

    holder = holder_of(origin, holders)

    assert (holder.collaborator_id if holder else None) == found


@pytest.mark.parametrize("teams_on", [True, False])
async def test_a_sale_is_assigned_and_stamped_as_by_hand(teams_on: bool) -> None:
    seller = await account(teams_on=teams_on)
    ana, bea = await make.collaborator(seller), await make.collaborator(seller)
    team = await make.team(seller, [ana, bea])
    await make.team(seller, [bea])
    await code(ana, "ana")
    await code(bea, "bea")

    await sent(seller, purchase__transaction="HP1", purchase__origin={"sck": "page|ana"})
    await sent(seller, purchase__transaction="HP2", purchase__origin={"src": "bea"})
    await sent(seller, purchase__transaction="HP3", purchase__origin={"src": "nobody"})

    found = {
        sale["reference"]: (sale["assignee_id"], sale["team_id"]) for sale in await rows(seller, "sales")
    }
    stamp = team["id"] if teams_on else None
    assert found == {"HP1": (ana["id"], stamp), "HP2": (bea["id"], None), "HP3": (None, None)}


async def test_codes_of_another_account_count_for_nothing() -> None:
    seller, other = await account(), await account()
    await code(await make.collaborator(other), "ana")

    await sent(seller, purchase__origin={"sck": "ana"})

    assert await assigned(seller) == (None, None, None)


async def test_a_sale_that_was_assigned_by_hand_stays_where_it_is_even_with_no_one() -> None:
    for decided in (True, False):
        seller = await account()
        ana, bea = await make.collaborator(seller), await make.collaborator(seller)
        await sent(seller, purchase__transaction="HP1", purchase__origin={"sck": "ana"})
        await code(ana, "ana")
        hand = bea["id"] if decided else None
        await database.transact(
            lambda hand=hand, seller=seller: database.write(  # type: ignore[misc]
                "UPDATE sales SET assignee_id = ?, assigned_at = 7 WHERE account_id = ?", (hand, seller["id"])
            )
        )

        await sent(
            seller,
            kind="PURCHASE_COMPLETE",
            creation_date=APRIL + 9_000,
            purchase__transaction="HP1",
            purchase__origin={"sck": "ana"},
        )

        assert await assigned(seller) == (hand, None, 7)


async def test_a_sale_keeps_its_assignee_when_the_code_goes_to_another() -> None:
    seller = await account()
    ana, bea = await make.collaborator(seller), await make.collaborator(seller)
    await code(ana, "ana")
    await sent(seller, purchase__transaction="HP1", purchase__origin={"sck": "ana"})
    await database.transact(
        lambda: database.write(
            "UPDATE source_codes SET collaborator_id = ? WHERE account_id = ?", (bea["id"], seller["id"])
        )
    )

    await sent(
        seller, creation_date=APRIL + 9_000, purchase__transaction="HP1", purchase__origin={"sck": "ana"}
    )

    assert await assigned(seller) == (ana["id"], None, None)


async def test_every_order_of_arrival_one_by_one_and_in_bulk_ends_with_the_same_assignees() -> None:
    texts = ["ana", "x|bea", "nobody", None]
    messages = [
        webhook(
            id=f"event-{number}",
            creation_date=APRIL + number // 2,
            purchase__transaction="HP1" if number % 3 else "HP2",
            purchase__origin={"sck": text, "src": texts[-number % 4]},
        )
        for number, text in enumerate(texts)
    ]
    orders = random.Random(3).sample(list(itertools.permutations(messages)), 8)
    ends = []

    for number, order in enumerate(orders):
        seller = await account()
        names = {}
        for name in ("ana", "bea"):
            collaborator = await make.collaborator(seller)
            await code(collaborator, name)
            names[collaborator["id"]] = name
        if number % 4:
            for message in order:
                await receive(seller["intake_id"], SECRET, body(message))
        else:
            arrivals = [arrival_of(decoded(body(item)), Secrets(), webhook_event) for item in order]
            await store_arrivals(seller["id"], arrivals, IntakeChannel.IMPORT)
        ends.append(
            [(sale["reference"], names.get(sale["assignee_id"])) for sale in (await state(seller))["sales"]]
        )

    assert ends == [ends[0]] * len(ends)
    assert {name for _, name in ends[0]} & {"ana", "bea"}

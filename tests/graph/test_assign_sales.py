"""Handing several sales on at once: all of them or none, each judged as if it were alone."""

import random
from collections import Counter
from typing import Any

import msgspec
import pytest

import make
from authz.grant import Grant
from center import DONE, UNKNOWN, WHO, Center, by, center
from client import Client
from doorstep import visiting
from models import database
from models.vocabulary import Privacy

FORBIDDEN, NOT_FOUND, BAD_INPUT = "FORBIDDEN", "NOT_FOUND", "BAD_INPUT"
FIELDS = "references errors { code field }"


async def sales(at: Center, *assigned: str | None) -> list[str]:
    return [
        (await make.sale(at.account, assignee=at.collaborators.get(name or "")))["reference"]
        for name in assigned
    ]


async def assignees(at: Center) -> dict[str, Any]:
    rows = await database.read(
        "SELECT reference, assignee_id, team_id FROM sales WHERE account_id = ?", (at.account["id"],)
    )
    return {row["reference"]: (row["assignee_id"], row["team_id"]) for row in rows}


@pytest.mark.parametrize("who", WHO)
async def test_the_owner_admins_and_leads_hand_sales_on(client: Client, who: str) -> None:
    at = await center(client)
    references = await sales(at, "user", "lead")
    person = f"person_{at.collaborators['user']['id']}"
    wanted = by(DONE, DONE) | {"lead": DONE}

    assert await at.outcome(who, "assignSales", references=references, assigneeId=person) == wanted[who]

    if wanted[who] == DONE:
        entry = (at.collaborators["user"]["id"], at.team["id"])
        assert await assignees(at) == dict.fromkeys(references, entry)
        assert [item["let_by"] for item in await at.log()] == ["LEAD"]


async def test_while_teams_are_off_a_lead_hands_nothing_on(client: Client) -> None:
    at = await center(client, teams_on=False)
    references = await sales(at, "lead")

    assert await at.outcome("lead", "assignSales", references=references, assigneeId=None) == UNKNOWN


@pytest.mark.parametrize("place", [0, 3, 7])
@pytest.mark.parametrize("spoilt", ["out of reach", "not there", "seen only", "of another account"])
async def test_one_that_is_refused_refuses_them_all_and_its_place_is_told(
    client: Client, spoilt: str, place: int
) -> None:
    at = await center(client)
    references = await sales(at, *["user"] * 7)
    at.collaborators["fellow"] = await make.collaborator(at.account, at.profiles["small"])
    await make.team(
        at.account, [at.collaborators["lead"], at.collaborators["fellow"]], privacy=Privacy.SHARED
    )
    odd = {
        "out of reach": (await sales(at, "small"))[0],
        "not there": "HP404",
        "seen only": (await sales(at, "fellow"))[0],
        "of another account": (await make.sale(await make.account()))["reference"],
    }[spoilt]
    references.insert(place, odd)
    person = f"person_{at.collaborators['user']['id']}"
    code = FORBIDDEN if spoilt == "seen only" else NOT_FOUND

    assert await at.outcome("lead", "assignSales", references=references, assigneeId=person) == code
    payload = await at.act("lead", "assignSales", FIELDS, references=references, assigneeId=person)

    assert payload == {
        "references": references,
        "errors": [{"code": code, "field": ["references", str(place)]}],
    }


@pytest.mark.parametrize("who", ["owner", "admin", "lead"])
async def test_together_is_as_one_by_one(database_url: str, who: str) -> None:
    people = ["lead", "user", "small", "other admin", None]
    outcomes: Counter[str] = Counter()
    rng = random.Random(11)
    async with visiting() as client:
        for _ in range(12):
            at = await center(client)
            of, to = rng.choices(people, k=3), rng.choice(people)
            team = rng.choice([None, None, at.team_id, "team_1"])
            person = None if to is None else f"person_{at.collaborators[to]['id']}"
            singles = await sales(at, *of)
            alone = [
                await at.outcome(who, "assignSale", reference=single, assigneeId=person, teamId=team)
                for single in singles
            ]
            found = await assignees(at)
            together = await sales(at, *of)
            result = await at.outcome(who, "assignSales", references=together, assigneeId=person, teamId=team)

            assert (result == DONE) is (set(alone) == {DONE}), (of, to, team, alone, result)
            assert result == DONE or result in alone
            if result == DONE:
                after = await assignees(at)
                assert [after[item] for item in together] == [found[single] for single in singles]
            outcomes[result] += 1
    assert outcomes[DONE]
    assert outcomes[NOT_FOUND]


@pytest.mark.parametrize("count", [0, 101])
async def test_from_one_to_a_hundred_sales_are_taken(client: Client, count: int) -> None:
    at = await center(client)

    assert await at.outcome("owner", "assignSales", references=["HP1"] * count, assigneeId=None) == BAD_INPUT


async def test_a_hundred_cost_as_many_statements_as_one(client: Client) -> None:
    at = await center(client)
    person = f"person_{at.collaborators['user']['id']}"
    counts = []

    for number in (1, 100):
        references = await sales(at, *[None] * number)
        with database.observed() as statements:
            payload = await at.act("owner", "assignSales", FIELDS, references=references, assigneeId=person)
        assert payload["errors"] == []
        counts.append(len(statements))

    assert counts[0] == counts[1]


async def test_a_sale_named_twice_is_assigned_once(client: Client) -> None:
    at = await center(client)
    (reference,) = await sales(at, None)
    person = f"person_{at.collaborators['small']['id']}"

    result = await at.outcome("owner", "assignSales", references=[reference, reference], assigneeId=person)

    assert result == DONE
    changes = msgspec.json.decode((await at.log())[-1]["changes"])
    assert [(change["field"], change["after"]) for change in changes] == [
        ("Sale.reference", reference),
        ("Sale.assignee", at.collaborators["small"]["name"]),
    ]


async def test_the_sales_are_answered_within_reach_and_to_who_holds_the_grant(client: Client) -> None:
    at = await center(client)
    references = await sales(at, "user", "user")
    person = f"person_{at.collaborators['user']['id']}"
    fields = "sales { reference assignee { id } } errors { code }"

    payload = await at.act("lead", "assignSales", fields, references=references, assigneeId=person)
    assert {sale["reference"]: sale["assignee"]["id"] for sale in payload["sales"]} == dict.fromkeys(
        references, person
    )
    refused = await at.act(
        "lead", "assignSales", fields, references=[*references, "HP404"], assigneeId=person
    )
    assert refused["sales"] == []
    await at.outcome(
        "owner", "updateProfile", profileId=at.profile("full"), grants=[Grant.VIEW_PRODUCTS.value]
    )
    assert await at.act("lead", "assignSales", fields, references=references, assigneeId=person) == UNKNOWN
    assert await at.outcome("lead", "assignSales", references=references, assigneeId=person) == DONE


async def test_a_key_assigns_once_and_refuses_another_input(client: Client) -> None:
    at = await center(client)
    references = await sales(at, None, None)
    values = {
        "references": references,
        "assigneeId": f"person_{at.collaborators['user']['id']}",
        "idempotencyKey": "one",
    }

    first = await at.act("owner", "assignSales", "sales { id } errors { code }", **values)
    again = await at.act("owner", "assignSales", "sales { id } errors { code }", **values)

    assert first == again
    assert len(first["sales"]) == 2
    assert [entry["act"] for entry in await at.log()] == ["assignSales"]
    other = values | {"references": references[:1]}
    assert await at.outcome("owner", "assignSales", **other) == "IDEMPOTENCY_CONFLICT"

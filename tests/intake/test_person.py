"""What people change of a sale lies over what messages tell, in every order, and is kept in its history."""

import hashlib
import random
from datetime import datetime
from typing import Any

import pytest
from intake_state import SECRET, rows
from payloads import APRIL, body, webhook

import make
from center import DONE, Center, center
from client import Client
from intake.endpoint.receive import receive
from intake.events.event import HistoryEvent
from intake.events.facts import Facts
from intake.sales.fold import fold
from intake.sales.sale import SALE_COLUMNS
from intake.sales.supplement import history_event_in
from models import database
from models.address import address_of
from models.sales.columns import SaleColumns
from models.vocabulary import EventSource, Role, SaleStatus

LATER = 1_900_000_000_000
"""After whatever a person does while the tests run."""
HISTORY = """query($reference: String!) { account { sale(reference: $reference) { status assignee { name } team { name }
  history { status source change happenedAt %s } } } }"""
KINDS = [
    ("PURCHASE_BILLET_PRINTED", "BILLET_PRINTED"),
    ("PURCHASE_APPROVED", "APPROVED"),
    ("PURCHASE_COMPLETE", "COMPLETED"),
    ("PURCHASE_REFUNDED", "REFUNDED"),
]


@pytest.fixture
async def at(client: Client) -> Center:
    """An account whose marketplace sends, and whose people act: among them Aldo and Bea, both of two teams."""
    found = await center(client)
    digest = hashlib.sha256(SECRET.encode()).hexdigest()
    await database.transact(
        lambda: database.write(
            "UPDATE accounts SET intake_secret_digest = ? WHERE id = ?", (digest, found.account["id"])
        )
    )
    for name in ("aldo", "bea"):
        found.collaborators[name] = await make.collaborator(
            found.account, found.profiles["full"], Role.USER, name=name.title()
        )
    both = [found.collaborators["aldo"], found.collaborators["bea"]]
    for name in ("East", "West"):
        await make.team(found.account, both, name=name)
    return found


async def sent(at: Center, reference: str, when: int, kind: int = 1, **changed: Any) -> None:
    event, status = KINDS[kind]
    message = webhook(event, status, creation_date=when, purchase__transaction=reference, **changed)
    assert (await receive(at.account["intake_id"], SECRET, body(message))).status == 200


def person(at: Center, name: str) -> str:
    return f"person_{at.collaborators[name]['id']}"


async def assigned(at: Center, reference: str, name: str | None, **values: Any) -> None:
    who = None if name is None else person(at, name)
    assert await at.outcome("owner", "assignSale", reference=reference, assigneeId=who, **values) == DONE


async def removed(at: Center, name: str, successor: str | None = None) -> None:
    values = {} if successor is None else {"reassignTo": f"collaborator_{at.collaborators[successor]['id']}"}
    assert (
        await at.outcome("owner", "removeCollaborator", collaboratorId=at.collaborator(name), **values)
        == DONE
    )
    del at.collaborators[name]


async def check_rows(at: Center) -> None:
    """Every row is what the fold of its whole history says; seats and teams that are gone count as none."""
    collaborators = {str(row["id"]) for row in await rows(at.account, "collaborators")}
    teams = {str(row["id"]) for row in await rows(at.account, "teams")}
    histories: dict[str, list[HistoryEvent]] = {}
    for row in await rows(at.account, "sale_events"):
        histories.setdefault(str(row["sale_id"]), []).append(history_event_in(row))
    for sale in await rows(at.account, "sales"):
        history = histories[str(sale["id"])]
        random.shuffle(history)
        folded = fold(history)
        columns = {name: sale[name] for name in SALE_COLUMNS}
        columns["buyer_address"] = columns["buyer_address"] and address_of(columns["buyer_address"])
        assert SaleColumns(**columns) == folded.columns
        row = {name: sale[name] and str(sale[name]) for name in ("assignee_id", "team_id", "credit_id")}
        if folded.assigned is None:
            assert sale["assigned_at"] is None
            continue
        moment, to = folded.assigned
        collaborator = to.assignee_id if to.assignee_id in collaborators else None
        team = to.team_id if collaborator is not None and to.team_id in teams else None
        assert (sale["assigned_at"], row["assignee_id"], row["team_id"]) == (moment, collaborator, team)
        assert folded.credit is not None
        assert row["credit_id"] == folded.credit.collaborator_id
        assert sale["credit_team_id"] == folded.credit.team_id


@pytest.mark.parametrize("seed", range(3))
async def test_after_random_acts_and_messages_every_row_is_the_fold_of_its_history(
    at: Center, seed: int
) -> None:
    chance = random.Random(seed)
    references = ["HP1", "HP2", "HP3"]
    row = {"id": database.new_id(), "account_id": at.account["id"], "code": "aldo"}
    row["collaborator_id"] = at.collaborators["aldo"]["id"]
    await database.transact(lambda: database.insert("source_codes", row))
    for reference in references:
        await sent(at, reference, APRIL, purchase__origin={"sck": chance.choice(["aldo", "x"])})
    teams = {
        str(item["name"]): f"team_{item['id']}"
        for item in await rows(at.account, "teams")
        if item["name"] in ("East", "West")  # the teams of Aldo and Bea
    }

    for step in range(24):
        reference = chance.choice(references)
        collaborators = [name for name in ("aldo", "bea", "user", "small") if name in at.collaborators]
        name = chance.choice(collaborators)
        match chance.choice("mmmmaaaabtrhde" if step > 6 else "mmaab"):
            case "m":
                when = chance.choice([1, APRIL, LATER]) + chance.randrange(5)
                origin = {"sck": chance.choice(["aldo", "x"])}
                email = f"{step}@example.com"
                await sent(
                    at, reference, when, chance.randrange(4), purchase__origin=origin, buyer__email=email
                )
            case "a":
                await assigned(at, reference, chance.choice([name, None]))
            case "b":
                values = {"references": references, "assigneeId": person(at, name)}
                assert await at.outcome("owner", "assignSales", **values) == DONE
            case "e":
                address = f"person{step}@example.com"
                outcome = await at.outcome("owner", "changeBuyerEmail", reference=reference, email=address)
                assert outcome in (DONE, "RATE_LIMITED")
            case "t" if name in ("aldo", "bea") and teams:
                await assigned(at, reference, name, teamId=chance.choice(list(teams.values())))
            case "d" if teams:
                _, team = teams.popitem()
                assert await at.outcome("owner", "deleteTeam", teamId=team) == DONE
            case "r" if len(collaborators) > 2:
                await removed(at, name)
            case "h" if len(collaborators) > 2:
                await removed(
                    at, name, next(collaborator for collaborator in collaborators if collaborator != name)
                )
        await check_rows(at)


@pytest.mark.parametrize("when", [1, APRIL, LATER])
async def test_no_message_undoes_a_change_of_the_buyers_address(at: Center, when: int) -> None:
    await sent(at, "HP1", APRIL, buyer__email="old@example.com")

    values = {"reference": "HP1", "email": "new@example.com"}
    assert await at.outcome("owner", "changeBuyerEmail", **values) == DONE
    await sent(at, "HP1", when, 2, buyer__email="old@example.com")

    (sale,) = await rows(at.account, "sales")
    assert sale["buyer_email"] == "new@example.com"
    await check_rows(at)


@pytest.mark.parametrize("decided", ["bea", None])
@pytest.mark.parametrize("when", [1, APRIL, LATER])
async def test_no_later_message_undoes_an_assignment(at: Center, decided: str | None, when: int) -> None:
    row = {"id": database.new_id(), "account_id": at.account["id"], "code": "ad-17"}
    row["collaborator_id"] = at.collaborators["aldo"]["id"]
    await database.transact(lambda: database.insert("source_codes", row))
    await sent(at, "HP1", APRIL + 1)
    await assigned(at, "HP1", decided)
    # even if the row were lost to something else, its history has what was decided
    await database.transact(
        lambda: database.write(
            "UPDATE sales SET assignee_id = NULL, credit_id = NULL, assigned_at = NULL WHERE account_id = ?",
            (at.account["id"],),
        )
    )

    await sent(at, "HP1", when, 2, buyer__name="Ana Two")

    (sale,) = await rows(at.account, "sales")
    collaborator = at.collaborators[decided]["id"] if decided else None
    assert (sale["assignee_id"], sale["credit_id"]) == (collaborator, collaborator)
    assert sale["assigned_at"] is not None
    await check_rows(at)


def test_a_persons_change_of_a_fact_lies_over_every_message() -> None:
    results = [
        HistoryEvent(f"k{at}", at, SaleStatus.APPROVED, Facts(
            status=SaleStatus.APPROVED, product_reference="1", price=1, currency="BRL",
            buyer_email=f"{at}@example.com",
        ))
        for at in (10, 30)
    ]  # fmt: skip
    first = HistoryEvent("person:a", 19, None, Facts(buyer_email="first@example.com"), EventSource.PERSON)
    second = HistoryEvent("person:b", 20, None, Facts(buyer_email="right@example.com"), EventSource.PERSON)

    folds = [fold(order) for order in ([*results, second, first], [first, *results[::-1], second])]

    assert folds[0] == folds[1]
    assert folds[0].columns.buyer_email == "right@example.com"
    assert (folds[0].columns.status, folds[0].columns.ordered_at) == (SaleStatus.APPROVED, 10)


async def read(at: Center, who: str, fields: str = "") -> Any:
    answer = await at.client.post(
        HISTORY % fields, {"reference": "HP1"}, token=at.tokens[who], account=at.account
    )
    return answer.json()


async def test_the_history_shows_who_assigned_a_sale_to_whom(at: Center) -> None:
    (team,) = [row for row in await rows(at.account, "teams") if row["name"] == "West"]
    await sent(at, "HP1", APRIL)
    await assigned(at, "HP1", "aldo", teamId=f"team_{team['id']}")
    await removed(at, "aldo", "lead")
    await assigned(at, "HP1", None)
    await assigned(at, "HP1", "lead")
    owner = (await database.read("SELECT name FROM users WHERE id = ?", (at.account["owner_id"],)))[0]["name"]
    lead = at.collaborators["lead"]["name"]

    fields = "assignment { assigneeName teamName } changedBy"
    history = (await read(at, "owner", fields))["data"]["account"]["sale"]["history"]

    assert [(entry["status"], entry["source"], entry["change"]) for entry in history] == [
        ("APPROVED", "WEBHOOK", None),
        *[(None, "PERSON", "ASSIGNMENT")] * 4,
    ]
    own = at.team["name"]
    assert [entry["assignment"] and tuple(entry["assignment"].values()) for entry in history] == [
        None,
        ("Aldo", "West"),
        (lead, own),
        (None, None),
        (lead, own),
    ]
    assert [entry["changedBy"] for entry in history] == [None, *[owner] * 4]
    times = [datetime.fromisoformat(entry["happenedAt"]) for entry in history]
    assert times == sorted(set(times))
    assert (await read(at, "admin", fields))["data"]["account"]["sale"]["history"] == history


async def test_what_was_changed_is_a_leads_to_see_and_who_did_it_an_admins(at: Center) -> None:
    await sent(at, "HP1", APRIL)
    await assigned(at, "HP1", "lead")

    history = (await read(at, "lead", "assignment { assigneeName }"))["data"]["account"]["sale"]["history"]
    closed = await read(at, "lead", "changedBy")
    await assigned(at, "HP1", "user")
    own = (await read(at, "user"))["data"]["account"]["sale"]["history"]
    inactive = [await read(at, "user", field) for field in ("assignment { teamName }", "changedBy")]

    assert history[-1]["assignment"] == {"assigneeName": at.collaborators["lead"]["name"]}
    assert [(entry["source"], entry["change"]) for entry in own] == [
        ("WEBHOOK", None),
        *[("PERSON", "ASSIGNMENT")] * 2,
    ]
    for item in (closed, *inactive):
        assert [error["extensions"]["code"] for error in item["errors"]] == ["GRAPHQL_VALIDATION_FAILED"]


async def test_assigning_writes_its_events_in_one_statement(at: Center) -> None:
    for number in range(1, 4):
        await sent(at, f"HP{number}", APRIL)
    acts: list[tuple[str, dict[str, Any]]] = [
        ("assignSale", {"reference": "HP1", "assigneeId": person(at, "user")}),
        ("assignSales", {"references": ["HP1", "HP2", "HP3"], "assigneeId": person(at, "user")}),
        (
            "removeCollaborator",
            {
                "collaboratorId": at.collaborator("user"),
                "reassignTo": f"collaborator_{at.collaborators['small']['id']}",
            },
        ),
    ]
    for act, values in acts:
        with database.observed() as statements:
            assert (await at.act("owner", act, **values))["errors"] == []
        assert len([statement for statement in statements if "sale_events" in statement]) == 1
    assert len(await rows(at.account, "sale_events")) == 3 + 1 + 3 + 3
    await check_rows(at)


async def test_two_acts_of_one_moment_keep_their_order(at: Center, monkeypatch: pytest.MonkeyPatch) -> None:
    await sent(at, "HP1", APRIL)
    monkeypatch.setattr(database, "now", lambda: LATER)

    for name in ("bea", "aldo", None, "bea", "aldo"):
        await assigned(at, "HP1", name)
    await removed(at, "aldo", "bea")

    await check_rows(at)
    (sale,) = await rows(at.account, "sales")
    assert (sale["assignee_id"], sale["assigned_at"]) == (at.collaborators["bea"]["id"], LATER + 5)


async def test_an_act_that_is_refused_leaves_no_event(at: Center) -> None:
    await sent(at, "HP1", APRIL)
    bea = person(at, "bea")

    results = [
        await at.outcome("lead", "assignSale", reference="HP1", assigneeId=person(at, "lead")),
        await at.outcome("owner", "assignSales", references=["HP1", "HP9"], assigneeId=bea),
    ]

    assert results == ["NOT_FOUND", "NOT_FOUND"]
    assert len(await rows(at.account, "sale_events")) == 1

"""Assigning sales: who can assign which sale to whom, once, and never after their standing ended."""

import asyncio
import contextlib
import random
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

import make
from authz.grant import Grant
from authz.viewer import Viewer
from client import Client
from doorstep import visiting
from extent import extent
from models import database
from models.vocabulary import Privacy, Role

ASSIGN = """mutation($input: AssignSaleInput!) {
  assignSale(input: $input) { reference errors { code message field } }
}"""
ALL = list(Grant)
NOT_FOUND, FORBIDDEN, DONE = "NOT_FOUND", "FORBIDDEN", None


@pytest.fixture
async def visitor(database_url: str) -> AsyncIterator[Client]:
    async with visiting() as found:
        yield found


@dataclass
class Seller:
    """An account with two teams: a lead of `one`, a lead of both, a member of each, one in both, and loners."""

    account: dict[str, Any]
    collaborators: dict[str, dict[str, Any]]
    teams: dict[str, dict[str, Any]]
    tokens: dict[str, str]
    stranger: dict[str, Any]
    product: dict[str, Any]

    async def sale(self, assigned_to: str | None) -> dict[str, Any]:
        return await make.sale(self.account, self.product, assignee=self.collaborators.get(assigned_to or ""))

    def person(self, name: str | None) -> str | None:
        special = {
            None: None,
            "stranger": f"person_{self.stranger['id']}",
            "nobody there": f"person_{database.new_id()}",
            "malformed": "person_1",
            "another kind": f"team_{self.teams['one']['id']}",
        }
        return special[name] if name in special else f"person_{self.collaborators[name]['id']}"

    def team(self, name: str | None) -> str | None:
        if name is None or name == "malformed":
            return name
        return f"team_{self.teams[name]['id'] if name in self.teams else database.new_id()}"


async def seller(
    *, teams_on: bool = True, grants: list[Grant] = ALL, privacy: Privacy = Privacy.OWN
) -> Seller:
    owner = await make.user()
    account = await make.account(owner, teams_on=teams_on, privacy=privacy)
    profile = await make.profile(account, grants)
    roles = {
        "admin": Role.ADMIN,
        "lead": Role.TEAM_LEAD,
        "lead of both": Role.TEAM_LEAD,
        "member": Role.USER,
        "fellow": Role.USER,
        "other": Role.USER,
        "in both": Role.USER,
        "suspended": Role.USER,
        "loner": Role.USER,
    }
    collaborators = {
        name: await make.collaborator(account, profile, role, suspended_at=1 if name == "suspended" else None)
        for name, role in roles.items()
    }
    leads = [collaborators["lead of both"]]
    of_one = [collaborators[name] for name in ("member", "fellow", "in both", "suspended")]
    team = await make.team(account, of_one, [collaborators["lead"], *leads])
    two = await make.team(account, [collaborators["other"], collaborators["in both"]], leads)
    stranger_account = await make.account()
    stranger = await make.collaborator(
        stranger_account, await make.profile(stranger_account, ALL), Role.ADMIN
    )
    tokens = {
        name: await Client.collaborator(collaborator)
        for name, collaborator in collaborators.items()
        if name != "suspended"
    }
    tokens["owner"] = await make.session(owner)
    return Seller(
        account, collaborators, {"one": team, "two": two}, tokens, stranger, await make.product(account)
    )


async def row(sale: dict[str, Any]) -> tuple[Any, Any, Any]:
    rows = await database.read(
        "SELECT assignee_id, team_id, assigned_at FROM sales WHERE id = ?", (sale["id"],)
    )
    return rows[0]["assignee_id"], rows[0]["team_id"], rows[0]["assigned_at"]


async def log_of(account: dict[str, Any], object_id: str | None = None) -> list[dict[str, Any]]:
    text, values = "SELECT * FROM audit_entries WHERE account_id = ?", [account["id"]]
    if object_id is not None:
        text, values = f"{text} AND object_id = ?", [*values, object_id]
    return [dict(item) for item in await database.read(f"{text} ORDER BY id", values)]


def variables_of(
    reference: str, assignee: str | None, team: str | None = None, key: str | None = None
) -> dict[str, Any]:
    return {"input": {"reference": reference, "assigneeId": assignee, "teamId": team, "idempotencyKey": key}}


async def assign(
    visitor: Client,
    at: Seller,
    who: str,
    reference: str,
    assignee: str | None,
    team: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    data = await visitor.ask(
        ASSIGN, variables_of(reference, assignee, team, **more), token=at.tokens[who], account=at.account
    )
    return dict(data["assignSale"])


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


CASES, REQUESTS = extent(36, 160), extent(50, 200)
SALES = ["lead", "lead of both", "member", "fellow", "other", "in both", "suspended", "loner", "admin", None]
PEOPLE = [
    "lead", "lead of both", "member", "other", "in both", "suspended", "loner", "admin",
    "stranger", "nobody there", "malformed", "another kind", None,
]  # fmt: skip
TEAMS: list[str | None] = [None, "one", "two", "no team", "malformed"]
IN_ONE = {"lead", "lead of both", "member", "fellow", "in both", "suspended"}
IN_TWO = {"lead of both", "other", "in both"}
THERE = IN_ONE | IN_TWO | {"loner", "admin"}
LED = {"lead": IN_ONE, "lead of both": IN_ONE | IN_TWO}
TEAMS_LED = {"lead": {"one"}, "lead of both": {"one", "two"}}


def expected(who: str, sale: str | None, person: str | None, team: str | None, teams_on: bool) -> str | None:
    """The specification's table, in plain words: the code of the refusal."""
    all_of_it = who in {"owner", "admin"}
    led = THERE if all_of_it else LED[who]
    visible = all_of_it or sale in led
    if not visible:
        return NOT_FOUND
    if person is not None and person not in led:
        return NOT_FOUND
    if person == "suspended":
        return FORBIDDEN
    if team is not None:
        of = {"one": IN_ONE, "two": IN_TWO}.get(team, set())
        if not teams_on or person not in of or not (all_of_it or team in TEAMS_LED[who]):
            return NOT_FOUND
    if person is None and not all_of_it:
        return FORBIDDEN
    return DONE


def stamp(person: str | None, team: str | None, teams_on: bool) -> str | None:
    """The team that an assignment counts for."""
    if not teams_on or person is None:
        return None
    if team is not None:
        return team
    of = [name for name, members in (("one", IN_ONE), ("two", IN_TWO)) if person in members]
    return of[0] if len(of) == 1 else None


@pytest.mark.parametrize(
    ("who", "teams_on"),
    [
        ("owner", True),
        ("admin", True),
        ("lead", True),
        ("lead of both", True),
        ("owner", False),
        ("admin", False),
    ],
)
async def test_the_table_of_who_hands_what_to_whom(visitor: Client, who: str, teams_on: bool) -> None:
    at = await seller(teams_on=teams_on)
    cases = [(sale, person, team) for sale in SALES for person in PEOPLE for team in TEAMS]
    outcomes: Counter[str | None] = Counter()

    for number, (sale_of, person, team) in enumerate(random.Random(17).sample(cases, CASES)):
        if number % 50 == 49:  # refusals are logged up to a bound for one person
            at = await seller(teams_on=teams_on)
        sale = await at.sale(sale_of)
        before, reference = await row(sale), sale["reference"]
        result = await assign(visitor, at, who, reference, at.person(person), at.team(team))
        case = (who, sale_of, person, team, result)
        wanted = expected(who, sale_of, person, team, teams_on)

        assert codes(result) == ([wanted] if wanted else []), case
        entries = await log_of(at.account, reference)
        logged = [(entry["act"], entry["let_by"], entry["refusal"]) for entry in entries]
        assert logged == [("assignSale", "LEAD", wanted)], case
        if wanted:
            assert await row(sale) == before, case
            assert entries[0]["changes"] == "[]", case
        else:
            named = stamp(person, team, teams_on)
            assignee, team_id, assigned_at = await row(sale)
            assert assignee == (at.collaborators[person]["id"] if person else None), case
            assert team_id == (at.teams[named]["id"] if named else None), case
            assert assigned_at is not None, case  # decided by hand, also where it is nobody
        outcomes[wanted] += 1

    assert outcomes[DONE] >= 5
    assert outcomes[NOT_FOUND] >= 20


@pytest.mark.parametrize(
    ("who", "teams_on"),
    [
        ("member", True),
        ("in both", True),
        ("loner", True),
        ("lead", False),
        ("lead of both", False),
        ("member", False),
    ],
)
async def test_for_others_the_act_does_not_exist(visitor: Client, who: str, teams_on: bool) -> None:
    at = await seller(teams_on=teams_on)
    sale = await at.sale("member")
    before = await row(sale)
    variables = variables_of(sale["reference"], at.person("fellow"))

    response = await visitor.post(ASSIGN, variables, token=at.tokens[who], account=at.account)
    assert response.status_code == 400
    errors = response.json()["errors"]
    assert {error["extensions"]["code"] for error in errors} == {"GRAPHQL_VALIDATION_FAILED"}
    assert "Cannot query field 'assignSale' on type 'Mutation'" in response.text
    assert await row(sale) == before
    assert await log_of(at.account) == []


async def test_strangers_and_the_signed_out_hand_nothing_on(visitor: Client) -> None:
    at = await seller()
    sale = await at.sale("member")
    before = await row(sale)
    variables = variables_of(sale["reference"], at.person("fellow"))
    stranger = await Client.collaborator(at.stranger)
    suspended = await Client.collaborator(at.collaborators["suspended"])

    out = await visitor.post(ASSIGN, variables)
    out_here = await visitor.post(ASSIGN, variables, account=at.account)
    elsewhere = await visitor.post(ASSIGN, variables, token=stranger)
    doors = [
        (await visitor.post(ASSIGN, variables, token=token, account=account)).json()
        for token in (stranger, suspended)
        for account in (at.account, {"id": database.new_id()})
    ]

    for response in (out, out_here, elsewhere):
        assert response.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert doors == [doors[0]] * 4
    assert doors[0]["errors"][0]["extensions"] == {"code": "NOT_FOUND"}
    assert await row(sale) == before
    assert await log_of(at.account) == []


@pytest.mark.parametrize("searches", [True, False], ids=["with SEARCH_SALES", "without"])
async def test_a_sale_that_is_only_seen_is_forbidden_and_one_that_is_not_is_not_there(
    visitor: Client, searches: bool
) -> None:
    at = await seller(grants=ALL if searches else [Grant.VIEW_PRODUCTS])
    await make.team(at.account, [at.collaborators["lead"], at.collaborators["loner"]], privacy=Privacy.SHARED)
    sale = await at.sale("loner")
    before = await row(sale)

    result = await assign(visitor, at, "lead", sale["reference"], at.person("member"))

    assert codes(result) == ["FORBIDDEN" if searches else "NOT_FOUND"]
    assert await row(sale) == before
    assert [entry["refusal"] for entry in await log_of(at.account)] == codes(result)


async def test_who_holds_no_grant_at_all_still_hands_on_by_reference(visitor: Client) -> None:
    at = await seller(grants=[])
    sale = await at.sale("member")

    result = await assign(visitor, at, "lead", sale["reference"], at.person("fellow"))
    shown = await visitor.errors(
        ASSIGN.replace("reference errors", "sale { id } errors"),
        variables_of(sale["reference"], at.person("fellow")),
        token=at.tokens["lead"],
        account=at.account,
    )

    assert result["errors"] == []
    assert (await row(sale))[0] == at.collaborators["fellow"]["id"]
    assert [error["extensions"]["code"] for error in shown] == ["GRAPHQL_VALIDATION_FAILED"]


async def test_out_of_reach_and_not_there_are_the_same_bytes(visitor: Client) -> None:
    at = await seller()
    elsewhere = await make.sale(await make.account())
    theirs = await make.sale(await make.account(await make.user()), assignee=None)
    hidden = await at.sale("loner")
    references = [
        hidden["reference"],
        elsewhere["reference"],
        theirs["reference"],
        "HP404",
        "",
        "\0",
        "x" * 5_000,
    ]
    results, work = set(), []

    for reference in references:
        with database.observed() as statements:
            response = await visitor.post(
                ASSIGN,
                variables_of(reference, at.person("member")),
                token=at.tokens["lead"],
                account=at.account,
            )
        answer = response.json()
        assert answer["data"]["assignSale"].pop("reference") == reference
        results.add((response.status_code, repr(answer)))
        work.append(statements)
    for person in ("loner", "stranger", "nobody there", "malformed", "another kind"):
        sale = await at.sale("member")
        answer = await assign(visitor, at, "lead", sale["reference"], at.person(person))
        assert answer["errors"] == [
            {
                "code": "NOT_FOUND",
                "message": "There is no such person that you can assign sales to.",
                "field": ["assigneeId"],
            }
        ]

    assert len(results) == 1
    assert work == [work[0]] * len(work)
    entries = await log_of(at.account)
    assert [entry["refusal"] for entry in entries] == ["NOT_FOUND"] * (len(references) + 5)


async def test_the_log_tells_what_was_before_and_after_even_side_by_side(visitor: Client) -> None:
    at = await seller()
    sale = await at.sale("loner")
    people = [name for name in at.collaborators if name not in ("loner", "suspended")] * 3

    await asyncio.gather(
        *(assign(visitor, at, "owner", sale["reference"], at.person(name)) for name in people)
    )

    changes = [_change(entry) for entry in await log_of(at.account, sale["reference"])]
    assignee, _, _ = await row(sale)
    (last,) = [
        collaborator["name"] for collaborator in at.collaborators.values() if collaborator["id"] == assignee
    ]
    assert len(changes) == len(people)
    values, taken = Counter(after for _, after in changes), Counter(before for before, _ in changes)
    assert values + Counter([at.collaborators["loner"]["name"]]) == taken + Counter([last])


def _change(entry: dict[str, Any]) -> tuple[str, str]:
    (change,) = msgspec.json.decode(entry["changes"])
    assert change["field"] == "Sale.assignee"
    return change["before"], change["after"]


KEYS, TWINS = extent(40, 200), 4


async def test_each_key_acts_once_however_often_it_arrives(database_url: str) -> None:
    at = await seller()
    sales = [await at.sale("member") for _ in range(KEYS)]

    async with visiting() as here, visiting(apart=True) as there:
        for start in range(0, KEYS, 10):
            results = await asyncio.gather(
                *(
                    assign(
                        visitor,
                        at,
                        "lead",
                        sale["reference"],
                        at.person("fellow"),
                        key=f"key-{start + number}",
                    )
                    for number, sale in enumerate(sales[start : start + 10])
                    for visitor in (here, there) * (TWINS // 2)
                )
            )
            assert [codes(item) for item in results] == [[]] * (10 * TWINS)

    effects = Counter(entry["object_id"] for entry in await log_of(at.account))
    assert effects == Counter({sale["reference"]: 1 for sale in sales})
    rows = await database.read(
        "SELECT key, count(*) AS n FROM idempotency_keys WHERE account_id = ? GROUP BY key",
        (at.account["id"],),
    )
    assert {row["key"]: row["n"] for row in rows} == {f"key-{number}": 1 for number in range(KEYS)}


async def test_a_key_with_another_input_is_refused_and_changes_nothing(visitor: Client) -> None:
    at = await seller()
    sale, other = await at.sale("member"), await at.sale("member")
    await assign(visitor, at, "lead", sale["reference"], at.person("fellow"), key="one")
    before, untouched = await row(sale), await row(other)

    for variables in (
        (sale["reference"], at.person("in both"), None),
        (sale["reference"], at.person("fellow"), at.team("one")),
        (other["reference"], at.person("fellow"), None),
    ):
        result = await assign(visitor, at, "lead", *variables, key="one")
        assert codes(result) == ["IDEMPOTENCY_CONFLICT"]
        assert result["errors"][0]["field"] == ["idempotencyKey"]

    assert (await row(sale), await row(other)) == (before, untouched)
    assert Counter(entry["refusal"] for entry in await log_of(at.account)) == {
        None: 1,
        "IDEMPOTENCY_CONFLICT": 3,
    }


async def test_a_refused_act_leaves_its_key_free(visitor: Client) -> None:
    at = await seller()
    sale = await at.sale("member")

    refused = await assign(visitor, at, "lead", sale["reference"], at.person("loner"), key="one")
    done = await assign(visitor, at, "lead", sale["reference"], at.person("fellow"), key="one")

    assert (codes(refused), codes(done)) == (["NOT_FOUND"], [])


@pytest.mark.parametrize("key", ["", "x" * 101, "\0", "a\nb"], ids=["empty", "long", "NUL", "two lines"])
async def test_a_key_that_is_none_is_refused_and_logged(visitor: Client, key: str) -> None:
    at = await seller()
    sale = await at.sale("member")
    before = await row(sale)

    result = await assign(visitor, at, "lead", sale["reference"], at.person("fellow"), key=key)

    assert codes(result) == ["BAD_INPUT"]
    assert await row(sale) == before
    assert [entry["refusal"] for entry in await log_of(at.account)] == ["BAD_INPUT"]


async def test_a_key_is_one_persons_in_one_central(visitor: Client) -> None:
    at, elsewhere = await seller(), await seller()
    both = {"id": at.account["owner_id"], "name": "In both"}
    await make.collaborator(elsewhere.account, await make.profile(elsewhere.account, ALL), Role.ADMIN, both)
    elsewhere.tokens["owner"] = at.tokens["owner"]
    sales = [await at.sale("member"), await at.sale("member"), await elsewhere.sale("member")]

    await assign(visitor, at, "owner", sales[0]["reference"], at.person("fellow"), key="one")
    await assign(visitor, at, "lead", sales[1]["reference"], at.person("fellow"), key="one")
    await assign(visitor, elsewhere, "owner", sales[2]["reference"], elsewhere.person("fellow"), key="one")

    assert [(await row(sale))[0] for sale in sales] == [
        at.collaborators["fellow"]["id"],
        at.collaborators["fellow"]["id"],
        elsewhere.collaborators["fellow"]["id"],
    ]


async def test_a_replay_changes_nothing_and_shows_what_may_be_seen_today(visitor: Client) -> None:
    at = await seller()
    sale = await at.sale("member")
    query = ASSIGN.replace("reference errors", "sale { assignee { name } } errors")
    variables = variables_of(sale["reference"], at.person("fellow"), key="one")
    who = {"token": at.tokens["lead"], "account": at.account}
    first = await visitor.ask(query, variables, **who)
    await assign(visitor, at, "owner", sale["reference"], at.person("in both"))
    second = await visitor.ask(query, variables, **who)
    await assign(visitor, at, "owner", sale["reference"], at.person("loner"))

    third = await visitor.ask(query, variables, **who)

    assert first["assignSale"]["sale"] == {"assignee": {"name": at.collaborators["fellow"]["name"]}}
    assert second["assignSale"]["sale"] == {"assignee": {"name": at.collaborators["in both"]["name"]}}
    assert third["assignSale"] == {"sale": None, "errors": []}
    assert (await row(sale))[0] == at.collaborators["loner"]["id"]


async def test_a_key_is_forgotten_after_a_day(visitor: Client) -> None:
    at = await seller()
    sale = await at.sale("member")
    await assign(visitor, at, "lead", sale["reference"], at.person("fellow"), key="one")
    await assign(visitor, at, "owner", sale["reference"], at.person("member"))

    async def a_day_ago() -> int:
        return await database.write(
            "UPDATE idempotency_keys SET created_at = created_at - 86400001 WHERE account_id = ?",
            (at.account["id"],),
        )

    assert await database.transact(a_day_ago) == 1
    await assign(visitor, at, "lead", sale["reference"], at.person("in both"), key="one")

    assert (await row(sale))[0] == at.collaborators["in both"]["id"]


REVOCATIONS = {
    "suspended": ("UPDATE collaborators SET suspended_at = 1 WHERE id = ?", "UPDATE collaborators SET suspended_at = NULL WHERE id = ?"),
    "made a user": ("UPDATE collaborators SET role = 'USER' WHERE id = ?", "UPDATE collaborators SET role = 'TEAM_LEAD' WHERE id = ?"),
    "out of the team": ("UPDATE team_members SET leads = FALSE WHERE collaborator_id = ?", "UPDATE team_members SET leads = TRUE WHERE collaborator_id = ?"),
}  # fmt: skip
ROUNDS = extent(16, 40)


@pytest.mark.parametrize("how", [*REVOCATIONS, "signed out"])
async def test_no_write_is_late_once_its_standing_has_ended(visitor: Client, how: str) -> None:
    late, outcomes = await race(visitor, how)

    assert late == 0
    assert outcomes[True] + outcomes[False] == ROUNDS * 4
    assert outcomes[True] > 0
    assert outcomes[False] > 0


async def test_the_race_finds_writes_that_are_not_judged_again(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def as_he_was(viewer: Viewer) -> Viewer:
        await asyncio.sleep(0.005)
        return viewer

    monkeypatch.setattr("actions.kit.mutation.judged_again", as_he_was)

    late, _ = await race(visitor, "suspended")

    assert late > 0


async def race(visitor: Client, how: str) -> tuple[int, Counter[bool]]:
    """Rounds in which a sale changed after its lead's standing had ended; and how many writes were done."""
    at = await seller()
    lead, chance = at.collaborators["lead"], random.Random(how)
    outcomes: Counter[bool] = Counter()
    late = 0

    async def written(sale: dict[str, Any], person: str | None) -> bool:
        await asyncio.sleep(chance.random() * 0.02)
        response = await visitor.post(
            ASSIGN, variables_of(sale["reference"], person), token=at.tokens["lead"], account=at.account
        )
        assert response.status_code in {200, 400, 401, 404}, response.text
        assert "INTERNAL" not in response.text
        return response.json().get("data", {}).get("assignSale", {}).get("errors") == []

    for _ in range(ROUNDS):
        at.tokens["lead"] = await make.session({"id": lead["user_id"]})
        sale = await at.sale("in both")
        people = [at.person("member"), at.person("fellow")] * 2
        writes = [asyncio.create_task(written(sale, person)) for person in people]
        await asyncio.sleep(chance.random() * 0.02)
        if how == "signed out":
            await visitor.ask("mutation { signOut { signedOut } }", token=at.tokens["lead"])
        else:
            await database.transact(lambda: _change_standing(at, REVOCATIONS[how][0], lead))
        at_once = await row(sale)
        outcomes.update([await write for write in writes])
        late += await row(sale) != at_once
        if how != "signed out":
            await database.transact(lambda: _change_standing(at, REVOCATIONS[how][1], lead))
    return late, outcomes


async def _change_standing(at: Seller, statement: str, lead: dict[str, Any]) -> None:
    """As every act that changes standings does: the account's row is held first."""
    if database.dialect() == "postgres":
        await database.read("SELECT id FROM accounts WHERE id = ? FOR UPDATE", (at.account["id"],))
    assert await database.write(statement, (lead["id"],)) == 1


async def test_a_cancelled_request_leaves_no_transaction_open(visitor: Client, database_url: str) -> None:
    at = await seller()
    sale, chance = await at.sale("member"), random.Random(11)
    cancelled = 0

    for number in range(REQUESTS):
        person = at.person("member" if number % 2 else "fellow")
        request = asyncio.create_task(assign(visitor, at, "lead", sale["reference"], person))
        await asyncio.sleep(chance.random() * 0.012)
        request.cancel()
        try:
            await request
        except asyncio.CancelledError:
            cancelled += 1

    assert cancelled >= REQUESTS / 4
    async with asyncio.timeout(10):  # not never
        result = await assign(visitor, at, "lead", sale["reference"], at.person("in both"))
    assert result["errors"] == []
    async with asyncio.timeout(10):  # what a canceled request began is still on its way to its end
        while await open_transactions(database_url):  # noqa: ASYNC110 - the database tells of no event
            await asyncio.sleep(0.02)
    changes = [_change(entry) for entry in await log_of(at.account, sale["reference"])]
    assert len(changes) >= REQUESTS - cancelled
    assert [after for _, after in changes[:-1]] == [before for before, _ in changes[1:]]


async def open_transactions(database_url: str) -> int:
    """How many other connections hold a transaction while nothing runs."""
    if not database.is_postgres(database_url):
        with contextlib.closing(sqlite3.connect(database.sqlite_file(database_url), timeout=1)) as other:
            other.execute("BEGIN IMMEDIATE")
            other.rollback()
        return 0
    rows = await database.read(
        "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database()"
        " AND state LIKE 'idle in transaction%'"
    )
    return int(rows[0]["n"])

"""Memberships: who can change whose role, suspension, dates and codes, who removes whom, and what remains."""

import asyncio
from typing import Any

import pytest

import make
from authz.grant import Grant
from center import CENTER, DONE, UNKNOWN, WHO, Center, by, center
from client import Client
from models import database
from models.vocabulary import Role

FORBIDDEN, NOT_FOUND = "FORBIDDEN", "NOT_FOUND"
ADMINISTERED: dict[str, dict[str, Any]] = {
    "changeRole": {"role": "TEAM_LEAD"},
    "suspendCollaborator": {},
    "restoreCollaborator": {},
    "setAccessDates": {"startsAt": "2026-01-01T00:00:00Z", "endsAt": "2099-01-01T00:00:00Z"},
    "setSourceCodes": {"codes": ["code"]},
}
SALES = "{ account { sales(first: 50) { totalCount } } }"


@pytest.mark.parametrize("act", ADMINISTERED)
async def test_memberships_of_users_are_the_owners_and_admins_to_change(client: Client, act: str) -> None:
    at = await center(client)
    values = {"collaboratorId": at.collaborator("small"), **ADMINISTERED[act]}

    results = {who: await at.outcome(who, act, **values) for who in reversed(WHO)}

    assert results == by(DONE, DONE)
    assert [entry["let_by"] for entry in await at.log()] == ["ADMIN", "ADMIN"]


@pytest.mark.parametrize("act", ADMINISTERED)
async def test_memberships_of_admins_are_the_owners_alone_and_no_admin_changes_their_own(
    client: Client, act: str
) -> None:
    at = await center(client)
    more = ADMINISTERED[act]

    assert await at.outcome("admin", act, collaboratorId=at.collaborator("admin"), **more) == FORBIDDEN
    assert await at.outcome("admin", act, collaboratorId=at.collaborator("other admin"), **more) == FORBIDDEN
    assert await at.outcome("owner", act, collaboratorId=at.collaborator("other admin"), **more) == DONE


@pytest.mark.parametrize("act", [*ADMINISTERED, "removeCollaborator", "assignProfile"])
async def test_a_membership_of_another_account_and_none_at_all_are_alike(client: Client, act: str) -> None:
    at, other = await center(client), await center(client)
    more = ADMINISTERED.get(act, {"profileId": at.profile("small")} if act == "assignProfile" else {})
    results = []

    for id_ in (
        other.collaborator("user"),
        f"collaborator_{database.new_id()}",
        "person_1",
        at.profile("small"),
        "",
    ):
        assert await at.outcome("owner", act, collaboratorId=id_, **more) == NOT_FOUND
        results.append((await at.act("owner", act, collaboratorId=id_, **more))["errors"])

    assert results == [results[0]] * len(results)


async def test_a_person_and_a_collaborator_are_the_same_membership(client: Client) -> None:
    at = await center(client)
    person = f"person_{at.collaborators['small']['id']}"

    payload = await at.act(
        "admin",
        "changeRole",
        "person { id role } collaborator { id role }",
        collaboratorId=person,
        role="TEAM_LEAD",
    )

    assert payload["person"] == {"id": person, "role": "TEAM_LEAD"}
    assert payload["collaborator"] == {"id": at.collaborator("small"), "role": "TEAM_LEAD"}


async def test_the_role_admin_exists_only_for_the_owner(client: Client) -> None:
    at = await center(client)
    values = {"collaboratorId": at.collaborator("small"), "role": "ADMIN"}
    before = await at.state()
    text = "mutation($input: ChangeRoleInput!) { changeRole(input: $input) { errors { code } } }"

    errors = await client.errors(text, {"input": values}, token=at.tokens["admin"], account=at.account)
    assert [error["extensions"]["code"] for error in errors] == ["BAD_INPUT"]
    assert await at.state() == before
    assert await at.outcome("owner", "changeRole", **values) == DONE
    assert await at.changes() == {"Person.role": ("USER", "ADMIN")}
    assert await at.outcome("owner", "changeRole", **values | {"role": "USER"}) == DONE


@pytest.mark.parametrize("role", ["USER", "ADMIN"])
async def test_who_loses_the_role_team_lead_leads_no_team(client: Client, role: str) -> None:
    at = await center(client)
    sale = await make.sale(at.account, assignee=at.collaborators["user"])
    assert (await at.ask("lead", SALES))["account"]["sales"]["totalCount"] == 1

    await at.outcome("owner", "changeRole", collaboratorId=at.collaborator("lead"), role=role)
    await at.outcome("owner", "changeRole", collaboratorId=at.collaborator("lead"), role="TEAM_LEAD")

    rows = await database.read(
        "SELECT leads FROM team_members WHERE account_id = ? AND collaborator_id = ?",
        (at.account["id"], at.collaborators["lead"]["id"]),
    )
    assert [bool(row["leads"]) for row in rows] == [False]
    assert sale["assignee_id"] == at.collaborators["user"]["id"]
    assert (await at.ask("lead", SALES))["account"]["sales"]["totalCount"] == 0


async def _doors(at: Center, who: str) -> tuple[int, int]:
    """How many centrals someone may enter, and the status of entering this one."""
    listed = await at.client.ask("{ viewer { centrals { id } } }", token=at.tokens[who])
    entered = await at.client.post("{ account { id } }", token=at.tokens[who], account=at.account)
    return len(listed["viewer"]["centrals"]), entered.status_code


async def test_who_is_suspended_neither_finds_nor_enters_the_central_and_keeps_their_rows(
    client: Client,
) -> None:
    at = await center(client)
    sale = await make.sale(at.account, assignee=at.collaborators["small"])
    assert await _doors(at, "small") == (1, 200)

    await at.outcome("admin", "suspendCollaborator", collaboratorId=at.collaborator("small"))
    assert await at.changes() == {"Person.suspended": (False, True)}
    assert await _doors(at, "small") == (0, 404)
    assert (sale["id"], at.collaborators["small"]["id"]) in [
        (item[0], item[1]) for item in (await at.state())["sales"]
    ]

    await at.outcome("admin", "restoreCollaborator", collaboratorId=at.collaborator("small"))
    assert await _doors(at, "small") == (1, 200)


async def test_suspending_twice_changes_nothing_more(client: Client) -> None:
    at = await center(client)
    await at.outcome("admin", "suspendCollaborator", collaboratorId=at.collaborator("small"))
    before = await at.state()

    assert await at.outcome("admin", "suspendCollaborator", collaboratorId=at.collaborator("small")) == DONE

    assert await at.state() == before
    assert await at.changes() == {}


@pytest.mark.parametrize(
    ("dates", "open_"),
    [
        (("2020-01-01T00:00:00Z", None), True),
        ((None, "2099-01-01T00:00:00Z"), True),
        ((None, None), True),
        (("2099-01-01T00:00:00Z", None), False),
        ((None, "2020-01-01T00:00:00Z"), False),
    ],
)
async def test_a_membership_opens_within_its_dates(
    client: Client, dates: tuple[Any, Any], open_: bool
) -> None:
    at = await center(client)
    values = dict(zip(("startsAt", "endsAt"), dates, strict=True))

    payload = await at.act(
        "admin",
        "setAccessDates",
        "person { startsAt endsAt suspended }",
        collaboratorId=at.collaborator("small"),
        **values,
    )

    assert payload["person"] == {**values, "suspended": False}
    assert await _doors(at, "small") == ((1, 200) if open_ else (0, 404))


async def test_a_membership_ends_after_it_begins(client: Client) -> None:
    at = await center(client)
    moment = "2026-01-01T00:00:00Z"
    values = {"collaboratorId": at.collaborator("small"), "startsAt": moment, "endsAt": moment}

    assert await at.outcome("admin", "setAccessDates", **values) == "BAD_INPUT"


async def test_source_codes_are_ones_own_in_the_account_and_taken_ones_name_no_one(client: Client) -> None:
    at, other = await center(client), await center(client)
    fields = "person { sourceCodes { code } } errors { code field message }"
    values = {"collaboratorId": at.collaborator("small"), "codes": ["spring-24", "ana_1", "spring-24", "É"]}

    payload = await at.act("admin", "setSourceCodes", fields, **values)
    assert {code["code"] for code in payload["person"]["sourceCodes"]} == {"spring-24", "ana_1", "É"}
    taken = {"collaboratorId": at.collaborator("user"), "codes": ["free", "ana_1"]}
    assert await at.outcome("admin", "setSourceCodes", **taken) == "CODE_TAKEN"
    refused = await at.act("admin", "setSourceCodes", fields, **taken)
    assert refused["errors"] == [
        {
            "code": "CODE_TAKEN",
            "field": ["codes", "1"],
            "message": "This source code belongs to someone else.",
        }
    ]
    assert (
        await other.outcome(
            "owner", "setSourceCodes", collaboratorId=other.collaborator("user"), codes=["ana_1"]
        )
        == DONE
    )
    assert (
        await at.outcome("admin", "setSourceCodes", collaboratorId=at.collaborator("small"), codes=["ana_1"])
        == DONE
    )
    assert (await at.changes())["Person.sourceCodes"] == (sorted({"spring-24", "ana_1", "É"}), ["ana_1"])
    free = {"collaboratorId": at.collaborator("user"), "codes": ["spring-24"]}
    assert await at.outcome("admin", "setSourceCodes", **free) == DONE


@pytest.mark.parametrize("code", ["", "two words", "a|b", "x" * 101, "a.b", "\u0000"])
async def test_what_is_no_whole_token_is_no_source_code(client: Client, code: str) -> None:
    at = await center(client)

    result = await at.outcome(
        "admin", "setSourceCodes", collaboratorId=at.collaborator("small"), codes=["fine", code]
    )

    assert result == "BAD_INPUT"


async def test_two_who_want_one_code_at_once_do_not_both_get_it(client: Client) -> None:
    at = await center(client)
    wanted: list[dict[str, Any]] = [
        {"collaboratorId": at.collaborator(name), "codes": ["mine"]} for name in ("user", "small", "lead")
    ]

    results = await asyncio.gather(*(at.act("owner", "setSourceCodes", **item) for item in wanted))

    codes = sorted(item["errors"][0]["code"] if item["errors"] else DONE for item in results)
    assert codes == ["CODE_TAKEN", "CODE_TAKEN", DONE]


# Removal


async def _with(at: Center, name: str, grants: list[Grant], role: Role = Role.USER) -> None:
    profile = await make.profile(at.account, grants)
    at.collaborators[name] = await make.collaborator(at.account, profile, role)
    at.tokens[name] = await Client.collaborator(at.collaborators[name])


@pytest.mark.parametrize(
    ("who", "target", "expected"),
    [
        ("owner", "other admin", DONE),
        ("owner", "lead", DONE),
        ("owner", "user", DONE),
        ("admin", "small", DONE),
        ("admin", "admin", FORBIDDEN),
        ("admin", "other admin", FORBIDDEN),
        ("admin", "lead", FORBIDDEN),
        ("admin", "user", FORBIDDEN),  # whose profile has the grant too
        ("lead", "small", DONE),
        ("user", "small", DONE),
        ("user", "user", FORBIDDEN),
        ("user", "admin", FORBIDDEN),
        ("holder", "small", DONE),
        ("holder", "same", DONE),
        ("holder", "more", FORBIDDEN),
        ("holder", "holder", FORBIDDEN),
        ("holder", "small lead", FORBIDDEN),
        ("small", "same", UNKNOWN),
        ("stranger", "small", "NO_ACCESS"),
        ("elsewhere", "small", UNKNOWN),
        ("signed out", "small", UNKNOWN),
    ],
)
async def test_the_table_of_who_removes_whom(client: Client, who: str, target: str, expected: str) -> None:
    at = await center(client)
    await _with(at, "holder", [CENTER, Grant.SEARCH_SALES, Grant.VIEW_PRODUCTS])
    await _with(at, "same", [Grant.SEARCH_SALES, Grant.VIEW_PRODUCTS])
    await _with(at, "more", [Grant.SEARCH_SALES, Grant.VIEW_COMMISSIONS_REPORT])
    await _with(at, "small lead", [Grant.SEARCH_SALES], Role.TEAM_LEAD)

    assert await at.outcome(who, "removeCollaborator", collaboratorId=at.collaborator(target)) == expected

    if expected == DONE:
        assert await at.changes() == {"Collaborator.name": (at.collaborators[target]["name"], None)}
        assert (await at.log())[-1]["let_by"] == "ACCESS_COLLABORATORS_CENTER"
        assert await _doors(at, target) == (0, 404)


async def test_rows_of_who_is_removed_become_no_ones_or_an_heirs(client: Client) -> None:
    at = await center(client)
    for name in ("small", "small", "user"):
        await make.sale(at.account, assignee=at.collaborators[name], team_id=at.team["id"])
    at.collaborators["next"] = await make.collaborator(at.account, at.profiles["small"])

    values = {"collaboratorId": at.collaborator("small"), "reassignTo": at.collaborator("next")}
    assert await at.outcome("admin", "removeCollaborator", **values) == DONE
    after = [(sale[1], sale[2]) for sale in (await at.state())["sales"]]
    user, successor = at.collaborators["user"]["id"], at.collaborators["next"]["id"]
    assert sorted(after) == sorted([(successor, "None"), (successor, "None"), (user, at.team["id"])])

    assert await at.outcome("owner", "removeCollaborator", collaboratorId=at.collaborator("next")) == DONE
    after = [(sale[1], sale[2]) for sale in (await at.state())["sales"]]
    assert sorted(after) == sorted([("None", "None"), ("None", "None"), (user, at.team["id"])])


@pytest.mark.parametrize("reassign_to", ["itself", "stranger", "nobody"])
async def test_an_heir_is_another_collaborator_of_the_account(client: Client, reassign_to: str) -> None:
    at, other = await center(client), await center(client)
    ids = {
        "itself": at.collaborator("small"),
        "stranger": other.collaborator("small"),
        "nobody": f"person_{database.new_id()}",
    }
    values = {"collaboratorId": at.collaborator("small"), "reassignTo": ids[reassign_to]}

    assert await at.outcome("owner", "removeCollaborator", **values) == NOT_FOUND


async def test_who_is_removed_gets_an_email_in_their_language_and_who_leaves_does_not(client: Client) -> None:
    at = await center(client)
    people = {
        name: dict(
            (
                await database.read(
                    "SELECT email, locale FROM users WHERE id = ?", (at.collaborators[name]["user_id"],)
                )
            )[0]
        )
        for name in ("user", "small")
    }

    assert await at.outcome("user", "leaveCentral") == DONE
    assert await at.outcome("owner", "removeCollaborator", collaboratorId=at.collaborator("small")) == DONE

    sent = await database.read("SELECT kind, recipient, locale FROM outbox_messages")
    addresses = {person["email"] for person in people.values()}
    assert [tuple(row) for row in sent if row["recipient"] in addresses] == [
        ("collaborator_removed", people["small"]["email"], people["small"]["locale"])
    ]


@pytest.mark.parametrize("who", ["lead", "user"])
async def test_an_heir_is_unknown_to_who_is_no_admin(client: Client, who: str) -> None:
    at = await center(client)
    values = {"input": {"collaboratorId": at.collaborator("small"), "reassignTo": at.collaborator("user")}}
    text = (
        "mutation($input: RemoveCollaboratorInput!) { removeCollaborator(input: $input) { errors { code } } }"
    )
    before = await at.state()

    errors = await client.errors(text, values, token=at.tokens[who], account=at.account)

    assert [error["extensions"]["code"] for error in errors] == ["BAD_INPUT"]
    assert await at.state() == before


async def test_what_the_membership_opened_ends_with_it(client: Client) -> None:
    at = await center(client)
    collaborator = at.collaborators["user"]
    now = database.now()
    token = {
        "id": database.new_id(),
        "account_id": at.account["id"],
        "user_id": collaborator["user_id"],
        "name": "Mine",
        "grants": "[]",
        "standings": "[]",
        "digest": database.new_id(),
        "created_at": now,
        "expires_at": now + 60_000,
    }
    invitation = {
        "id": database.new_id(),
        "account_id": at.account["id"],
        "email": "asked@example.com",
        "name": "Asked",
        "profile_id": at.profiles["small"]["id"],
        "role": "USER",
        "status": "PENDING",
        "token_digest": database.new_id(),
        "inviter_id": collaborator["user_id"],
        "created_at": now,
        "expires_at": now + 60_000,
    }
    await database.transact(lambda: database.insert("access_tokens", token))
    await database.transact(lambda: database.insert("invitations", invitation))
    await at.outcome("admin", "setSourceCodes", collaboratorId=at.collaborator("user"), codes=["mine"])

    assert await at.outcome("owner", "removeCollaborator", collaboratorId=at.collaborator("user")) == DONE

    state = await at.state()
    ended = await database.read(
        "SELECT ended_at FROM access_tokens WHERE account_id = ?", (at.account["id"],)
    )
    assert ended[0]["ended_at"] is not None
    assert [item[2] for item in state["invitations"]] == ["FALLEN"]
    assert state["source_codes"] == []
    assert [member[1] for member in state["team_members"]] == [at.collaborators["lead"]["id"]]


async def test_a_removal_takes_rows_away_in_one_statement_by_the_accounts_index(
    client: Client, database_url: str
) -> None:
    at = await center(client)
    counts = []
    for name, sales in (("small", 2), ("user", 20)):
        for _ in range(sales):
            await make.sale(at.account, assignee=at.collaborators[name])
        with database.observed() as statements:
            await at.act("owner", "removeCollaborator", collaboratorId=at.collaborator(name))
        counts.append(len(statements))
        (handed,) = [statement for statement in statements if statement.startswith("UPDATE sales")]

    assert counts[0] == counts[1]
    if not database.is_postgres(database_url):
        plan = await database.read(
            f"EXPLAIN QUERY PLAN {handed}", (at.account["id"], at.collaborators["user"]["id"])
        )
        assert all(
            "USING" in row["detail"] and "account_id=? AND assignee_id=?" in row["detail"] for row in plan
        )


@pytest.mark.parametrize("who", ["admin", "lead", "user", "small"])
async def test_a_collaborator_leaves_alone(client: Client, who: str) -> None:
    at = await center(client)
    await make.sale(at.account, assignee=at.collaborators[who])

    assert await at.outcome(who, "leaveCentral") == DONE

    assert await _doors(at, who) == (0, 404)
    assert [sale[1] for sale in (await at.state())["sales"]] == ["None"]
    entry = (await at.log())[-1]
    assert entry["user_name"] == at.collaborators[who]["name"]
    assert await at.outcome(who, "leaveCentral") == "NO_ACCESS"


async def test_the_owner_has_no_membership_to_leave(client: Client) -> None:
    at = await center(client)

    results = {
        who: await at.outcome(who, "leaveCentral") for who in ("owner", "stranger", "elsewhere", "signed out")
    }

    assert results == {"owner": UNKNOWN, "stranger": "NO_ACCESS", "elsewhere": UNKNOWN, "signed out": UNKNOWN}


# When someone was last seen


async def _last_seen_at(at: Center, name: str) -> int | None:
    from actions.identity.sessions import last_seen

    await asyncio.gather(*last_seen._noting.values())
    rows = await database.read(
        "SELECT last_seen_at FROM collaborators WHERE account_id = ? AND id = ?",
        (at.account["id"], at.collaborators[name]["id"]),
    )
    found: int | None = rows[0]["last_seen_at"]
    return found


async def test_whoever_enters_is_seen_at_most_once_in_five_minutes(client: Client) -> None:
    at = await center(client)
    assert await _last_seen_at(at, "small") is None

    with database.observed() as statements:
        await at.ask("small", "{ account { id } }")
    first = await _last_seen_at(at, "small")
    await asyncio.sleep(0.01)
    await at.ask("small", "{ account { id } }")
    again = await _last_seen_at(at, "small")
    assert len(statements) == 1
    assert first is not None
    assert again == first

    await database.transact(
        lambda: database.write(
            "UPDATE collaborators SET last_seen_at = last_seen_at - 300001 WHERE account_id = ?",
            (at.account["id"],),
        )
    )
    await at.ask("small", "{ account { id } }")
    later = await _last_seen_at(at, "small")
    assert later is not None
    assert later >= first


async def test_the_collaborators_center_shows_when_someone_was_last_seen(client: Client) -> None:
    at = await center(client)
    await at.ask("small", "{ account { id } }")
    await _last_seen_at(at, "small")
    query = "{ account { collaborators { nodes { id lastSeenAt sourceCodes { code } teams { leads team { teamId } } } } } }"

    data = await at.ask("owner", query)

    found = {node["id"]: node for node in data["account"]["collaborators"]["nodes"]}
    assert found[at.collaborator("small")]["lastSeenAt"] is not None
    assert found[at.collaborator("other admin")]["lastSeenAt"] is None
    assert found[at.collaborator("lead")]["teams"] == [{"leads": True, "team": {"teamId": at.team_id}}]

"""Teams: the owner and admins switch, make and fill them; leading sleeps and wakes with the switch."""

from typing import Any

import pytest

import make
from center import DONE, NO_ACCESS, UNKNOWN, WHO, Center, by, center
from client import Client
from models import database
from models.vocabulary import Edition, Privacy, Role

FORBIDDEN, NOT_FOUND = "FORBIDDEN", "NOT_FOUND"


def acts(at: Center) -> dict[str, dict[str, Any]]:
    team = {"teamId": at.team_id}
    return {
        "enableTeams": {},
        "disableTeams": {},
        "setPrivacy": {"privacy": "SHARED"},
        "createTeam": {"name": "New"},
        "renameTeam": team | {"name": "New"},
        "setTeamPrivacy": team | {"privacy": "SHARED"},
        "addTeamMember": team | {"collaboratorId": at.collaborator("small")},
        "removeTeamMember": team | {"collaboratorId": at.collaborator("user")},
        "setTeamMembers": team | {"memberIds": [at.collaborator("small")]},
        "setTeamLead": team | {"collaboratorId": at.collaborator("lead"), "leads": False},
        "deleteTeam": team,
    }


ACTS = [
    "enableTeams", "disableTeams", "setPrivacy", "createTeam", "renameTeam", "setTeamPrivacy", "addTeamMember",
    "removeTeamMember", "setTeamMembers", "setTeamLead", "deleteTeam",
]  # fmt: skip
OF_A_TEAM = [act for act in ACTS if act not in ("enableTeams", "disableTeams", "setPrivacy", "createTeam")]


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("act", ACTS)
async def test_teams_are_the_owners_and_admins(client: Client, act: str, who: str) -> None:
    at = await center(client)

    assert await at.outcome(who, act, **acts(at)[act]) == by(DONE, DONE)[who]

    assert [entry["let_by"] for entry in await at.log()] == (["ADMIN"] if who in ("owner", "admin") else [])


@pytest.mark.parametrize("act", OF_A_TEAM)
async def test_a_team_of_another_account_and_none_at_all_are_alike(client: Client, act: str) -> None:
    at, other = await center(client), await center(client)

    for id_ in (other.team_id, f"team_{database.new_id()}", "team_1", at.collaborator("user"), ""):
        assert await at.outcome("admin", act, **acts(at)[act] | {"teamId": id_}) == NOT_FOUND


@pytest.mark.parametrize("act", ["createTeam", *OF_A_TEAM])
async def test_while_teams_are_off_there_are_none_to_change(client: Client, act: str) -> None:
    at = await center(client)
    await at.outcome("owner", "disableTeams")

    assert await at.outcome("owner", act, **acts(at)[act]) == "TEAMS_OFF"


async def test_teams_are_switched_on_in_the_expert_edition_alone(client: Client) -> None:
    standard = await center(client, teams_on=False)
    expert = await center(client, teams_on=False, edition=Edition.EXPERT)

    assert await standard.outcome("owner", "enableTeams") == "EDITION"
    assert await standard.outcome("owner", "disableTeams") == DONE
    payload = await expert.act("owner", "enableTeams", "account { teamsOn } errors { code }")
    assert payload == {"account": {"teamsOn": True}, "errors": []}
    assert await expert.changes() == {"Account.teamsOn": (False, True)}


async def test_the_accounts_privacy_holds_while_teams_are_off(client: Client) -> None:
    at = await center(client, teams_on=False)
    await make.sale(at.account)
    query = "{ account { sales(first: 9) { totalCount } } }"
    counts = []

    for privacy in (Privacy.OWN, Privacy.SHARED, Privacy.OWN):
        payload = await at.act(
            "admin", "setPrivacy", "account { privacy } errors { code }", privacy=privacy.value
        )
        assert payload == {"account": {"privacy": privacy.value}, "errors": []}
        counts.append((await at.ask("small", query))["account"]["sales"]["totalCount"])

    assert counts == [0, 1, 0]


@pytest.mark.parametrize("name", ["", "x" * 101])
async def test_a_name_that_cannot_be_read_is_refused(client: Client, name: str) -> None:
    at = await center(client)

    assert await at.outcome("admin", "createTeam", name=name) == "BAD_INPUT"
    assert await at.outcome("admin", "renameTeam", teamId=at.team_id, name=name) == "BAD_INPUT"


async def test_a_name_is_one_teams_in_the_account(client: Client) -> None:
    at, other = await center(client), await center(client)
    assert await at.outcome("admin", "createTeam", name="North") == DONE

    assert await at.outcome("admin", "createTeam", name="North") == "NAME_TAKEN"
    assert await at.outcome("admin", "renameTeam", teamId=at.team_id, name=" North ") == "NAME_TAKEN"
    assert await at.outcome("admin", "createTeam", name="nörth") == "NAME_TAKEN"
    assert await other.outcome("admin", "createTeam", name="North") == DONE


# Seats of admins come and go by the owner alone


@pytest.mark.parametrize("target", ["admin", "other admin"])
async def test_an_admin_changes_neither_their_own_role_nor_another_admins(
    client: Client, target: str
) -> None:
    at = await center(client)
    team, collaborator = {"teamId": at.team_id}, {"collaboratorId": at.collaborator(target)}
    staying = [at.collaborator("user"), at.collaborator("lead")]

    assert await at.outcome("admin", "addTeamMember", **team, **collaborator) == FORBIDDEN
    values = {**team, "memberIds": [*staying, at.collaborator(target)]}
    assert await at.outcome("admin", "setTeamMembers", **values) == FORBIDDEN
    assert await at.outcome("admin", "setTeamLead", **team, **collaborator, leads=True) == FORBIDDEN
    assert await at.outcome("owner", "addTeamMember", **team, **collaborator) == DONE
    assert await at.outcome("admin", "removeTeamMember", **team, **collaborator) == FORBIDDEN
    assert await at.outcome("admin", "setTeamMembers", **team, memberIds=staying) == FORBIDDEN
    # who merely stays is not touched
    assert await at.outcome("admin", "setTeamMembers", **team, memberIds=[at.collaborator(target)]) == DONE
    assert await at.outcome("owner", "removeTeamMember", **team, **collaborator) == DONE


async def test_members_are_those_named_and_who_stays_keeps_the_lead(client: Client) -> None:
    at = await center(client)
    fields = "team { members { leads person { id } } } errors { code field }"
    people = {name: f"person_{collaborator['id']}" for name, collaborator in at.collaborators.items()}

    payload = await at.act(
        "admin",
        "setTeamMembers",
        fields,
        teamId=at.team_id,
        memberIds=[people["lead"], at.collaborator("small"), people["small"]],
    )

    members = {member["person"]["id"]: member["leads"] for member in payload["team"]["members"]}
    assert members == {people["lead"]: True, people["small"]: False}
    names = {name: at.collaborators[name]["name"] for name in ("lead", "small", "user")}
    assert await at.changes() == {
        "Team.members": (sorted([names["lead"], names["user"]]), sorted([names["lead"], names["small"]]))
    }
    values = {"teamId": at.team_id, "memberIds": [at.collaborator("small"), "person_1"]}
    assert await at.outcome("admin", "setTeamMembers", **values) == NOT_FOUND
    refused = await at.act("admin", "setTeamMembers", fields, **values)
    assert refused["errors"] == [{"code": NOT_FOUND, "field": ["memberIds", "1"]}]


async def test_only_a_team_lead_leads_and_leading_makes_a_member(client: Client) -> None:
    at = await center(client)
    second = await make.collaborator(at.account, at.profiles["small"], Role.TEAM_LEAD)
    at.collaborators["second"] = second
    values = {"teamId": at.team_id, "leads": True}

    assert (
        await at.outcome("admin", "setTeamLead", **values, collaboratorId=at.collaborator("user"))
        == "NOT_A_LEAD"
    )
    assert (
        await at.outcome("admin", "setTeamLead", **values, collaboratorId=at.collaborator("other admin"))
        == FORBIDDEN
    )
    assert (
        await at.outcome("owner", "setTeamLead", **values, collaboratorId=at.collaborator("other admin"))
        == "NOT_A_LEAD"
    )
    assert (
        await at.outcome("admin", "setTeamLead", **values, collaboratorId=at.collaborator("second")) == DONE
    )
    leads = sorted([at.collaborators["lead"]["name"], second["name"]])
    assert (await at.changes())["TeamMember.leads"] == ([at.collaborators["lead"]["name"]], leads)
    ending = {"teamId": at.team_id, "leads": False}
    assert (
        await at.outcome("admin", "setTeamLead", **ending, collaboratorId=at.collaborator("small"))
        == NOT_FOUND
    )
    assert (
        await at.outcome("admin", "setTeamLead", **ending, collaboratorId=at.collaborator("second")) == DONE
    )
    rows = [member for member in (await at.state())["team_members"] if member[1] == second["id"]]
    assert len(rows) == 1


async def test_a_member_who_is_in_the_team_already_stays_as_they_are(client: Client) -> None:
    at = await center(client)
    before = await at.state()

    result = await at.outcome(
        "admin", "addTeamMember", teamId=at.team_id, collaboratorId=at.collaborator("lead")
    )

    assert result == DONE
    assert await at.state() == before
    assert await at.changes() == {}


async def test_who_is_no_member_cannot_be_taken_out(client: Client) -> None:
    at = await center(client)

    values = {"teamId": at.team_id, "collaboratorId": at.collaborator("small")}
    assert await at.outcome("admin", "removeTeamMember", **values) == NOT_FOUND


async def test_a_deleted_team_leaves_people_and_assignments_and_takes_its_stamp(client: Client) -> None:
    at = await center(client)
    sale = await make.sale(at.account, assignee=at.collaborators["user"], team_id=at.team["id"])
    team = await make.team(at.account, [at.collaborators["user"]])
    other = await make.sale(at.account, assignee=at.collaborators["user"], team_id=team["id"])
    people = (await at.state())["collaborators"]

    assert await at.outcome("admin", "deleteTeam", teamId=at.team_id) == DONE

    state = await at.state()
    assert state["collaborators"] == people
    assert {item[0]: item[1:3] for item in state["sales"]} == {
        sale["id"]: (at.collaborators["user"]["id"], "None"),
        other["id"]: (at.collaborators["user"]["id"], team["id"]),
    }
    assert {member[0] for member in state["team_members"]} == {team["id"]}


# Leading sleeps while teams are off

COUNTS = """query($from: Date!, $to: Date!) { account {
  sales(first: 50) { totalCount }
  reports { revenue(period: { from: $from, to: $to }) { count } }
} }"""


async def _counts(at: Center, who: str) -> tuple[int, int]:
    """How many sales are in someone's rows, and how many in their statistics."""
    account = (await at.ask(who, COUNTS, **{"from": "2026-01-01", "to": "2026-02-01"}))["account"]
    return account["sales"]["totalCount"], sum(item["count"] for item in account["reports"]["revenue"])


async def test_leading_sleeps_while_teams_are_off_and_wakes_with_them(client: Client) -> None:
    at = await center(client)
    january = 1_768_000_000_000
    for name, number in (("lead", 1), ("user", 2), ("small", 4), ("", 8)):
        for _ in range(number):
            await make.sale(at.account, assignee=at.collaborators.get(name), ordered_at=january)
    everyone = ("lead", "user", "small")
    values = {"collaboratorId": at.collaborator("small"), "profileId": at.profile("full")}
    await at.outcome("owner", "assignProfile", **values)

    on = {"lead": (3, 3), "user": (2, 2), "small": (4, 4)}
    alone = {"lead": (1, 1), "user": (2, 2), "small": (4, 4)}
    shared = {"lead": (15, 1), "user": (15, 2), "small": (15, 4)}
    assert {who: await _counts(at, who) for who in everyone} == on
    await at.outcome("admin", "disableTeams")
    assert {who: await _counts(at, who) for who in everyone} == alone
    await at.outcome("admin", "setPrivacy", privacy="SHARED")
    assert {who: await _counts(at, who) for who in everyone} == shared
    errors = await client.errors(
        "{ account { assignees { nodes { id } } } }", token=at.tokens["lead"], account=at.account
    )
    assert [error["extensions"]["code"] for error in errors] == ["GRAPHQL_VALIDATION_FAILED"]
    people = await at.ask("admin", "{ account { people { nodes { id role } } } }")
    roles = {node["id"]: node["role"] for node in people["account"]["people"]["nodes"]}
    assert roles[f"person_{at.collaborators['lead']['id']}"] == "TEAM_LEAD"
    await at.outcome("admin", "enableTeams")
    assert {who: await _counts(at, who) for who in everyone} == on
    await at.outcome("admin", "setTeamPrivacy", teamId=at.team_id, privacy="SHARED")
    assert {who: await _counts(at, who) for who in everyone} == on | {"user": (3, 2)}


async def test_leaving_a_team_takes_its_rows_out_of_reach_at_once(client: Client) -> None:
    at = await center(client)
    await make.sale(
        at.account, assignee=at.collaborators["user"], team_id=at.team["id"], ordered_at=1_768_000_000_000
    )
    assert await _counts(at, "lead") == (1, 1)

    await at.outcome("admin", "removeTeamMember", teamId=at.team_id, collaboratorId=at.collaborator("user"))

    assert await _counts(at, "lead") == (0, 0)


async def test_strangers_meet_a_shut_door_whatever_they_ask(client: Client) -> None:
    at = await center(client)

    assert {act: await at.outcome("stranger", act, **acts(at)[act]) for act in ACTS} == dict.fromkeys(
        ACTS, NO_ACCESS
    )
    assert await at.outcome("elsewhere", "enableTeams") == UNKNOWN

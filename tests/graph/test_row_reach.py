"""What a list of rows says about whose rows it contains."""

from typing import Any

import pytest

import make
from center import Center, center
from client import Client

REACH = "{ account { sales(first: 1) { reach { kind people why } %s } } }"


@pytest.fixture
async def at(client: Client) -> Center:
    """An account with teams on, whose lead leads the user."""
    return await center(client)


async def reach_of(at: Center, who: str, beside: str = "") -> Any:
    return (await at.ask(who, REACH % beside))["account"]["sales"]["reach"]


async def test_the_owner_and_admins_see_everyones(at: Center) -> None:
    everyone = len(at.collaborators)
    owner, admin = await reach_of(at, "owner"), await reach_of(at, "admin")

    assert (owner["kind"], owner["people"]) == ("ALL", everyone)
    assert owner["why"] == "You own the account, so you see all of its rows."
    assert (admin["kind"], admin["people"]) == ("ALL", everyone)
    assert admin["why"] == "You are an admin, so you see all rows of the account."


async def test_a_lead_sees_the_teams_and_a_user_their_own(at: Center) -> None:
    lead, user = await reach_of(at, "lead"), await reach_of(at, "user")

    assert lead["kind"] == "TEAM"
    assert lead["people"] > 1
    assert user == {"kind": "OWN", "people": 1, "why": "You see the rows that are assigned to you."}


async def test_privacy_shares_rows_in_a_team_and_without_teams(at: Center) -> None:
    people = (await reach_of(at, "lead"))["people"]
    await at.outcome("owner", "setTeamPrivacy", teamId=at.team_id, privacy="SHARED")
    shared = await reach_of(at, "user")
    await at.outcome("owner", "disableTeams", idempotencyKey="off")
    version = (await at.ask("owner", "{ account { version } }"))["account"]["version"]
    await at.outcome("owner", "setPrivacy", privacy="SHARED", expectedVersion=version)
    everyone = await reach_of(at, "user")

    assert (shared["kind"], shared["people"]) == ("SHARED", people)
    assert everyone["kind"] == "ALL"
    assert everyone["people"] == 1  # nobody else has a row that would show them
    await make.sale(at.account, assignee=at.collaborators["small"], reference="theirs")
    assert (await reach_of(at, "user"))["people"] == 2
    assert (await reach_of(at, "admin"))["people"] == len(at.collaborators)
    assert everyone["why"] == "The account shares its rows with everyone while teams are off."


async def test_both_executors_say_the_same(at: Center) -> None:
    compiled = await reach_of(at, "lead", "nodes { id } totalCount")
    # introspection beside rows is left to the standard executor
    rows = REACH.removeprefix("{").replace("%s", "nodes { id }")
    body = f"{{ __schema {{ queryType {{ name }} }} {rows}"
    interpreted = (await at.ask("lead", body))["account"]["sales"]["reach"]

    assert interpreted == compiled

"""What belongs to a membership ends with it: someone who comes back starts without it."""

from typing import Any

import pytest

import make
from authz.grant import Grant
from center import DONE, Center, center
from client import Client
from models import database

MINE = """{ viewer {
  centrals { id role position lastEnteredAt } transferOffers { centralId } tokens { id } invitations { id }
} }"""
ACCEPT = "mutation($id: ID!) { acceptInvitation(input: {invitationId: $id}) { errors { code } } }"


async def seeded(client: Client) -> tuple[Center, dict[str, Any], str]:
    """A lead with all that a membership can have, the person, and one of their personal access tokens."""
    at = await center(client)
    collaborator = at.collaborators["lead"]
    person = dict((await database.read("SELECT * FROM users WHERE id = ?", (collaborator["user_id"],)))[0])
    token = await make.access_token(at.account, collaborator, [Grant.SEARCH_SALES], ["LEAD"])
    await make.sale(at.account, assignee=collaborator, team_id=at.team["id"])
    central = f"central_{at.account['id']}"
    assert (
        await at.outcome("admin", "setSourceCodes", collaboratorId=at.collaborator("lead"), codes=["mine"])
        == DONE
    )
    assert await at.outcome("lead", "enterCentral", id=central) == DONE
    assert (await at.act("lead", "orderCentrals", "errors { code }", ids=[central]))["errors"] == []
    assert await at.outcome("owner", "offerTransfer", collaboratorId=at.collaborator("lead")) == DONE
    return at, person, token


async def come_back(at: Center, person: dict[str, Any]) -> None:
    values = {"profileId": at.profile("full"), "role": "TEAM_LEAD", "email": person["email"], "name": "Again"}
    payload = await at.act("owner", "inviteCollaborator", "invitation { id } errors { code }", **values)
    assert payload["errors"] == []
    accepted = await at.client.ask(ACCEPT, {"id": payload["invitation"]["id"]}, token=at.tokens["lead"])
    assert accepted["acceptInvitation"]["errors"] == []


@pytest.mark.parametrize(
    ("who", "act"),
    [("owner", "removeCollaborator"), ("admin", "removeCollaborator"), ("lead", "leaveCentral")],
)
async def test_whoever_is_invited_again_finds_nothing_of_before(client: Client, who: str, act: str) -> None:
    at, person, token = await seeded(client)
    if who == "admin":
        await database.transact(
            lambda: database.write(
                "UPDATE collaborators SET role = 'USER', profile_id = ? WHERE id = ?",
                (at.profiles["small"]["id"], at.collaborators["lead"]["id"]),
            )
        )
    before = (await client.ask(MINE, token=at.tokens["lead"]))["viewer"]

    values = {"collaboratorId": at.collaborator("lead")} if act == "removeCollaborator" else {}
    assert await at.outcome(who, act, **values) == DONE
    gone = (await client.ask(MINE, token=at.tokens["lead"]))["viewer"]
    await come_back(at, person)

    assert [len(before[name]) for name in ("centrals", "transferOffers", "tokens")] == [1, 1, 1]
    assert None not in before["centrals"][0].values()
    assert all(listed == [] for listed in gone.values())
    after = (await client.ask(MINE, token=at.tokens["lead"]))["viewer"]
    central = f"central_{at.account['id']}"
    assert after == {
        "centrals": [{"id": central, "role": "TEAM_LEAD", "position": None, "lastEnteredAt": None}],
        "transferOffers": [],
        "tokens": [],
        "invitations": [],
    }
    assert (await client.post("{ viewer { id } }", token=token)).status_code == 401
    assert await at.outcome("lead", "acceptTransfer", centralId=central) == "NOT_FOUND"
    account = (await at.ask("lead", "{ account { sales { totalCount } } }"))["account"]
    assert account == {"sales": {"totalCount": 0}}
    state = await at.state()
    assert state["team_members"] == [
        (at.team["id"], at.collaborators["user"]["id"], state["team_members"][0][2])
    ]
    assert state["source_codes"] == []
    assert [sale[1:3] for sale in state["sales"]] == [("None", "None")]
    assert at.collaborators["lead"]["id"] not in {collaborator[0] for collaborator in state["collaborators"]}


async def test_an_owner_who_handed_the_account_over_finds_nothing_of_before(client: Client) -> None:
    at, _, _ = await seeded(client)
    central = f"central_{at.account['id']}"
    assert await at.outcome("owner", "enterCentral", id=central) == DONE

    assert await at.outcome("lead", "acceptTransfer", centralId=central) == DONE

    left = await database.read("SELECT user_id FROM central_visits WHERE account_id = ?", (at.account["id"],))
    assert [row["user_id"] for row in left] == [at.collaborators["lead"]["user_id"]]

"""The past does not change when people do: what counted for someone still does when the seat has ended."""

from datetime import UTC, datetime
from typing import Any

import pytest

import make
from center import DONE, Center, center
from client import Client
from models import database
from models.vocabulary import Role

JUNE = int(datetime(2026, 6, 10, tzinfo=UTC).timestamp() * 1000)
REVENUE = """query($by: ReportGroup) { account { reports {
  revenue(period: {from: "2026-06-01", to: "2026-07-01"}, by: $by) { count gross { amount } group { name } } } } }"""

OWN = """{ account { reports {
  revenue(period: {from: "2026-06-01", to: "2026-07-01"}) { count } } } }"""


async def june(at: Center, who: str) -> dict[str, Any]:
    """What someone's report of June says, by all that they may split it by."""
    found = {}
    for by in {"owner": (None, "MEMBER", "TEAM"), "admin": (None, "MEMBER", "TEAM")}.get(
        who, (None, "MEMBER")
    ):
        data = await at.ask(who, REVENUE, by=by)
        found[str(by)] = [
            (row["group"] and row["group"]["name"], row["count"], row["gross"]["amount"])
            for row in data["account"]["reports"]["revenue"]
        ]
    return found


async def aldos(client: Client) -> Center:
    """Aldo, of the lead's team North, has two sales of June, and the lead has one."""
    at = await center(client)
    full = at.profiles["full"]
    at.collaborators["aldo"] = await make.collaborator(at.account, full, Role.USER, name="Aldo")
    at.tokens["aldo"] = await Client.collaborator(at.collaborators["aldo"])
    added = await at.outcome(
        "owner", "addTeamMember", teamId=at.team_id, collaboratorId=at.collaborator("aldo")
    )
    assert added == DONE
    for name in ("aldo", "aldo", "lead"):
        sale = await make.sale(at.account, ordered_at=JUNE)
        person = f"person_{at.collaborators[name]['id']}"
        assert await at.outcome("owner", "assignSale", reference=sale["reference"], assigneeId=person) == DONE
    return at


ENDINGS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "removed": ("owner", "removeCollaborator", {}),
    "removed with an heir": ("owner", "removeCollaborator", {"reassignTo": "small"}),
    "left": ("aldo", "leaveCentral", {}),
    "suspended": ("owner", "suspendCollaborator", {}),
    "past the last day": ("owner", "setAccessDates", {"endsAt": "2026-07-01T00:00:00Z"}),
}


@pytest.mark.parametrize("ending", ENDINGS)
async def test_no_report_of_june_changes_when_a_membership_ends(client: Client, ending: str) -> None:
    at = await aldos(client)
    before = {who: await june(at, who) for who in ("owner", "admin", "lead")}
    who, act, values = ENDINGS[ending]
    values = {
        name: f"collaborator_{at.collaborators[value]['id']}" if value == "small" else value
        for name, value in values.items()
    }
    if act != "leaveCentral":
        values["collaboratorId"] = at.collaborator("aldo")

    assert await at.outcome(who, act, **values) == DONE

    assert {who: await june(at, who) for who in ("owner", "admin", "lead")} == before
    assert before["lead"] == {
        "None": [(None, 3, "297.00")],
        "MEMBER": [("Aldo", 2, "198.00"), (at.collaborators["lead"]["name"], 1, "99.00")],
    }
    assert before["owner"]["TEAM"] == [(at.team["name"], 3, "297.00")]


async def test_no_report_of_june_changes_when_a_team_is_deleted(client: Client) -> None:
    at = await aldos(client)
    before = {who: await june(at, who) for who in ("owner", "admin")}

    assert await at.outcome("admin", "deleteTeam", teamId=at.team_id) == DONE

    assert {who: await june(at, who) for who in ("owner", "admin")} == before


async def test_who_comes_back_has_a_new_membership_without_the_old_credit(client: Client) -> None:
    at = await aldos(client)
    assert await at.outcome("owner", "removeCollaborator", collaboratorId=at.collaborator("aldo")) == DONE
    again = await make.collaborator(
        at.account,
        at.profiles["full"],
        Role.USER,
        {"id": at.collaborators["aldo"]["user_id"], "name": "Aldo"},
    )
    at.tokens["again"] = await Client.collaborator(again)

    data = await at.ask("again", OWN)
    listed = await at.ask("owner", "{ account { people { nodes { name } } assignees { nodes { name } } } }")

    assert [row["count"] for row in data["account"]["reports"]["revenue"]] == [0]
    assert [node["name"] for node in listed["account"]["people"]["nodes"]].count("Aldo") == 1
    assert [node["name"] for node in listed["account"]["assignees"]["nodes"]].count("Aldo") == 1
    by_member = (await june(at, "owner"))["MEMBER"]
    assert [row for row in by_member if row[0] == "Aldo"] == [("Aldo", 2, "198.00")]


async def test_an_account_that_is_handed_over_keeps_its_past(client: Client) -> None:
    at = await aldos(client)
    before = {who: await june(at, who) for who in ("admin", "lead")}
    central = f"central_{at.account['id']}"
    assert await at.outcome("owner", "offerTransfer", collaboratorId=at.collaborator("aldo")) == DONE

    assert await at.outcome("aldo", "acceptTransfer", centralId=central) == DONE

    assert {who: await june(at, who) for who in ("admin", "lead")} == before
    listed = await at.ask(
        "aldo",
        "{ account { people { nodes { name } } assignees { nodes { name } } collaborators { totalCount } } }",
    )
    collaborators = await database.read(
        "SELECT id FROM collaborators WHERE account_id = ?", (at.account["id"],)
    )
    assert "Aldo" not in str(listed)
    assert listed["account"]["collaborators"]["totalCount"] == len(collaborators) - 1
    sales = await at.ask("aldo", "{ account { sales { nodes { assignee { name } } } } }")
    assert [node["assignee"]["name"] for node in sales["account"]["sales"]["nodes"]].count("Aldo") == 2

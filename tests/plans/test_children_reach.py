"""Children within a reach of their own: a question too rare for random ones."""

import pytest

import make
from client import Client
from models.vocabulary import Privacy, Role
from plans.leaks import children_forget_reach

QUERY = "{ account { sales { nodes { team { name members { person { name } } } } } } }"


async def test_children_that_forget_their_reach_are_noticed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await make.account(teams_on=True)
    profile = await make.profile(account)
    lead = await make.collaborator(account, profile, Role.TEAM_LEAD)
    fellow, stranger = [await make.collaborator(account, profile) for _ in range(2)]
    await make.team(account, [fellow], [lead])
    shared = await make.team(account, [lead, stranger], privacy=Privacy.SHARED)
    await make.sale(account, assignee=stranger, team_id=shared["id"])
    token = await Client.collaborator(lead)

    data = await client.ask(QUERY, token=token, account=account)
    children_forget_reach(monkeypatch)
    leaked = await client.ask(QUERY, token=token, account=account)

    (sale,) = data["account"]["sales"]["nodes"]
    assert sale["team"]["members"] == [{"person": {"name": lead["name"]}}]
    assert len(leaked["account"]["sales"]["nodes"][0]["team"]["members"]) == 2

"""The team memberships that a viewer can know of: those of the people whom they can look up."""

import make
from authz import reach
from authz.identity import identify
from models import database
from models.statement import Statement
from models.vocabulary import Role


async def test_a_lead_knows_the_teams_of_those_they_lead(database_url: str) -> None:
    account = await make.account(teams_on=True)
    lead = await make.collaborator(account, role=Role.TEAM_LEAD)
    fellow, stranger = [await make.collaborator(account) for _ in range(2)]
    await make.team(account, [fellow], [lead])
    await make.team(account, [lead, stranger])

    async def places(user_id: str) -> list[str]:
        viewer = await identify(await make.session({"id": user_id}), account["id"])
        select = Statement("SELECT r.collaborator_id FROM team_members r WHERE ")
        rows = await database.read(select + reach.team_places(viewer).where("r"))
        return sorted(row["collaborator_id"] for row in rows)

    everyone = sorted([lead["id"], lead["id"], fellow["id"], stranger["id"]])
    assert await places(lead["user_id"]) == sorted([lead["id"], lead["id"], fellow["id"]])
    assert await places(account["owner_id"]) == everyone
    assert await places(fellow["user_id"]) == []

"""What remains of a former collaborator or a deleted team: the name, for the sales credited to it."""

from typing import Any

from models import database


async def end_collaborator(account_id: str, collaborator: Any) -> None:
    """Store the name of a collaborator who is leaving, from the values of their row."""
    row = {
        "id": collaborator["id"],
        "account_id": account_id,
        "user_id": collaborator["user_id"],
        "name": collaborator["name"],
        "ended_at": database.now(),
    }
    await database.insert("ended_seats", row)


async def end_team(account_id: str, team: Any) -> None:
    """Store the name of a team that is being deleted, from the values of its row."""
    row = {
        "id": team["id"],
        "account_id": account_id,
        "name": team["name"],
        "ended_at": database.now(),
    }
    await database.insert("ended_teams", row)

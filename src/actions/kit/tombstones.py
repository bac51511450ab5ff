"""What stays of a seat or a team that ends: its name, for the sales credited to it."""

from typing import Any

from models import database


async def end_seat(account_id: str, seat: Any) -> None:
    """Remember a seat that ends, by its row's values."""
    row = {
        "id": seat["id"],
        "account_id": account_id,
        "user_id": seat["user_id"],
        "name": seat["name"],
        "ended_at": database.now(),
    }
    await database.insert("ended_seats", row)


async def end_team(account_id: str, team: Any) -> None:
    """Remember a team that is deleted, by its row's values."""
    row = {
        "id": team["id"],
        "account_id": account_id,
        "name": team["name"],
        "ended_at": database.now(),
    }
    await database.insert("ended_teams", row)

"""The columns of the statement that identifies a viewer."""

from typing import Any, NamedTuple


class Row(NamedTuple):
    """The columns that the statement returns for a viewer: one row for each fellow member of a team.

    Outside of centrals it returns only the first ones.
    """

    session_id: str | None
    token_id: str | None
    chosen: Any
    standings: Any
    lineage: Any
    user_id: str
    name: str
    email: str
    locale: str
    account_id: str | None = None
    account_name: str = ""
    owner_id: str | None = None
    edition: str | None = None
    teams_on: Any = None
    privacy: str = ""
    timezone: str = ""
    currency: str = ""
    closed_at: int | None = None
    reveal_on_record: Any = None
    lacks_factor: Any = None
    collaborator_id: str | None = None
    role: str = ""
    last_seen_at: int | None = None
    grants: Any = None
    team_id: str | None = None
    leads: Any = None
    team_privacy: str = ""
    member_id: str = ""

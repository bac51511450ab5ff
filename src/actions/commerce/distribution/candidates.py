"""Who can get something by the distribution rules, and who of them does."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from actions.tools.distribution import Distribution, DistributionRule, person_row
from authz.active import active_text
from models import database
from models.statement import Statement, one_of
from models.vocabulary import DistributionMethod, Edition

_LOAD = (
    "(SELECT COUNT(*) FROM opportunities o WHERE o.account_id = c.account_id AND o.assignee_id = c.id"
    " AND o.status IN ('TODO', 'STANDBY'))"
)


class Candidate(msgspec.Struct):
    """A collaborator who can get something, as things stand during a round."""

    id: str
    team_id: str | None
    cap: int
    number: int
    """How many they have got today."""
    last_at: int
    """When they last got something; 0 for never."""
    load: int
    """How many open opportunities are assigned to them, and sales that this round gave them."""
    place: int
    """Their place in the settings."""


async def candidates(account_id: str, settings: Distribution, day: str, now: int) -> dict[str, Candidate]:
    """The people of the settings who can enter the account now, by id."""
    caps = {person_row(person.person_id): person.daily_cap for person in settings.people}
    order = {collaborator_id: place for place, collaborator_id in enumerate(caps)}
    rows = await database.read(
        Statement(
            f"SELECT c.id, d.day, d.number, d.last_at, {_LOAD} AS load, m.team_id FROM collaborators c"
            " LEFT JOIN distribution_counts d ON d.account_id = c.account_id AND d.collaborator_id = c.id"
            " LEFT JOIN accounts a ON a.id = c.account_id AND a.teams_on AND a.edition = ?"
            " LEFT JOIN team_members m ON m.account_id = a.id AND m.collaborator_id = c.id"
            f" WHERE c.account_id = ? AND {active_text('c')} AND NOT EXISTS (SELECT 1 FROM ended_seats e"
            " WHERE e.account_id = c.account_id AND e.id = c.id) AND ",
            (Edition.EXPERT.value, account_id, now, now),
        )
        + one_of("c.id", caps)
        + " ORDER BY c.id"
    )
    found: dict[str, Candidate] = {}
    for row in rows:
        collaborator_id = str(row["id"])
        if collaborator_id in found:
            found[collaborator_id].team_id = None  # of several teams, none is theirs by default
            continue
        found[collaborator_id] = Candidate(
            id=collaborator_id,
            team_id=str(row["team_id"]) if row["team_id"] is not None else None,
            cap=caps[collaborator_id],
            number=row["number"] if row["day"] == day else 0,
            last_at=row["last_at"] or 0,
            load=row["load"],
            place=order[collaborator_id],
        )
    return found


def free(rule: DistributionRule, people: dict[str, Candidate]) -> Sequence[Candidate]:
    """The people of a rule who can get more today."""
    named = [person_row(person_id) for person_id in rule.person_ids] or list(people)
    return [people[name] for name in named if name in people and people[name].number < people[name].cap]


def chosen(rule: DistributionRule, among: Sequence[Candidate]) -> Candidate:
    """The person who gets the next one: whose turn it is, or who has the least to do."""
    if rule.method is DistributionMethod.BY_LOAD:
        return min(among, key=lambda person: (person.load, person.last_at, person.place))
    return min(among, key=lambda person: (person.last_at, person.place))


async def count(account_id: str, person: Candidate, day: str, now: int) -> bool:
    """Count one more for a person. False: they have got as many as they can today."""
    row: dict[str, Any] = {
        "id": database.new_id(),
        "account_id": account_id,
        "collaborator_id": person.id,
        "day": day,
        "number": 0,
        "last_at": 0,
    }
    insertion = database.insertion("distribution_counts", tuple(row))
    await database.write(f"{insertion} ON CONFLICT DO NOTHING", tuple(row.values()))
    # each time is later than those before, so that turns are kept within a millisecond
    return bool(
        await database.write(
            "UPDATE distribution_counts SET number = CASE WHEN day = ? THEN number + 1 ELSE 1 END, day = ?,"
            " last_at = ? WHERE account_id = ? AND collaborator_id = ? AND (day <> ? OR number < ?)",
            (day, day, now, account_id, person.id, day, person.cap),
        )
    )


def day_of(now: int, timezone: str) -> str:
    """The day in a time zone, as ISO 8601."""
    return datetime.fromtimestamp(now / 1000, ZoneInfo(timezone)).date().isoformat()

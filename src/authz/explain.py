"""Why a gate or a row is open or closed for a collaborator, and the smallest change that would reverse that.

Nothing is judged here a second time: a changed seat goes through the same judgement as requests do.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from typing import Any

import msgspec

from authz.identity import Row, viewer_of
from authz.viewer import Viewer
from models.vocabulary import Edition, Privacy, Role

_MOST_TOGETHER = 4


@dataclass(frozen=True, slots=True)
class Team:
    """A team: its name, whether its members see each other's rows, and who they are."""

    name: str
    privacy: Privacy
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Seat:
    """A collaborator's seat with all that its judgement needs; `places`: whether it leads each team."""

    account: Mapping[str, Any]
    collaborator_id: str
    user_id: str
    profile: str
    role: Role
    grants: frozenset[str]
    teams: Mapping[str, Team]
    places: Mapping[str, bool]
    privacy: Privacy
    teams_on: bool
    closed: bool = False
    suspended: bool = False
    not_begun: bool = False
    ended: bool = False

    @property
    def barred(self) -> bool:
        """Whether the collaborator cannot enter at all."""
        return self.closed or self.suspended or self.not_begun or self.ended

    @property
    def teams_count(self) -> bool:
        """Whether teams are on, and the account's edition has them."""
        return self.teams_on and self.account["edition"] == Edition.EXPERT.value

    def viewer(self) -> Viewer:
        """The viewer that a request from this seat would have."""
        enters = not (self.suspended or self.not_begun or self.ended)
        row = Row(
            session_id=self.user_id,
            token_id=None,
            chosen=None,
            standings=None,
            user_id=self.user_id,
            name="",
            email="",
            locale="en",
            account_id=self.account["id"],
            account_name=self.account["name"],
            owner_id=self.account["owner_id"],
            edition=self.account["edition"],
            teams_on=self.teams_on,
            privacy=self.privacy.value,
            timezone=self.account["timezone"],
            currency=self.account["currency"],
            closed_at=1 if self.closed else None,
            collaborator_id=self.collaborator_id if enters else None,
            role=self.role.value,
            grants=msgspec.json.encode(sorted(self.grants)),
        )
        rows = [
            self._placed(row, one, member)
            for one in self.places
            for member in self.teams[one].members | {self.collaborator_id}
        ]
        return viewer_of(rows or [row])

    def _placed(self, row: Row, team_id: str, member: str) -> Row:
        privacy = self.teams[team_id].privacy.value
        leads = self.places[team_id]
        return row._replace(team_id=team_id, leads=leads, team_privacy=privacy, member_id=member)


class Kind(StrEnum):
    """The kind of a change to someone's access."""

    RESTORE = "RESTORE"
    """End the collaborator's suspension."""
    START_NOW = "START_NOW"
    """Let the collaborator's access begin now."""
    EXTEND = "EXTEND"
    """Let the collaborator's access end later."""
    REOPEN = "REOPEN"
    """Reopen the account."""
    SUSPEND = "SUSPEND"
    """Suspend the collaborator."""
    ADD_GRANT = "ADD_GRANT"
    """Add a grant to the profile, or assign a profile that has it."""
    REMOVE_GRANT = "REMOVE_GRANT"
    """Remove a grant from the profile, or assign a profile without it."""
    CHANGE_ROLE = "CHANGE_ROLE"
    """Change the collaborator's role."""
    TEAMS_ON = "TEAMS_ON"
    """Turn teams on."""
    TEAMS_OFF = "TEAMS_OFF"
    """Turn teams off."""
    JOIN_TEAM = "JOIN_TEAM"
    """Add the collaborator to a team."""
    LEAVE_TEAM = "LEAVE_TEAM"
    """Remove the collaborator from a team."""
    LEAD_TEAM = "LEAD_TEAM"
    """Let the collaborator lead a team."""
    SHARE_TEAM = "SHARE_TEAM"
    """Let a team's members see each other's rows."""
    UNSHARE_TEAM = "UNSHARE_TEAM"
    """Stop a team's members from seeing each other's rows."""
    SHARE_ACCOUNT = "SHARE_ACCOUNT"
    """Let users see each other's rows while teams are off."""
    UNSHARE_ACCOUNT = "UNSHARE_ACCOUNT"
    """Stop users from seeing each other's rows while teams are off."""
    ASSIGN = "ASSIGN"
    """Assign the row to the collaborator."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what it does, and to which grant, role or team."""

    kind: Kind
    grant: str | None = None
    role: Role | None = None
    team_id: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """The case to judge: a seat, and the assignee of the row in question, if there is one."""

    seat: Seat
    assignee: str | None = None
    assignable: bool = False


def changed(case: Case, change: Change) -> Case:
    """The case after a change."""
    seat = case.seat
    if change.kind is Kind.ASSIGN:
        return replace(case, assignee=seat.collaborator_id)
    return replace(case, seat=_SEAT[change.kind](seat, change))


def _placed(seat: Seat, change: Change, *, leads: bool) -> Seat:
    assert change.team_id is not None
    return replace(seat, places={**seat.places, change.team_id: leads})


def _left(seat: Seat, change: Change) -> Seat:
    return replace(seat, places={one: leads for one, leads in seat.places.items() if one != change.team_id})


def _shared(seat: Seat, change: Change, privacy: Privacy) -> Seat:
    assert change.team_id is not None
    team = replace(seat.teams[change.team_id], privacy=privacy)
    return replace(seat, teams={**seat.teams, change.team_id: team})


_SEAT: dict[Kind, Callable[[Seat, Change], Seat]] = {
    Kind.RESTORE: lambda seat, _: replace(seat, suspended=False),
    Kind.START_NOW: lambda seat, _: replace(seat, not_begun=False),
    Kind.EXTEND: lambda seat, _: replace(seat, ended=False),
    Kind.REOPEN: lambda seat, _: replace(seat, closed=False),
    Kind.SUSPEND: lambda seat, _: replace(seat, suspended=True),
    Kind.ADD_GRANT: lambda seat, change: replace(seat, grants=seat.grants | {str(change.grant)}),
    Kind.REMOVE_GRANT: lambda seat, change: replace(seat, grants=seat.grants - {str(change.grant)}),
    Kind.CHANGE_ROLE: lambda seat, change: replace(seat, role=change.role or seat.role),
    Kind.TEAMS_ON: lambda seat, _: replace(seat, teams_on=True),
    Kind.TEAMS_OFF: lambda seat, _: replace(seat, teams_on=False),
    Kind.JOIN_TEAM: lambda seat, change: _placed(seat, change, leads=False),
    Kind.LEAVE_TEAM: _left,
    Kind.LEAD_TEAM: lambda seat, change: _placed(seat, change, leads=True),
    Kind.SHARE_TEAM: lambda seat, change: _shared(seat, change, Privacy.SHARED),
    Kind.UNSHARE_TEAM: lambda seat, change: _shared(seat, change, Privacy.OWN),
    Kind.SHARE_ACCOUNT: lambda seat, _: replace(seat, privacy=Privacy.SHARED),
    Kind.UNSHARE_ACCOUNT: lambda seat, _: replace(seat, privacy=Privacy.OWN),
}


def smallest(case: Case, grants: Sequence[str], is_open: Callable[[Case], bool]) -> list[tuple[Change, ...]]:
    """The smallest sets of changes that reverse a case, all of the same size, by `grants` that may matter."""
    now = is_open(case)
    needed = tuple(_needed(case.seat)) if not now else ()
    for change in needed:
        case = changed(case, change)
    candidates = [*_to_the_seat(case.seat, grants), *_to_the_row(case)]
    for count in range(_MOST_TOGETHER + 1 - len(needed)):
        found = [
            (*needed, *together)
            for together in combinations(candidates, count)
            if is_open(_after(case, together)) is not now
        ]
        if found:
            return found
    return []


def _after(case: Case, changes: Sequence[Change]) -> Case:
    for change in changes:
        case = changed(case, change)
    return case


def _needed(seat: Seat) -> Iterator[Change]:
    """The changes without which nothing at all can be open."""
    for barred, kind in (
        (seat.closed, Kind.REOPEN),
        (seat.suspended, Kind.RESTORE),
        (seat.not_begun, Kind.START_NOW),
        (seat.ended, Kind.EXTEND),
    ):
        if barred:
            yield Change(kind)


def _to_the_seat(seat: Seat, grants: Sequence[str]) -> Iterator[Change]:
    for grant in grants:
        yield Change(Kind.REMOVE_GRANT if grant in seat.grants else Kind.ADD_GRANT, grant=grant)
    for role in Role:
        if role is not seat.role:
            yield Change(Kind.CHANGE_ROLE, role=role)
    if seat.account["edition"] == Edition.EXPERT.value:
        yield Change(Kind.TEAMS_OFF if seat.teams_on else Kind.TEAMS_ON)
    if not seat.barred:
        yield Change(Kind.SUSPEND)


def _to_the_row(case: Case) -> Iterator[Change]:
    seat = case.seat
    if not case.assignable:
        return
    yield Change(Kind.UNSHARE_ACCOUNT if seat.privacy is Privacy.SHARED else Kind.SHARE_ACCOUNT)
    if case.assignee != seat.collaborator_id:
        yield Change(Kind.ASSIGN)
    for team_id, team in seat.teams.items():
        if case.assignee not in team.members:
            continue
        shared = team.privacy is Privacy.SHARED
        yield Change(Kind.UNSHARE_TEAM if shared else Kind.SHARE_TEAM, team_id=team_id)
        if team_id in seat.places:
            yield Change(Kind.LEAVE_TEAM, team_id=team_id)
        else:
            yield Change(Kind.JOIN_TEAM, team_id=team_id)
        if not seat.places.get(team_id) and seat.role is Role.TEAM_LEAD:
            yield Change(Kind.LEAD_TEAM, team_id=team_id)

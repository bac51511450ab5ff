"""Why a gate or a row is open or closed for a collaborator, and the smallest change that would reverse that.

There is no second set of rules: a hypothetical subject is judged by the same code as a request.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from typing import Any

import msgspec

from authz.identity import viewer_of
from authz.viewer import Viewer
from authz.viewer_row import Row
from models.vocabulary import Edition, Privacy, Role

_MOST_TOGETHER = 4


@dataclass(frozen=True, slots=True)
class Team:
    """A team: its name, whether its members see each other's rows, and who they are."""

    name: str
    privacy: Privacy
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Subject:
    """A collaborator and everything that decides their access.

    `places` maps their teams to whether they lead them.
    """

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
    lacks_factor: bool = False
    """Whether the account requires a second factor that the user has not set up."""

    @property
    def teams_count(self) -> bool:
        """Whether teams are on and included in the account's edition."""
        return self.teams_on and self.account["edition"] == Edition.EXPERT.value

    def viewer(self) -> Viewer:
        """The viewer that a request from this collaborator would have."""
        enters = not (self.suspended or self.not_begun or self.ended)
        row = Row(
            session_id=self.user_id,
            token_id=None,
            lineage=None,
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
            closed_at=int(self.closed) or None,
            lacks_factor=self.lacks_factor,
            collaborator_id=self.collaborator_id if enters else None,
            role=self.role.value,
            grants=msgspec.json.encode(sorted(self.grants)),
        )
        rows = [
            self._placed(row, team_id, member)
            for team_id in self.places
            for member in self.teams[team_id].members | {self.collaborator_id}
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
    """Move the end of the collaborator's access to a later date."""
    SET_UP_TWO_FACTOR = "SET_UP_TWO_FACTOR"
    """Let the collaborator set up two-factor sign-in, which the account requires."""
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
    """The case to judge: a collaborator and, if the question is about a row, its assignee."""

    subject: Subject
    assignee: str | None = None
    assignable: bool = False


def changed(case: Case, change: Change) -> Case:
    """The case after a change."""
    subject = case.subject
    if change.kind is Kind.ASSIGN:
        return replace(case, assignee=subject.collaborator_id)
    return replace(case, subject=_SUBJECT[change.kind](subject, change))


def _placed(subject: Subject, change: Change, *, leads: bool) -> Subject:
    assert change.team_id is not None
    return replace(subject, places={**subject.places, change.team_id: leads})


def _left(subject: Subject, change: Change) -> Subject:
    return replace(
        subject, places={team: leads for team, leads in subject.places.items() if team != change.team_id}
    )


def _promoted(subject: Subject, change: Change) -> Subject:
    assert change.role is not None
    return replace(subject, role=change.role)


def _shared(subject: Subject, change: Change, privacy: Privacy) -> Subject:
    assert change.team_id is not None
    team = replace(subject.teams[change.team_id], privacy=privacy)
    return replace(subject, teams={**subject.teams, change.team_id: team})


_SUBJECT: dict[Kind, Callable[[Subject, Change], Subject]] = {
    Kind.RESTORE: lambda subject, _: replace(subject, suspended=False),
    Kind.START_NOW: lambda subject, _: replace(subject, not_begun=False),
    Kind.EXTEND: lambda subject, _: replace(subject, ended=False),
    Kind.SET_UP_TWO_FACTOR: lambda subject, _: replace(subject, lacks_factor=False),
    Kind.REOPEN: lambda subject, _: replace(subject, closed=False),
    Kind.SUSPEND: lambda subject, _: replace(subject, suspended=True),
    Kind.ADD_GRANT: lambda subject, change: replace(subject, grants=subject.grants | {str(change.grant)}),
    Kind.REMOVE_GRANT: lambda subject, change: replace(subject, grants=subject.grants - {str(change.grant)}),
    Kind.CHANGE_ROLE: _promoted,
    Kind.TEAMS_ON: lambda subject, _: replace(subject, teams_on=True),
    Kind.TEAMS_OFF: lambda subject, _: replace(subject, teams_on=False),
    Kind.JOIN_TEAM: lambda subject, change: _placed(subject, change, leads=False),
    Kind.LEAVE_TEAM: _left,
    Kind.LEAD_TEAM: lambda subject, change: _placed(subject, change, leads=True),
    Kind.SHARE_TEAM: lambda subject, change: _shared(subject, change, Privacy.SHARED),
    Kind.UNSHARE_TEAM: lambda subject, change: _shared(subject, change, Privacy.OWN),
    Kind.SHARE_ACCOUNT: lambda subject, _: replace(subject, privacy=Privacy.SHARED),
    Kind.UNSHARE_ACCOUNT: lambda subject, _: replace(subject, privacy=Privacy.OWN),
}


def smallest(case: Case, grants: Sequence[str], is_open: Callable[[Case], bool]) -> list[tuple[Change, ...]]:
    """The smallest sets of changes that reverse a case, all of the same size.

    `grants` are those that may matter.
    """
    now = is_open(case)
    needed = tuple(_needed(case.subject))
    for change in needed:
        case = changed(case, change)
    candidates = [*_to_the_subject(case.subject, grants), *_to_the_row(case)]
    for count in range(max(2, _MOST_TOGETHER + 1 - len(needed))):
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


def _needed(subject: Subject) -> Iterator[Change]:
    """The changes that are necessary for anything at all to be open."""
    for barred, kind in (
        (subject.closed, Kind.REOPEN),
        (subject.suspended, Kind.RESTORE),
        (subject.not_begun, Kind.START_NOW),
        (subject.ended, Kind.EXTEND),
        (subject.lacks_factor, Kind.SET_UP_TWO_FACTOR),
    ):
        if barred:
            yield Change(kind)


def _to_the_subject(subject: Subject, grants: Sequence[str]) -> Iterator[Change]:
    for grant in grants:
        yield Change(Kind.REMOVE_GRANT if grant in subject.grants else Kind.ADD_GRANT, grant=grant)
    for role in Role:
        if role is not subject.role:
            yield Change(Kind.CHANGE_ROLE, role=role)
    if subject.account["edition"] == Edition.EXPERT.value:
        yield Change(Kind.TEAMS_OFF if subject.teams_on else Kind.TEAMS_ON)
    yield Change(Kind.SUSPEND)  # what bars them is gone by now


def _to_the_row(case: Case) -> Iterator[Change]:
    subject = case.subject
    if not case.assignable:
        return
    yield Change(Kind.UNSHARE_ACCOUNT if subject.privacy is Privacy.SHARED else Kind.SHARE_ACCOUNT)
    if case.assignee != subject.collaborator_id:
        yield Change(Kind.ASSIGN)
    for team_id, team in subject.teams.items():
        if case.assignee not in team.members:
            continue
        shared = team.privacy is Privacy.SHARED
        yield Change(Kind.UNSHARE_TEAM if shared else Kind.SHARE_TEAM, team_id=team_id)
        if team_id in subject.places:
            yield Change(Kind.LEAVE_TEAM, team_id=team_id)
        else:
            yield Change(Kind.JOIN_TEAM, team_id=team_id)
        if subject.role is Role.TEAM_LEAD:
            yield Change(Kind.LEAD_TEAM, team_id=team_id)

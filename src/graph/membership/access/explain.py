"""Why something is open or closed for a collaborator, in words, and the changes that would reverse it."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import strawberry

from authz import reach
from authz.by_id import Named
from authz.catalog import label
from authz.explain import Case, Change, Subject, smallest
from authz.explain import Team as SubjectTeam
from authz.gates import DOORS, EVERYTHING, Standing, grants_in
from authz.grant import Grant
from authz.identity import stored_grants
from authz.viewer import Viewer
from engine.rows.lists import BINDINGS
from engine.scope.schema import Scopes
from graph.kit.context import Context, Info
from graph.kit.messages import message
from graph.kit.mutation import works_while_closed
from graph.kit.node import NODES, RowNode, is_uuid, row_id
from graph.membership.access.explanation import (
    AccessChange,
    AccessExplanation,
    AccessReason,
    AccessReasonKind,
    AccessSuggestion,
)
from graph.membership.collaborators.types import Collaborator, Person
from models import database
from models.statement import Statement
from models.vocabulary import Privacy, Role

_MOST = 10


@dataclass(frozen=True, slots=True)
class Question:
    """The coordinate, the collaborator and the object, if any, that an explanation is about."""

    coordinate: str
    collaborator: str
    object_id: str | None


async def explained(info: Info, question: Question) -> AccessExplanation | None:
    """The explanation; none of what does not exist for the viewer or is out of their reach."""
    context = info.context
    mask = context.viewer.mask
    # the owner may look at what exists only for collaborators, too
    mine = EVERYTHING if mask & Standing.OWNER else mask
    if len(question.coordinate) > 200 or not _scopes(context.whole).reachable(question.coordinate, mine):
        return None
    collaborator_id = row_id(Collaborator, question.collaborator) or row_id(Person, question.collaborator)
    subject = await _subject(context.viewer, collaborator_id) if collaborator_id else None
    if subject is None:
        return None
    row = None
    coordinates = [question.coordinate]
    if question.object_id is not None:
        row = await _row(context, question.object_id)
        if row is None:
            return None
        coordinates.append(f"{row.kind}.id")
    needs = [await asyncio.to_thread(_needs, context.whole, coordinate) for coordinate in coordinates]
    return _Explainer(context, coordinates, needs, subject, row).explanation()


@dataclass(frozen=True, slots=True)
class _Needed:
    """The bits that a coordinate cannot do without, and those of which any one leads to it besides."""

    all_of: tuple[int, ...]
    any_of: tuple[int, ...]


@lru_cache(maxsize=1)
def _scopes(schema: strawberry.Schema) -> Scopes:
    return Scopes(schema, capacity=1)


@lru_cache(maxsize=4_096)
def _reachable(schema: strawberry.Schema, coordinate: str, mask: int) -> bool:
    return _scopes(schema).reachable(coordinate, mask)


@lru_cache(maxsize=4_096)
def _needs(schema: strawberry.Schema, coordinate: str) -> _Needed:
    scopes = _scopes(schema)
    relevant = scopes.gates.relevant & ~DOORS
    bits = [1 << place for place in range(relevant.bit_length()) if relevant & 1 << place]
    whole = relevant | DOORS
    all_of = tuple(bit for bit in bits if not scopes.reachable(coordinate, whole & ~bit))
    if scopes.reachable(coordinate, DOORS | sum(all_of)):
        return _Needed(all_of, ())
    others = (bit for bit in bits if bit not in all_of)
    return _Needed(all_of, tuple(b for b in others if scopes.reachable(coordinate, DOORS | sum(all_of) | b)))


def _works_while_closed(coordinate: str) -> bool:
    kind, _, name = coordinate.partition("(")[0].partition(".")
    return kind != "Mutation" or not name or works_while_closed(name)


@dataclass(frozen=True, slots=True)
class _Row:
    """An object that a row of a table is: its type, its columns, and the reach that it is found in."""

    kind: str
    columns: Any
    reach: Any


async def _row(context: Context, object_id: str) -> _Row | None:
    prefix, _, name = object_id.partition("_")
    kinds = (kind for kind in NODES.get(prefix, ()) if isinstance(kind, RowNode) and kind.always is None)
    kind = next(kinds, None)
    if kind is None or not is_uuid(name):
        return None
    found = await database.read(
        Statement(f"SELECT r.* FROM {BINDINGS[kind.cls].table} r WHERE r.id = ? AND ", (name,))
        + kind.reach(context.viewer).where("r")
    )
    if not found:
        return None
    known = _reachable(context.whole, f"{kind.type_name}.id", context.viewer.mask)
    return _Row(kind.type_name, dict(found[0]), kind.reach) if known else None


async def _subject(viewer: Viewer, collaborator_id: str) -> Subject | None:
    found = await database.read(
        Statement(
            "SELECT r.user_id, r.role, r.suspended_at, r.starts_at, r.ends_at,"
            " p.name AS profile, p.grants, a.id, a.name, a.owner_id, a.edition, a.teams_on, a.privacy,"
            " a.timezone, a.currency, a.closed_at, a.two_factor_required_at, u.two_factor_at"
            " FROM collaborators r JOIN users u ON u.id = r.user_id"
            " JOIN profiles p ON p.account_id = r.account_id AND p.id = r.profile_id"
            " JOIN accounts a ON a.id = r.account_id WHERE r.id = ? AND ",
            (collaborator_id,),
        )
        + reach.people(viewer).where("r")
    )
    if not found:
        return None
    row, now = found[0], database.now()
    teams, places = await _teams(viewer, collaborator_id)
    return Subject(
        account={name: row[name] for name in ("id", "name", "owner_id", "edition", "timezone", "currency")},
        collaborator_id=collaborator_id,
        user_id=row["user_id"],
        profile=row["profile"],
        role=Role(row["role"]),
        grants=frozenset(stored_grants(row["grants"])),
        teams=teams,
        places=places,
        privacy=Privacy(row["privacy"]),
        teams_on=bool(row["teams_on"]),
        closed=row["closed_at"] is not None,
        suspended=row["suspended_at"] is not None,
        not_begun=row["starts_at"] is not None and row["starts_at"] > now,
        ended=row["ends_at"] is not None and row["ends_at"] <= now,
        lacks_factor=row["two_factor_required_at"] is not None and row["two_factor_at"] is None,
    )


async def _teams(viewer: Viewer, collaborator_id: str) -> tuple[dict[str, SubjectTeam], dict[str, bool]]:
    rows = await database.read(
        Statement(
            "SELECT t.id, t.name, t.privacy, m.collaborator_id, m.leads FROM teams t"
            " LEFT JOIN team_members m ON m.account_id = t.account_id AND m.team_id = t.id WHERE "
        )
        + reach.teams(viewer).where("t")
    )
    members: dict[str, set[str]] = {row["id"]: set() for row in rows}
    for row in rows:
        if row["collaborator_id"]:
            members[row["id"]].add(row["collaborator_id"])
    teams = {
        row["id"]: SubjectTeam(row["name"], Privacy(row["privacy"]), frozenset(members[row["id"]]))
        for row in rows
    }
    places = {row["id"]: bool(row["leads"]) for row in rows if row["collaborator_id"] == collaborator_id}
    return teams, places


class _Explainer:
    """Builds one explanation."""

    def __init__(
        self,
        context: Context,
        coordinates: list[str],
        needs: list[_Needed],
        subject: Subject,
        row: _Row | None,
    ) -> None:
        self.context = context
        self.coordinates = coordinates
        self.needs = needs
        self.subject = subject
        self.row = row
        columns = row.columns if row is not None else {}
        self.case = Case(subject, columns.get("assignee_id"), assignable="assignee_id" in columns)

    def explanation(self) -> AccessExplanation:
        all_of = list(dict.fromkeys(bit for need in self.needs for bit in need.all_of))
        any_of = list(dict.fromkeys(bit for need in self.needs for bit in need.any_of))
        known = [grant.value for bit in (*all_of, *any_of) for grant in grants_in(bit)]
        found = [] if Standing.OWNER in all_of else smallest(self.case, known, self._is_open)
        mask = self.subject.viewer().mask
        closed = [bit for bit in all_of if not mask & bit]
        first = (closed or all_of or [0])[0]
        return AccessExplanation(
            open=self._is_open(self.case),
            gate=_name(first) if first else None,
            reasons=[*self._subject(), *self._gates(all_of, mask), *self._ways(any_of, mask), *self._rows()],
            suggestions=[self._suggestion(together) for together in found[:_MOST]],
        )

    def _is_open(self, case: Case) -> bool:
        viewer = case.subject.viewer()
        if viewer.central is None:
            return False
        for coordinate, needed in zip(self.coordinates, self.needs, strict=True):
            pertinent = sum({*needed.all_of, *needed.any_of}) | DOORS
            if not _reachable(self.context.whole, coordinate, viewer.mask & pertinent):
                return False
            if viewer.central.closed and not _works_while_closed(coordinate):
                return False
        return self.row is None or self._within(case, viewer)

    def _within(self, case: Case, viewer: Viewer) -> bool:
        assert self.row is not None
        found = self.row.reach(viewer)
        if isinstance(found, Named):
            found = found.listed  # a suggestion cannot open what is only named by other rows
        if found.account_id is None or found.values is None:
            return found.account_id is not None
        value = case.assignee if found.column == "assignee_id" else self.row.columns[found.column]
        return value in found.values

    def _reason(self, kind: str, words: str, *, opens: bool, **values: object) -> AccessReason:
        text = message(f"explain_{words}", self.context.locale, **values)
        return AccessReason(kind=AccessReasonKind[kind], opens=opens, message=text)

    def _subject(self) -> Iterator[AccessReason]:
        subject = self.subject
        for applies, kind, words in (
            (subject.closed, "CLOSING", "closed"),
            (subject.suspended, "SUSPENSION", "suspended"),
            (subject.not_begun, "ACCESS_DATES", "not_begun"),
            (subject.ended, "ACCESS_DATES", "ended"),
            (subject.lacks_factor, "TWO_FACTOR", "lacks_factor"),
        ):
            if applies:
                yield self._reason(kind, words, opens=False)

    def _gates(self, all_of: list[int], mask: int) -> Iterator[AccessReason]:
        for bit in all_of:
            grants = grants_in(bit)
            if grants:
                has_grant = grants[0].value in self.subject.grants
                named = {"profile": self.subject.profile, "grant": label(grants[0], self.context.locale)}
                words = "grant_included" if has_grant else "grant_missing"
                yield self._reason("GRANT", words, opens=has_grant, **named)
            else:
                words = f"standing_{Standing(bit).name.lower()}"
                yield self._reason("ROLE", words, opens=bool(mask & bit), role=self.subject.role.value)

    def _ways(self, any_of: list[int], mask: int) -> Iterator[AccessReason]:
        if any_of:
            ways = ", ".join(_name(bit) for bit in any_of)
            opens = any(mask & bit for bit in any_of)
            yield self._reason("GRANT", "ways", opens=opens, names=ways)

    def _rows(self) -> Iterator[AccessReason]:
        if self.row is None or not self.case.assignable:
            return
        viewer, assignee = self.subject.viewer(), self.case.assignee
        opens = viewer.central is not None and self._within(self.case, viewer)
        everything = bool(viewer.mask & Standing.ADMIN)
        if opens and everything:
            kind, words = "ROLE", "row_everything"
        elif opens and assignee == self.subject.collaborator_id:
            kind, words = "ASSIGNMENT", "row_own"
        elif assignee is None and self.subject.teams_count:
            kind, words = "ASSIGNMENT", "row_no_ones"
        elif self.subject.teams_count:
            kind, words = "TEAM", "row_of_team" if opens else "row_of_no_team"
        else:
            kind, words = "PRIVACY", "row_shared" if opens else "row_private"
        yield self._reason(kind, words, opens=opens)

    def _suggestion(self, together: Sequence[Change]) -> AccessSuggestion:
        return AccessSuggestion(changes=[self._change(change) for change in together])

    def _change(self, change: Change) -> AccessChange:
        values: dict[str, object] = {"role": change.role.value if change.role else ""}
        if change.grant is not None:
            values["grant"] = label(change.grant, self.context.locale)
        if change.team_id is not None:
            values["team"] = self.subject.teams[change.team_id].name
        return AccessChange(
            kind=change.kind,
            grant=Grant(change.grant) if change.grant else None,
            role=change.role,
            team_id=strawberry.ID(f"team_{change.team_id}") if change.team_id else None,
            message=message(f"change_{change.kind.value.lower()}", self.context.locale, **values),
        )


def _name(bit: int) -> str:
    grants = grants_in(bit)
    return grants[0].value if grants else Standing(bit).name


__all__ = ["AccessExplanation", "Question", "explained"]

"""Assigning rows of work to a collaborator: who can be chosen, what is written, and who learns of it.

Each kind of rows is declared once, where its mutations are:

    SALES = Assignable("sales", "reference", "Sale", SaleAssignment, ChangeKind.SALE, …)
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from actions.kit.event import EventFacts, record
from actions.kit.log import Change
from actions.kit.version import conflict
from actions.notices.notify import notify
from authz import reach
from authz.active import is_active_collaborator
from authz.gates import Standing
from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.changes import ChangeKind, note
from models.outgoing.note import note_event
from models.outgoing_events import EventType
from models.statement import Statement, either, one_of
from models.tables.notice import NoticeKind

_OWNED = "assignee_id = ?, team_id = ?, credit_id = ?, credit_team_id = ?"
_ASSIGNEE_NAME = (
    "(SELECT c.name FROM collaborators c"
    " WHERE c.account_id = r.account_id AND c.id = r.assignee_id) AS assignee_name"
)


class Assignable(msgspec.Struct, frozen=True):
    """Rows that are someone's work. Whoever a row is assigned to gets its credit, too."""

    table: str
    key: str
    """The column that requests name rows by."""
    type_name: str
    """The type of the API, in the log."""
    event: type[EventFacts]
    change: ChangeKind
    visible: Callable[[Viewer], Reach]
    moment: str
    """The SQL of the time of the assignment. Each `?` in it, and in what follows, is the present."""
    missing: str
    not_assignable: str
    not_unassigned: str
    """The messages for a row that there is not, one that the viewer cannot assign, and for a lead who would
    leave one to nobody."""
    by_person: str = ""
    """What else an update by a person sets."""
    versioned: bool = False
    """Whether the rows have versions, which grow with each act."""
    unseen: bool = True
    """Whether leads and admins can assign what they cannot see, for lack of a grant."""
    prefix: str = ""
    """What the API puts before the key."""
    outgoing: EventType | None = None
    """What other systems learn when one is assigned."""
    follow: Callable[[str, Sequence[str]], Awaitable[object]] | None = None
    """What follows rows of an account that were assigned."""

    def written(
        self, assignee_id: str | None, team_id: str | None, now: int, *, by_person: bool = True
    ) -> Statement:
        """The settings of an update that assigns and credits rows."""
        version = ", version = version + 1" if self.versioned else ""
        rest = f", assigned_at = {self.moment}{self.by_person if by_person else ''}{version}"
        presents = (now,) * rest.count("?")
        return Statement(_OWNED + rest, (assignee_id, team_id, assignee_id, team_id, *presents))


async def assign(
    viewer: Viewer,
    kind: Assignable,
    fields: Mapping[str, tuple[str, ...]],
    assignee_id: str | None,
    team_id: str | None,
    *,
    expected: int | None = None,
    alone: bool = False,
) -> tuple[dict[str, str], tuple[Change, ...]]:
    """Assign the rows that fields of the input name by their keys, all or none of them.

    Refuses with NOT_FOUND what is out of reach, and an assignee or a team that the viewer cannot assign to,
    as if they did not exist. Refuses with FORBIDDEN rows that the viewer can see but not assign, and an
    inactive assignee, and with VERSION_CONFLICT another version than the expected one. Returns the ids of the
    rows by key, and what changed; the log names the keys, unless a row is `alone`.
    """
    rows = await _locked(viewer, kind, fields)
    for key, field in fields.items():
        if key not in rows:
            raise Refusal(ErrorCode.NOT_FOUND, kind.missing, field)
    name, team = await find_assignee(viewer, assignee_id, team_id)
    if assignee_id is None and not viewer.mask & Standing.ADMIN:
        raise Refusal(ErrorCode.FORBIDDEN, kind.not_unassigned, ("assigneeId",))
    for key, field in fields.items():
        if not rows[key]["assignable"]:
            raise Refusal(ErrorCode.FORBIDDEN, kind.not_assignable, field)
        if expected is not None and rows[key]["version"] != expected:
            raise conflict()
    ids = {key: str(row["id"]) for key, row in rows.items()}
    within, chosen = reach.assignable(viewer, kind.table), one_of("r.id", list(ids.values()))
    changed = await database.write(
        Statement(f"UPDATE {kind.table} AS r SET ")
        + kind.written(assignee_id, team, database.now())
        + " WHERE "
        + (chosen & within.where("r"))
    )
    if changed != len(ids):
        raise Refusal(ErrorCode.FORBIDDEN, kind.not_assignable, next(iter(fields.values())))
    await record(viewer, kind.event(), chosen)
    assert within.account_id is not None
    await announce(within.account_id, kind, list(ids.values()), viewer.user_id)
    return ids, tuple(_changes(kind, rows, name, alone=alone))


async def announce(account_id: str, kind: Assignable, ids: Sequence[str], by: str | None = None) -> None:
    """Tell those who follow rows that some were assigned, and their assignees, unless they did it."""
    if not ids:
        return
    note(account_id, kind.change, ids)
    if kind.outgoing is not None:
        note_event(account_id, kind.outgoing, ids)
    if kind.follow is not None:
        await kind.follow(account_id, ids)
    await notify(account_id, NoticeKind.ASSIGNMENT, kind.table, one_of("r.id", ids), by)


async def _locked(viewer: Viewer, kind: Assignable, keys: Mapping[str, Any]) -> dict[str, Any]:
    """The rows by key, locked, each with whether the viewer can assign it.

    So the value before the change in the log is the one that this change replaces.
    """
    within, assignable = kind.visible(viewer).where("r"), reach.assignable(viewer, kind.table).where("r")
    version = "r.version, " if kind.versioned else ""
    rows = await database.read(
        Statement(f"SELECT r.id, r.{kind.key} AS named, {version}{_ASSIGNEE_NAME}, CASE WHEN ")
        + assignable
        + f" THEN 1 ELSE 0 END AS assignable FROM {kind.table} r WHERE "
        + (one_of(f"r.{kind.key}", list(keys)) & (either([within, assignable]) if kind.unseen else within))
        + f" ORDER BY r.{kind.key}"
        + (" FOR UPDATE OF r" if database.dialect() == "postgres" else "")
    )
    return {str(row["named"]): row for row in rows}


def _changes(kind: Assignable, rows: dict[str, Any], name: str | None, *, alone: bool) -> list[Change]:
    found: list[Change] = []
    for key, row in rows.items():
        if not alone:
            found.append(Change(f"{kind.type_name}.{kind.key}", kind.prefix + key, kind.prefix + key))
        found.append(Change(f"{kind.type_name}.assignee", row["assignee_name"], name))
    return found


async def find_assignee(
    viewer: Viewer, assignee_id: str | None, team_id: str | None
) -> tuple[str | None, str | None]:
    """The assignee's name, and the team that a row counts for: the requested one, or their only one."""
    assert viewer.central is not None
    name, teams = None, []
    if assignee_id is not None:
        rows = await database.read(
            Statement(
                "SELECT r.name, r.suspended_at, r.starts_at, r.ends_at, m.team_id"
                " FROM collaborators r LEFT JOIN team_members m"
                " ON m.account_id = r.account_id AND m.collaborator_id = r.id WHERE r.id = ? AND ",
                (assignee_id,),
            )
            + reach.assignees(viewer).where("r")
        )
        if not rows:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_assignee", ("assigneeId",))
        require_active(rows[0], ("assigneeId",))
        name = str(rows[0]["name"])
        if viewer.central.teams_on:
            teams = [str(row["team_id"]) for row in rows if row["team_id"] is not None]
    if team_id is None:
        return name, teams[0] if len(teams) == 1 else None
    visible = reach.teams(viewer).values
    if team_id not in teams or (visible is not None and team_id not in visible):
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_team", ("teamId",))
    return name, team_id


def require_active(collaborator: Any, field: tuple[str, ...]) -> None:
    """Refuse with FORBIDDEN if the collaborator is not active."""
    if not is_active_collaborator(collaborator):
        raise Refusal(ErrorCode.FORBIDDEN, "assignee_inactive", field)


async def only_team(viewer: Viewer, assignee_id: str) -> str | None:
    """The team that an assignment counts for by default: the assignee's, if they are in exactly one."""
    assert viewer.central is not None
    if not viewer.central.teams_on:
        return None
    found = await database.read(
        "SELECT m.team_id FROM team_members m WHERE m.account_id = ? AND m.collaborator_id = ?",
        (viewer.central.account_id, assignee_id),
    )
    return str(found[0]["team_id"]) if len(found) == 1 else None

"""An opportunity that someone works on: found within reach, judged, locked and written."""

from collections.abc import Mapping
from typing import Any

import msgspec

from actions.commerce.opportunities.events import note_opportunities
from actions.kit.event import EventFacts, record
from actions.kit.version import conflict
from actions.notices.mentions import mention
from authz import reach, work
from authz.grant import Grant
from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.outgoing.status import note_status
from models.recovery.state import STATE_COLUMNS, state_of
from models.statement import Statement

GRANT = Grant.VIEW_PURCHASE_RECOVERY_REPORT
OBJECT = "Opportunity"
LONGEST_NOTE = 5_000


def opportunities(viewer: Viewer) -> Reach:
    """The opportunities that a viewer can see."""
    return reach.rows(viewer, "opportunities", GRANT)


def own_work(viewer: Viewer) -> Reach:
    """The opportunities that a viewer can work on."""
    return work.worked(viewer, "opportunities", GRANT)


def row_lock() -> str:
    """The end of a statement that reads a row which the mutation changes."""
    return " FOR UPDATE OF r" if database.dialect() == "postgres" else ""


async def locked(viewer: Viewer, opportunity_id: str, expected: int, field: str = "id") -> Any:
    """The opportunity that a viewer works on, in the version that they have read.

    Refuses with NOT_FOUND one out of reach, with FORBIDDEN one that they can only see, and with
    VERSION_CONFLICT one that has changed since. `field` of the input names it.
    """
    within, own = opportunities(viewer), own_work(viewer)
    rows = await database.read(
        Statement("SELECT r.*, p.name AS step_name, CASE WHEN ")
        + own.where("r")
        + Statement(
            " THEN 1 ELSE 0 END AS own FROM opportunities r"
            " JOIN pipeline_steps p ON p.account_id = r.account_id AND p.id = r.step_id WHERE r.id = ? AND ",
            (opportunity_id,),
        )
        + within.where("r")
        + row_lock()
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_opportunity", (field,))
    if not rows[0]["own"]:
        raise Refusal(ErrorCode.FORBIDDEN, "not_your_opportunity", (field,))
    if rows[0]["version"] != expected:
        raise conflict()
    return rows[0]


async def write(viewer: Viewer, row: Any, values: Mapping[str, Any], facts: EventFacts) -> None:
    """Write what a person did with a locked opportunity: its columns, its history, and whom it is news to."""
    now, within = database.now(), own_work(viewer)
    values = {**values, "own_touched_at": now}
    values |= dict(zip(STATE_COLUMNS, state_of(dict(row) | values), strict=True))
    values["touched_at"] = max(row["touched_at"], now)
    named = Statement("r.id = ?", (row["id"],)) & within.where("r")
    await database.write(
        Statement(
            f"UPDATE opportunities AS r SET {', '.join(f'{name} = ?' for name in values)},"
            " version = version + 1 WHERE ",
            tuple(values.values()),
        )
        + named
    )
    await record(viewer, facts, named)
    note_opportunities(viewer, [str(row["id"])])
    assert within.account_id is not None
    note_status(within.account_id, str(row["id"]), row["status"], values["status"])


class Note(msgspec.Struct, frozen=True):
    """What a person writes about an opportunity, and the collaborators whom that mentions."""

    text: str | None = None
    mentions: tuple[str, ...] = ()


def checked_note(note: Note, field: str = "note", *, required: bool = False) -> Note:
    """A note without the space around it. Refuses one that is too long, or missing though required, as it is
    for mentions."""
    words = (note.text or "").strip()
    if len(words) > LONGEST_NOTE or ((required or note.mentions) and not words):
        raise Refusal(ErrorCode.BAD_INPUT, "opportunity_note", (field,), most=LONGEST_NOTE)
    return Note(words or None, note.mentions)


async def add_note(viewer: Viewer, row: Any, note: Note) -> None:
    """Add a note, if there is one, to an opportunity that reach found just before, and notify whom it
    mentions. Refuses with NOT_FOUND anyone who cannot see the opportunity."""
    if note.text is None:
        return
    assert viewer.central is not None
    await mention(viewer, "opportunities", str(row["id"]), note.mentions)
    await database.insert(
        "opportunity_notes",
        {
            "id": database.new_id(),
            "account_id": viewer.central.account_id,
            "opportunity_id": str(row["id"]),
            "text": note.text,
            "written_at": database.now(),
            "written_by_id": viewer.user_id,
            "written_by_name": viewer.name,
        },
    )

"""The steps of an account's pipeline, which its owner and admins set."""

from collections.abc import Sequence
from typing import Any

import msgspec

from actions.commerce.opportunities.events import note_opportunities
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.naming import checked_name
from actions.kit.version import advance_account
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.changes import changed_rows
from models.recovery.steps import STEP_COLUMNS, first_step
from models.statement import Statement, one_of
from models.text import folded

FEWEST, MOST = 2, 12
_LONGEST_NAME = 60

SET_PIPELINE = Mutation(
    "setPipeline",
    Standing.ADMIN,
    "Account",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.BAD_INPUT, ErrorCode.NAME_TAKEN, ErrorCode.VERSION_CONFLICT),
    replays=True,
    changes_access=False,
)


class StepSetting(msgspec.Struct, frozen=True):
    """A step: a new one without an id."""

    name: str
    id: str | None = None


async def set_pipeline(call: Call, steps: Sequence[StepSetting], expected: int) -> str:
    """Set the steps in their order. What stood at a step that is left out stands at the first one then."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        account_id = viewer.central.account_id
        names = _names(steps)
        await advance_account(viewer, expected)
        await first_step(account_id)
        before = await _stored(account_id)
        known = {str(row["id"]) for row in before}
        for number, step in enumerate(steps):
            if step.id is not None and step.id not in known:
                raise Refusal(ErrorCode.NOT_FOUND, "no_such_step", ("steps", str(number), "id"))
        await _write(viewer, names, [step.id for step in steps], known)
        change = Change("Account.pipeline", [row["name"] for row in before], names)
        return Done(account_id, (change,))

    return await SET_PIPELINE.perform(call, work)


def _names(steps: Sequence[StepSetting]) -> list[str]:
    if not FEWEST <= len(steps) <= MOST:
        raise Refusal(ErrorCode.BAD_INPUT, "pipeline_length", ("steps",), least=FEWEST, most=MOST)
    names: list[str] = []
    for number, step in enumerate(steps):
        field = ("steps", str(number))
        name = checked_name(step.name, _LONGEST_NAME, (*field, "name"), "step_name")
        if folded(name) in map(folded, names):
            raise Refusal(ErrorCode.NAME_TAKEN, "step_twice", (*field, "name"))
        if step.id is not None and step.id in [other.id for other in steps[:number]]:
            raise Refusal(ErrorCode.BAD_INPUT, "step_twice", (*field, "id"))
        names.append(name)
    return names


async def _stored(account_id: str) -> Sequence[Any]:
    return await database.read(
        "SELECT id, name FROM pipeline_steps WHERE account_id = ? ORDER BY position", (account_id,)
    )


async def _write(viewer: Viewer, names: Sequence[str], ids: Sequence[str | None], known: set[str]) -> None:
    assert viewer.central is not None
    account_id = viewer.central.account_id
    rows = [
        (step_id or database.new_id(), account_id, name, position)
        for position, (step_id, name) in enumerate(zip(ids, names, strict=True))
    ]
    await database.write_later(
        f"{database.insertion('pipeline_steps', STEP_COLUMNS)} ON CONFLICT (id)"
        " DO UPDATE SET name = excluded.name, position = excluded.position",
        rows,
    )
    gone = sorted(known - {row[0] for row in rows})
    if gone:
        left = Statement("account_id = ? AND ", (account_id,)) + one_of("step_id", gone)
        note_opportunities(viewer, await changed_rows("opportunities", left))
        await database.write(
            Statement("UPDATE opportunities SET step_id = ?, version = version + 1 WHERE ", (rows[0][0],))
            + left
        )
        await database.write(
            Statement("DELETE FROM pipeline_steps WHERE account_id = ? AND ", (account_id,))
            + one_of("id", gone)
        )

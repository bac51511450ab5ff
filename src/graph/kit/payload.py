"""What every mutation of a row answers besides the row: the reasons of a refusal."""

from collections.abc import Awaitable
from typing import Any, TypeVar

import strawberry

from authz.reach import Reach
from authz.refusal import Refusal
from engine.rows.lists import One, Rows
from graph.kit.context import Context
from graph.kit.errors import UserError, user_error
from graph.kit.node import row_id
from models.statement import Statement

NOWHERE = "00000000-0000-0000-0000-000000000000"


@strawberry.type
class Outcome:
    """What came of an act."""

    done_id: strawberry.Private[str | None] = None
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


T = TypeVar("T", bound=Outcome)


async def answered(answer: T, act: Awaitable[str], context: Context) -> T:
    """The answer, with the id of what the act was about or with the reason why it was refused."""
    try:
        answer.done_id = await act
    except Refusal as refusal:
        answer.errors = [user_error(refusal, context)]
    return answer


async def only(cls: type[Any], within: Reach, named: str | None) -> Any:
    """The row that an act was about as it stands now, where it is within reach."""
    return None if named is None else await One(Rows(cls, within, Statement("r.id = ?", (named,))))


def named(global_id: str, *kinds: type) -> str:
    """The row of an id of one of the kinds; what is no such id names a row that is not there."""
    return next((found for kind in kinds if (found := row_id(kind, global_id))), NOWHERE)

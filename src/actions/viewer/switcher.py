"""The order of a person's centrals, and entering one of them."""

from actions.kit.call import Call
from actions.kit.chosen_central import in_central
from actions.kit.mutation import Done, Mutation
from authz.centrals import enterable_centrals
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database

MOST_ORDERED = 500

ENTER_CENTRAL = Mutation("enterCentral", Standing.SESSION, "Central", codes=(ErrorCode.NOT_FOUND,))
ORDER_CENTRALS = Mutation(
    "orderCentrals", Standing.SESSION, "User", codes=(ErrorCode.NOT_FOUND, ErrorCode.BAD_INPUT), outside=True
)


async def enter_central(call: Call, account_id: str) -> str:
    """Log in the account that someone enters its central, and when they last did. Returns its id."""

    async def work(viewer: Viewer) -> Done:
        if viewer.central is None:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_central", ("id",))
        assert viewer.user_id is not None
        await _visit(viewer.user_id, account_id)
        return Done(account_id)

    return await ENTER_CENTRAL.perform(await in_central(call, account_id), work, account_id)


async def _visit(user_id: str, account_id: str) -> None:
    await database.write(
        "INSERT INTO central_visits (id, account_id, user_id, entered_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (account_id, user_id) DO UPDATE SET entered_at = excluded.entered_at",
        (database.new_id(), account_id, user_id, database.now()),
    )


async def forget_visits(account_id: str, user_id: str) -> None:
    """Forget where a central stood in someone's list, and when they entered it: they are no longer in it."""
    await database.write(
        "DELETE FROM central_visits WHERE account_id = ? AND user_id = ?", (account_id, user_id)
    )


async def order_centrals(call: Call, account_ids: list[str]) -> None:
    """Put a person's centrals in their own order. Those that are not listed have no position."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.user_id is not None
        if len(account_ids) > MOST_ORDERED or len(set(account_ids)) < len(account_ids):
            raise Refusal(ErrorCode.BAD_INPUT, "centrals_twice", ("ids",), most=MOST_ORDERED)
        if set(account_ids) - {central.account_id for central in await enterable_centrals(viewer)}:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_central", ("ids",))
        await _place(viewer.user_id, account_ids)
        return Done(viewer.user_id)

    await ORDER_CENTRALS.perform(call, work, call.viewer.user_id)


async def _place(user_id: str, account_ids: list[str]) -> None:
    await database.write("UPDATE central_visits SET position = NULL WHERE user_id = ?", (user_id,))
    if not account_ids:
        return
    rows = [(database.new_id(), account_id, user_id, place) for place, account_id in enumerate(account_ids)]
    marks = ", ".join(["(?, ?, ?, ?)"] * len(rows))
    await database.write(
        f"INSERT INTO central_visits (id, account_id, user_id, position) VALUES {marks}"
        " ON CONFLICT (account_id, user_id) DO UPDATE SET position = excluded.position",
        [value for row in rows for value in row],
    )

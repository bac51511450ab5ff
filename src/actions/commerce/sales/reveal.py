"""Revealing personal data of a sale's buyer, for a reason and on record."""

from actions.commerce.sales.events import BuyerReveal, note_sales
from actions.kit.call import Call
from actions.kit.event import record
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from authz import reach
from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement

REVEAL_BUYER = Mutation(
    "revealBuyer",
    Grant.SEARCH_SALES,
    "Sale",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.BAD_INPUT, ErrorCode.RATE_LIMITED),
    replays=True,
    changes_access=False,
)
MOST_A_DAY = 100
SHORTEST_REASON = 5
LONGEST_REASON = 500
_DAY_MS = 24 * 3_600_000


async def reveal_buyer(call: Call, reference: str, chosen: list[str], reason: str) -> str:
    """Record that a person reads personal data of a sale's buyer, and why. Returns the id of the sale."""

    async def work(viewer: Viewer) -> Done:
        why = reason.strip()
        if not SHORTEST_REASON <= len(why) <= LONGEST_REASON:
            words = {"least": SHORTEST_REASON, "most": LONGEST_REASON}
            raise Refusal(ErrorCode.BAD_INPUT, "reveal_reason", ("reason",), **words)
        if not chosen:
            raise Refusal(ErrorCode.BAD_INPUT, "nothing_to_reveal", ("fields",))
        within = reach.sales(viewer)
        sale = Statement("r.reference = ?", (reference,)) & within.where("r")
        rows = await database.read(Statement("SELECT r.id FROM sales r WHERE ") + sale)
        if not rows:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_sale", ("reference",))
        await _require_few(viewer)
        await record(viewer, BuyerReveal(reason=why), sale)
        note_sales(viewer, [str(rows[0]["id"])])
        fields = list(dict.fromkeys(chosen))
        return Done(
            str(rows[0]["id"]),
            (
                Change("RevealBuyerInput.fields", None, fields),
                Change("RevealBuyerInput.reason", None, why),
            ),
        )

    return await REVEAL_BUYER.perform(call, work, reference)


async def _require_few(viewer: Viewer) -> None:
    """Refuse a person who revealed many buyers within a day, by session or token."""
    assert viewer.central is not None
    rows = await database.read(
        "SELECT COUNT(*) AS n FROM audit_entries e WHERE e.account_id = ? AND e.at > ? AND e.user_id = ?"
        " AND e.act = ? AND e.refusal IS NULL",
        (viewer.central.account_id, database.now() - _DAY_MS, viewer.user_id, REVEAL_BUYER.name),
    )
    if rows[0]["n"] >= MOST_A_DAY:
        raise Refusal(ErrorCode.RATE_LIMITED, "too_many_reveals", ("reference",), most=MOST_A_DAY)

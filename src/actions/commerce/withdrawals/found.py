"""Which withdrawals and entries a viewer can see, and a withdrawal locked for a mutation."""

from typing import Any

from authz import reach
from authz.gates import Standing
from authz.grant import Grant
from authz.reach import Reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement

GRANT = Grant.MAKE_WITHDRAWAL


def withdrawals(viewer: Viewer) -> Reach:
    """All withdrawals of the account, for viewers with the grant."""
    return reach.tool_rows(viewer, "withdrawals", GRANT)


def balances(viewer: Viewer) -> Reach:
    """The balances of the account, for viewers with the grant."""
    return reach.tool_rows(viewer, "balances", GRANT)


def ledger_days(viewer: Viewer) -> Reach:
    """The entries that are added up by day, for viewers with the grant."""
    return reach.tool_rows(viewer, "ledger_entries", GRANT)


def ledger_entries(viewer: Viewer) -> Reach:
    """Single entries, for the owner and admins: they tell the shares of everyone's sales."""
    return reach.tool_rows(viewer, "ledger_entries", Standing.ADMIN)


async def found_withdrawal(viewer: Viewer, withdrawal_id: str) -> Any:
    """The withdrawal. The mutations of an account run one after the other."""
    within = withdrawals(viewer)
    rows = await database.read(
        Statement(
            "SELECT r.id, r.amount, r.currency, r.status, r.requested_at, r.requested_by_id,"
            " r.requested_by_owner, r.bank_ending FROM withdrawals r WHERE r.id = ? AND ",
            (withdrawal_id,),
        )
        + within.where("r")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_withdrawal", ("id",))
    return rows[0]

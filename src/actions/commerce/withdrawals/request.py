"""Requesting a withdrawal, and canceling one."""

from decimal import Decimal

from actions.commerce.refunds.limits import limits_by_act
from actions.commerce.withdrawals import emails
from actions.commerce.withdrawals.destination import Destination, destination_of
from actions.commerce.withdrawals.found import GRANT, found_withdrawal
from actions.commerce.withdrawals.step import Step
from actions.kit.allowance import spend
from actions.kit.call import Call
from actions.kit.currency import minor_amount
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from authz.gates import Standing
from authz.refusal import ErrorCode, Refusal
from authz.viewer import MyRole, Viewer
from models import database
from models.currency import money_text
from models.ledger.books import Books
from models.ledger.release import release_due
from models.ledger.review import under_review
from models.tables.ledger import LedgerAccount, LedgerKind
from models.tables.refund import ApprovalAct
from models.tables.withdrawal import OPEN, WithdrawalStatus

MAKE_WITHDRAWAL = Mutation(
    "makeWithdrawal",
    GRANT,
    "Withdrawal",
    codes=(
        *(ErrorCode.BELOW_MINIMUM, ErrorCode.NOT_ENOUGH, ErrorCode.NO_DESTINATION, ErrorCode.WRONG_STATE),
        *(ErrorCode.DESTINATION_TOO_NEW, ErrorCode.RATE_LIMITED),
    ),
    replays=True,
    alone=True,
    changes_access=False,
)
CANCEL_WITHDRAWAL = Mutation(
    "cancelWithdrawal",
    GRANT,
    "Withdrawal",
    codes=(ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE),
    replays=True,
    alone=True,
    changes_access=False,
)
MOST_A_DAY = 20
DAY_MS = 24 * 3_600_000
APPROVAL_MS = 7 * DAY_MS
CANCEL_MS = 10 * 60_000
"""How long the person who requested a withdrawal can cancel it; the owner can until it is settled."""
_NOT_PAID = ("REFUSED", "CANCELLED", "FAILED")


async def make_withdrawal(call: Call, amount: Decimal, currency: str) -> str:
    """Hold an amount and request its payout. Returns the id of the withdrawal.

    Above the owner's limit it waits for the owner's approval, unless the owner requests it in a session.
    """

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        account_id, now = viewer.central.account_id, database.now()
        minor, code = minor_amount(amount, currency, ("amount",))
        destination = await _destination(account_id, now)
        await _require_few(viewer, account_id)
        await require_reviewed(account_id)
        books = await Books.open(account_id)
        await release_due(books, code, now)
        balance = books.balance(code)
        if balance.minimum is not None and minor < balance.minimum:
            least = money_text(balance.minimum, code)
            raise Refusal(ErrorCode.BELOW_MINIMUM, "below_minimum", ("amount",), least=least)
        if minor > balance.available:
            raise not_enough(balance.available, code)
        await spend(viewer, minor, code)
        waits = await _waits(viewer, minor, code)
        status = WithdrawalStatus.AWAITING_APPROVAL if waits else WithdrawalStatus.REQUESTED
        withdrawal_id = database.new_id()
        moves = {LedgerAccount.AVAILABLE: -minor, LedgerAccount.HELD: minor}
        books.post(LedgerKind.WITHDRAWAL_HELD, code, moves, now, withdrawal_id=withdrawal_id)
        await books.write()
        await database.insert(
            "withdrawals",
            {
                "id": withdrawal_id,
                "account_id": account_id,
                "amount": minor,
                "currency": code,
                "status": status.value,
                "bank_kind": destination.kind.value,
                "bank_ending": destination.ending,
                "bank_holder": destination.holder,
                "usable_from": destination.usable_from,
                "requested_at": now,
                "requested_by_id": viewer.user_id,
                "requested_by_owner": viewer.role is MyRole.OWNER,
                "requested_by_name": viewer.name,
                "expires_at": now + APPROVAL_MS if waits else None,
            },
        )
        step = Step(account_id, viewer)
        await step.noted(withdrawal_id, status, now)
        email = emails.WAITS if waits else emails.REQUESTED
        await step.tell_owner(email, minor, code, by=viewer.name, ending=destination.ending)
        return Done(
            withdrawal_id,
            (
                Change("Withdrawal.status", None, status.value),
                Change("Withdrawal.amount", None, money_text(minor, code)),
                Change("PayoutDestination.ending", None, destination.ending),
            ),
        )

    return await MAKE_WITHDRAWAL.perform(call, work)


async def cancel_withdrawal(call: Call, withdrawal_id: str) -> str:
    """Cancel an open withdrawal: for the owner, and for a while for the person who requested it."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        found = await found_withdrawal(viewer, withdrawal_id)
        status = WithdrawalStatus(found["status"])
        if viewer.role is not MyRole.OWNER and status in OPEN:
            if str(found["requested_by_id"]) != viewer.user_id:
                raise Refusal(ErrorCode.FORBIDDEN, "not_your_withdrawal", ("id",))
            late = database.now() > found["requested_at"] + CANCEL_MS
            if late and status is WithdrawalStatus.REQUESTED:
                raise Refusal(ErrorCode.FORBIDDEN, "too_late_to_cancel", ("id",), minutes=CANCEL_MS // 60_000)
        step = Step(viewer.central.account_id, viewer)
        change = await step.to(found, WithdrawalStatus.CANCELLED)
        await step.tell_requester(emails.CANCELED, found)
        return Done(str(found["id"]), (change,))

    return await CANCEL_WITHDRAWAL.perform(call, work, withdrawal_id)


async def require_reviewed(account_id: str) -> None:
    """Refuse while earlier sales are being booked: the balance is not known yet."""
    if await under_review(account_id):
        raise Refusal(ErrorCode.WRONG_STATE, "balance_under_review")


def not_enough(available: int, currency: str) -> Refusal:
    """The amount is more than what is available."""
    found = money_text(available, currency)
    return Refusal(ErrorCode.NOT_ENOUGH, "not_enough", ("amount",), available=found)


async def _destination(account_id: str, now: int) -> Destination:
    found = await destination_of(account_id)
    if found is None:
        raise Refusal(ErrorCode.NO_DESTINATION, "no_destination")
    if found.usable_from > now:
        raise Refusal(ErrorCode.DESTINATION_TOO_NEW, "destination_too_new")
    return found


async def _require_few(viewer: Viewer, account_id: str) -> None:
    """Refuse a person who requested many withdrawals within a day, by session or token."""
    rows = await database.read(
        "SELECT COUNT(*) AS n FROM withdrawals"
        " WHERE account_id = ? AND requested_by_id = ? AND requested_at > ?",
        (account_id, viewer.user_id, database.now() - DAY_MS),
    )
    if rows[0]["n"] >= MOST_A_DAY:
        raise Refusal(ErrorCode.RATE_LIMITED, "too_many_withdrawals", ("amount",), most=MOST_A_DAY)


async def _waits(viewer: Viewer, minor: int, currency: str) -> bool:
    """Whether the amount is above the owner's limit, alone or with what the person requested within a day and
    the owner did not approve: so a large withdrawal cannot be split. An owner in person has no limit."""
    assert viewer.central is not None
    if viewer.mask & Standing.OWNER and viewer.session_id is not None:
        return False
    account_id = viewer.central.account_id
    limit = (await limits_by_act(account_id)).get(ApprovalAct.WITHDRAWAL, {}).get(currency)
    if limit is None:
        return False
    rows = await database.read(
        "SELECT COALESCE(SUM(amount), 0) AS total FROM withdrawals"
        " WHERE account_id = ? AND requested_by_id = ? AND requested_at > ? AND currency = ?"
        f" AND decided_by_id IS NULL AND status NOT IN ({', '.join('?' * len(_NOT_PAID))})",
        (account_id, viewer.user_id, database.now() - DAY_MS, currency, *_NOT_PAID),
    )
    return bool(minor + int(rows[0]["total"]) > limit)

"""A withdrawal moves to another status: what is booked of it, its history, and who gets an e-mail."""

from typing import Any

from actions.commerce.withdrawals import emails
from actions.kit.email import Email
from actions.kit.log import Change
from actions.kit.outbox import post_to_owner, post_to_user
from actions.kit.refusals import wrong_state
from authz.viewer import Viewer
from models import database
from models.changes import ChangeKind, note
from models.currency import money_text
from models.ledger.books import Books
from models.outgoing.note import note_event
from models.outgoing_events import EventType
from models.tables.ledger import LedgerAccount, LedgerKind
from models.tables.withdrawal import OPEN, WithdrawalStatus
from models.vocabulary import EventSource

_RETURNED = (
    LedgerKind.WITHDRAWAL_RETURNED,
    LedgerAccount.AVAILABLE,
)
_BOOKED = {
    WithdrawalStatus.PAID: (LedgerKind.WITHDRAWAL_PAID, LedgerAccount.PAID_OUT),
    WithdrawalStatus.FAILED: _RETURNED,
    WithdrawalStatus.REFUSED: _RETURNED,
    WithdrawalStatus.CANCELLED: _RETURNED,
}

_OUTGOING = {
    WithdrawalStatus.REQUESTED: EventType.WITHDRAWAL_REQUESTED,
    WithdrawalStatus.PAID: EventType.WITHDRAWAL_PAID,
    WithdrawalStatus.FAILED: EventType.WITHDRAWAL_FAILED,
    WithdrawalStatus.REFUSED: EventType.WITHDRAWAL_REFUSED,
    WithdrawalStatus.CANCELLED: EventType.WITHDRAWAL_CANCELLED,
}
"""What other systems learn: nothing of a withdrawal that waits for approval."""


class Step:
    """What a person, or the clock, does to withdrawals of an account. The account is locked."""

    def __init__(self, account_id: str, by: Viewer | None = None) -> None:
        self.account_id = account_id
        self.by = by

    async def to(
        self,
        row: Any,
        status: WithdrawalStatus,
        allowed: tuple[WithdrawalStatus, ...] = OPEN,
        at: int | None = None,
        **columns: Any,
    ) -> Change:
        """Give a withdrawal another status, and return or pay out its amount if it ends.

        Refuses a withdrawal in any status but the allowed ones.
        """
        before = WithdrawalStatus(row["status"])
        if before not in allowed:
            raise wrong_state(before.value, [state.value for state in allowed], ("id",))
        at = database.now() if at is None else at
        booked = _BOOKED.get(status)
        if booked is not None:
            books = await Books.open(self.account_id)
            kind, place = booked
            moves = {LedgerAccount.HELD: -row["amount"], place: row["amount"]}
            books.post(kind, row["currency"], moves, database.now(), withdrawal_id=str(row["id"]))
            await books.write()
        written = {
            "status": status.value,
            "closed_at": None if booked is None else at,
            "expires_at": None,
            **columns,
        }
        await database.write(
            f"UPDATE withdrawals SET {', '.join(f'{name} = ?' for name in written)}"
            " WHERE account_id = ? AND id = ?",
            (*written.values(), self.account_id, row["id"]),
        )
        await self.noted(str(row["id"]), status, at)
        if status is WithdrawalStatus.REQUESTED:
            note_event(self.account_id, EventType.WITHDRAWAL_APPROVED, [str(row["id"])])
        return Change("Withdrawal.status", before.value, status.value)

    async def noted(self, withdrawal_id: str, status: WithdrawalStatus, at: int) -> None:
        """Add a status to the history, and notify those who follow withdrawals, and other systems."""
        await database.insert(
            "withdrawal_events",
            {
                "id": database.new_id(),
                "account_id": self.account_id,
                "withdrawal_id": withdrawal_id,
                "status": status.value,
                "at": at,
                "source": (EventSource.CLOCK if self.by is None else EventSource.PERSON).value,
                "by_name": self.by and self.by.name,
            },
        )
        note(self.account_id, ChangeKind.WITHDRAWAL, [withdrawal_id])
        if status in _OUTGOING:
            note_event(self.account_id, _OUTGOING[status], [withdrawal_id])

    async def tell_requester(self, email: Email, row: Any, **words: str) -> None:
        """E-mail the person who requested a withdrawal in their language, unless they did it themselves."""
        if self.by is not None and self.by.user_id == str(row["requested_by_id"]):
            return
        rows = await database.read(
            "SELECT u.name, u.email, COALESCE(a.brand_name, a.name) AS account FROM users u, accounts a"
            " WHERE u.id = ? AND a.id = ?",
            (row["requested_by_id"], self.account_id),
        )
        if rows:
            amount = money_text(row["amount"], row["currency"])
            known = {"name": rows[0]["name"], "account": rows[0]["account"], "amount": amount}
            await post_to_user(email, rows[0]["email"], known | words)

    async def tell_owner(self, email: Email, amount: int, currency: str, **words: str) -> None:
        """E-mail the owner in their language."""
        known = {"amount": money_text(amount, currency)}
        await post_to_owner(email, self.account_id, known | words)


async def cancel_all(account_id: str, by: Viewer) -> None:
    """Cancel every open withdrawal, because the destination changed or the account has another owner."""
    states = ", ".join(f"'{state.value}'" for state in OPEN)
    rows = await database.read(
        "SELECT id, amount, currency, status, requested_by_id FROM withdrawals"
        f" WHERE account_id = ? AND status IN ({states}) ORDER BY requested_at, id",
        (account_id,),
    )
    step = Step(account_id, by)
    for row in rows:
        await step.to(row, WithdrawalStatus.CANCELLED)
        await step.tell_requester(emails.DESTINATION_CHANGED, row)

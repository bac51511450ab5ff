"""Withdrawals, balances and the ledger, as the API shows them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import strawberry

from actions.commerce.withdrawals.found import GRANT, balances, ledger_entries, withdrawals
from authz.gates import AdminOnly, Needs, gated
from authz.viewer import Viewer
from engine.rows.lists import row_of
from engine.rows.select import Order
from engine.rows.source import Embedded, Lookup, children, computed, sourced
from graph.kit.changed_by import ChangedBy
from graph.kit.context import Info
from graph.kit.money import Money, priced
from graph.kit.node import Node, found_within
from graph.kit.scalars import Date, DateTime
from models import database
from models.ledger.books import COLUMNS
from models.ledger.place import payout_days
from models.statement import Statement, one_of
from models.tables.ledger import LedgerAccount, LedgerKind
from models.tables.withdrawal import WithdrawalStatus
from models.vocabulary import BankKind, EventSource
from reports.ledger import lines_of

strawberry.enum(WithdrawalStatus)
strawberry.enum(LedgerAccount)
strawberry.enum(LedgerKind)
MOST_DAYS = 365


@gated(Needs(grant=GRANT))
@strawberry.type
class Release:
    """What is released on a day."""

    on: Date
    """The day, in the account's time zone."""
    amount: Money
    """The amount that becomes available."""


async def _read_releases(
    viewer: Viewer, ids: Sequence[str], arguments: dict[str, Any]
) -> Mapping[str, list[Release]]:
    assert viewer.central is not None
    zone = ZoneInfo(viewer.central.timezone)
    days = min(max(arguments["days"], 1), MOST_DAYS)
    today = datetime.fromtimestamp(database.now() / 1000, zone).date()
    end = datetime.combine(today + timedelta(days=days), datetime.min.time(), zone)
    within = balances(viewer)
    statement = Statement(
        "SELECT r.id, r.currency, p.release_at, SUM(p.amount) FROM balances r"
        " JOIN sale_postings p ON p.account_id = r.account_id AND p.currency = r.currency"
        " AND p.place = 'PENDING' AND p.release_at < ? WHERE ",
        (round(end.timestamp() * 1000),),
    ) + (within.where("r") & one_of("r.id", ids))
    rows = await database.read(
        statement + " GROUP BY r.id, r.currency, p.release_at ORDER BY p.release_at", named=False
    )
    found: dict[str, dict[Any, int]] = {row_id: {} for row_id in ids}
    currencies: dict[str, str] = {}
    for row_id, currency, release_at, amount in rows:
        day = max(datetime.fromtimestamp(release_at / 1000, zone).date(), today)
        of = found[str(row_id)]
        of[day] = of.get(day, 0) + int(amount)
        currencies[str(row_id)] = currency
    return {
        row_id: [
            Release(on=Date(day), amount=Money(minor=amount, currency=currencies[row_id]))
            for day, amount in of.items()
        ]
        for row_id, of in found.items()
    }


async def _releases(self: Any, info: Info, days: int = 30) -> list[Release]:
    """What becomes available on each of the coming days, today first. Days without a release are left out.

    Args:
        days: The number of days, from 1 to 365. A number outside is taken as the nearest of these.
    """
    found: list[Release] = await info.context.lookup(RELEASES, self.row_id, {"days": days})
    return found


RELEASES = Lookup(_read_releases, _releases)


def _debt(owed: int, currency: str) -> Money:
    return Money(minor=-owed, currency=currency)


@gated(Needs(grant=GRANT))
@row_of("balances")
@strawberry.type
class Balance:
    """The account's money at the marketplace in one currency, whoever asks. Every amount is the result of
    entries in the ledger."""

    currency: str
    """The currency of every amount, as an ISO 4217 code."""
    available: Money = sourced(priced("available"))
    """What can be withdrawn."""
    pending: Money = sourced(priced("pending"))
    """The account's shares of paid sales that are not released yet."""
    disputed: Money = sourced(priced("disputed"))
    """The account's shares of sales in dispute."""
    held: Money = sourced(priced("held"))
    """What was requested to be paid out, and is not settled yet."""
    paid_out: Money = sourced(priced("paid_out"))
    """What was paid out."""
    owed: Money = computed(_debt, "owed", "currency")
    """What was paid out and had to be returned afterwards, for example because of a chargeback. Whatever is
    released next repays it first."""
    payout_days: int = computed(payout_days, "currency", "payout_days")
    """The number of days after the approval of a sale until its share is released, unless its warranty ends
    later."""
    minimum: Money | None = sourced(priced("minimum"))
    """The least amount of a withdrawal; null if the owner has set none."""
    releases: list[Release] = sourced(RELEASES)


@strawberry.type
class LedgerLine:
    """What an account of the ledger gains or loses."""

    account: LedgerAccount
    """The account of the ledger."""
    amount: Money
    """The amount, negative if it leaves the account."""


@gated(Needs(grant=GRANT))
@strawberry.type
class LedgerDay:
    """The entries of one kind and currency on a day. Their lines add up to zero."""

    on: Date
    """The day on which they were booked, in the account's time zone."""
    kind: LedgerKind
    """The reason for the entries."""
    currency: str
    """The currency, as an ISO 4217 code."""
    entries: int
    """The number of entries."""
    lines: list[LedgerLine]
    """The totals by account of the ledger, without those of zero."""


def _lines(currency: str, *amounts: int) -> list[LedgerLine]:
    return [
        LedgerLine(account=account, amount=Money(minor=amount, currency=currency))
        for account, amount in lines_of(amounts)
    ]


@gated(AdminOnly())
@row_of("ledger_entries", "ledgerEntry")
@strawberry.type
class LedgerEntry(Node):
    """An entry of the ledger. It never changes, and its lines add up to zero."""

    at: DateTime
    """When it was booked."""
    kind: LedgerKind
    """The reason for the entry."""
    currency: str
    """The currency of its lines, as an ISO 4217 code."""
    lines: list[LedgerLine] = computed(_lines, "currency", *COLUMNS)
    """What each account of the ledger gains or loses, without those of zero."""
    reference: str | None
    """The reference of the sale that it is about; null if it is about none."""
    withdrawal: strawberry.ID | None = computed(
        lambda found: None if found is None else strawberry.ID(f"withdrawal_{found}"), "withdrawal_id"
    )
    """The id of the withdrawal that it is about; null if it is about none."""


found_within(LedgerEntry, ledger_entries)


@gated(Needs(grant=GRANT))
@strawberry.type
class PayoutDestination:
    """The bank account that withdrawals are paid to. Only the owner can read and change its number."""

    kind: BankKind
    """The format of the bank account number."""
    ending: str
    """The last four characters of the number."""
    holder: str
    """The first letter of each word of the holder's name, for example `A. C.`."""
    usable_from: DateTime
    """When withdrawals to it can be requested: 24 hours after it was last changed."""


@gated(Needs(grant=GRANT))
@row_of("withdrawal_events")
@strawberry.type
class WithdrawalEvent:
    """A status that a withdrawal had."""

    status: WithdrawalStatus
    """The status."""
    at: DateTime
    """Since when."""
    source: EventSource
    """`PERSON`: someone did it. `CLOCK`: it expired."""
    by: ChangedBy | None = sourced(Embedded(names={"name": "by_name"}, present="by_name"))
    """The person; null if it expired."""


@gated(Needs(grant=GRANT))
@row_of("withdrawals", "withdrawal")
@strawberry.type
class Withdrawal(Node):
    """A request to pay out a part of the balance. The money moves at the marketplace or the bank: this is the
    books' side of it."""

    amount: Money = sourced(priced("amount"))
    """The amount."""
    status: WithdrawalStatus
    """The status of the withdrawal."""
    destination: PayoutDestination = sourced(
        Embedded(
            names={
                "kind": "bank_kind",
                "ending": "bank_ending",
                "holder": "bank_holder",
                "usable_from": "usable_from",
            }
        )
    )
    """The bank account that it is paid to."""
    requested_at: DateTime
    """When it was requested."""
    requested_by: ChangedBy = sourced(Embedded(names={"name": "requested_by_name"}))
    """The person who requested it."""
    decided_by: ChangedBy | None = sourced(
        Embedded(names={"name": "decided_by_name"}, present="decided_by_name")
    )
    """The owner who approved or refused it; null if it needed no approval or is waiting for it."""
    refusal_reason: str | None
    """Why the owner refused it."""
    bank_reference: str | None
    """The bank's reference of the payout; null until it is paid."""
    failure: str | None
    """Why the payout failed."""
    expires_at: DateTime | None
    """When it is canceled unless the owner has decided; null if it is not waiting for approval."""
    closed_at: DateTime | None
    """When it was closed; null if it is open."""
    history: list[WithdrawalEvent] = children("withdrawal_id", Order("at"), Order("id"))
    """The statuses that it had, the first one first."""


found_within(Withdrawal, withdrawals)

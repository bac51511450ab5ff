"""Withdrawals as they change."""

import strawberry

from actions.commerce.withdrawals.found import GRANT
from authz.gates import Needs, gated, needs
from engine.rows.lists import row_of
from engine.rows.source import SameRow, Stamped, sourced
from graph.commerce.withdrawals.filters import find_withdrawals
from graph.commerce.withdrawals.types import Withdrawal
from graph.kit.follow import followed
from graph.kit.scalars import DateTime
from models.changes import ChangeKind


@gated(Needs(grant=GRANT))
@row_of("withdrawals")
@strawberry.type
class WithdrawalUpdate:
    """Something that happened to a withdrawal."""

    cursor: str = sourced(Stamped(-2))
    """The position of the event, for `after`."""
    at: DateTime = sourced(Stamped(-1))
    """When it happened."""
    withdrawal: Withdrawal = sourced(SameRow())
    """The withdrawal as it is when the event is sent."""


@strawberry.type
class WithdrawalSubscriptions:
    """Withdrawals as they change."""

    withdrawal_changed: WithdrawalUpdate = followed(
        WithdrawalUpdate, ChangeKind.WITHDRAWAL, find_withdrawals, needs(GRANT)
    )
    """The changes of withdrawals, new ones included. Each event has a withdrawal as it is after the change,
    if it then meets the filter."""

"""Withdrawals: requests to pay out what is available, and what became of them."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.tables.account import Account
from models.vocabulary import BankKind, EventSource


class WithdrawalStatus(StrEnum):
    """The status of a withdrawal."""

    AWAITING_APPROVAL = "AWAITING_APPROVAL"
    """The amount is above the owner's limit, and the owner has not decided yet."""
    REQUESTED = "REQUESTED"
    """Requested, and not settled yet."""
    PAID = "PAID"
    """Paid out."""
    FAILED = "FAILED"
    """The payout failed, and the amount was returned to the balance."""
    REFUSED = "REFUSED"
    """Refused by the owner, and the amount was returned to the balance."""
    CANCELLED = "CANCELLED"
    """Canceled, and the amount was returned to the balance."""


OPEN = (WithdrawalStatus.AWAITING_APPROVAL, WithdrawalStatus.REQUESTED)


class Withdrawal(Model):
    """A withdrawal. The amount is in minor units. Of its destination, only what is shown is stored."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    amount = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    status = fields.CharEnumField(WithdrawalStatus, max_length=20)
    bank_kind = fields.CharEnumField(BankKind, max_length=20)
    bank_ending = fields.CharField(max_length=4)
    bank_holder = fields.CharField(max_length=300, description="The first letter of each word.")
    usable_from = fields.BigIntField()
    requested_at = fields.BigIntField()
    requested_by_id = fields.UUIDField(description="The user.")
    requested_by_owner = fields.BooleanField(description="Whether they were the owner then.")
    requested_by_name = fields.CharField(max_length=200, description="Their name at that time.")
    decided_by_id = fields.UUIDField(null=True, description="The user.")
    decided_by_name = fields.CharField(max_length=200, null=True, description="Who approved or refused it.")
    refusal_reason = fields.CharField(max_length=500, null=True)
    bank_reference = fields.CharField(max_length=100, null=True)
    failure = fields.CharField(max_length=500, null=True)
    expires_at = fields.BigIntField(null=True, description="When it expires, while it waits for approval.")
    closed_at = fields.BigIntField(null=True)

    class Meta:
        table = "withdrawals"
        indexes = (
            ("account_id", "requested_at", "id"),
            ("account_id", "requested_by_id", "requested_at"),
        )


class WithdrawalEvent(Model):
    """A status that a withdrawal had."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    withdrawal: fields.ForeignKeyRelation[Withdrawal] = fields.ForeignKeyField(
        "models.Withdrawal", related_name=False
    )
    status = fields.CharEnumField(WithdrawalStatus, max_length=20)
    at = fields.BigIntField()
    source = fields.CharEnumField(EventSource, max_length=10)
    by_name = fields.CharField(max_length=200, null=True, description="Their name; null if by the clock.")

    class Meta:
        table = "withdrawal_events"
        indexes = (("account_id", "withdrawal_id", "at", "id"),)

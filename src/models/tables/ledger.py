"""The ledger: what is booked of sales and withdrawals, and what it adds up to."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.tables.account import Account


class LedgerAccount(StrEnum):
    """An account of the ledger. The lines of every entry add up to zero."""

    EXTERNAL = "EXTERNAL"
    """The marketplace, where the money comes from. Its balance is minus the sum of all others."""
    PENDING = "PENDING"
    """The account's shares of paid sales that the marketplace has not released yet."""
    AVAILABLE = "AVAILABLE"
    """What can be withdrawn."""
    DISPUTED = "DISPUTED"
    """The account's shares of sales in dispute."""
    HELD = "HELD"
    """What was requested to be paid out, and is not paid out yet."""
    PAID_OUT = "PAID_OUT"
    """What was paid out."""
    OWED = "OWED"
    """What the account owes the marketplace, as a negative amount: what was paid out and had to be returned
    afterwards."""


class LedgerKind(StrEnum):
    """The reason for an entry of the ledger."""

    SALE = "SALE"
    """A sale was paid."""
    RELEASE = "RELEASE"
    """The share of a sale was released."""
    REFUND = "REFUND"
    """A sale was refunded."""
    CHARGEBACK = "CHARGEBACK"
    """The buyer's bank reversed a payment."""
    DISPUTE = "DISPUTE"
    """A payment is in dispute."""
    DISPUTE_WON = "DISPUTE_WON"
    """A dispute ended in the seller's favor."""
    CORRECTION = "CORRECTION"
    """A later message, a changed warranty or changed payout terms corrected what was booked before."""
    WITHDRAWAL_HELD = "WITHDRAWAL_HELD"
    """A withdrawal was requested."""
    WITHDRAWAL_RETURNED = "WITHDRAWAL_RETURNED"
    """A withdrawal was refused or canceled, expired, or failed."""
    WITHDRAWAL_PAID = "WITHDRAWAL_PAID"
    """A withdrawal was paid out."""
    OPENING = "OPENING"
    """The owner entered what was paid out before this server was used."""


class Balance(Model):
    """What the entries in one currency add up to, in minor units, and the terms of that currency.

    The database refuses columns that do not add up to zero, and an overdraft.
    """

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    currency = fields.CharField(max_length=3)
    external = fields.BigIntField(db_default=0)
    pending = fields.BigIntField(db_default=0)
    available = fields.BigIntField(db_default=0)
    disputed = fields.BigIntField(db_default=0)
    held = fields.BigIntField(db_default=0)
    paid_out = fields.BigIntField(db_default=0)
    owed = fields.BigIntField(db_default=0, description="Minus what is owed.")
    next_release_at = fields.BigIntField(
        null=True, description="When a pending share is released, or before."
    )
    opened_at = fields.BigIntField(null=True, description="When the owner entered earlier payouts.")
    payout_days = fields.IntField(null=True, description="The owner's; null for the default.")
    minimum = fields.BigIntField(null=True, description="The owner's least amount of a withdrawal.")

    class Meta:
        table = "balances"
        unique_together = (("account_id", "currency"),)


class LedgerEntry(Model):
    """One entry, in minor units: what it adds to each account. The database refuses others than zero sums,
    and every change of an entry."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    at = fields.BigIntField()
    kind = fields.CharEnumField(LedgerKind, max_length=20)
    currency = fields.CharField(max_length=3)
    external = fields.BigIntField()
    pending = fields.BigIntField()
    available = fields.BigIntField()
    disputed = fields.BigIntField()
    held = fields.BigIntField()
    paid_out = fields.BigIntField()
    owed = fields.BigIntField()
    # not foreign keys: an entry outlives what it is about
    reference = fields.CharField(max_length=64, null=True, description="Of the sale.")
    withdrawal_id = fields.UUIDField(null=True)

    class Meta:
        table = "ledger_entries"
        indexes = (("account_id", "at", "id"),)


class SalePosting(Model):
    """Where the account's share of a sale is booked: its account of the ledger, amount and currency.

    A sale of which nothing is booked has no row. The id is that of the sale.
    """

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    place = fields.CharEnumField(LedgerAccount, max_length=10)
    amount = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    release_at = fields.BigIntField(description="When it is released, or was.")

    class Meta:
        table = "sale_postings"


class LedgerReview(Model):
    """A walk through an account's sales that books each as it belongs: after an upgrade, and after its terms
    changed."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    due_at = fields.BigIntField(null=True, description="When it continues; null if it has ended.")
    reference = fields.CharField(max_length=64, description="The last sale that it has reached.")

    class Meta:
        table = "ledger_reviews"
        unique_together = (("account_id",),)

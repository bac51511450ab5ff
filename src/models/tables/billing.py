"""Statements of what an account received: one for each month and currency, in revisions."""

from tortoise import fields
from tortoise.models import Model

from models.tables.account import Account
from models.vocabulary import SoldAs


class BillingMonth(Model):
    """A month of an account whose statements are written, or compared with its sales again, once it is due.

    `month` is local, such as 2026-06.
    """

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    month = fields.CharField(max_length=7)
    due_at = fields.BigIntField(null=True, description="Null while nothing about its sales changes.")

    class Meta:
        table = "billing_months"
        unique_together = (("account_id", "month"),)


class BillingStatement(Model):
    """One revision of the statement of a month in one currency. Amounts are minor units."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    month = fields.CharField(max_length=7)
    currency = fields.CharField(max_length=3)
    revision = fields.IntField(description="From 1.")
    revised_at = fields.BigIntField()
    sales = fields.IntField(description="Those that are revenue.")
    unknown = fields.IntField(description="How many of the sales have a share that is not known.")
    received = fields.BigIntField()
    reversed = fields.BigIntField()

    class Meta:
        table = "billing_statements"
        unique_together = (("account_id", "month", "currency", "revision"),)


class BillingLine(Model):
    """A line of a statement, stored once for all revisions that have it."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    month = fields.CharField(max_length=7)
    currency = fields.CharField(max_length=3)
    first_revision = fields.IntField()
    last_revision = fields.IntField(null=True, description="Null while the newest revision has the line.")
    sold_as = fields.CharEnumField(SoldAs, max_length=20)
    product_id = fields.UUIDField()
    unit = fields.BigIntField(null=True, description="The account's share of each sale; null if not known.")
    sales = fields.IntField(description="Those that are revenue.")
    unknown = fields.IntField()
    received = fields.BigIntField()
    reversed = fields.BigIntField()

    class Meta:
        table = "billing_lines"
        indexes = (("account_id", "month", "currency", "first_revision"),)

"""Reports that are e-mailed to people every week or month."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.tables.account import Account


class ReportFrequency(StrEnum):
    """How often a report is e-mailed."""

    WEEKLY = "WEEKLY"
    """On Mondays at 06:00 in the account's time zone, for the week before."""
    MONTHLY = "MONTHLY"
    """On the first day of the month at 06:00 in the account's time zone, for the month before."""


class ReportSchedule(Model):
    """A report that one person gets. Times are milliseconds.

    There is no foreign key to the recipient's membership: the clock deletes schedules of former members.
    """

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    user_id = fields.UUIDField(description="The recipient.")
    recipient = fields.CharField(max_length=200, description="Their name at that time.")
    report = fields.CharField(max_length=60, description="The name of the report's field.")
    frequency = fields.CharEnumField(ReportFrequency, max_length=10)
    next_at = fields.BigIntField()
    claimed_at = fields.BigIntField(null=True, description="The `next_at` that was worked last.")
    created_at = fields.BigIntField()
    created_by_id = fields.UUIDField(description="The user.")
    created_by_name = fields.CharField(max_length=200, description="Their name at that time.")

    class Meta:
        table = "report_schedules"
        unique_together = (("account_id", "user_id", "report", "frequency"),)
        indexes = (("next_at", "id"), ("account_id", "created_at", "id"))

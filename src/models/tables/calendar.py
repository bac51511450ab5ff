"""Calendars that people subscribe to."""

from tortoise import fields
from tortoise.models import Model

from models.tables.account import Account


class CalendarFeed(Model):
    """The secret address of a person's reminders in an account. Only the digest of its token is stored."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    user_id = fields.UUIDField()
    digest = fields.CharField(max_length=64)
    token_id = fields.UUIDField(null=True, description="The personal access token that created it.")
    created_at = fields.BigIntField()

    class Meta:
        table = "calendar_feeds"
        unique_together = (("account_id", "user_id"), ("account_id", "digest"))

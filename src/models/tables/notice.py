"""Notices to people, and how each person wants to get them."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.tables.account import Account


class NoticeKind(StrEnum):
    """What a notice is about."""

    ASSIGNMENT = "ASSIGNMENT"
    """Someone else, or a rule, assigned something to you."""
    REMINDER = "REMINDER"
    """The date came until which something that is assigned to you was postponed."""
    MENTION = "MENTION"
    """Someone mentioned you in a note."""


class NoticeChannel(StrEnum):
    """A way to get notices."""

    LIVE = "LIVE"
    """An event of the subscription `noticeReceived`, at once."""
    EMAIL = "EMAIL"
    """One e-mail a day with everything that is new, at 07:00 in the account's time zone."""


class Notice(Model):
    """One thing that one person was notified of. Times are milliseconds.

    Exactly one of the three ids is set. There are no foreign keys: a sale can go when its messages are read
    again, and a notice of what is gone is within nobody's reach.
    """

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    user_id = fields.UUIDField(description="The recipient.")
    kind = fields.CharEnumField(NoticeKind, max_length=20)
    sale_id = fields.UUIDField(null=True)
    subscription_id = fields.UUIDField(null=True)
    opportunity_id = fields.UUIDField(null=True)
    at = fields.BigIntField()
    read_at = fields.BigIntField(null=True, description="When the recipient said that they read it.")
    by_email = fields.BooleanField(db_default=False, description="Whether the next e-mail names it.")
    digest_id = fields.UUIDField(null=True, description="The e-mail that names it.")

    class Meta:
        table = "notices"
        indexes = (("account_id", "user_id", "at", "id"), ("at", "id"))


class NoticeChoice(Model):
    """How a person wants to get one kind of notices of an account. Without a row: live."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    user_id = fields.UUIDField()
    kind = fields.CharEnumField(NoticeKind, max_length=20)
    live = fields.BooleanField()
    email = fields.BooleanField()
    digest_at = fields.BigIntField(null=True, description="When an e-mail is due; null if nothing waits.")

    class Meta:
        table = "notice_choices"
        unique_together = (("account_id", "user_id", "kind"),)
        indexes = (("digest_at", "id"),)

"""E-mails that wait to be sent. The transaction that causes an e-mail writes it, and a worker sends it."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.tables.account import Account


class OutboxMessage(Model):
    """One e-mail. `data` can contain a link's token, so it is emptied once the e-mail is sent."""

    id = fields.UUIDField(primary_key=True)
    kind = fields.CharField(max_length=40)
    recipient = fields.CharField(max_length=254)
    locale = fields.CharField(max_length=8)
    data: Any = fields.JSONField()
    attempts = fields.IntField(default=0)
    created_at = fields.BigIntField()
    next_at = fields.BigIntField(description="When it is tried next.")
    sent_at = fields.BigIntField(null=True)
    dead_at = fields.BigIntField(null=True, description="When it was given up.")
    error = fields.CharField(max_length=300, null=True)
    # of e-mails to buyers: no foreign keys, since they outlive what they are about
    account_id = fields.UUIDField(null=True)
    sale_id = fields.UUIDField(null=True)
    reply_to = fields.CharField(max_length=254, null=True)

    class Meta:
        table = "outbox_messages"
        # and two that Tortoise does not support: by recipient, and a partial one by sale
        indexes = (("sent_at", "dead_at", "next_at"),)


class RefusedEmail(Model):
    """An address whose owner followed the link that ends an account's marketing e-mails."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    digest = fields.CharField(max_length=64, description="Of the address, which is not stored.")
    refused_at = fields.BigIntField()

    class Meta:
        table = "refused_emails"
        unique_together = (("account_id", "digest"),)

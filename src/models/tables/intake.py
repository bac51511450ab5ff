"""The messages of marketplaces, as they arrived, without their secret."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.tables.account import Account
from models.vocabulary import IntakeChannel, IntakeOutcome


class IntakeEvent(Model):
    """One message that had the right secret."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    source = fields.CharField(max_length=20)
    key = fields.CharField(max_length=150, description="The event's id; for a malformed one, its digest.")
    kind = fields.CharField(max_length=60, null=True)
    outcome = fields.CharEnumField(IntakeOutcome, max_length=10)
    reason = fields.CharField(max_length=500, null=True)
    reference = fields.CharField(max_length=64, null=True, description="The sale that it speaks of.")
    happened_at = fields.BigIntField(null=True)
    received_at = fields.BigIntField()
    payload: Any = fields.TextField(description="The message as it came, its secret taken out.")
    doubts: Any = fields.JSONField(null=True, description="What of it was left out, as a list of texts.")
    # null for messages that arrived before this column existed
    channel = fields.CharEnumField(IntakeChannel, max_length=10, null=True)
    as_of = fields.BigIntField(null=True, description="When a page of the sales history was read.")

    class Meta:
        table = "intake_events"
        unique_together = (("account_id", "source", "key"),)
        # and two partial ones, which Tortoise does not support: on references, and on messages with doubts
        indexes = (
            ("account_id", "received_at", "id"),
            ("account_id", "outcome", "received_at", "id"),
            ("account_id", "kind", "received_at", "id"),
        )

"""What goes out to other systems: endpoints of webhooks, and what is sent to each receiver."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.outgoing_events import EventType
from models.tables.account import Account


class ReceiverKind(StrEnum):
    """The kind of a receiver: what table it is in."""

    WEBHOOK = "WEBHOOK"
    INTEGRATION = "INTEGRATION"


RECEIVERS: dict[ReceiverKind, str] = {
    ReceiverKind.WEBHOOK: "webhook_endpoints",
    ReceiverKind.INTEGRATION: "integrations",
}
"""The table of each kind of receiver, a model of `Receiver`."""


class DeliveryStatus(StrEnum):
    """The status of a delivery."""

    WAITING = "WAITING"
    """It was not tried yet."""
    FAILED = "FAILED"
    """The last try failed, and there will be another one."""
    SENT = "SENT"
    """The receiver took it."""
    GIVEN_UP = "GIVEN_UP"
    """It will not be tried again."""


class DisabledReason(StrEnum):
    """Why a receiver is disabled."""

    BY_HAND = "BY_HAND"
    """Someone disabled it."""
    GONE = "GONE"
    """It answered with the status 410."""
    FAILING = "FAILING"
    """It failed for five days."""


class Receiver(Model):
    """What every receiver has, so that events can be noted for it and sent to it. Times are milliseconds."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    enabled = fields.BooleanField(default=True)
    events: Any = fields.JSONField(description="The types of events that it takes; empty for all.")
    products: Any = fields.JSONField(description="The ids of products; empty for all.")
    created_at = fields.BigIntField()
    disabled_reason = fields.CharEnumField(DisabledReason, max_length=10, null=True)
    failing_since = fields.BigIntField(null=True, description="Since when every try has failed.")
    last_delivery_at = fields.BigIntField(null=True, description="When it last took a delivery.")

    class Meta:
        abstract = True


class WebhookEndpoint(Receiver):
    """An address that gets signed messages about events, on behalf of whoever is responsible for it."""

    user_id = fields.UUIDField(description="Who is responsible: what they hold and reach is sent.")
    user_name = fields.CharField(max_length=200, description="Their name at that time.")
    url = fields.CharField(max_length=2000)
    description = fields.CharField(max_length=200)
    secrets: Any = fields.JSONField(description="The newest first, each encrypted, with its end and times.")
    version = fields.IntField(default=1)
    fell = fields.BooleanField(default=False, description="Whether it ended with that person's access.")

    class Meta:
        table = "webhook_endpoints"
        indexes = (("account_id", "created_at", "id"), ("account_id", "user_id"))


class Delivery(Model):
    """One event for one receiver. Its body is read as it is sent, and not stored. Times are milliseconds."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    receiver_kind = fields.CharEnumField(ReceiverKind, max_length=20)
    receiver_id = fields.UUIDField()
    event = fields.CharEnumField(EventType, max_length=40)
    event_id = fields.CharField(max_length=40, description="The same for every delivery of an event.")
    object_id = fields.UUIDField(null=True)
    reference = fields.CharField(max_length=100, null=True, description="The sale's or subscription's.")
    happened_at = fields.BigIntField()
    created_at = fields.BigIntField()
    status = fields.CharEnumField(DeliveryStatus, max_length=10)
    again = fields.BooleanField(default=False, description="Whether people sent it once more, of a sale.")
    reduced = fields.BooleanField(default=False, description="Whether the last try had no more than ids.")
    tries = fields.IntField(default=0)
    next_at = fields.BigIntField(null=True, description="When it is tried next; null if it will not be.")
    attempts: Any = fields.JSONField(description="The tries: when, the answer, how long, and the error.")

    class Meta:
        table = "deliveries"
        indexes = (
            ("account_id", "created_at", "id"),
            ("account_id", "receiver_id", "created_at", "id"),
            ("account_id", "object_id"),
            ("next_at", "id"),
        )

"""Where data leave the house: outside addresses, and the integrations that send to them."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.tables.account import Account
from models.tables.delivery import Receiver


class TargetPurpose(StrEnum):
    """The tool that sends to a target."""

    INTEGRATION = "INTEGRATION"
    """An integration."""


class TargetStatus(StrEnum):
    """Whether data can be sent to a target."""

    WAITING = "WAITING"
    """The owner has not decided yet. Nothing is sent."""
    CONFIRMED = "CONFIRMED"
    """Data are sent."""
    REFUSED = "REFUSED"
    """The owner refused it. Nothing is sent."""
    SUSPENDED = "SUSPENDED"
    """The person on whose authority data were sent lost their access or a grant. Nothing is sent."""


class TargetAuthority(StrEnum):
    """On whose authority data are sent: they get what that person can see."""

    OWNER = "OWNER"
    """The owner's."""
    MAKER = "MAKER"
    """That of the person who entered the address."""


class IntegrationKind(StrEnum):
    """The kind of system that an integration sends to."""

    JSON = "JSON"
    """Any system: it gets the chosen fields as a JSON object."""
    CHAT = "CHAT"
    """A chat: it gets a JSON object with one text, made of the template."""
    MEMBERS_AREA = "MEMBERS_AREA"
    """A members area: it gets the chosen fields as a JSON object, an e-mail address among them."""


class Target(Model):
    """An outside address of a tool, and whether data can be sent there. Times are milliseconds."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    purpose = fields.CharEnumField(TargetPurpose, max_length=20)
    thing_id = fields.UUIDField(description="What sends to it: the id of the integration.")
    url = fields.CharField(max_length=2000)
    host = fields.CharField(max_length=255)
    sent: Any = fields.JSONField(description="What is sent, by the coordinates of fields.")
    status = fields.CharEnumField(TargetStatus, max_length=10)
    authority = fields.CharEnumField(TargetAuthority, max_length=10, null=True)
    user_id = fields.UUIDField(description="Who entered the address, or confirmed it with their own grants.")
    user_name = fields.CharField(max_length=200, description="Their name at that time.")
    created_at = fields.BigIntField()
    confirmed_at = fields.BigIntField(null=True, description="Since when data are sent.")
    version = fields.IntField(default=1)

    class Meta:
        table = "targets"
        indexes = (("account_id", "created_at", "id"), ("account_id", "user_id"))
        unique_together = (("account_id", "purpose", "thing_id"),)


class Integration(Receiver):
    """A system that gets chosen fields of events. Times are milliseconds."""

    name = fields.CharField(max_length=100)
    kind = fields.CharEnumField(IntegrationKind, max_length=20)
    chosen: Any = fields.JSONField(description="What is sent: names in the message and coordinates.")
    template = fields.CharField(max_length=300, description="The text of a chat.")
    headers: Any = fields.JSONField(description="Names, and sealed values.")
    version = fields.IntField(default=1)
    changed_at = fields.BigIntField()
    changed_by = fields.CharField(max_length=200, description="The person's name at that time.")

    class Meta:
        table = "integrations"
        indexes = (("account_id", "created_at", "id"),)

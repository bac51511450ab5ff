"""What changed, for those who follow it: one row for each transaction that changed something."""

from tortoise import fields
from tortoise.models import Model


class Event(Model):
    """What a transaction changed in one scope: kinds of changes, each with the ids of its rows.

    A scope is an account, or a user for what concerns them outside of accounts.
    """

    id = fields.UUIDField(primary_key=True)
    scope_id = fields.UUIDField()
    position = fields.BigIntField()
    at = fields.BigIntField()
    changes = fields.TextField()

    class Meta:
        table = "events"
        unique_together = (("scope_id", "position"),)
        indexes = (("at",),)


class EventCounter(Model):
    """The newest position in a scope.

    It is advanced by the transaction that writes the event, so positions have no gaps and are in the order of
    the commits.
    """

    scope_id = fields.UUIDField(primary_key=True)
    newest = fields.BigIntField()

    class Meta:
        table = "event_counters"

"""What was done and what was refused, and the idempotency keys that make mutations safe to repeat."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.tables.account import Account
from models.tables.user import User


class AuditEntry(Model):
    """One action in an account, done or refused. Append-only."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    user_name = fields.CharField(max_length=200, null=True)
    token_id = fields.UUIDField(null=True, description="The personal access token that it was done by.")
    token_name = fields.CharField(max_length=100, null=True)
    act = fields.CharField(max_length=60, description="The mutation's name.")
    object_type = fields.CharField(max_length=40, null=True)
    object_id = fields.CharField(max_length=80, null=True, description="A row's id, or a sale's reference.")
    let_by = fields.CharField(max_length=60, null=True, description="The grant or standing that opened it.")
    refusal = fields.CharField(max_length=40, null=True, description="The code of a refused act.")
    changes: Any = fields.JSONField(description="A list of {field, before, after}; field is a coordinate.")
    request_id = fields.CharField(max_length=64)
    address = fields.CharField(max_length=64, null=True)
    at = fields.BigIntField()
    sequence = fields.BigIntField(null=True, description="Its number in the account's log, from 1.")
    digest = fields.CharField(max_length=64, null=True, description="The chain up to it, under a key.")

    class Meta:
        table = "audit_entries"
        indexes = (("account_id", "at", "id"), ("account_id", "sequence"))


class UserEntry(Model):
    """One action outside every account, such as a sign-in. Append-only."""

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    user_name = fields.CharField(max_length=200, null=True)
    act = fields.CharField(max_length=60)
    object_type = fields.CharField(max_length=40, null=True)
    object_id = fields.CharField(max_length=80, null=True)
    let_by = fields.CharField(max_length=60, null=True)
    refusal = fields.CharField(max_length=40, null=True)
    changes: Any = fields.JSONField()
    request_id = fields.CharField(max_length=64)
    address = fields.CharField(max_length=64, null=True)
    at = fields.BigIntField()
    actor_id = fields.UUIDField(null=True, description="The user's id, which stays if the user is removed.")
    sequence = fields.BigIntField(null=True, description="Its number in the log of people, from 1.")
    digest = fields.CharField(max_length=64, null=True, description="The chain up to it, under a key.")

    class Meta:
        table = "user_entries"
        indexes = (("user_id", "at"), ("sequence", "id"))


class LogHead(Model):
    """Where a log that belongs to no account ends."""

    id = fields.CharField(max_length=20, primary_key=True)
    sequence = fields.BigIntField(description="The number of the log's last entry.")
    digest = fields.CharField(max_length=64, null=True, description="The digest of the log's last entry.")

    class Meta:
        table = "log_heads"


class IdempotencyKey(Model):
    """A mutation that was carried out under a client's idempotency key, and the object that it returned."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name=False)
    act = fields.CharField(max_length=60)
    key = fields.CharField(max_length=100)
    input_digest = fields.CharField(max_length=64)
    object_id = fields.CharField(max_length=80)
    created_at = fields.BigIntField()

    class Meta:
        table = "idempotency_keys"
        unique_together = (("account_id", "user_id", "act", "key"),)

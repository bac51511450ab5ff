"""Personal access tokens and API credentials: some of their creator's permissions, in one central."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.tables.account import Account
from models.tables.user import User


class AccessToken(Model):
    """A token for one central, stored as the SHA-256 (in hex) of the secret that its creator saw once."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name=False)
    collaborator_id = fields.UUIDField(null=True, description="The creator; none for the owner.")
    name = fields.CharField(max_length=100)
    grants: Any = fields.JSONField(description="A list of the catalog's keys.")
    standings: Any = fields.JSONField(description="A list among ADMIN and LEAD.")
    digest = fields.CharField(max_length=64)
    created_at = fields.BigIntField()
    expires_at = fields.BigIntField()
    last_used_at = fields.BigIntField(null=True)
    ended_at = fields.BigIntField(null=True)
    credential_id = fields.UUIDField(null=True, description="The API credential that it was issued for.")
    parent_id = fields.UUIDField(null=True, description="The token that created it, and that it ends with.")
    narrowing: Any = fields.JSONField(null=True, description="Products, documents, calls and amounts a day.")
    spent: Any = fields.JSONField(null=True, description="The amounts of one day, in minor units.")

    class Meta:
        table = "access_tokens"
        unique_together = (("account_id", "digest"),)
        indexes = (("account_id", "user_id"),)


class ApiCredential(Model):
    """What a machine gets its tokens with, stored as the SHA-256 (in hex) of the secret that was shown once.

    Times are milliseconds.
    """

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    user_id = fields.UUIDField(description="The creator.")
    name = fields.CharField(max_length=100)
    grants: Any = fields.JSONField(description="A list of the catalog's keys.")
    client_id = fields.CharField(max_length=100)
    digest = fields.CharField(max_length=64)
    created_at = fields.BigIntField()
    created_by_name = fields.CharField(max_length=200, description="The creator's name at that time.")
    expires_at = fields.BigIntField()
    last_used_at = fields.BigIntField(null=True)
    ended_at = fields.BigIntField(null=True)
    fell = fields.BooleanField(default=False, description="Whether it ended with its creator's access.")

    class Meta:
        table = "api_credentials"
        unique_together = (("account_id", "client_id"),)
        indexes = (("account_id", "created_at", "id"), ("account_id", "user_id"))

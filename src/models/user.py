"""People who sign in, and their sessions. They belong to no account."""

from tortoise import fields
from tortoise.models import Model

from models.words import CredentialKind


class User(Model):
    """A person who signs in."""

    id = fields.UUIDField(primary_key=True)
    email = fields.CharField(max_length=254, unique=True, description="Normalised: NFKC, case-folded.")
    name = fields.CharField(max_length=200)
    password_hash = fields.CharField(max_length=200, null=True)
    locale = fields.CharField(max_length=8, default="en")
    email_verified_at = fields.BigIntField(null=True, description="Milliseconds since 1970, as all `_at`.")
    created_at = fields.BigIntField()

    class Meta:
        table = "users"


class Session(Model):
    """A sign-in: alive until it ends. Its tokens are credentials."""

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name=False)
    agent = fields.CharField(max_length=200, default="")
    created_at = fields.BigIntField()
    ended_at = fields.BigIntField(null=True)

    class Meta:
        table = "sessions"


class Credential(Model):
    """One token of a session, stored as the hex SHA-256 of what the client holds."""

    id = fields.UUIDField(primary_key=True)
    session: fields.ForeignKeyRelation[Session] = fields.ForeignKeyField("models.Session", related_name=False)
    kind = fields.CharEnumField(CredentialKind, max_length=10)
    digest = fields.CharField(max_length=64, unique=True)
    created_at = fields.BigIntField()
    expires_at = fields.BigIntField()
    used_at = fields.BigIntField(null=True, description="When a refresh token was exchanged.")

    class Meta:
        table = "credentials"

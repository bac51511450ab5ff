"""People who sign in, and their sessions. They belong to no account."""

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import CredentialKind, UserTokenKind


class User(Model):
    """A person who signs in."""

    id = fields.UUIDField(primary_key=True)
    email = fields.CharField(max_length=254, unique=True, description="Normalised: NFKC, case-folded.")
    name = fields.CharField(max_length=200)
    password_hash = fields.CharField(max_length=200, null=True)
    locale = fields.CharField(max_length=8, default="en")
    email_verified_at = fields.BigIntField(null=True, description="Milliseconds since 1970, as all `_at`.")
    created_at = fields.BigIntField()
    disabled_at = fields.BigIntField(null=True, description="Since when nobody can sign in as this user.")
    erased_at = fields.BigIntField(null=True, description="When their personal data were removed.")

    class Meta:
        table = "users"


class Session(Model):
    """A sign-in, valid until it ends. Its tokens are credentials."""

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name=False)
    agent = fields.CharField(max_length=200, default="")
    created_at = fields.BigIntField()
    last_used_at = fields.BigIntField(null=True)
    ended_at = fields.BigIntField(null=True)

    class Meta:
        table = "sessions"


class Credential(Model):
    """One token of a session, stored as the SHA-256 (in hex) of the client's secret."""

    id = fields.UUIDField(primary_key=True)
    session: fields.ForeignKeyRelation[Session] = fields.ForeignKeyField("models.Session", related_name=False)
    kind = fields.CharEnumField(CredentialKind, max_length=10)
    digest = fields.CharField(max_length=64, unique=True)
    created_at = fields.BigIntField()
    expires_at = fields.BigIntField()
    used_at = fields.BigIntField(null=True, description="When a refresh token was exchanged.")

    class Meta:
        table = "credentials"


class UserToken(Model):
    """A link in an e-mail, valid once, stored as the SHA-256 (in hex) of its token."""

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name=False)
    kind = fields.CharEnumField(UserTokenKind, max_length=20)
    digest = fields.CharField(max_length=64, unique=True)
    created_at = fields.BigIntField()
    expires_at = fields.BigIntField()
    used_at = fields.BigIntField(null=True)

    class Meta:
        table = "user_tokens"


class Identity(Model):
    """A user's identity at an OpenID Connect provider."""

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name=False)
    issuer = fields.CharField(max_length=300)
    subject = fields.CharField(max_length=255)
    created_at = fields.BigIntField()

    class Meta:
        table = "identities"
        unique_together = (("issuer", "subject"),)


class ProviderVisit(Model):
    """A sign-in through a provider that is under way: the values that the response must match."""

    id = fields.UUIDField(primary_key=True)
    state_digest = fields.CharField(max_length=64, unique=True)
    nonce = fields.CharField(max_length=64)
    verifier = fields.CharField(max_length=128)
    return_to = fields.CharField(max_length=500)
    created_at = fields.BigIntField()
    expires_at = fields.BigIntField()

    class Meta:
        table = "provider_visits"

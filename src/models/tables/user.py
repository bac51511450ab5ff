"""People who sign in, and their sessions. They belong to no account."""

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import ChallengeKind, CredentialKind, UserTokenKind


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
    two_factor_at = fields.BigIntField(null=True, description="Since when signing in takes a second factor.")

    class Meta:
        table = "users"


class AuthenticatorApp(Model):
    """An app that shows codes for a user. Its secret is sealed under the server's key."""

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name=False)
    secret = fields.CharField(max_length=200, description="Sealed for its user.")
    created_at = fields.BigIntField()
    confirmed_at = fields.BigIntField(null=True, description="When a first code was typed.")
    last_step = fields.BigIntField(default=0, description="The period of the last code that was accepted.")

    class Meta:
        table = "authenticator_apps"
        unique_together = (("user_id",),)


class RecoveryCode(Model):
    """A code that stands in for a second factor once, stored as its SHA-256 (in hex)."""

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name=False)
    digest = fields.CharField(max_length=64)
    created_at = fields.BigIntField()
    used_at = fields.BigIntField(null=True)

    class Meta:
        table = "recovery_codes"
        unique_together = (("user_id", "digest"),)


class Passkey(Model):
    """A WebAuthn credential: the public key of a passkey or security key of a user."""

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name=False)
    credential_id = fields.CharField(max_length=1400, description="In base64url.")
    credential_digest = fields.CharField(max_length=64, unique=True, description="The SHA-256 of the id.")
    public_key = fields.TextField(description="In COSE, as base64url.")
    sign_count = fields.BigIntField()
    name = fields.CharField(max_length=100)
    created_at = fields.BigIntField()
    last_used_at = fields.BigIntField(null=True)

    class Meta:
        table = "passkeys"
        indexes = (("user_id", "created_at"),)


class SignInChallenge(Model):
    """A sign-in or a new passkey that is under way, good once; its token is stored as a SHA-256."""

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name=False, null=True
    )
    kind = fields.CharEnumField(ChallengeKind, max_length=20)
    digest = fields.CharField(max_length=64, unique=True)
    challenge = fields.CharField(max_length=100, description="What a passkey has to sign, in base64url.")
    created_at = fields.BigIntField()
    expires_at = fields.BigIntField()

    class Meta:
        table = "sign_in_challenges"
        indexes = (("expires_at",),)


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


class EmailChange(Model):
    """A change of a user's e-mail address: confirmed from the new mailbox, stopped or undone from the old."""

    id = fields.UUIDField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name=False)
    old_email = fields.CharField(max_length=254)
    new_email = fields.CharField(max_length=254)
    confirm_digest = fields.CharField(max_length=64, unique=True)
    undo_digest = fields.CharField(max_length=64, unique=True)
    created_at = fields.BigIntField()
    expires_at = fields.BigIntField(description="Until when it can be confirmed.")
    undo_expires_at = fields.BigIntField(description="Until when it can be undone.")
    confirmed_at = fields.BigIntField(null=True)
    ended_at = fields.BigIntField(null=True, description="When it was undone, or replaced by a later one.")

    class Meta:
        table = "email_changes"
        indexes = (("user_id", "created_at"), ("new_email", "created_at"))

"""Second factors of users, accounts that require them, and changes of e-mail addresses."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.vocabulary import ChallengeKind


class Migration(migrations.Migration):
    dependencies = [("models", "0045_documents")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AuthenticatorApp",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User", source_field="user_id", to_field="id", related_name=False
                    ),
                ),
                ("secret", fields.CharField(max_length=200)),
                ("created_at", fields.BigIntField()),
                ("confirmed_at", fields.BigIntField(null=True)),
                ("last_step", fields.BigIntField(default=0)),
            ],
            options={
                "table": "authenticator_apps",
                "app": "models",
                "unique_together": (("user_id",),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="EmailChange",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User", source_field="user_id", to_field="id", related_name=False
                    ),
                ),
                ("old_email", fields.CharField(max_length=254)),
                ("new_email", fields.CharField(max_length=254)),
                ("confirm_digest", fields.CharField(unique=True, max_length=64)),
                ("undo_digest", fields.CharField(unique=True, max_length=64)),
                ("created_at", fields.BigIntField()),
                ("expires_at", fields.BigIntField()),
                ("undo_expires_at", fields.BigIntField()),
                ("confirmed_at", fields.BigIntField(null=True)),
                ("ended_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "email_changes",
                "app": "models",
                "indexes": [
                    Index(fields=["user_id", "created_at"]),
                    Index(fields=["new_email", "created_at"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Passkey",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User", source_field="user_id", to_field="id", related_name=False
                    ),
                ),
                ("credential_id", fields.CharField(max_length=1400)),
                ("credential_digest", fields.CharField(unique=True, max_length=64)),
                ("public_key", fields.TextField()),
                ("sign_count", fields.BigIntField()),
                ("name", fields.CharField(max_length=100)),
                ("created_at", fields.BigIntField()),
                ("last_used_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "passkeys",
                "app": "models",
                "indexes": [Index(fields=["user_id", "created_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User", source_field="user_id", to_field="id", related_name=False
                    ),
                ),
                ("digest", fields.CharField(max_length=64)),
                ("created_at", fields.BigIntField()),
                ("used_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "recovery_codes",
                "app": "models",
                "unique_together": (("user_id", "digest"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SignInChallenge",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User", source_field="user_id", null=True, to_field="id", related_name=False
                    ),
                ),
                ("kind", fields.CharEnumField(enum_type=ChallengeKind, max_length=20)),
                ("digest", fields.CharField(unique=True, max_length=64)),
                ("challenge", fields.CharField(max_length=100)),
                ("created_at", fields.BigIntField()),
                ("expires_at", fields.BigIntField()),
            ],
            options={
                "table": "sign_in_challenges",
                "app": "models",
                "indexes": [Index(fields=["expires_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Account",
            name="two_factor_required_at",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="User",
            name="two_factor_at",
            field=fields.BigIntField(null=True),
        ),
    ]

"""People, tokens, seats, outbox, the chain of the log. Only adds: SQLite loses rows by altering columns."""

import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.vocabulary import TransferStatus, UserTokenKind


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]
    initial = False

    operations = [
        ops.CreateModel(
            name="AccessToken",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.CharField(max_length=100)),
                (
                    "grants",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                (
                    "standings",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("digest", fields.CharField(max_length=64)),
                ("created_at", fields.BigIntField()),
                ("expires_at", fields.BigIntField()),
                ("last_used_at", fields.BigIntField(null=True)),
                ("ended_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "access_tokens",
                "app": "models",
                "unique_together": (("account_id", "digest"),),
                "indexes": [Index(fields=["account_id", "user_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CentralVisit",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("position", fields.IntField(null=True)),
                ("entered_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "central_visits",
                "app": "models",
                "unique_together": (("account_id", "user_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Identity",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("issuer", fields.CharField(max_length=300)),
                ("subject", fields.CharField(max_length=255)),
                ("created_at", fields.BigIntField()),
            ],
            options={
                "table": "identities",
                "app": "models",
                "unique_together": (("issuer", "subject"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OutboxMessage",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                ("kind", fields.CharField(max_length=40)),
                ("recipient", fields.CharField(max_length=254)),
                ("locale", fields.CharField(max_length=8)),
                (
                    "data",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("attempts", fields.IntField(default=0)),
                ("created_at", fields.BigIntField()),
                ("next_at", fields.BigIntField()),
                ("sent_at", fields.BigIntField(null=True)),
                ("dead_at", fields.BigIntField(null=True)),
                ("error", fields.CharField(null=True, max_length=300)),
            ],
            options={
                "table": "outbox_messages",
                "app": "models",
                "indexes": [Index(fields=["sent_at", "dead_at", "next_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OwnerDetails",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("legal_name", fields.CharField(null=True, max_length=300)),
                ("phone", fields.CharField(null=True, max_length=60)),
                (
                    "address",
                    fields.JSONField(
                        null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("bank_holder", fields.CharField(null=True, max_length=300)),
                ("bank_kind", fields.CharField(null=True, max_length=20)),
                ("bank_number", fields.CharField(null=True, max_length=60)),
                ("changed_at", fields.BigIntField()),
            ],
            options={
                "table": "owner_details",
                "app": "models",
                "unique_together": (("account_id",),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ProviderVisit",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                ("state_digest", fields.CharField(unique=True, max_length=64)),
                ("nonce", fields.CharField(max_length=64)),
                ("verifier", fields.CharField(max_length=128)),
                ("return_to", fields.CharField(max_length=500)),
                ("created_at", fields.BigIntField()),
                ("expires_at", fields.BigIntField()),
            ],
            options={"table": "provider_visits", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SourceCode",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "collaborator",
                    fields.ForeignKeyField(
                        "models.Collaborator",
                        source_field="collaborator_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("code", fields.CharField(max_length=100)),
            ],
            options={
                "table": "source_codes",
                "app": "models",
                "unique_together": (("account_id", "code"),),
                "indexes": [Index(fields=["account_id", "collaborator_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Transfer",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("collaborator_id", fields.UUIDField()),
                (
                    "offered_by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="offered_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("status", fields.CharEnumField(enum_type=TransferStatus, max_length=10)),
                ("created_at", fields.BigIntField()),
                ("expires_at", fields.BigIntField()),
                ("decided_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "transfers",
                "app": "models",
                "indexes": [Index(fields=["account_id", "created_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="UserToken",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharEnumField(enum_type=UserTokenKind, max_length=20)),
                ("digest", fields.CharField(unique=True, max_length=64)),
                ("created_at", fields.BigIntField()),
                ("expires_at", fields.BigIntField()),
                ("used_at", fields.BigIntField(null=True)),
            ],
            options={"table": "user_tokens", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Account",
            name="brand_name",
            field=fields.CharField(null=True, max_length=200),
        ),
        ops.AddField(
            model_name="Account",
            name="chain_digest",
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.AddField(
            model_name="Account",
            name="chain_sequence",
            field=fields.BigIntField(db_default=0),
        ),
        ops.AddField(
            model_name="AuditEntry",
            name="digest",
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.AddField(
            model_name="AuditEntry",
            name="sequence",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="Collaborator",
            name="last_seen_at",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="Invitation",
            name="decided_at",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="Session",
            name="last_used_at",
            field=fields.BigIntField(null=True),
        ),
    ]

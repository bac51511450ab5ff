"""API credentials, and the tokens that are issued for them."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0113_terms_of_sale_words")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ApiCredential",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("user_id", fields.UUIDField()),
                ("name", fields.CharField(max_length=100)),
                ("grants", fields.JSONField()),
                ("client_id", fields.CharField(max_length=100)),
                ("digest", fields.CharField(max_length=64)),
                ("created_at", fields.BigIntField()),
                ("created_by_name", fields.CharField(max_length=200)),
                ("expires_at", fields.BigIntField()),
                ("last_used_at", fields.BigIntField(null=True)),
                ("ended_at", fields.BigIntField(null=True)),
                ("fell", fields.BooleanField(default=False)),
            ],
            options={
                "table": "api_credentials",
                "app": "models",
                "unique_together": (("account_id", "client_id"),),
                "indexes": [
                    Index(fields=["account_id", "created_at", "id"]),
                    Index(fields=["account_id", "user_id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="AccessToken",
            name="credential_id",
            field=fields.UUIDField(null=True),
        ),
    ]

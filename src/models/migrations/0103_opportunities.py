"""Opportunities, what they follow from, and the steps of a pipeline that each account begins with."""

from typing import Any

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.migrate import Statements
from models.recovery.steps import STEP_COLUMNS, default_steps
from models.tables.opportunity import LostReason, OpportunityKind, OpportunityStatus
from models.vocabulary import EventSource

_OF_ASSIGNEE = "account_id, assignee_id"
_INDEXES = {
    "opportunities_by_reminder": ("opportunities (account_id, remind_at, id)", "remind_at IS NOT NULL"),
    "opportunities_by_reminder_of_assignee": (
        f"opportunities ({_OF_ASSIGNEE}, remind_at, id)",
        "remind_at IS NOT NULL",
    ),
    "opportunities_by_amount": ("opportunities (account_id, currency, amount, id)", "amount IS NOT NULL"),
    "opportunities_by_amount_of_assignee": (
        f"opportunities ({_OF_ASSIGNEE}, currency, amount, id)",
        "amount IS NOT NULL",
    ),
    "opportunities_by_winner": (
        "opportunities (account_id, marketplace_sale_id)",
        "marketplace_sale_id IS NOT NULL",
    ),
    "opportunities_by_offer": ("opportunities (account_id, offer_id)", "kind = 'ABANDONED_CHECKOUT'"),
    "opportunities_due": ("opportunities (remind_at, id)", "status = 'STANDBY'"),
    "sales_recovery_due": ("sales (recovery_due_at, id)", "recovery_due_at IS NOT NULL"),
    "sales_by_document": ("sales (account_id, buyer_document)", "buyer_document IS NOT NULL"),
}
_DONE = tuple(f"CREATE INDEX {name} ON {keys} WHERE {rows}" for name, (keys, rows) in _INDEXES.items())
_UNDONE = tuple(f"DROP INDEX {name}" for name in _INDEXES)


async def _add_steps(_apps: Any, editor: Any) -> None:
    client = editor.client
    marks = "$1, $2, $3, $4" if client.capabilities.dialect == "postgres" else "?, ?, ?, ?"
    for account in (await client.execute_query("SELECT id, locale FROM accounts", []))[1]:
        for step in default_steps(str(account["id"]), account["locale"]):
            await client.execute_query(
                f"INSERT INTO pipeline_steps ({', '.join(STEP_COLUMNS)}) VALUES ({marks})", list(step)
            )


class Migration(migrations.Migration):
    dependencies = [("models", "0102_subscriptions")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CheckoutAttempt",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("key", fields.CharField(max_length=150)),
                ("contact", fields.CharField(max_length=620)),
                ("product_reference", fields.CharField(max_length=64)),
                ("offer_code", fields.CharField(null=True, max_length=64)),
                ("name", fields.CharField(null=True, max_length=300)),
                ("email", fields.CharField(null=True, max_length=254)),
                ("phone", fields.CharField(null=True, max_length=60)),
                ("country", fields.CharField(null=True, max_length=2)),
                ("happened_at", fields.BigIntField()),
                ("received_at", fields.BigIntField()),
            ],
            options={
                "table": "checkout_attempts",
                "app": "models",
                "unique_together": (("account_id", "key"),),
                "indexes": [Index(fields=["account_id", "contact", "product_reference", "happened_at"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PipelineStep",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("name", fields.CharField(max_length=60)),
                ("position", fields.IntField()),
            ],
            options={
                "table": "pipeline_steps",
                "app": "models",
                "indexes": [Index(fields=["account_id", "position"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Opportunity",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("kind", fields.CharEnumField(enum_type=OpportunityKind, max_length=20)),
                ("status", fields.CharEnumField(enum_type=OpportunityStatus, max_length=10)),
                ("contact", fields.CharField(null=True, max_length=620)),
                (
                    "product",
                    fields.ForeignKeyField(
                        "models.Product",
                        source_field="product_id",
                        null=True,
                        to_field="id",
                        related_name=False,
                        on_delete=fields.RESTRICT,
                    ),
                ),
                (
                    "offer",
                    fields.ForeignKeyField(
                        "models.Offer",
                        source_field="offer_id",
                        null=True,
                        to_field="id",
                        related_name=False,
                        on_delete=fields.RESTRICT,
                    ),
                ),
                ("title", fields.CharField(null=True, max_length=300)),
                ("title_folded", fields.CharField(null=True, max_length=600)),
                ("amount", fields.BigIntField(null=True)),
                ("currency", fields.CharField(null=True, max_length=3)),
                ("priced", fields.BooleanField(db_default=False)),
                ("contact_name", fields.CharField(null=True, max_length=300)),
                ("contact_folded", fields.CharField(null=True, max_length=600)),
                ("contact_email", fields.CharField(null=True, max_length=254)),
                ("contact_phone", fields.CharField(null=True, max_length=60)),
                ("contact_document", fields.CharField(null=True, max_length=60)),
                ("contact_country", fields.CharField(null=True, max_length=2)),
                ("origin_src", fields.CharField(null=True, max_length=300)),
                ("origin_sck", fields.CharField(null=True, max_length=300)),
                ("origin_xcod", fields.CharField(null=True, max_length=300)),
                ("affiliate_code", fields.CharField(null=True, max_length=64)),
                ("affiliate_name", fields.CharField(null=True, max_length=300)),
                ("sale_id", fields.UUIDField(null=True)),
                ("won_by_id", fields.UUIDField(null=True)),
                (
                    "step",
                    fields.ForeignKeyField(
                        "models.PipelineStep",
                        source_field="step_id",
                        to_field="id",
                        related_name=False,
                        on_delete=fields.RESTRICT,
                    ),
                ),
                ("starred", fields.BooleanField(db_default=False)),
                ("probability", fields.IntField(null=True)),
                ("remind_at", fields.BigIntField(null=True)),
                ("attempts", fields.IntField(db_default=1)),
                ("opened_at", fields.BigIntField()),
                ("last_attempt_at", fields.BigIntField()),
                ("touched_at", fields.BigIntField()),
                ("closed_at", fields.BigIntField(null=True)),
                ("lost_reason", fields.CharEnumField(null=True, enum_type=LostReason, max_length=20)),
                ("version", fields.IntField(db_default=1)),
                ("created_at", fields.BigIntField()),
                (
                    "marketplace_status",
                    fields.CharEnumField(null=True, enum_type=OpportunityStatus, max_length=10),
                ),
                ("marketplace_at", fields.BigIntField(null=True)),
                ("marketplace_sale_id", fields.UUIDField(null=True)),
                ("own_status", fields.CharEnumField(enum_type=OpportunityStatus, max_length=10)),
                ("own_closed_at", fields.BigIntField(null=True)),
                ("own_sale_id", fields.UUIDField(null=True)),
                ("own_touched_at", fields.BigIntField(null=True)),
                (
                    "assignee",
                    fields.ForeignKeyField(
                        "models.Collaborator",
                        source_field="assignee_id",
                        null=True,
                        to_field="id",
                        related_name=False,
                        on_delete=fields.SET_NULL,
                    ),
                ),
                (
                    "team",
                    fields.ForeignKeyField(
                        "models.Team",
                        source_field="team_id",
                        null=True,
                        to_field="id",
                        related_name=False,
                        on_delete=fields.SET_NULL,
                    ),
                ),
                ("assigned_at", fields.BigIntField(null=True)),
                ("credit_id", fields.UUIDField(null=True)),
                ("credit_team_id", fields.UUIDField(null=True)),
            ],
            options={
                "table": "opportunities",
                "app": "models",
                "unique_together": (("account_id", "sale_id"),),
                "indexes": [
                    Index(fields=["account_id", "touched_at", "id"]),
                    Index(fields=["account_id", "assignee_id", "touched_at", "id"]),
                    Index(fields=["account_id", "opened_at", "id"]),
                    Index(fields=["account_id", "assignee_id", "opened_at", "id"]),
                    Index(fields=["account_id", "status", "touched_at", "id"]),
                    Index(fields=["account_id", "assignee_id", "status", "touched_at", "id"]),
                    Index(fields=["account_id", "kind", "touched_at", "id"]),
                    Index(fields=["account_id", "assignee_id", "kind", "touched_at", "id"]),
                    Index(fields=["account_id", "step_id", "status"]),
                    Index(fields=["account_id", "contact", "product_id"]),
                    Index(fields=["account_id", "credit_id", "opened_at"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OpportunityEvent",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                (
                    "opportunity",
                    fields.ForeignKeyField(
                        "models.Opportunity", source_field="opportunity_id", to_field="id", related_name=False
                    ),
                ),
                ("key", fields.CharField(max_length=150)),
                ("source", fields.CharEnumField(enum_type=EventSource, max_length=10)),
                ("kind", fields.CharField(max_length=60)),
                ("happened_at", fields.BigIntField()),
                ("received_at", fields.BigIntField()),
                ("facts", fields.JSONField()),
            ],
            options={
                "table": "opportunity_events",
                "app": "models",
                "unique_together": (("account_id", "opportunity_id", "key"),),
                "indexes": [Index(fields=["account_id", "opportunity_id", "happened_at", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OpportunityNote",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                (
                    "opportunity",
                    fields.ForeignKeyField(
                        "models.Opportunity", source_field="opportunity_id", to_field="id", related_name=False
                    ),
                ),
                ("text", fields.TextField()),
                ("written_at", fields.BigIntField()),
                ("written_by_id", fields.UUIDField()),
                ("written_by_name", fields.CharField(max_length=200)),
            ],
            options={
                "table": "opportunity_notes",
                "app": "models",
                "indexes": [Index(fields=["account_id", "opportunity_id", "written_at", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Sale",
            name="recovery_due_at",
            field=fields.BigIntField(null=True),
        ),
        Statements(
            {"sqlite": _DONE, "postgres": ("SET LOCAL statement_timeout = 0", *_DONE)},
            {"sqlite": _UNDONE, "postgres": _UNDONE},
        ),
        ops.RunPython(_add_steps),
    ]

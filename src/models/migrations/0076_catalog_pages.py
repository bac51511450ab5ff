"""Products, offers and plans of the marketplace are read from its pages."""

import functools
from json import dumps, loads
from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.product_vocabulary import PlanPeriod

_OFFER: dict[str, Any] = {
    "marketplace_plan": fields.CharField(null=True, max_length=300),
    "planned_at": fields.BigIntField(db_default=-1),
    "planned_by": fields.CharField(db_default="", max_length=100),
    "hand_plan": fields.CharField(null=True, max_length=64),
    "plan_id": fields.UUIDField(null=True),
    "plan_name": fields.CharField(null=True, max_length=300),
}


def _of(model: str, column: str) -> Any:
    return fields.ForeignKeyField(
        f"models.{model}",
        source_field=column,
        to_field="id",
        related_name=False,
        on_delete=OnDelete.CASCADE,
    )


class Migration(migrations.Migration):
    dependencies = [("models", "0075_price_history")]

    initial = False

    operations = [
        *(ops.AddField(model_name="Offer", name=name, field=field) for name, field in _OFFER.items()),
        ops.AddIndex("Offer", Index(fields=["account_id", "plan_id", "code"])),
        ops.CreateModel(
            name="Plan",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                ("account", _of("Account", "account_id")),
                ("product", _of("Product", "product_id")),
                ("code", fields.CharField(max_length=64)),
                ("name", fields.CharField(max_length=300)),
                ("period", fields.CharEnumField(enum_type=PlanPeriod, max_length=10)),
                ("trial_days", fields.IntField(null=True)),
                ("max_charges", fields.IntField(null=True)),
            ],
            options={
                "table": "plans",
                "app": "models",
                "unique_together": (("account_id", "product_id", "code"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CatalogEvent",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                ("account", _of("Account", "account_id")),
                ("key", fields.CharField(max_length=150)),
                ("kind", fields.CharField(max_length=60)),
                ("product", fields.CharField(max_length=64)),
                ("code", fields.CharField(null=True, max_length=64)),
                ("happened_at", fields.BigIntField()),
                ("received_at", fields.BigIntField()),
                ("price", fields.BigIntField(null=True)),
                ("currency", fields.CharField(null=True, max_length=3)),
                (
                    "facts",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
            ],
            options={
                "table": "catalog_events",
                "app": "models",
                "unique_together": (("account_id", "key"),),
                "indexes": [Index(fields=["account_id", "product", "code"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]

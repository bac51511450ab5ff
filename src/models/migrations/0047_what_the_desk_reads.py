"""Sales have a role, a slip, a first access and an own share; what is said outside of sales has tables."""

import functools
from json import dumps, loads
from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.vocabulary import EventSource, SlipKind, SoldAs

_SALE: dict[str, Any] = {
    "marketplace_email": fields.CharField(null=True, max_length=600),
    "sold_as": fields.CharEnumField(db_default=SoldAs.PRODUCER.value, enum_type=SoldAs, max_length=20),
    "own_amount": fields.BigIntField(null=True),
    "own_currency": fields.CharField(null=True, max_length=3),
    "slip_kind": fields.CharEnumField(null=True, enum_type=SlipKind, max_length=10),
    "slip_code": fields.CharField(null=True, max_length=1000),
    "slip_url": fields.CharField(null=True, max_length=2000),
    "slip_expires_at": fields.BigIntField(null=True),
    "slip_issued_at": fields.BigIntField(null=True),
    "slip_expiry_noted": fields.BigIntField(null=True),
    "slip_requested_at": fields.BigIntField(null=True),
    "slip_requested_by": fields.CharField(null=True, max_length=200),
    "slip_mailed_at": fields.BigIntField(null=True),
    "first_access_at": fields.BigIntField(null=True),
}


def _account() -> Any:
    return fields.ForeignKeyField(
        "models.Account",
        source_field="account_id",
        db_constraint=True,
        to_field="id",
        related_name=False,
        on_delete=OnDelete.CASCADE,
    )


def _json(**options: Any) -> Any:
    return fields.JSONField(**options, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads)


class Migration(migrations.Migration):
    dependencies = [("models", "0046_two_factor")]

    initial = False

    operations = [
        *(ops.AddField(model_name="Sale", name=name, field=field) for name, field in _SALE.items()),
        ops.RemoveIndex("Sale", fields=["account_id", "approved_at"]),
        ops.AddIndex("Sale", Index(fields=["account_id", "approved_at", "id"])),
        ops.AddIndex("Sale", Index(fields=["account_id", "assignee_id", "approved_at", "id"])),
        ops.AddIndex("Sale", Index(fields=["account_id", "marketplace_email"])),
        ops.AddField(model_name="Product", name="coproduced", field=fields.BooleanField(null=True)),
        ops.CreateModel(
            name="ContactEvent",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                ("account", _account()),
                ("key", fields.CharField(max_length=150)),
                ("kind", fields.CharField(max_length=60)),
                ("product_reference", fields.CharField(max_length=64)),
                ("email", fields.CharField(max_length=600)),
                ("name", fields.CharField(null=True, max_length=300)),
                ("module", fields.CharField(null=True, max_length=300)),
                ("happened_at", fields.BigIntField()),
                ("received_at", fields.BigIntField()),
            ],
            options={
                "table": "contact_events",
                "app": "models",
                "unique_together": (("account_id", "key"),),
                "indexes": (("account_id", "email", "product_reference", "kind", "happened_at"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SubscriptionEvent",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                ("account", _account()),
                ("code", fields.CharField(max_length=64)),
                ("key", fields.CharField(max_length=150)),
                ("source", fields.CharEnumField(enum_type=EventSource, max_length=10)),
                ("kind", fields.CharField(max_length=60)),
                ("happened_at", fields.BigIntField()),
                ("received_at", fields.BigIntField()),
                ("facts", _json()),
                ("doubts", _json(null=True)),
            ],
            options={
                "table": "subscription_events",
                "app": "models",
                "unique_together": (("account_id", "code", "key"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]

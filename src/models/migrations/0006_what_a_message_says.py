"""More of what a message says has a column; an address has one spelling; what comes early waits."""

import functools
from json import dumps, loads
from typing import Any

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.migrate import Statements
from models.vocabulary import EventSource, PaymentRefusal, SaleStatus

_SALE = {
    "payout": fields.BigIntField(null=True),
    "payout_currency": fields.CharField(null=True, max_length=3),
    "refunded_amount": fields.BigIntField(null=True),
    "refunded_currency": fields.CharField(null=True, max_length=3),
    "vat": fields.BigIntField(null=True),
    "vat_currency": fields.CharField(null=True, max_length=3),
    "refusal": fields.CharEnumField(null=True, enum_type=PaymentRefusal, max_length=20),
    "refusal_reason": fields.CharField(null=True, max_length=300),
    "coupon": fields.CharField(null=True, max_length=64),
    "in_funnel": fields.BooleanField(db_default=False),
    "order_bump": fields.BooleanField(db_default=False),
    "parent_reference": fields.CharField(null=True, max_length=64),
    "origin_xcod": fields.CharField(null=True, max_length=300),
    "subscription_plan": fields.CharField(null=True, max_length=300),
}
_OFFER = {
    "name": fields.CharField(null=True, max_length=300),
    "named_at": fields.BigIntField(db_default=-1),
    "named_by": fields.CharField(db_default="", max_length=100),
}
_COMMISSION = {
    "converted_amount": fields.BigIntField(null=True),
    "converted_currency": fields.CharField(null=True, max_length=3),
}


def _json() -> Any:
    return fields.JSONField(null=True, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads)


def _renamed_sqlite(table: str, column: str, parent: str, before: str, after: str) -> str:
    old, new = f"{parent}.{before}", f"{parent}.{after}"
    value = f"json_extract({column}, '{old}')"
    return (
        f"UPDATE {table} SET {column} = json_remove(json_set({column}, '{new}', {value}), '{old}')"
        f" WHERE {value} IS NOT NULL"
    )


def _renamed_postgres(before: str, after: str) -> tuple[str, ...]:
    def renamed(value: str) -> str:
        return f"({value} - '{before}') || jsonb_build_object('{after}', {value} -> '{before}')"

    inner = "(facts -> 'buyer_address')"
    return (
        (
            f"UPDATE sales SET buyer_address = {renamed('buyer_address')}"
            f" WHERE buyer_address -> '{before}' IS NOT NULL"
        ),
        (
            f"UPDATE sale_events SET facts = jsonb_set(facts, '{{buyer_address}}', {renamed(inner)})"
            f" WHERE {inner} -> '{before}' IS NOT NULL"
        ),
    )


def _renamed(before: str, after: str) -> dict[str, tuple[str, ...]]:
    return {
        "sqlite": (
            _renamed_sqlite("sales", "buyer_address", "$", before, after),
            _renamed_sqlite("sale_events", "facts", "$.buyer_address", before, after),
        ),
        "postgres": _renamed_postgres(before, after),
    }


class Migration(migrations.Migration):
    dependencies = [("models", "0005_the_token_of_an_act")]
    initial = False

    operations = [
        *(ops.AddField(model_name="Sale", name=name, field=field) for name, field in _SALE.items()),
        *(ops.AddField(model_name="Offer", name=name, field=field) for name, field in _OFFER.items()),
        *(
            ops.AddField(model_name="Commission", name=name, field=field)
            for name, field in _COMMISSION.items()
        ),
        ops.AddField(model_name="SaleEvent", name="doubts", field=_json()),
        ops.CreateModel(
            name="SaleSupplement",
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
                ("reference", fields.CharField(max_length=64)),
                ("key", fields.CharField(max_length=150)),
                ("source", fields.CharEnumField(enum_type=EventSource, max_length=10)),
                ("kind", fields.CharField(max_length=60)),
                ("status", fields.CharEnumField(null=True, enum_type=SaleStatus, max_length=20)),
                ("happened_at", fields.BigIntField()),
                ("received_at", fields.BigIntField()),
                (
                    "facts",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("doubts", _json()),
            ],
            options={
                "table": "sale_supplements",
                "app": "models",
                "unique_together": (("account_id", "reference", "key"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        Statements(_renamed("postcode", "zip_code"), _renamed("zip_code", "postcode")),
    ]

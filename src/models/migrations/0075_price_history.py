"""Offers have a history of prices, which follows from what their sales say of them."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.migrate import Statements
from models.product_vocabulary import Source

_QUOTES = (
    (
        "CREATE INDEX sales_quotes ON sales (account_id, offer_id, ordered_at, offer_price, offer_currency)"
        " WHERE offer_price IS NOT NULL"
    ),
    # the prices of these are read with the next sale, or by a refold
    "UPDATE offers SET priced_at = -2",
)
_UNDONE = ("DROP INDEX sales_quotes",)


class Migration(migrations.Migration):
    dependencies = [("models", "0072_refund_requests")]

    initial = False

    operations = [
        ops.AddField(model_name="Sale", name="offer_price", field=fields.BigIntField(null=True)),
        ops.AddField(
            model_name="Sale", name="offer_currency", field=fields.CharField(null=True, max_length=3)
        ),
        ops.CreateModel(
            name="OfferPrice",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "offer",
                    fields.ForeignKeyField(
                        "models.Offer",
                        source_field="offer_id",
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("start", fields.BigIntField()),
                ("until", fields.BigIntField(null=True)),
                ("amount", fields.BigIntField()),
                ("currency", fields.CharField(max_length=3)),
                ("source", fields.CharEnumField(enum_type=Source, max_length=11)),
                ("by_name", fields.CharField(null=True, max_length=300)),
            ],
            options={
                "table": "offer_prices",
                "app": "models",
                "unique_together": (("account_id", "offer_id", "start"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        Statements({"sqlite": _QUOTES, "postgres": _QUOTES}, {"sqlite": _UNDONE, "postgres": _UNDONE}),
    ]

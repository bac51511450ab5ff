"""What people set of products and offers is above what the marketplace says of them."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.migrate import Statements
from models.product_vocabulary import OfferStatus, PaymentMode, ProductFormat, ProductStatus, Source

_COLUMNS: dict[str, Any] = {
    "marketplace_name": fields.CharField(max_length=300, null=True),
    "marketplace_status": fields.CharEnumField(ProductStatus, max_length=10, null=True),
    "marketplace_format": fields.CharEnumField(ProductFormat, max_length=20, null=True),
    "marketplace_warranty_days": fields.IntField(null=True),
    "marketplace_support_email": fields.CharField(max_length=254, null=True),
    "status": fields.CharEnumField(ProductStatus, max_length=10, db_default=ProductStatus.ACTIVE.value),
    "format": fields.CharEnumField(ProductFormat, max_length=20, null=True),
    "warranty_days": fields.IntField(null=True),
    "access_url": fields.CharField(max_length=2000, null=True),
    "sales_page_url": fields.CharField(max_length=2000, null=True),
    "by_hand": fields.IntField(db_default=0),
    "source": fields.CharEnumField(Source, max_length=11, db_default=Source.MARKETPLACE.value),
    "version": fields.IntField(db_default=1),
    "changed_at": fields.BigIntField(null=True),
    "changed_by": fields.CharField(max_length=300, null=True),
}
_OFFER_COLUMNS: dict[str, Any] = {
    "marketplace_name": fields.CharField(max_length=300, null=True),
    "named_by_hand": fields.BooleanField(db_default=False),
    "status": fields.CharEnumField(OfferStatus, max_length=10, db_default=OfferStatus.ACTIVE.value),
    "main": fields.BooleanField(db_default=False),
    "payment_mode": fields.CharEnumField(PaymentMode, max_length=20, null=True),
    "checkout_url": fields.CharField(max_length=2000, null=True),
    "source": fields.CharEnumField(Source, max_length=11, db_default=Source.MARKETPLACE.value),
    "version": fields.IntField(db_default=1),
    "changed_at": fields.BigIntField(null=True),
    "changed_by": fields.CharField(max_length=300, null=True),
}
_FACTS = (
    "UPDATE products SET marketplace_support_email = support_email",
    "UPDATE products SET marketplace_name = name WHERE named_at <> -1",
    "UPDATE offers SET marketplace_name = name",
    "CREATE INDEX products_by_creation ON products (account_id, created_at, id)",
)
_UNDONE = ("DROP INDEX products_by_creation",)


class Migration(migrations.Migration):
    dependencies = [("models", "0054_slips_and_buyers_emails")]

    initial = False

    operations = [
        *(ops.AddField(model_name="Product", name=name, field=field) for name, field in _COLUMNS.items()),
        *(ops.AddField(model_name="Offer", name=name, field=field) for name, field in _OFFER_COLUMNS.items()),
        Statements({"sqlite": _FACTS, "postgres": _FACTS}, {"sqlite": _UNDONE, "postgres": _UNDONE}),
    ]

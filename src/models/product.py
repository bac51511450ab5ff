"""The products that an account sells."""

from tortoise import fields
from tortoise.models import Model

from models.account import Account


class Product(Model):
    """A digital product, as the marketplace names it."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    reference = fields.CharField(max_length=64, description="The marketplace's product id, as text.")
    ucode = fields.CharField(max_length=64, null=True)
    name = fields.CharField(max_length=300)
    name_folded = fields.CharField(max_length=600, description="The name as it is searched.")
    sort_key = fields.CharField(max_length=1000, db_default="", description="The name as it is sorted.")
    support_email = fields.CharField(max_length=254, null=True)
    coproduced = fields.BooleanField(null=True, description="Whether others produced it, too.")
    named_at = fields.BigIntField(description="Time of the event that these facts come from.")
    named_by = fields.CharField(max_length=100, default="", description="That event's id: breaks ties.")
    created_at = fields.BigIntField()

    class Meta:
        table = "products"
        unique_together = (("account_id", "reference"),)


class Offer(Model):
    """One way to buy a product."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField("models.Product", related_name=False)
    code = fields.CharField(max_length=64)
    price = fields.BigIntField(null=True, description="Minor units of `currency`.")
    currency = fields.CharField(max_length=3, null=True)
    priced_at = fields.BigIntField(description="Time of the event that the price comes from.")
    priced_by = fields.CharField(max_length=100, default="")
    name = fields.CharField(max_length=300, null=True)
    named_at = fields.BigIntField(db_default=-1, description="Time of the event that the name comes from.")
    named_by = fields.CharField(max_length=100, db_default="")
    created_at = fields.BigIntField()

    class Meta:
        table = "offers"
        unique_together = (("account_id", "product_id", "code"),)

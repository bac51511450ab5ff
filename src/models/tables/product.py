"""The products that an account sells, and what the marketplace says about them."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.product_vocabulary import (
    OfferStatus,
    PaymentMode,
    PlanPeriod,
    ProductFormat,
    ProductStatus,
    Source,
)
from models.tables.account import Account


class Product(Model):
    """A digital product.

    The columns `marketplace_…` have what messages say. Those that people set, by the flags of `by_hand`, are
    above them: `name`, `status` and so on have what counts.
    """

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    reference = fields.CharField(max_length=64, description="The marketplace's product id, as text.")
    ucode = fields.CharField(max_length=64, null=True)
    name = fields.CharField(max_length=300)
    name_folded = fields.CharField(max_length=600, description="The name as it is searched.")
    sort_key = fields.CharField(max_length=1000, db_default="", description="The name as it is sorted.")
    support_email = fields.CharField(max_length=254, null=True)
    marketplace_name = fields.CharField(max_length=300, null=True)
    marketplace_status = fields.CharEnumField(ProductStatus, max_length=10, null=True)
    marketplace_format = fields.CharEnumField(ProductFormat, max_length=20, null=True)
    marketplace_warranty_days = fields.IntField(null=True)
    marketplace_support_email = fields.CharField(max_length=254, null=True)
    status = fields.CharEnumField(ProductStatus, max_length=10, db_default=ProductStatus.ACTIVE.value)
    format = fields.CharEnumField(ProductFormat, max_length=20, null=True)
    warranty_days = fields.IntField(null=True)
    access_url = fields.CharField(max_length=2000, null=True)
    sales_page_url = fields.CharField(max_length=2000, null=True)
    by_hand = fields.IntField(db_default=0, description="The flags of `ByHand`: what people set.")
    source = fields.CharEnumField(Source, max_length=11, db_default=Source.MARKETPLACE.value)
    version = fields.IntField(db_default=1)
    changed_at = fields.BigIntField(null=True, description="When a person last changed it.")
    changed_by = fields.CharField(max_length=300, null=True, description="Who did, by name.")
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
    priced_at = fields.BigIntField(description="Since when the marketplace's sales name this price.")
    name = fields.CharField(max_length=300, null=True)
    named_at = fields.BigIntField(db_default=-1, description="Time of the event that the name comes from.")
    named_by = fields.CharField(max_length=100, db_default="")
    marketplace_name = fields.CharField(max_length=300, null=True)
    named_by_hand = fields.BooleanField(db_default=False, description="Whether a person set the name.")
    status = fields.CharEnumField(OfferStatus, max_length=10, db_default=OfferStatus.ACTIVE.value)
    main = fields.BooleanField(db_default=False)
    payment_mode = fields.CharEnumField(PaymentMode, max_length=20, null=True)
    marketplace_plan = fields.CharField(max_length=300, null=True, description="The plan that sales name.")
    planned_at = fields.BigIntField(db_default=-1, description="Time of the event that the plan comes from.")
    planned_by = fields.CharField(max_length=100, db_default="")
    hand_plan = fields.CharField(max_length=64, null=True, description="Code of the plan a person chose.")
    plan_id = fields.UUIDField(null=True, description="The plan that counts, if a page describes it.")
    plan_name = fields.CharField(max_length=300, null=True, description="Its name.")
    hand_prices = fields.TextField(null=True, description="What people set: JSON of `models.prices`.")
    checkout_url = fields.CharField(max_length=2000, null=True)
    source = fields.CharEnumField(Source, max_length=11, db_default=Source.MARKETPLACE.value)
    version = fields.IntField(db_default=1)
    changed_at = fields.BigIntField(null=True, description="When a person last changed it.")
    changed_by = fields.CharField(max_length=300, null=True, description="Who did, by name.")
    created_at = fields.BigIntField()

    class Meta:
        table = "offers"
        unique_together = (("account_id", "product_id", "code"),)
        indexes = (("account_id", "plan_id", "code"),)


class OfferPrice(Model):
    """A price in an offer's history: derived from its sales and from what people set, and kept to be read."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    offer: fields.ForeignKeyRelation[Offer] = fields.ForeignKeyField("models.Offer", related_name=False)
    start = fields.BigIntField()
    until = fields.BigIntField(null=True)
    amount = fields.BigIntField(description="Minor units of `currency`.")
    currency = fields.CharField(max_length=3)
    source = fields.CharEnumField(Source, max_length=11)
    by_name = fields.CharField(max_length=300, null=True, description="Who set it, by name.")

    class Meta:
        table = "offer_prices"
        unique_together = (("account_id", "offer_id", "start"),)


class Plan(Model):
    """A plan of a subscription, as the newest pages of the marketplace describe it."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField("models.Product", related_name=False)
    code = fields.CharField(max_length=64)
    name = fields.CharField(max_length=300)
    period = fields.CharEnumField(PlanPeriod, max_length=10)
    trial_days = fields.IntField(null=True)
    max_charges = fields.IntField(null=True)

    class Meta:
        table = "plans"
        unique_together = (("account_id", "product_id", "code"),)


class CatalogEvent(Model):
    """What one item of a page says about a product, an offer or a plan."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    key = fields.CharField(max_length=150, description="The item's key in the intake.")
    kind = fields.CharField(max_length=60)
    product = fields.CharField(max_length=64, description="The product's number or ucode.")
    code = fields.CharField(max_length=64, null=True, description="The code of the offer or plan.")
    happened_at = fields.BigIntField()
    received_at = fields.BigIntField()
    price = fields.BigIntField(null=True)
    currency = fields.CharField(max_length=3, null=True)
    facts: Any = fields.JSONField()

    class Meta:
        table = "catalog_events"
        unique_together = (("account_id", "key"),)
        indexes = (("account_id", "product", "code"),)

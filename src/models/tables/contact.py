"""What marketplaces say outside of sales: how people use products, and what becomes of subscriptions."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.tables.account import Account
from models.vocabulary import EventSource


class ContactEvent(Model):
    """One thing that a person did with a product, by their e-mail address as it is compared."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    key = fields.CharField(max_length=150, description="The event's id at its source.")
    kind = fields.CharField(max_length=60)
    product_reference = fields.CharField(max_length=64)
    email = fields.CharField(max_length=600)
    name = fields.CharField(max_length=300, null=True)
    module = fields.CharField(max_length=300, null=True, description="The part of the product.")
    happened_at = fields.BigIntField()
    received_at = fields.BigIntField()

    class Meta:
        table = "contact_events"
        unique_together = (("account_id", "key"),)
        indexes = (("account_id", "email", "product_reference", "kind", "happened_at"),)


class SubscriptionEvent(Model):
    """One event of a subscription outside of its payments. `facts` is what it said.

    What people do, and what time does, has the source PERSON or CLOCK. Its kind is declared in
    `actions/commerce/subscriptions/events.py`.
    """

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    code = fields.CharField(max_length=64, description="The subscriber's code.")
    # not a foreign key: what messages say is kept before the subscription is known
    subscription_id = fields.UUIDField(null=True)
    key = fields.CharField(max_length=150, description="The event's id at its source.")
    source = fields.CharEnumField(EventSource, max_length=10)
    kind = fields.CharField(max_length=60)
    happened_at = fields.BigIntField()
    received_at = fields.BigIntField()
    facts: Any = fields.JSONField()
    doubts: Any = fields.JSONField(null=True)

    class Meta:
        table = "subscription_events"
        unique_together = (("account_id", "code", "key"),)
        indexes = (("account_id", "subscription_id", "happened_at", "id"),)

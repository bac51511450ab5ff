"""Sales, the shares of their prices, and the history from which they are folded."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.tables.account import Account
from models.tables.collaborator import Collaborator, Team
from models.tables.product import Offer, Product
from models.vocabulary import (
    CommissionSource,
    EventSource,
    PaymentMethod,
    PaymentRefusal,
    SaleStatus,
    SlipKind,
    SoldAs,
)


class Sale(Model):
    """One purchase of one offer by one buyer. Amounts are minor units; times are milliseconds."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    reference = fields.CharField(max_length=64)
    status = fields.CharEnumField(SaleStatus, max_length=20)
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField("models.Product", related_name=False)
    offer: fields.ForeignKeyNullableRelation[Offer] = fields.ForeignKeyField(
        "models.Offer", related_name=False, null=True
    )

    price = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    full_price = fields.BigIntField(description="With the interest of instalments.")
    full_currency = fields.CharField(max_length=3)
    net = fields.BigIntField(null=True, description="What the producer is paid.")
    net_currency = fields.CharField(max_length=3, null=True)
    payout = fields.BigIntField(null=True, description="What the producer is paid after conversion.")
    payout_currency = fields.CharField(max_length=3, null=True)
    refunded_amount = fields.BigIntField(null=True)
    refunded_currency = fields.CharField(max_length=3, null=True)
    vat = fields.BigIntField(null=True)
    vat_currency = fields.CharField(max_length=3, null=True)
    payment_method = fields.CharEnumField(PaymentMethod, max_length=20, null=True)
    instalments = fields.IntField(default=1)
    sold_as = fields.CharEnumField(SoldAs, max_length=20, db_default=SoldAs.PRODUCER.value)
    own_amount = fields.BigIntField(null=True, description="The account's own share; null if not known.")
    own_currency = fields.CharField(max_length=3, null=True)
    refusal = fields.CharEnumField(PaymentRefusal, max_length=20, null=True)
    refusal_reason = fields.CharField(max_length=300, null=True, description="As it was worded.")
    offer_price = fields.BigIntField(null=True, description="The price of its offer, as messages name it.")
    offer_currency = fields.CharField(max_length=3, null=True)
    coupon = fields.CharField(max_length=64, null=True)
    in_funnel = fields.BooleanField(db_default=False)
    order_bump = fields.BooleanField(db_default=False)
    parent_reference = fields.CharField(max_length=64, null=True, description="What a bump was added to.")
    slip_kind = fields.CharEnumField(SlipKind, max_length=10, null=True)
    slip_code = fields.CharField(max_length=1000, null=True)
    slip_url = fields.CharField(max_length=2000, null=True)
    slip_expires_at = fields.BigIntField(null=True)
    slip_issued_at = fields.BigIntField(null=True, description="Time of the first event that has the slip.")
    slip_expiry_noted = fields.BigIntField(null=True, description="The expiry that the clock has announced.")
    slip_requested_at = fields.BigIntField(null=True, description="When a person requested a new slip.")
    slip_requested_by = fields.CharField(max_length=200, null=True, description="Their name at that time.")
    slip_request_noted = fields.BigIntField(null=True, description="The request that the clock has ended.")
    slip_mailed_at = fields.BigIntField(null=True, description="When the slip was last e-mailed.")

    buyer_name = fields.CharField(max_length=300, null=True)
    buyer_folded = fields.CharField(max_length=600, null=True, description="The name as it is searched.")
    buyer_email = fields.CharField(max_length=254, null=True)
    marketplace_email = fields.CharField(
        max_length=600, null=True, description="As the marketplace last sent it, and as it is compared."
    )
    buyer_phone = fields.CharField(max_length=60, null=True)
    buyer_document = fields.CharField(max_length=60, null=True)
    buyer_country = fields.CharField(max_length=2, null=True)
    buyer_address: Any = fields.JSONField(null=True)
    buyer_state = fields.CharField(
        max_length=200, null=True, description="Of the address, as it is compared."
    )
    buyer_city = fields.CharField(max_length=200, null=True, description="Of the address, as it is compared.")

    origin_src = fields.CharField(max_length=300, null=True)
    origin_sck = fields.CharField(max_length=300, null=True)
    origin_xcod = fields.CharField(max_length=300, null=True)
    checkout_origin = fields.CharField(max_length=100, null=True)
    device = fields.CharField(max_length=40, null=True)
    affiliate_code = fields.CharField(max_length=64, null=True)
    affiliate_name = fields.CharField(max_length=300, null=True)
    subscription_code = fields.CharField(max_length=64, null=True)
    subscription_plan = fields.CharField(max_length=300, null=True)
    recurrence = fields.IntField(null=True)
    # not a foreign key: the subscription is folded from its payments, after them
    subscription_id = fields.UUIDField(null=True)
    charge = fields.TextField(
        null=True, description="What it says about the subscription: JSON of `intake.subscriptions.charge`."
    )

    ordered_at = fields.BigIntField()
    approved_at = fields.BigIntField(null=True)
    refunded_at = fields.BigIntField(null=True)
    ended_at = fields.BigIntField(null=True, description="When it ended without ever being paid.")
    warranty_until = fields.BigIntField(null=True)
    first_access_at = fields.BigIntField(null=True)
    recovery_due_at = fields.BigIntField(
        null=True, description="When it becomes an opportunity, if it is still unpaid then."
    )
    created_at = fields.BigIntField()

    assignee: fields.ForeignKeyNullableRelation[Collaborator] = fields.ForeignKeyField(
        "models.Collaborator", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    team: fields.ForeignKeyNullableRelation[Team] = fields.ForeignKeyField(
        "models.Team", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    # when a person assigned it; null for a sale that its source code assigned
    assigned_at = fields.BigIntField(null=True)
    # no foreign keys: when collaborators leave and teams are deleted, their credit stays
    credit_id = fields.UUIDField(null=True, description="Whom the sale counts for in statistics.")
    credit_team_id = fields.UUIDField(null=True, description="The team that it counts for.")

    class Meta:
        table = "sales"
        unique_together = (("account_id", "reference"),)
        indexes = (
            ("account_id", "ordered_at", "id"),
            ("account_id", "assignee_id", "ordered_at", "id"),
            ("account_id", "currency", "price", "id"),
            ("account_id", "assignee_id", "currency", "price", "id"),
        )


class SaleWords(Model):
    """The words by which a sale is found. An index on each database has the sales of each word."""

    id = fields.BigIntField(primary_key=True, description="Its row in SQLite's index.")
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    sale: fields.ForeignKeyRelation[Sale] = fields.ForeignKeyField("models.Sale", related_name=False)
    words = fields.TextField()

    class Meta:
        table = "sale_words"
        unique_together = (("account_id", "sale_id"),)


class Commission(Model):
    """One share of a sale's price."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    sale: fields.ForeignKeyRelation[Sale] = fields.ForeignKeyField("models.Sale", related_name=False)
    position = fields.IntField()
    source = fields.CharEnumField(CommissionSource, max_length=20)
    name = fields.CharField(max_length=300, null=True, description="Who is paid, where the source tells.")
    amount = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    converted_amount = fields.BigIntField(null=True, description="After conversion to the payee's currency.")
    converted_currency = fields.CharField(max_length=3, null=True)
    repeats = fields.SmallIntField(
        db_default=0,
        description="1 if an earlier share of the sale has its source, 2 if one has its name, too.",
    )

    class Meta:
        table = "commissions"
        unique_together = (("account_id", "sale_id", "position"),)


class SaleEvent(Model):
    """One event of a sale. `facts` is what it said, in the form in which it is folded.

    What people change, and what time does, has the source PERSON or CLOCK and a key of `person:` or `clock:`
    and an id. Its kind is declared in `actions/commerce/sales/events.py`.
    """

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    sale: fields.ForeignKeyRelation[Sale] = fields.ForeignKeyField("models.Sale", related_name=False)
    key = fields.CharField(max_length=150, description="The event's id at its source.")
    source = fields.CharEnumField(EventSource, max_length=10)
    kind = fields.CharField(max_length=60)
    status = fields.CharEnumField(SaleStatus, max_length=20, null=True, description="None of a person's.")
    happened_at = fields.BigIntField()
    received_at = fields.BigIntField()
    facts: Any = fields.JSONField()
    doubts: Any = fields.JSONField(null=True, description="What of the message was left out, and why.")

    class Meta:
        table = "sale_events"
        unique_together = (("account_id", "sale_id", "key"),)


class SaleSupplement(Model):
    """Facts about a sale outside its history: without a status, or from before any message that describes the
    sale.

    They refer to the sale by its reference, whether or not it is known.
    """

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    reference = fields.CharField(max_length=64)
    key = fields.CharField(max_length=150, description="The event's id at its source.")
    source = fields.CharEnumField(EventSource, max_length=10)
    kind = fields.CharField(max_length=60)
    status = fields.CharEnumField(SaleStatus, max_length=20, null=True)
    happened_at = fields.BigIntField()
    received_at = fields.BigIntField()
    facts: Any = fields.JSONField()
    doubts: Any = fields.JSONField(null=True)

    class Meta:
        table = "sale_supplements"
        unique_together = (("account_id", "reference", "key"),)

"""Subscriptions, which are folded from their payments and messages, and requests about them."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.product_vocabulary import PlanPeriod
from models.tables.account import Account
from models.tables.collaborator import Collaborator, Team
from models.tables.product import Product

NOBODY = "00000000-0000-0000-0000-000000000000"
"""The user of what no person requested."""


class SubscriptionStatus(StrEnum):
    """The status of a subscription."""

    STARTED = "STARTED"
    """The first payment was ordered and is not paid yet."""
    ACTIVE = "ACTIVE"
    """The subscription is paid."""
    DELAYED = "DELAYED"
    """A payment is overdue, and no later one was paid."""
    CANCELLED = "CANCELLED"
    """The subscription was canceled."""
    INACTIVE = "INACTIVE"
    """The subscription ended before its first payment."""
    EXPIRED = "EXPIRED"
    """The term of the subscription is over."""


ENDED = (SubscriptionStatus.CANCELLED, SubscriptionStatus.INACTIVE, SubscriptionStatus.EXPIRED)
"""The statuses of subscriptions that ended."""


class EndedBy(StrEnum):
    """Who canceled a subscription."""

    CUSTOMER = "CUSTOMER"
    """The subscriber."""
    SELLER = "SELLER"
    """The seller."""
    ADMIN = "ADMIN"
    """The marketplace."""
    UNKNOWN = "UNKNOWN"
    """The marketplace does not say who, and no one here had requested it."""


class CancellationReason(StrEnum):
    """The reason for canceling a subscription."""

    PRICE = "PRICE"
    """It costs too much."""
    NOT_USING = "NOT_USING"
    """The subscriber does not use the product."""
    CONTENT = "CONTENT"
    """The content is not what the subscriber expects."""
    TECHNICAL = "TECHNICAL"
    """The product does not work for technical reasons."""
    PAYMENT_PROBLEM = "PAYMENT_PROBLEM"
    """The subscriber cannot pay it in the way that is offered."""
    OTHER_PRODUCT = "OTHER_PRODUCT"
    """The subscriber uses another product instead."""
    FINISHED = "FINISHED"
    """The subscriber has reached what they wanted."""
    DUPLICATE = "DUPLICATE"
    """The subscriber subscribed more than once."""
    OTHER = "OTHER"
    """Another reason, which the note explains."""
    UNKNOWN = "UNKNOWN"
    """No reason was given."""


class SubscriptionRequestKind(StrEnum):
    """What is requested from the marketplace for a subscription."""

    CANCEL = "CANCEL"
    """To cancel the subscription."""
    CHARGE_DAY = "CHARGE_DAY"
    """To charge it on another day of the month."""
    REACTIVATE = "REACTIVATE"
    """To activate it again."""


class SubscriptionRequestStatus(StrEnum):
    """The status of a request for a subscription."""

    REQUESTED = "REQUESTED"
    """Requested from the marketplace, which has not done it yet."""
    DONE = "DONE"
    """The marketplace did what was requested."""
    WITHDRAWN = "WITHDRAWN"
    """The request was withdrawn."""
    OVERTAKEN = "OVERTAKEN"
    """Something else happened that leaves nothing to do."""
    EXPIRED = "EXPIRED"
    """The marketplace did not do it within 30 days."""


class TurnKind(StrEnum):
    """How a subscription began or ended."""

    STARTED = "STARTED"
    """It was paid for the first time, or nothing is known of its beginning."""
    REACTIVATED = "REACTIVATED"
    """It was paid again after it had ended."""
    CANCELLED = "CANCELLED"
    """It was canceled."""
    EXPIRED = "EXPIRED"
    """It ended in any other way."""


BEGINNINGS = (TurnKind.STARTED, TurnKind.REACTIVATED)


class SubscriptionEmailKind(StrEnum):
    """What an e-mail to a subscriber is about."""

    RENEWAL = "RENEWAL"
    """The next charge."""
    OVERDUE = "OVERDUE"
    """An overdue payment."""
    WIN_BACK = "WIN_BACK"
    """The way back, after the subscription was canceled."""


class Subscription(Model):
    """One subscriber's subscription. Amounts are minor units; times are milliseconds.

    `assignee_id` is what a person decided, then with `assigned_at`, or that of the newest assigned payment,
    which a trigger follows. The credit is decided in the same way.
    """

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    code = fields.CharField(max_length=64, description="The subscriber's code.")
    status = fields.CharEnumField(SubscriptionStatus, max_length=10)
    ended_by = fields.CharEnumField(EndedBy, max_length=10, null=True, description="Who canceled it.")
    product: fields.ForeignKeyRelation[Product] = fields.ForeignKeyField("models.Product", related_name=False)
    plan = fields.CharField(max_length=300, null=True)
    period = fields.CharEnumField(PlanPeriod, max_length=10, null=True)
    max_charges = fields.IntField(null=True)
    price = fields.BigIntField(null=True, description="Of the newest payment, or as messages say later.")
    currency = fields.CharField(max_length=3, null=True)
    bare_value = fields.CharField(
        max_length=40, null=True, description="The price that a message has without a currency."
    )
    trial = fields.BooleanField(db_default=False)
    started_at = fields.BigIntField(null=True)
    known_since = fields.BigIntField(description="When it started, or else the first thing known of it.")
    next_charge_at = fields.BigIntField(null=True)
    charge_day = fields.IntField(null=True)
    silent_from = fields.BigIntField(null=True, description="When it becomes silent if nothing is heard.")
    recurrence = fields.IntField(null=True)
    paid_recurrences = fields.IntField(db_default=0)
    overdue_recurrences = fields.IntField(db_default=0)
    ended_at = fields.BigIntField(null=True)
    reason = fields.CharEnumField(CancellationReason, max_length=20, null=True)
    note = fields.CharField(max_length=500, null=True)
    cancelled_by_request = fields.UUIDField(null=True, description="The request that it was canceled by.")

    subscriber_name = fields.CharField(max_length=300, null=True)
    subscriber_folded = fields.CharField(max_length=600, null=True, description="As it is searched.")
    subscriber_email = fields.CharField(max_length=254, null=True)
    subscriber_phone = fields.CharField(max_length=60, null=True)
    subscriber_document = fields.CharField(max_length=60, null=True)
    subscriber_country = fields.CharField(max_length=2, null=True)
    created_at = fields.BigIntField()

    assignee: fields.ForeignKeyNullableRelation[Collaborator] = fields.ForeignKeyField(
        "models.Collaborator", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    team: fields.ForeignKeyNullableRelation[Team] = fields.ForeignKeyField(
        "models.Team", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    # when a person assigned it; null for one that follows its payments
    assigned_at = fields.BigIntField(null=True)
    # no foreign keys: when collaborators leave and teams are deleted, their credit stays
    credit_id = fields.UUIDField(null=True, description="Whom it counts for in statistics.")
    credit_team_id = fields.UUIDField(null=True, description="The team that it counts for.")

    class Meta:
        table = "subscriptions"
        unique_together = (("account_id", "code"),)
        indexes = (
            ("account_id", "known_since", "id"),
            ("account_id", "assignee_id", "known_since", "id"),
            ("account_id", "next_charge_at", "id"),
            ("account_id", "assignee_id", "next_charge_at", "id"),
            ("account_id", "ended_at", "id"),
            ("account_id", "assignee_id", "ended_at", "id"),
            ("account_id", "product_id", "known_since", "id"),
        )


class SubscriptionTurn(Model):
    """When a subscription became active, or was no longer. Folded with the subscription.

    Beginnings and ends alternate in the order of `position`. Times are milliseconds, and 0 for a beginning
    that is not known.
    """

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    subscription: fields.ForeignKeyRelation[Subscription] = fields.ForeignKeyField(
        "models.Subscription", related_name=False
    )
    position = fields.IntField()
    kind = fields.CharEnumField(TurnKind, max_length=12)
    happened_at = fields.BigIntField()
    begun_at = fields.BigIntField(description="When what this ends began; of a beginning, the same time.")

    class Meta:
        table = "subscription_turns"
        unique_together = (("account_id", "subscription_id", "position"),)


class SubscriptionRequest(Model):
    """Something that a person or a rule requested from the marketplace for a subscription.

    `status` and `closed_at` are what people and time (`own_…`) and the marketplace's messages decide
    together. `assignee_id` follows that of the subscription by a trigger.
    """

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    subscription: fields.ForeignKeyRelation[Subscription] = fields.ForeignKeyField(
        "models.Subscription", related_name=False
    )
    assignee_id = fields.UUIDField(null=True, description="The assignee of the subscription.")
    kind = fields.CharEnumField(SubscriptionRequestKind, max_length=10)
    status = fields.CharEnumField(SubscriptionRequestStatus, max_length=10)
    reason = fields.CharEnumField(CancellationReason, max_length=20, null=True)
    note = fields.CharField(max_length=500, null=True)
    day = fields.IntField(null=True, description="The day of the month to charge on.")
    charge = fields.BooleanField(db_default=False, description="Whether to charge at once.")
    effective_from = fields.CharField(max_length=10, null=True, description="A day, as ISO 8601.")
    requested_at = fields.BigIntField()
    requested_by_id = fields.UUIDField(description="The user; NOBODY if a rule requested it.")
    requested_by_name = fields.CharField(max_length=200, description="Their name at that time.")
    expires_at = fields.BigIntField(description="When it expires, while it is open.")
    closed_at = fields.BigIntField(null=True)
    own_status = fields.CharEnumField(SubscriptionRequestStatus, max_length=10)
    own_closed_at = fields.BigIntField(null=True)

    class Meta:
        table = "subscription_requests"
        indexes = (("account_id", "subscription_id", "requested_at", "id"),)

"""Opportunities: sales that may still happen, and that someone works on."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.tables.account import Account
from models.tables.collaborator import Collaborator, Team
from models.tables.product import Offer, Product
from models.vocabulary import EventSource


class OpportunityKind(StrEnum):
    """How an opportunity came about."""

    ABANDONED_CHECKOUT = "ABANDONED_CHECKOUT"
    """Someone began to buy and gave up at the checkout."""
    UNPAID_SLIP = "UNPAID_SLIP"
    """A payment slip or code was issued and not paid in time, and can still be paid."""
    EXPIRED_SLIP = "EXPIRED_SLIP"
    """A payment slip or code expired, or its sale ended, without being paid."""
    REFUSED_PAYMENT = "REFUSED_PAYMENT"
    """A payment was refused."""
    LEAD = "LEAD"
    """Someone left their address in a form."""
    MANUAL = "MANUAL"
    """A person added it."""


class OpportunityStatus(StrEnum):
    """The status of an opportunity."""

    TODO = "TODO"
    """Open: someone should work on it."""
    STANDBY = "STANDBY"
    """Open, and postponed until a date."""
    WON = "WON"
    """The contact bought."""
    LOST = "LOST"
    """The contact will not buy."""
    CANCELLED = "CANCELLED"
    """It was none, for example a duplicate, a test, or a slip that was paid in time. No report counts it."""


OPEN = (OpportunityStatus.TODO, OpportunityStatus.STANDBY)


class LostReason(StrEnum):
    """Why an opportunity was lost."""

    NO_ANSWER = "NO_ANSWER"
    """The contact did not answer."""
    PRICE = "PRICE"
    """The price was too high."""
    COMPETITOR = "COMPETITOR"
    """The contact bought from someone else."""
    NOT_INTERESTED = "NOT_INTERESTED"
    """The contact was not interested."""
    WRONG_CONTACT = "WRONG_CONTACT"
    """The contact could not be reached with what is known of them."""
    OTHER = "OTHER"
    """Another reason, which the note explains."""


class PipelineStep(Model):
    """One step of an account's pipeline, in the order of `position`."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    name = fields.CharField(max_length=60)
    position = fields.IntField()

    class Meta:
        table = "pipeline_steps"
        indexes = (("account_id", "position"),)


class CheckoutAttempt(Model):
    """What one message says about someone who gave up at the checkout."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    key = fields.CharField(max_length=150, description="The event's id at its source.")
    contact = fields.CharField(
        max_length=620, description="Who gave up, as `models.recovery.contact` has it."
    )
    product_reference = fields.CharField(max_length=64)
    offer_code = fields.CharField(max_length=64, null=True)
    name = fields.CharField(max_length=300, null=True)
    email = fields.CharField(max_length=254, null=True)
    phone = fields.CharField(max_length=60, null=True)
    country = fields.CharField(max_length=2, null=True)
    happened_at = fields.BigIntField()
    received_at = fields.BigIntField()

    class Meta:
        table = "checkout_attempts"
        unique_together = (("account_id", "key"),)
        indexes = (("account_id", "contact", "product_reference", "happened_at"),)


class Opportunity(Model):
    """A sale that may still happen. Amounts are minor units; times are milliseconds.

    What messages say is folded into it (`models.recovery`). What people and time do is in the columns `own_…`
    and lies over it: `status`, `closed_at` and `won_by_id` are what counts.
    """

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    kind = fields.CharEnumField(OpportunityKind, max_length=20)
    status = fields.CharEnumField(OpportunityStatus, max_length=10)
    contact = fields.CharField(max_length=620, null=True, description="As `models.recovery.contact` has it.")
    product: fields.ForeignKeyNullableRelation[Product] = fields.ForeignKeyField(
        "models.Product", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    offer: fields.ForeignKeyNullableRelation[Offer] = fields.ForeignKeyField(
        "models.Offer", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    title = fields.CharField(max_length=300, null=True, description="As a person set it.")
    title_folded = fields.CharField(max_length=600, null=True, description="The title as it is searched.")
    amount = fields.BigIntField(null=True)
    currency = fields.CharField(max_length=3, null=True)
    priced = fields.BooleanField(db_default=False, description="Whether a person set the amount.")
    contact_name = fields.CharField(max_length=300, null=True)
    contact_folded = fields.CharField(max_length=600, null=True, description="The name as it is searched.")
    contact_email = fields.CharField(max_length=254, null=True)
    contact_phone = fields.CharField(max_length=60, null=True)
    contact_document = fields.CharField(max_length=60, null=True)
    contact_country = fields.CharField(max_length=2, null=True)
    origin_src = fields.CharField(max_length=300, null=True)
    origin_sck = fields.CharField(max_length=300, null=True)
    origin_xcod = fields.CharField(max_length=300, null=True)
    affiliate_code = fields.CharField(max_length=64, null=True)
    affiliate_name = fields.CharField(max_length=300, null=True)
    # no foreign keys: a sale can go when its messages are read again
    sale_id = fields.UUIDField(null=True, description="The sale of the slip or of the refused payment.")
    won_by_id = fields.UUIDField(null=True, description="The sale that won it.")
    step: fields.ForeignKeyRelation[PipelineStep] = fields.ForeignKeyField(
        "models.PipelineStep", related_name=False, on_delete=fields.RESTRICT
    )
    starred = fields.BooleanField(db_default=False)
    probability = fields.IntField(null=True)
    remind_at = fields.BigIntField(null=True, description="Until when it is postponed.")
    merged_into_id = fields.UUIDField(null=True, description="The opportunity that it is a duplicate of.")
    attempts = fields.IntField(db_default=1)
    opened_at = fields.BigIntField()
    last_attempt_at = fields.BigIntField()
    touched_at = fields.BigIntField()
    closed_at = fields.BigIntField(null=True)
    lost_reason = fields.CharEnumField(LostReason, max_length=20, null=True)
    version = fields.IntField(db_default=1, description="Grows with each act; a stale one names an older.")
    created_at = fields.BigIntField()

    marketplace_status = fields.CharEnumField(
        OpportunityStatus, max_length=10, null=True, description="What messages make of it: WON or CANCELLED."
    )
    marketplace_at = fields.BigIntField(null=True, description="When that happened.")
    marketplace_sale_id = fields.UUIDField(null=True, description="The sale that won it by messages.")
    own_status = fields.CharEnumField(
        OpportunityStatus, max_length=10, description="The status without the marketplace's messages."
    )
    own_closed_at = fields.BigIntField(null=True, description="When a person closed it.")
    own_sale_id = fields.UUIDField(null=True, description="The sale that a person says won it.")
    own_touched_at = fields.BigIntField(null=True, description="When a person last did something with it.")

    assignee: fields.ForeignKeyNullableRelation[Collaborator] = fields.ForeignKeyField(
        "models.Collaborator", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    team: fields.ForeignKeyNullableRelation[Team] = fields.ForeignKeyField(
        "models.Team", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    # when a person assigned it; without, it has the assignee of its sale
    assigned_at = fields.BigIntField(null=True)
    # no foreign keys: when collaborators leave and teams are deleted, their credit stays
    credit_id = fields.UUIDField(null=True, description="Whom it counts for in statistics.")
    credit_team_id = fields.UUIDField(null=True, description="The team that it counts for.")

    class Meta:
        table = "opportunities"
        unique_together = (("account_id", "sale_id"),)
        indexes = (
            ("account_id", "touched_at", "id"),
            ("account_id", "assignee_id", "touched_at", "id"),
            ("account_id", "opened_at", "id"),
            ("account_id", "assignee_id", "opened_at", "id"),
            ("account_id", "status", "touched_at", "id"),
            ("account_id", "assignee_id", "status", "touched_at", "id"),
            ("account_id", "kind", "touched_at", "id"),
            ("account_id", "assignee_id", "kind", "touched_at", "id"),
            ("account_id", "step_id", "status"),
            ("account_id", "contact", "product_id"),
            ("account_id", "credit_id", "opened_at"),
        )


class OpportunityEvent(Model):
    """One event of an opportunity: what a message says, what a person did, or what time did."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    opportunity: fields.ForeignKeyRelation[Opportunity] = fields.ForeignKeyField(
        "models.Opportunity", related_name=False
    )
    key = fields.CharField(max_length=150)
    source = fields.CharEnumField(EventSource, max_length=10)
    kind = fields.CharField(max_length=60)
    happened_at = fields.BigIntField()
    received_at = fields.BigIntField()
    facts: Any = fields.JSONField()

    class Meta:
        table = "opportunity_events"
        unique_together = (("account_id", "opportunity_id", "key"),)
        indexes = (("account_id", "opportunity_id", "happened_at", "id"),)


class OpportunityNote(Model):
    """What a person wrote about an opportunity."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    opportunity: fields.ForeignKeyRelation[Opportunity] = fields.ForeignKeyField(
        "models.Opportunity", related_name=False
    )
    text = fields.TextField()
    written_at = fields.BigIntField()
    written_by_id = fields.UUIDField(description="The user.")
    written_by_name = fields.CharField(max_length=200, description="Their name at that time.")

    class Meta:
        table = "opportunity_notes"
        indexes = (("account_id", "opportunity_id", "written_at", "id"),)

"""Requests to refund sales, and the limits above which the account's owner approves requests."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.tables.account import Account
from models.tables.sale import Sale


class RefundRequestStatus(StrEnum):
    """The status of a refund request."""

    AWAITING_APPROVAL = "AWAITING_APPROVAL"
    """The amount is above the owner's limit, and the owner has not decided yet."""
    REQUESTED = "REQUESTED"
    """Requested from the marketplace."""
    REFUNDED = "REFUNDED"
    """The marketplace refunded the sale, or a part of it."""
    REFUSED = "REFUSED"
    """The owner refused the request."""
    WITHDRAWN = "WITHDRAWN"
    """The request was withdrawn."""
    OVERTAKEN = "OVERTAKEN"
    """The buyer's bank reversed the payment before the marketplace refunded it."""
    EXPIRED = "EXPIRED"
    """The owner did not decide within 7 days, or the marketplace did not refund the sale within 30 days."""


OPEN = (RefundRequestStatus.AWAITING_APPROVAL, RefundRequestStatus.REQUESTED)


class RefundReason(StrEnum):
    """The reason for a refund."""

    REGRET = "REGRET"
    """The buyer changed their mind."""
    NOT_AS_DESCRIBED = "NOT_AS_DESCRIBED"
    """The product is not what its description promises."""
    NO_ACCESS = "NO_ACCESS"
    """The buyer cannot access the product."""
    DUPLICATE = "DUPLICATE"
    """The buyer bought the product more than once."""
    TECHNICAL = "TECHNICAL"
    """The product does not work for technical reasons."""
    OTHER = "OTHER"
    """Another reason, which the note explains."""


class ApprovalAct(StrEnum):
    """What an account's owner approves above a limit."""

    REFUND = "REFUND"
    REFUND_DAY = "REFUND_DAY"
    """Refund requests by the same person within 24 hours."""
    WITHDRAWAL = "WITHDRAWAL"


class RefundRequest(Model):
    """A request to refund a sale. Amounts are minor units; times are milliseconds.

    `assignee_id` follows that of the sale by a trigger, so that an index finds the rows within reach.
    """

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    sale: fields.ForeignKeyRelation[Sale] = fields.ForeignKeyField("models.Sale", related_name=False)
    current_of = fields.UUIDField(null=True, description="The sale, of its newest request.")
    assignee_id = fields.UUIDField(null=True, description="The assignee of the sale.")
    reference = fields.CharField(max_length=64, description="The reference of the sale.")
    status = fields.CharEnumField(RefundRequestStatus, max_length=20)
    reason = fields.CharEnumField(RefundReason, max_length=20)
    note = fields.CharField(max_length=500, null=True)
    amount = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    requested_at = fields.BigIntField()
    requested_by_id = fields.UUIDField(description="The user.")
    requested_by_owner = fields.BooleanField(description="Whether they were the owner then.")
    requested_by_name = fields.CharField(max_length=200, description="Their name at that time.")
    decided_by_id = fields.UUIDField(null=True, description="The user.")
    decided_by_name = fields.CharField(max_length=200, null=True, description="Who approved or refused it.")
    refusal_reason = fields.CharField(max_length=500, null=True)
    expires_at = fields.BigIntField(description="When it expires, while it is open.")
    closed_at = fields.BigIntField(null=True)
    own_status = fields.CharEnumField(
        RefundRequestStatus, max_length=20, description="The status without the marketplace's messages."
    )
    own_closed_at = fields.BigIntField(null=True, description="When people or time closed it.")

    class Meta:
        table = "refund_requests"
        unique_together = (("account_id", "current_of"),)
        indexes = (
            ("account_id", "requested_at", "id"),
            ("account_id", "assignee_id", "requested_at", "id"),
            ("account_id", "requested_by_id", "requested_at"),
            ("account_id", "sale_id"),
        )


class ApprovalLimit(Model):
    """An amount above which the account's owner approves what others request."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    act = fields.CharEnumField(ApprovalAct, max_length=12)
    currency = fields.CharField(max_length=3)
    amount = fields.BigIntField(description="Minor units of `currency`.")

    class Meta:
        table = "approval_limits"
        unique_together = (("account_id", "act", "currency"),)

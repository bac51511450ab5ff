"""A seller's business: the account to which every other row of it belongs."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from models.tables.user import User
from models.vocabulary import AccountKind, Edition, Privacy, TransferStatus


class Account(Model):
    """A seller's business. It has exactly one owner."""

    id = fields.UUIDField(primary_key=True)
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name=False)
    name = fields.CharField(max_length=200)
    kind = fields.CharEnumField(AccountKind, max_length=20)
    country = fields.CharField(max_length=2)
    tax_number = fields.CharField(max_length=40, null=True)
    edition = fields.CharEnumField(Edition, max_length=10, default=Edition.STANDARD)
    teams_on = fields.BooleanField(default=False)
    privacy = fields.CharEnumField(Privacy, max_length=10, default=Privacy.OWN)
    currency = fields.CharField(max_length=3)
    timezone = fields.CharField(max_length=60, default="UTC", description="IANA name.")
    locale = fields.CharField(max_length=8, default="en")
    logo_url = fields.CharField(max_length=500, null=True)
    intake_id = fields.UUIDField(unique=True, description="The account's name in its intake address.")
    intake_secret_digest = fields.CharField(max_length=64, null=True, description="Hex SHA-256.")
    brand_name = fields.CharField(max_length=200, null=True, description="The name shown, if another.")
    chain_sequence = fields.BigIntField(db_default=0, description="The number of the log's last entry.")
    chain_digest = fields.CharField(max_length=64, null=True, description="The log's head.")
    closed_at = fields.BigIntField(null=True)
    two_factor_required_at = fields.BigIntField(
        null=True, description="Since when only users with a second factor enter."
    )
    reveal_on_record = fields.BooleanField(
        db_default=False,
        description="Whether collaborators see buyers' personal data covered until they ask.",
    )
    receipt_tax_number = fields.BooleanField(
        db_default=False, description="Whether receipts name the tax number."
    )
    receipt_address = fields.BooleanField(db_default=False, description="Whether receipts name the address.")
    receipt_footer = fields.CharField(max_length=500, null=True, description="The last lines of receipts.")
    statements_due_at = fields.BigIntField(
        db_default=0, description="When the statements of a month that ends are written next."
    )
    created_at = fields.BigIntField()
    version = fields.IntField(
        db_default=1, description="Grows with each change; a stale write names an older one."
    )

    class Meta:
        table = "accounts"
        indexes = (("statements_due_at", "id"),)


class OwnerDetails(Model):
    """The details of an account that only its owner can see."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    legal_name = fields.CharField(max_length=300, null=True)
    phone = fields.CharField(max_length=60, null=True)
    address: Any = fields.JSONField(null=True)
    bank_holder = fields.CharField(max_length=300, null=True)
    bank_kind = fields.CharField(max_length=20, null=True, description="IBAN, or the country's own form.")
    bank_number = fields.CharField(max_length=60, null=True)
    bank_changed_at = fields.BigIntField(null=True)
    changed_at = fields.BigIntField()
    version = fields.IntField(
        db_default=1, description="Grows with each change; a stale write names an older one."
    )

    class Meta:
        table = "owner_details"
        unique_together = (("account_id",),)


class Transfer(Model):
    """An offer of an account, by its owner to a collaborator."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    collaborator_id = fields.UUIDField(description="The collaborator who becomes the owner.")
    offered_by: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User", related_name=False)
    status = fields.CharEnumField(TransferStatus, max_length=10)
    created_at = fields.BigIntField()
    expires_at = fields.BigIntField()
    decided_at = fields.BigIntField(null=True)

    class Meta:
        table = "transfers"
        indexes = (("account_id", "created_at"),)

"""A seller's business: the row that every other row of it names first."""

from tortoise import fields
from tortoise.models import Model

from models.user import User
from models.words import AccountKind, Edition, Privacy


class Account(Model):
    """A seller's business; has exactly one owner."""

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
    closed_at = fields.BigIntField(null=True)
    created_at = fields.BigIntField()

    class Meta:
        table = "accounts"

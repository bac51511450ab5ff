"""GraphQL documents that requests name instead of sending them."""

from tortoise import fields
from tortoise.models import Model


class Document(Model):
    """A document, under the name that requests use: an operator's trusted one, or one that a client sent.

    The id is a digest of the name and of what may use it. `size` is in bytes.
    """

    id = fields.CharField(max_length=64, primary_key=True)
    kind = fields.CharField(max_length=10)
    name = fields.CharField(max_length=200)
    digest = fields.CharField(max_length=64)
    text = fields.TextField()
    size = fields.IntField()
    used_at = fields.BigIntField()

    class Meta:
        table = "documents"
        indexes = (("kind", "used_at"), ("digest",))

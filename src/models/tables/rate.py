"""The counts of rate limits, shared by all processes."""

from tortoise import fields
from tortoise.models import Model


class RateCount(Model):
    """How often something happened in a period, and when the period ends.

    The id is a digest and identifies no one.
    """

    id = fields.CharField(max_length=64, primary_key=True)
    count = fields.BigIntField()
    expires_at = fields.BigIntField()

    class Meta:
        table = "rate_counts"
        indexes = (("expires_at",),)

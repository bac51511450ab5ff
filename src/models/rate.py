"""Counts of rate limits, shared by all processes."""

from tortoise import fields
from tortoise.models import Model


class RateCount(Model):
    """How often something happened, until a time. The id is a digest: it names no one."""

    id = fields.CharField(max_length=64, primary_key=True)
    count = fields.BigIntField()
    expires_at = fields.BigIntField()

    class Meta:
        table = "rate_counts"
        indexes = (("expires_at",),)

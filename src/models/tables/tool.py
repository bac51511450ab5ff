"""The settings of tools, in every version."""

from tortoise import fields
from tortoise.models import Model

from models.tables.account import Account


class ToolVersion(Model):
    """One version of a tool's settings in one scope. A version is never overwritten."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    tool = fields.CharField(max_length=60, description="The tool's name in the API, such as trackingPixels.")
    scope_id = fields.CharField(max_length=36, description="The product's id, or the account's.")
    version = fields.IntField(description="From 1, without gaps in its tool and scope.")
    settings: fields.JSONField[dict[str, object]] = fields.JSONField()
    changes: fields.JSONField[list[object]] = fields.JSONField(
        description="What differs from the version before, by the coordinates of fields."
    )
    changed_at = fields.BigIntField(description="Milliseconds since 1970.")
    changed_by = fields.CharField(max_length=200, description="The name of the person, at that time.")
    work_at = fields.BigIntField(
        null=True, description="Of a newest version: when the clock next does what it says."
    )

    class Meta:
        table = "tool_versions"
        # and a partial one that Tortoise does not support: by the time of their work
        unique_together = (("account_id", "tool", "scope_id", "version"),)


class DistributionCount(Model):
    """How much the distribution has given to a collaborator on the newest day on which it gave them any."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    # no foreign key: the count ends with the collaborator, and nothing else reads it
    collaborator_id = fields.UUIDField()
    day = fields.CharField(max_length=10, description="In the account's time zone, as ISO 8601.")
    number = fields.IntField()
    last_at = fields.BigIntField(description="When it last gave them something, in milliseconds since 1970.")

    class Meta:
        table = "distribution_counts"
        unique_together = (("account_id", "collaborator_id"),)

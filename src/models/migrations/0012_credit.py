"""Whom a sale counts for, apart from who works on it, and what stays of seats and teams that have ended."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.migrate import Statements

# existing sales count for whom they counted until now
_CREDITED = "UPDATE sales SET credit_id = assignee_id, credit_team_id = team_id WHERE assignee_id IS NOT NULL"
# a seat that its user left to own the account: its team members and codes are gone already
_ENDED = (
    "INSERT INTO ended_seats (id, account_id, user_id, name, ended_at)"
    " SELECT c.id, c.account_id, c.user_id, c.name, COALESCE(c.ends_at, c.joined_at)"
    " FROM collaborators c JOIN accounts a ON a.id = c.account_id AND a.owner_id = c.user_id"
)


def _account() -> fields.Field[object]:
    return fields.ForeignKeyField(
        "models.Account",
        source_field="account_id",
        db_constraint=True,
        to_field="id",
        related_name=False,
        on_delete=OnDelete.CASCADE,
    )


class Migration(migrations.Migration):
    dependencies = [("models", "0011_what_became_of_messages")]
    initial = False

    operations = [
        ops.AddField(model_name="Sale", name="credit_id", field=fields.UUIDField(null=True)),
        ops.AddField(model_name="Sale", name="credit_team_id", field=fields.UUIDField(null=True)),
        ops.CreateModel(
            name="EndedSeat",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                ("account", _account()),
                ("user_id", fields.UUIDField()),
                ("name", fields.CharField(max_length=200)),
                ("ended_at", fields.BigIntField()),
            ],
            options={
                "table": "ended_seats",
                "app": "models",
                "indexes": [Index(fields=["account_id", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="EndedTeam",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                ("account", _account()),
                ("name", fields.CharField(max_length=100)),
                ("ended_at", fields.BigIntField()),
            ],
            options={
                "table": "ended_teams",
                "app": "models",
                "indexes": [Index(fields=["account_id", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        Statements(
            {
                "sqlite": (_CREDITED, _ENDED),
                # however many there are, they are written once
                "postgres": ("SET LOCAL statement_timeout = 0", _CREDITED, _ENDED),
            },
            {"sqlite": (), "postgres": ()},
        ),
        ops.RemoveIndex("Sale", fields=["account_id", "assignee_id", "approved_at"]),
        ops.AddIndex("Sale", Index(fields=["account_id", "credit_id", "approved_at", "ordered_at"])),
    ]

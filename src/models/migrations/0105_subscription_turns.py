"""When subscriptions became active and when they ended, and an index of what a sale won."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.migrate import Statements
from models.tables.subscription import TurnKind

_WON = "account_id, won_by_id) WHERE won_by_id IS NOT NULL"
_INDEX = f"CREATE INDEX opportunities_by_won_by ON opportunities ({_WON}"
_UUID = {
    "sqlite": "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2)"
    " || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))",
    "postgres": "gen_random_uuid()",
}


def _filled(dialect: str) -> tuple[str, ...]:
    """A beginning and an end for each subscription, as far as its row has them; folding it again finds those
    before."""
    columns = "id, account_id, subscription_id, position, kind, happened_at, begun_at"
    begun = "COALESCE(started_at, 0)"
    ended = f"CASE WHEN ended_at < {begun} THEN {begun} ELSE ended_at END"
    kind = "CASE WHEN status = 'CANCELLED' THEN 'CANCELLED' ELSE 'EXPIRED' END"
    paid = "(paid_recurrences > 0 OR status IN ('ACTIVE', 'DELAYED') OR started_at IS NULL)"
    insert = f"INSERT INTO subscription_turns ({columns}) SELECT {_UUID[dialect]}, account_id, id"
    return (
        f"{insert}, 0, 'STARTED', {begun}, {begun} FROM subscriptions WHERE {paid}",
        f"{insert}, 1, {kind}, {ended}, {begun} FROM subscriptions WHERE {paid} AND ended_at IS NOT NULL",
    )


class Migration(migrations.Migration):
    dependencies = [("models", "0104_repeated_shares")]

    initial = False

    operations = [
        ops.CreateModel(
            name="SubscriptionTurn",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                (
                    "subscription",
                    fields.ForeignKeyField(
                        "models.Subscription",
                        source_field="subscription_id",
                        to_field="id",
                        related_name=False,
                    ),
                ),
                ("position", fields.IntField()),
                ("kind", fields.CharEnumField(enum_type=TurnKind, max_length=12)),
                ("happened_at", fields.BigIntField()),
                ("begun_at", fields.BigIntField()),
            ],
            options={
                "table": "subscription_turns",
                "app": "models",
                "unique_together": (("account_id", "subscription_id", "position"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        Statements(
            {dialect: (_INDEX, *_filled(dialect)) for dialect in _UUID},
            dict.fromkeys(_UUID, ("DROP INDEX opportunities_by_won_by",)),
        ),
    ]

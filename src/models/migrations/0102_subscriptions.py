"""Subscriptions follow the assignee and the address of their payments, and requests follow them."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.migrate import Statements
from models.product_vocabulary import PlanPeriod
from models.tables.subscription import (
    CancellationReason,
    EndedBy,
    SubscriptionRequestKind,
    SubscriptionRequestStatus,
    SubscriptionStatus,
)

_INDEXED = (
    (
        "CREATE INDEX sales_of_subscription ON sales (account_id, subscription_id, ordered_at, id)"
        " WHERE subscription_id IS NOT NULL"
    ),
    "CREATE INDEX subscriptions_by_status ON subscriptions (account_id, status, known_since, id)",
    (
        "CREATE INDEX subscriptions_by_status_of_assignee ON subscriptions"
        " (account_id, assignee_id, status, known_since, id)"
    ),
    (
        "CREATE INDEX subscriptions_overdue ON subscriptions (account_id, known_since, id)"
        " WHERE overdue_recurrences > 0"
    ),
    (
        "CREATE INDEX subscriptions_silent ON subscriptions (account_id, silent_from)"
        " WHERE silent_from IS NOT NULL"
    ),
    "CREATE INDEX subscriptions_bare ON subscriptions (account_id, product_id) WHERE bare_value IS NOT NULL",
    (
        "CREATE INDEX subscription_requests_due ON subscription_requests (expires_at, id)"
        " WHERE status = 'REQUESTED'"
    ),
)


def _newest(column: str, present: str) -> str:
    """A column of the subscription's newest payment that has another one."""
    return (
        f"{column} = (SELECT s.{column} FROM sales s WHERE s.account_id = NEW.account_id"
        f" AND s.subscription_id = NEW.subscription_id AND s.{present} IS NOT NULL"
        " ORDER BY s.ordered_at DESC, s.reference DESC LIMIT 1)"
    )


_THIS = "WHERE account_id = NEW.account_id AND id = NEW.subscription_id"
_FOLLOW = (
    f"UPDATE subscriptions SET {_newest('assignee_id', 'assignee_id')}, {_newest('team_id', 'assignee_id')},"
    f" {_newest('credit_id', 'credit_id')}, {_newest('credit_team_id', 'credit_id')}"
    f" {_THIS} AND assigned_at IS NULL"
)
_ADDRESS = _newest("buyer_email", "buyer_email").replace("buyer_email = ", "subscriber_email = ", 1)
_READDRESS = f"UPDATE subscriptions SET {_ADDRESS} {_THIS}"
_HAND_ON = (
    "UPDATE subscription_requests SET assignee_id = NEW.assignee_id"
    " WHERE account_id = NEW.account_id AND subscription_id = NEW.id"
)
_FOLLOWED = ("assignee_id", "team_id", "credit_id", "credit_team_id")
_TRIGGERS = (
    ("sales_subscriptions", "sales", _FOLLOWED, "subscription_id", _FOLLOW),
    ("sales_subscribers", "sales", ("buyer_email",), "subscription_id", _READDRESS),
    ("subscriptions_requests", "subscriptions", ("assignee_id",), "id", _HAND_ON),
)


def _sqlite(name: str, table: str, columns: tuple[str, ...], key: str, work: str) -> str:
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
    return (
        f"CREATE TRIGGER {name} AFTER UPDATE OF {', '.join(columns)} ON {table}"
        f" WHEN NEW.{key} IS NOT NULL AND ({changed}) BEGIN {work}; END"
    )


def _postgres(name: str, table: str, columns: tuple[str, ...], key: str, work: str) -> tuple[str, str]:
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {work}; RETURN NULL; END $$",
        (
            f"CREATE TRIGGER {name} AFTER UPDATE OF {', '.join(columns)} ON {table} FOR EACH ROW"
            f" WHEN (NEW.{key} IS NOT NULL AND ({changed})) EXECUTE FUNCTION {name}()"
        ),
    )


_DONE = {
    "sqlite": (*_INDEXED, *(_sqlite(*trigger) for trigger in _TRIGGERS)),
    "postgres": (*_INDEXED, *(text for trigger in _TRIGGERS for text in _postgres(*trigger))),
}
_INDEXES = (
    "DROP INDEX sales_of_subscription",
    "DROP INDEX subscriptions_by_status",
    "DROP INDEX subscriptions_by_status_of_assignee",
    "DROP INDEX subscriptions_overdue",
    "DROP INDEX subscriptions_silent",
    "DROP INDEX subscriptions_bare",
    "DROP INDEX subscription_requests_due",
)
_UNDONE = {
    "sqlite": (*(f"DROP TRIGGER {name}" for name, *_ in _TRIGGERS), *_INDEXES),
    "postgres": (
        *(
            text
            for name, table, *_ in _TRIGGERS
            for text in (f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()")
        ),
        *_INDEXES,
    ),
}


class Migration(migrations.Migration):
    dependencies = [("models", "0101_words_of_sales")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Subscription",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("code", fields.CharField(max_length=64)),
                ("status", fields.CharEnumField(enum_type=SubscriptionStatus, max_length=10)),
                ("ended_by", fields.CharEnumField(null=True, enum_type=EndedBy, max_length=10)),
                (
                    "product",
                    fields.ForeignKeyField(
                        "models.Product", source_field="product_id", to_field="id", related_name=False
                    ),
                ),
                ("plan", fields.CharField(null=True, max_length=300)),
                ("period", fields.CharEnumField(null=True, enum_type=PlanPeriod, max_length=10)),
                ("max_charges", fields.IntField(null=True)),
                ("price", fields.BigIntField(null=True)),
                ("currency", fields.CharField(null=True, max_length=3)),
                ("bare_value", fields.CharField(null=True, max_length=40)),
                ("trial", fields.BooleanField(db_default=False)),
                ("started_at", fields.BigIntField(null=True)),
                ("known_since", fields.BigIntField()),
                ("next_charge_at", fields.BigIntField(null=True)),
                ("charge_day", fields.IntField(null=True)),
                ("silent_from", fields.BigIntField(null=True)),
                ("recurrence", fields.IntField(null=True)),
                ("paid_recurrences", fields.IntField(db_default=0)),
                ("overdue_recurrences", fields.IntField(db_default=0)),
                ("ended_at", fields.BigIntField(null=True)),
                ("reason", fields.CharEnumField(null=True, enum_type=CancellationReason, max_length=20)),
                ("note", fields.CharField(null=True, max_length=500)),
                ("cancelled_by_request", fields.UUIDField(null=True)),
                ("subscriber_name", fields.CharField(null=True, max_length=300)),
                ("subscriber_folded", fields.CharField(null=True, max_length=600)),
                ("subscriber_email", fields.CharField(null=True, max_length=254)),
                ("subscriber_phone", fields.CharField(null=True, max_length=60)),
                ("subscriber_document", fields.CharField(null=True, max_length=60)),
                ("subscriber_country", fields.CharField(null=True, max_length=2)),
                ("created_at", fields.BigIntField()),
                (
                    "assignee",
                    fields.ForeignKeyField(
                        "models.Collaborator",
                        source_field="assignee_id",
                        null=True,
                        to_field="id",
                        related_name=False,
                        on_delete=fields.SET_NULL,
                    ),
                ),
                (
                    "team",
                    fields.ForeignKeyField(
                        "models.Team",
                        source_field="team_id",
                        null=True,
                        to_field="id",
                        related_name=False,
                        on_delete=fields.SET_NULL,
                    ),
                ),
                ("assigned_at", fields.BigIntField(null=True)),
                ("credit_id", fields.UUIDField(null=True)),
                ("credit_team_id", fields.UUIDField(null=True)),
            ],
            options={
                "table": "subscriptions",
                "app": "models",
                "unique_together": (("account_id", "code"),),
                "indexes": [
                    Index(fields=["account_id", "known_since", "id"]),
                    Index(fields=["account_id", "assignee_id", "known_since", "id"]),
                    Index(fields=["account_id", "next_charge_at", "id"]),
                    Index(fields=["account_id", "assignee_id", "next_charge_at", "id"]),
                    Index(fields=["account_id", "ended_at", "id"]),
                    Index(fields=["account_id", "assignee_id", "ended_at", "id"]),
                    Index(fields=["account_id", "product_id", "known_since", "id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SubscriptionRequest",
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
                ("assignee_id", fields.UUIDField(null=True)),
                ("kind", fields.CharEnumField(enum_type=SubscriptionRequestKind, max_length=10)),
                ("status", fields.CharEnumField(enum_type=SubscriptionRequestStatus, max_length=10)),
                ("reason", fields.CharEnumField(null=True, enum_type=CancellationReason, max_length=20)),
                ("note", fields.CharField(null=True, max_length=500)),
                ("day", fields.IntField(null=True)),
                ("charge", fields.BooleanField(db_default=False)),
                ("effective_from", fields.CharField(null=True, max_length=10)),
                ("requested_at", fields.BigIntField()),
                ("requested_by_id", fields.UUIDField()),
                ("requested_by_name", fields.CharField(max_length=200)),
                ("expires_at", fields.BigIntField()),
                ("closed_at", fields.BigIntField(null=True)),
                ("own_status", fields.CharEnumField(enum_type=SubscriptionRequestStatus, max_length=10)),
                ("own_closed_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "subscription_requests",
                "app": "models",
                "indexes": [Index(fields=["account_id", "subscription_id", "requested_at", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Sale",
            name="charge",
            field=fields.TextField(null=True),
        ),
        ops.AddField(
            model_name="Sale",
            name="subscription_id",
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name="SubscriptionEvent",
            name="subscription_id",
            field=fields.UUIDField(null=True),
        ),
        ops.AddIndex(
            model_name="SubscriptionEvent",
            index=Index(fields=["account_id", "subscription_id", "happened_at", "id"]),
        ),
        Statements(_DONE, _UNDONE),
    ]

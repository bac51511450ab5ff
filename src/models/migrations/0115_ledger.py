"""A ledger of double entries over the shares of sales, withdrawals, and a review that books earlier sales.

The database refuses an entry or a balance that does not add up to zero, an overdraft, and every change of an
entry.
"""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.migrate import Statements
from models.tables.ledger import LedgerAccount, LedgerKind
from models.tables.withdrawal import WithdrawalStatus
from models.vocabulary import BankKind, EventSource

_SUM = "{row}external + {row}pending + {row}available + {row}disputed + {row}held + {row}paid_out + {row}owed"
_DRAWN = (
    "{row}available >= 0 AND {row}held >= 0 AND {row}paid_out >= 0 AND {row}owed <= 0"
    " AND ({row}available = 0 OR {row}owed = 0)"
)
_CONDITIONS = (
    ("ledger_entries", "sum", f"{_SUM} = 0", "An entry adds up to zero."),
    ("balances", "sum", f"{_SUM} = 0", "A balance adds up to zero."),
    ("balances", "drawn", _DRAWN, "A balance is never overdrawn."),
)
_INDEXED = (
    "CREATE INDEX balances_due ON balances (next_release_at, id) WHERE next_release_at IS NOT NULL",
    (
        "CREATE INDEX sale_postings_pending ON sale_postings (account_id, currency, release_at)"
        " WHERE place = 'PENDING'"
    ),
    "CREATE INDEX ledger_reviews_due ON ledger_reviews (due_at, id) WHERE due_at IS NOT NULL",
    "CREATE INDEX withdrawals_due ON withdrawals (expires_at, id) WHERE status = 'AWAITING_APPROVAL'",
    "CREATE INDEX withdrawals_by_status ON withdrawals (account_id, status, requested_at, id)",
)
_FILLED = (
    "UPDATE owner_details SET bank_changed_at = changed_at WHERE bank_number IS NOT NULL",
    "INSERT INTO ledger_reviews (id, account_id, due_at, reference) SELECT id, id, 0, '' FROM accounts",
)
_SQLITE = (
    *(
        f"CREATE TRIGGER {table}_{name}_{event.lower()} BEFORE {event} ON {table}"
        f" WHEN NOT ({condition.format(row='NEW.')}) BEGIN SELECT RAISE(ABORT, '{says}'); END"
        for table, name, condition, says in _CONDITIONS
        for event in ("INSERT", "UPDATE")
    ),
    (
        "CREATE TRIGGER ledger_entries_unchanged BEFORE UPDATE ON ledger_entries"
        " BEGIN SELECT RAISE(ABORT, 'The ledger only grows.'); END"
    ),
    # the entries of an account go with it: its row is gone by then
    (
        "CREATE TRIGGER ledger_entries_kept BEFORE DELETE ON ledger_entries"
        " WHEN EXISTS (SELECT 1 FROM accounts WHERE id = OLD.account_id)"
        " BEGIN SELECT RAISE(ABORT, 'The ledger only grows.'); END"
    ),
)
_POSTGRES = (
    *(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{name} CHECK ({condition.format(row='')})"
        for table, name, condition, _ in _CONDITIONS
    ),
    (
        "CREATE FUNCTION ledger_entries_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM accounts WHERE id = OLD.account_id)"
        " THEN RETURN OLD; END IF;"
        " RAISE EXCEPTION 'The ledger only grows.' USING ERRCODE = 'restrict_violation'; END $$"
    ),
    (
        "CREATE TRIGGER ledger_entries_only_grow BEFORE UPDATE OR DELETE ON ledger_entries"
        " FOR EACH ROW EXECUTE FUNCTION ledger_entries_only_grow()"
    ),
)
# the triggers, constraints and indexes go with their tables
_UNDO = {"sqlite": (), "postgres": ("DROP FUNCTION ledger_entries_only_grow() CASCADE",)}


class Migration(migrations.Migration):
    dependencies = [("models", "0114_api_credentials")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Balance",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("currency", fields.CharField(max_length=3)),
                ("external", fields.BigIntField(db_default=0)),
                ("pending", fields.BigIntField(db_default=0)),
                ("available", fields.BigIntField(db_default=0)),
                ("disputed", fields.BigIntField(db_default=0)),
                ("held", fields.BigIntField(db_default=0)),
                ("paid_out", fields.BigIntField(db_default=0)),
                ("owed", fields.BigIntField(db_default=0)),
                ("next_release_at", fields.BigIntField(null=True)),
                ("opened_at", fields.BigIntField(null=True)),
                ("payout_days", fields.IntField(null=True)),
                ("minimum", fields.BigIntField(null=True)),
            ],
            options={
                "table": "balances",
                "app": "models",
                "unique_together": (("account_id", "currency"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("at", fields.BigIntField()),
                ("kind", fields.CharEnumField(enum_type=LedgerKind, max_length=20)),
                ("currency", fields.CharField(max_length=3)),
                ("external", fields.BigIntField()),
                ("pending", fields.BigIntField()),
                ("available", fields.BigIntField()),
                ("disputed", fields.BigIntField()),
                ("held", fields.BigIntField()),
                ("paid_out", fields.BigIntField()),
                ("owed", fields.BigIntField()),
                ("reference", fields.CharField(null=True, max_length=64)),
                ("withdrawal_id", fields.UUIDField(null=True)),
            ],
            options={
                "table": "ledger_entries",
                "app": "models",
                "indexes": [Index(fields=["account_id", "at", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LedgerReview",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("due_at", fields.BigIntField(null=True)),
                ("reference", fields.CharField(max_length=64)),
            ],
            options={
                "table": "ledger_reviews",
                "app": "models",
                "unique_together": (("account_id",),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SalePosting",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("place", fields.CharEnumField(enum_type=LedgerAccount, max_length=10)),
                ("amount", fields.BigIntField()),
                ("currency", fields.CharField(max_length=3)),
                ("release_at", fields.BigIntField()),
            ],
            options={"table": "sale_postings", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                ("amount", fields.BigIntField()),
                ("currency", fields.CharField(max_length=3)),
                ("status", fields.CharEnumField(enum_type=WithdrawalStatus, max_length=20)),
                ("bank_kind", fields.CharEnumField(enum_type=BankKind, max_length=20)),
                ("bank_ending", fields.CharField(max_length=4)),
                ("bank_holder", fields.CharField(max_length=300)),
                ("usable_from", fields.BigIntField()),
                ("requested_at", fields.BigIntField()),
                ("requested_by_id", fields.UUIDField()),
                ("requested_by_owner", fields.BooleanField()),
                ("requested_by_name", fields.CharField(max_length=200)),
                ("decided_by_id", fields.UUIDField(null=True)),
                ("decided_by_name", fields.CharField(null=True, max_length=200)),
                ("refusal_reason", fields.CharField(null=True, max_length=500)),
                ("bank_reference", fields.CharField(null=True, max_length=100)),
                ("failure", fields.CharField(null=True, max_length=500)),
                ("expires_at", fields.BigIntField(null=True)),
                ("closed_at", fields.BigIntField(null=True)),
            ],
            options={
                "table": "withdrawals",
                "app": "models",
                "indexes": [
                    Index(fields=["account_id", "requested_at", "id"]),
                    Index(fields=["account_id", "requested_by_id", "requested_at"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="WithdrawalEvent",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                (
                    "withdrawal",
                    fields.ForeignKeyField(
                        "models.Withdrawal", source_field="withdrawal_id", to_field="id", related_name=False
                    ),
                ),
                ("status", fields.CharEnumField(enum_type=WithdrawalStatus, max_length=20)),
                ("at", fields.BigIntField()),
                ("source", fields.CharEnumField(enum_type=EventSource, max_length=10)),
                ("by_name", fields.CharField(null=True, max_length=200)),
            ],
            options={
                "table": "withdrawal_events",
                "app": "models",
                "indexes": [Index(fields=["account_id", "withdrawal_id", "at", "id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="OwnerDetails",
            name="bank_changed_at",
            field=fields.BigIntField(null=True),
        ),
        Statements(
            {"sqlite": (*_INDEXED, *_FILLED, *_SQLITE), "postgres": (*_INDEXED, *_FILLED, *_POSTGRES)}, _UNDO
        ),
    ]

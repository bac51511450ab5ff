"""The tool that writes migrations: the models and the migrations agree, and what it writes keeps rows."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tortoise import Tortoise

import models
from centrals.demo.seed import seed_demo
from extent import by_turns, extent
from filled import filled
from models import database
from models.new_migration import Unwritable, write
from tables import rows_of_all_tables, shape_of_all_tables, tables

BY_NAME = {
    (table, "account_id", "sort_key", "id")
    for table in ("collaborators", "invitations", "products", "profiles", "teams")
}
ADDED_UP = ("status", "currency", "net_currency", "price", "net", "product_id", "credit_team_id", "sold_as")
ENDED = (
    *("status", "currency", "price", "product_id", "credit_id", "credit_team_id", "sold_as", "refusal"),
    "payment_method",
)
# each filter's: of an account, and of an assignee
FILTERED = {
    (table, "account_id", *assignee, key, moment, "id")
    for table, key, moment in (
        ("sales", "status", "ordered_at"),
        ("refund_requests", "status", "requested_at"),
        ("refund_requests", "reason", "requested_at"),
    )
    for assignee in ((), ("assignee_id",))
} | {
    ("sales", "account_id", *assignee, *keys, f"{name}_of_assignee" if assignee else name)
    for name, keys in (
        ("sales_by_role", ("sold_as", "ordered_at", "id")),
        ("sales_by_refusal", ("refusal", "ordered_at", "id")),
        ("sales_by_refund", ("refunded_at", "id")),
        ("sales_in_funnel", ("ordered_at", "id", "in_funnel")),
    )
    for assignee in ((), ("assignee_id",))
}
# what Tortoise cannot declare, or what serves one query; the migrations create them in SQL
WRITTEN_IN_SQL = (
    BY_NAME
    | FILTERED
    | {
        ("sales", "account_id", "offer_id", "ordered_at", "id"),
        ("sales", "account_id", "ordered_at", "id", "sales_by_coupon"),
        ("sales", "account_id", "assignee_id", "ordered_at", "id", "sales_by_coupon_of_assignee"),
        ("sales", "account_id", "product_id", "ordered_at", "id"),
        ("sales", "account_id", "team_id", "ordered_at", "id", "idx_sales_by_team"),
        ("sales", "account_id", "credit_id", "approved_at", "ordered_at", *ADDED_UP),
        ("sales", "account_id", "approved_at", "ordered_at", *ADDED_UP),
        ("sales", "account_id", "ended_at", "ordered_at", *ENDED, "idx_sales_by_end"),
        ("sales", "slip_expires_at", "id", "sales_slips"),
        ("outbox_messages", "sale_id", "created_at", "outbox_messages_by_sale"),
        ("intake_events", "account_id", "reference", "idx_intake_events_reference"),
        ("intake_events", "account_id", "received_at", "id", "idx_intake_events_doubts"),
        ("outbox_messages", "recipient", "created_at"),
        ("outbox_messages", "sale_id", "created_at", "outbox_messages_by_sale"),
        ("sales", "slip_expires_at", "id", "sales_slips"),
        ("products", "account_id", "created_at", "id"),
        ("sales", "slip_requested_at", "id", "sales_slip_requests"),
        ("accounts", "owner_id"),
        ("collaborators", "user_id", "account_id"),
        ("sales", "account_id", "approved_at", "id", "idx_sales_approved"),
        ("sales", "account_id", "assignee_id", "approved_at", "id", "idx_sales_approved_by_assignee"),
        ("sales", "account_id", "marketplace_email", "idx_sales_by_email"),
        ("refund_requests", "expires_at", "id", "refund_requests_due"),
        ("sales", "account_id", "offer_id", "ordered_at", "offer_price", "offer_currency", "sales_quotes"),
        ("sales", "account_id", "subscription_id", "ordered_at", "id", "sales_of_subscription"),
        ("subscriptions", "account_id", "status", "known_since", "id"),
        ("subscriptions", "account_id", "assignee_id", "status", "known_since", "id"),
        ("subscriptions", "account_id", "known_since", "id", "subscriptions_overdue"),
        ("subscriptions", "account_id", "silent_from", "subscriptions_silent"),
        ("subscriptions", "account_id", "product_id", "subscriptions_bare"),
        ("subscription_requests", "expires_at", "id", "subscription_requests_due"),
        ("subscriptions", "account_id", "credit_id", "ended_at", "id", "subscriptions_ended_by_credit"),
        ("sales", "account_id", "ordered_at", "id", "sales_overdue"),
        ("sales", "account_id", "credit_id", "ordered_at", "id", "sales_overdue_by_credit"),
        ("tool_versions", "work_at", "id", "tool_versions_due"),
        ("billing_months", "due_at", "id", "billing_months_due"),
        ("balances", "next_release_at", "id", "balances_due"),
        ("ledger_reviews", "due_at", "id", "ledger_reviews_due"),
        ("sale_postings", "account_id", "currency", "release_at", "sale_postings_pending"),
        ("withdrawals", "account_id", "status", "requested_at", "id"),
        ("withdrawals", "expires_at", "id", "withdrawals_due"),
        ("sales", "recovery_due_at", "id", "sales_recovery_due"),
        ("opportunities", "account_id", "won_by_id", "opportunities_by_won_by"),
        ("sales", "account_id", "buyer_document", "sales_by_document"),
        ("opportunities", "account_id", "marketplace_sale_id", "opportunities_by_winner"),
        ("opportunities", "account_id", "offer_id", "opportunities_by_offer"),
        ("opportunities", "remind_at", "id", "opportunities_due"),
    }
    | {
        ("opportunities", "account_id", *assignee, *keys, f"{name}_of_assignee" if assignee else name)
        for name, keys in (
            ("opportunities_by_reminder", ("remind_at", "id")),
            ("opportunities_by_amount", ("currency", "amount", "id")),
        )
        for assignee in ((), ("assignee_id",))
    }
)
UNIQUE_IN_SQL = {("refund_requests", "account_id", "sale_id", "refund_requests_open")}
NOTE = '''

class SaleNote(Model):
    """A note on a sale."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account", related_name=False)
    sale: fields.ForeignKeyRelation[Sale] = fields.ForeignKeyField("models.Sale", related_name=False)
    text = fields.TextField(description="As it was written.")
    status = fields.CharEnumField(SaleStatus, max_length=20, null=True)
    details: Any = fields.JSONField()
    pinned = fields.BooleanField(db_default=False)
    created_at = fields.BigIntField()

    class Meta:
        table = "sale_notes"
        unique_together = (("account_id", "sale_id", "created_at"),)
        indexes = (("account_id", "created_at"),)
'''
COLUMNS = """
    notes = fields.CharField(max_length=500, null=True, description="What the team wrote.")
    priority = fields.IntField(db_default=0)
    reviewer: fields.ForeignKeyNullableRelation[Collaborator] = fields.ForeignKeyField(
        "models.Collaborator", related_name=False, null=True, on_delete=fields.SET_NULL
    )
"""
BEFORE = "    created_at = fields.BigIntField()\n\n    assignee:"
INDEX = '            ("account_id", "ordered_at", "id"),\n'


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with a copy of the models to change."""
    shutil.copytree(Path(models.__file__).parent, tmp_path / "copy" / "models")  # with its byte code
    return tmp_path / "copy"


def _change(copy: Path, *changes: tuple[str, str], file: str = "tables/sale.py") -> None:
    path = copy / "models" / file
    text = path.read_text()
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    path.write_text(text)


def _run(copy: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(copy)},
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )


def _written(copy: Path, name: str) -> "subprocess.CompletedProcess[str]":
    return _run(copy, "-m", "models.new_migration", name)


def _migrated(copy: Path, url: str) -> list[str]:
    lines = (
        "import asyncio, sys",
        "from models import database",
        "from models.migrate import migrate",
        "async def main(url):",
        "    async with database.connected(url):",
        "        print(*await migrate(url))",
        "asyncio.run(main(sys.argv[1]))",
    )
    done = _run(copy, "-c", "\n".join(lines), url)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


async def test_the_models_and_the_migrations_build_the_same_tables(urls: tuple[str, str]) -> None:
    async with database.connected(urls[1]):
        built = await shape_of_all_tables()
    async with database.connected(urls[0]):
        await Tortoise.generate_schemas()
        declared = await shape_of_all_tables()

    assert len(declared["columns"]) > 250
    assert built["columns"] == declared["columns"]
    assert built["keys"] == declared["keys"]
    assert built["unique"] - declared["unique"] == UNIQUE_IN_SQL
    assert declared["unique"] <= built["unique"]
    assert built["indexes"] - declared["indexes"] == WRITTEN_IN_SQL
    assert declared["indexes"] <= built["indexes"]


async def test_nothing_is_written_while_the_models_and_the_migrations_agree(copy: Path) -> None:
    done = _written(copy, "nothing_new")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "The models and the migrations agree: there is nothing to migrate.\n"


async def test_a_written_migration_keeps_all_rows(urls: tuple[str, str], copy: Path) -> None:
    _, url = urls
    newest = max(file.stem for file in (copy / "models" / "migrations").glob("0*.py"))
    async with database.connected(url):
        await (seed_demo(b"demo") if extent(daily=False, everything=True) else filled())
        before = await rows_of_all_tables()
    _change(copy, (BEFORE, COLUMNS + BEFORE), (INDEX, '            ("account_id", "priority"),\n'))
    _change(copy, (" SaleEvent,", " SaleEvent, SaleNote,"), ('"SaleEvent",', '"SaleEvent", "SaleNote",'),
            file="__init__.py")  # fmt: skip
    with (copy / "models" / "tables" / "sale.py").open("a") as file:
        file.write(NOTE)

    written = _written(copy, "notes_of_sales")

    assert written.returncode == 0, written.stderr
    migration = Path(written.stdout.strip())
    assert migration.name == f"{int(newest[:4]) + 1:04d}_notes_of_sales.py"
    assert migration.parent == copy / "models" / "migrations"
    assert _written(copy, "again").stderr.startswith("The models and the migrations agree")
    assert _migrated(copy, url) == [migration.stem]
    assert _migrated(copy, url) == []
    async with database.connected(url):
        after, shape, names = await rows_of_all_tables(), await shape_of_all_tables(), await tables()
    assert after.pop("sale_notes") == []
    added: dict[str, Any] = {"notes": None, "priority": 0, "reviewer_id": None}
    before["sales"] = [row | added for row in before["sales"]]
    assert len(before["sales"]) >= extent(3, 1_000)
    assert {table: len(rows) for table, rows in after.items()} == {t: len(r) for t, r in before.items()}
    assert after == before
    assert ("sales", "account_id", "priority") in shape["indexes"]
    assert ("sales", "account_id", "ordered_at", "id") not in shape["indexes"]
    assert ("sale_notes", "account_id", "sale_id", "created_at") in shape["unique"]
    assert "sale_notes" in names


_LOSING = {
    "removed": ("    price = fields.BigIntField()\n", "", "RemoveField Sale.price"),
    "altered": (
        "    price = fields.BigIntField()",
        "    price = fields.BigIntField(null=True)",
        "AlterField Sale.price",
    ),
    "without a value": (
        "    currency =",
        "    urgency = fields.IntField()\n    currency =",
        "rows that exist need a value",
    ),
    "indexed": (
        "    currency =",
        "    urgency = fields.IntField(null=True, db_index=True)\n    currency =",
        "Meta.indexes",
    ),
}


@pytest.mark.parametrize("kind", by_turns(list(_LOSING), 2))
async def test_what_could_lose_rows_is_refused(copy: Path, kind: str) -> None:
    old, new, said = _LOSING[kind]
    _change(copy, (old, new))
    files = set((copy / "models" / "migrations").glob("0*.py"))

    done = _written(copy, "unsafe_change")

    assert done.returncode == 1
    assert said in done.stderr
    assert set((copy / "models" / "migrations").glob("0*.py")) == files


@pytest.mark.parametrize("name", ["", "With Space", "../outside", "x"])
async def test_a_name_that_makes_no_module_is_refused(name: str) -> None:
    with pytest.raises(Unwritable, match="lower-case letters"):
        await write(name)

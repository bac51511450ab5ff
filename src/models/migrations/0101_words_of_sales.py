"""Sales are found by their words, which have an index on each database."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.migrate import Statements
from models.sales.words import fill_words

_INDEX = "sale_words_index"
_REMOVED = f"INSERT INTO {_INDEX} ({_INDEX}, rowid, words) VALUES ('delete', OLD.id, OLD.words);"
_ADDED = f"INSERT INTO {_INDEX} (rowid, words) VALUES (NEW.id, NEW.words);"
_SQLITE = (
    (
        f"CREATE VIRTUAL TABLE {_INDEX} USING fts5(words, content = 'sale_words', content_rowid = 'id',"
        " tokenize = 'ascii', detail = 'none')"
    ),
    f"CREATE TRIGGER sale_words_added AFTER INSERT ON sale_words BEGIN {_ADDED} END",
    f"CREATE TRIGGER sale_words_removed AFTER DELETE ON sale_words BEGIN {_REMOVED} END",
    f"CREATE TRIGGER sale_words_changed AFTER UPDATE OF words ON sale_words BEGIN {_REMOVED} {_ADDED} END",
    f"INSERT INTO {_INDEX} ({_INDEX}) VALUES ('rebuild')",
)
_POSTGRES = (
    "SET LOCAL statement_timeout = 0",
    f"CREATE INDEX {_INDEX} ON sale_words USING gin (array_to_tsvector(string_to_array(words, ' ')))",
)


async def _fill(_apps: Any, editor: Any) -> None:
    client = editor.client
    postgres = client.capabilities.dialect == "postgres"

    async def run(text: str, values: Any) -> Any:
        return (await client.execute_query(text, list(values)))[1]

    await fill_words(run, lambda place: f"${place}" if postgres else "?")


class Migration(migrations.Migration):
    dependencies = [("models", "0100_report_schedules")]

    initial = False

    operations = [
        ops.CreateModel(
            name="SaleWords",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account", source_field="account_id", to_field="id", related_name=False
                    ),
                ),
                (
                    "sale",
                    fields.ForeignKeyField(
                        "models.Sale", source_field="sale_id", to_field="id", related_name=False
                    ),
                ),
                ("words", fields.TextField()),
            ],
            options={
                "table": "sale_words",
                "app": "models",
                "unique_together": (("account_id", "sale_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.RunPython(_fill),
        Statements(
            {"sqlite": _SQLITE, "postgres": _POSTGRES},
            {"sqlite": (f"DROP TABLE {_INDEX}",), "postgres": (f"DROP INDEX {_INDEX}",)},
        ),
    ]

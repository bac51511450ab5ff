"""SQLite's index of words shows how many sales have a word, so that a search reads those of a rare one."""

from tortoise import migrations
from tortoise.migrations import operations as ops

from models.migrate import Statements

_TERMS = "sale_words_index_terms"
_DONE = (f"CREATE VIRTUAL TABLE {_TERMS} USING fts5vocab(sale_words_index, instance)",)
_UNDONE = (f"DROP TABLE {_TERMS}",)


class Migration(migrations.Migration):
    dependencies = [("models", "0112_calendar_feeds")]

    initial = False

    operations: list[ops.Operation] = [
        Statements({"sqlite": _DONE, "postgres": ()}, {"sqlite": _UNDONE, "postgres": ()})
    ]

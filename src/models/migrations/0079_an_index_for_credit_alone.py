"""On PostgreSQL, the index by credit has times as expressions: only searches by credit name them so, and they
can use no other index. So one plan serves all values."""

from tortoise import migrations
from tortoise.migrations import operations as ops

from models.migrate import Statements

_ADDED_UP = "status, currency, net_currency, price, net, product_id, credit_team_id, sold_as"
_CREATE = "CREATE INDEX idx_sales_by_credit ON sales (account_id, credit_id, "
_NO_TIMEOUT = "SET LOCAL statement_timeout = 0"
_DROP = "DROP INDEX idx_sales_by_credit"
_DONE = (
    _NO_TIMEOUT,
    _DROP,
    f"{_CREATE}(approved_at + 0), (ordered_at + 0)) INCLUDE (approved_at, ordered_at, {_ADDED_UP})",
)
_UNDONE = (_NO_TIMEOUT, _DROP, f"{_CREATE}approved_at, ordered_at) INCLUDE ({_ADDED_UP})")


class Migration(migrations.Migration):
    dependencies = [("models", "0078_centrals_of_a_person")]

    initial = False

    operations: list[ops.Operation] = [
        Statements({"sqlite": (), "postgres": _DONE}, {"sqlite": (), "postgres": _UNDONE})
    ]

"""How much a share repeats of an earlier one of its sale is stored."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.migrate import Statements

_EARLIER = (
    "SELECT 1 FROM commissions d WHERE d.account_id = commissions.account_id"
    " AND d.sale_id = commissions.sale_id AND d.position < commissions.position"
    " AND d.source = commissions.source"
)
_FILLED = (
    f"UPDATE commissions SET repeats = CASE WHEN EXISTS ({_EARLIER}"
    " AND COALESCE(d.name, '') = COALESCE(commissions.name, '')) THEN 2 ELSE 1 END"
    f" WHERE position > 0 AND EXISTS ({_EARLIER})"
)


class Migration(migrations.Migration):
    dependencies = [("models", "0103_opportunities")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Commission",
            name="repeats",
            field=fields.SmallIntField(db_default=0),
        ),
        Statements(
            {"sqlite": (_FILLED,), "postgres": ("SET LOCAL statement_timeout = 0", _FILLED)},
            {"sqlite": (), "postgres": ()},
        ),
    ]

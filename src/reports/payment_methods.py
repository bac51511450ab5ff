"""How buyers paid, over time."""

from dataclasses import dataclass

from authz.grant import Grant
from authz.viewer import Viewer
from models.words import PaymentMethod
from reports.grouping import Grouping, Key, Named
from reports.period import Bucket, Every, Period
from reports.revenue_columns import Columns, sums


@dataclass(frozen=True, slots=True)
class PaymentMethodRow:
    """What was paid by one method, at once or in instalments; no method where none is known."""

    bucket: Bucket
    group: Named | None
    payment_method: PaymentMethod | None
    in_instalments: bool
    columns: Columns


async def payment_methods(
    viewer: Viewer, period: Period, every: Every, by: Grouping | None = None
) -> list[PaymentMethodRow]:
    """Sales by payment method, those in more than one instalment apart, by the date of their approval."""
    keys = [Key("s.payment_method"), Key("CASE WHEN s.instalments > 1 THEN 1 ELSE 0 END")]
    found = await sums(viewer, Grant.VIEW_PAYMENT_METHODS_REPORT, period, every, by, keys)
    rows = []
    for row in found:
        method, in_instalments = row.keys or (None, 0)
        known = PaymentMethod(method) if method else None
        rows.append(PaymentMethodRow(row.bucket, row.group, known, bool(in_instalments), row.columns))
    return rows

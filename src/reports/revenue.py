"""What was sold, over time."""

from dataclasses import dataclass

from authz.grant import Grant
from authz.viewer import Viewer
from reports.grouping import Grouping, Named
from reports.period import Bucket, Every, Period
from reports.revenue_columns import Columns, sums


@dataclass(frozen=True, slots=True)
class RevenueRow:
    """What was sold in one bucket and currency, and by one member or team where the report groups so."""

    bucket: Bucket
    group: Named | None
    columns: Columns


async def revenue(
    viewer: Viewer, period: Period, every: Every, by: Grouping | None = None
) -> list[RevenueRow]:
    """Sales by the date of their approval: how many, at what price, and what the producer is paid."""
    found = await sums(viewer, Grant.VIEW_REVENUE_REPORT, period, every, by)
    return [RevenueRow(row.bucket, row.group, row.columns) for row in found]

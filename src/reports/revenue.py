"""What was sold, over time."""

from authz.grant import Grant
from authz.viewer import Viewer
from reports.grouping import Grouping
from reports.period import Every, Period
from reports.revenue_columns import Sum, sums


async def revenue(viewer: Viewer, period: Period, every: Every, by: Grouping | None = None) -> list[Sum]:
    """Sales by the date of their approval: how many, at what price, and what the producer is paid."""
    return await sums(viewer, Grant.VIEW_REVENUE_REPORT, period, every, by)

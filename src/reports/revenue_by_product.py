"""What each product sold, over time."""

from dataclasses import dataclass

from authz.grant import Grant
from authz.viewer import Viewer
from reports.grouping import Grouping, Key, Named
from reports.period import Bucket, Every, Period
from reports.revenue_columns import Columns, sums


@dataclass(frozen=True, slots=True)
class ProductRevenueRow:
    """What one product sold in one bucket and currency; no product where the period holds no sale."""

    bucket: Bucket
    group: Named | None
    product: Named | None
    columns: Columns


async def revenue_by_product(
    viewer: Viewer, period: Period, every: Every, by: Grouping | None = None
) -> list[ProductRevenueRow]:
    """Sales of each product by the date of their approval."""
    key = Key("s.product_id", "products")
    found = await sums(viewer, Grant.VIEW_REVENUE_BY_PRODUCT_REPORT, period, every, by, [key])
    return [
        ProductRevenueRow(row.bucket, row.group, row.keys[0] if row.keys else None, row.columns)
        for row in found
    ]

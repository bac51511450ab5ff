"""What each product sold, over time."""

from authz.grant import Grant
from authz.viewer import Viewer
from reports.grouping import Grouping, Key, Named
from reports.period import Every, Period
from reports.revenue_columns import Sum, Values, sums


def product_of(keys: Values) -> Named | None:
    """The product that a row's keys name; none where the period holds no sale."""
    return keys[0] if keys else None


async def revenue_by_product(
    viewer: Viewer, period: Period, every: Every, by: Grouping | None = None
) -> list[Sum]:
    """Sales of each product by the date of their approval."""
    key = Key("s.product_id", ("products",))
    return await sums(viewer, Grant.VIEW_REVENUE_BY_PRODUCT_REPORT, period, every, by, [key])

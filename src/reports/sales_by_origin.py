"""What each origin of buyers sold, over time."""

from authz.grant import Grant
from authz.viewer import Viewer
from reports.grouping import Grouping, Key
from reports.period import Every, Period
from reports.revenue_columns import Sum, Values, sums


def src_of(keys: Values) -> str | None:
    """The `src` of a row by its keys; null: sales without one."""
    return keys[0] if keys else None


def sck_of(keys: Values) -> str | None:
    """The `sck` of a row by its keys; null: sales without one."""
    return keys[1] if keys else None


async def sales_by_origin(
    viewer: Viewer, period: Period, every: Every, by: Grouping | None = None
) -> list[Sum]:
    """Sales by the `src` and `sck` that their checkout was opened with, by the date of their approval."""
    keys = [Key("s.origin_src"), Key("s.origin_sck")]
    return await sums(viewer, Grant.VIEW_SALES_BY_ORIGIN_REPORT, period, every, by, keys)

"""What each origin of buyers sold, over time."""

from dataclasses import dataclass

from authz.grant import Grant
from authz.viewer import Viewer
from reports.grouping import Grouping, Key, Named
from reports.period import Bucket, Every, Period
from reports.revenue_columns import Columns, sums


@dataclass(frozen=True, slots=True)
class OriginRow:
    """What one pair of `src` and `sck` sold in one bucket and currency; both null: sales without origin."""

    bucket: Bucket
    group: Named | None
    src: str | None
    sck: str | None
    columns: Columns


async def sales_by_origin(
    viewer: Viewer, period: Period, every: Every, by: Grouping | None = None
) -> list[OriginRow]:
    """Sales by the `src` and `sck` that their checkout was opened with, by the date of their approval."""
    keys = [Key("s.origin_src"), Key("s.origin_sck")]
    found = await sums(viewer, Grant.VIEW_SALES_BY_ORIGIN_REPORT, period, every, by, keys)
    rows = []
    for row in found:
        src, sck = row.keys or (None, None)
        rows.append(OriginRow(row.bucket, row.group, src, sck, row.columns))
    return rows

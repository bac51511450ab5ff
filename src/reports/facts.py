"""What a report counts: a table, which of its rows, and the moment that places each row in a bucket."""

from collections.abc import Callable
from dataclasses import dataclass

from authz import reach
from authz.grant import Grant
from authz.reach import Reach
from authz.viewer import Viewer
from models.vocabulary import SaleStatus, SoldAs

PAID = (SaleStatus.APPROVED, SaleStatus.COMPLETE, SaleStatus.PARTIALLY_REFUNDED)
LOST = (SaleStatus.REFUNDED, SaleStatus.DISPUTE, SaleStatus.CHARGEBACK)


@dataclass(frozen=True, slots=True)
class Facts:
    """A table whose rows a report counts, with the alias `s`, and the reach that a report's grant opens."""

    name: str
    table: str
    within: Callable[[Viewer, Grant], Reach]


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows count: those that are revenue, and those that were lost, which have columns of their own."""

    name: str
    revenue: tuple[SaleStatus, ...]
    lost: tuple[SaleStatus, ...]
    says: str
    condition: str = ""
    """What each row must meet besides."""


@dataclass(frozen=True, slots=True)
class Search:
    """Rows at one of the statuses, by the time in a column and under a condition, so that an index finds
    them."""

    time: str
    statuses: tuple[SaleStatus, ...]
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a row counts: searches of which at most one finds a given row."""

    name: str
    searches: Callable[[Rows], tuple[Search, ...]]
    says: str


def _statistics(viewer: Viewer, grant: Grant) -> Reach:
    return reach.statistics(viewer, grant)  # looked up by name, so that the tests can plant faults in it


def _placed(rows: Rows) -> tuple[Search, ...]:
    return (
        Search("approved_at", rows.revenue + rows.lost),
        Search("ordered_at", rows.lost, " AND s.approved_at IS NULL"),
    )


SALES = Facts("SALES", "sales", _statistics)

SOLD = Rows(
    "SOLD",
    PAID,
    LOST,
    # no status is named: a viewer who has only a report does not have the enum
    says="Revenue is the seller's own sales that are approved, complete or partially refunded. Refunds,"
    " disputes and chargebacks have columns of their own.",
    condition=f" AND s.sold_as = '{SoldAs.PRODUCER.value}'",
)

PLACED = Moment(
    "PLACED",
    _placed,
    says="A sale counts on the day of its approval or, if it was lost without being approved, on the day of"
    " its order.",
)

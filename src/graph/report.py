"""Reports: what the sales within your statistics reach add up to."""

from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Any

import strawberry

from authz import reach
from authz.gates import AdminOnly, LeadOnly, Needs, gated, lead_only, needs
from authz.grant import Grant
from authz.viewer import Viewer
from engine.rows import BINDINGS, Rows
from graph.money import Money
from graph.product import Product
from graph.sale_search import PeriodInput
from graph.scalars import Date
from models.statement import one_of
from models.words import PaymentMethod
from reports.annual_summary import AnnualRow as AnnualFound
from reports.annual_summary import annual_summary
from reports.grouping import Grouping, Named
from reports.payment_methods import payment_methods
from reports.period import Bucket, Every, Period
from reports.revenue import revenue
from reports.revenue_by_product import revenue_by_product
from reports.revenue_columns import Columns
from reports.sales_by_origin import sales_by_origin

strawberry.enum(Every)


@strawberry.enum
class ReportGroup(Enum):
    """What a report can be split by besides its own rows."""

    MEMBER = strawberry.enum_value("MEMBER", directives=[LeadOnly()])
    """By the person that sales are assigned to."""
    TEAM = strawberry.enum_value("TEAM", directives=[AdminOnly()])
    """By the team that sales were assigned in, as stamped on each."""


@gated(LeadOnly())
@strawberry.type
class GroupName:
    """The person or the team that a report's row is about."""

    name: str
    """The name."""


@strawberry.type
class ReportColumns:
    """What sales of one currency add up to. Revenue counts sales that are APPROVED, COMPLETE or
    PARTIALLY_REFUNDED, by the day of their approval; what was lost before its approval stands on the day of
    its order. No amount of one currency is added to another's."""

    currency: str
    """The currency of every amount in the row, as an ISO 4217 code."""
    count: int
    """How many sales are revenue."""
    gross: Money
    """What these sales cost."""
    net: Money
    """What the producer is paid in this currency, for sales of whatever price."""
    refunded: Money
    """What sales cost that were paid back; no part of revenue."""
    disputed: Money
    """What sales cost that are in dispute; no part of revenue."""
    charged_back: Money
    """What sales cost that were charged back; no part of revenue."""


@strawberry.type
class BucketColumns(ReportColumns):
    """The columns of one bucket of the period."""

    from_: Date = strawberry.field(name="from")
    """The bucket's first day, in the account's time zone."""
    to: Date
    """The day after the bucket's last one."""
    group: GroupName | None = lead_only()
    """The person or team, where the report is split so; none for sales without one."""


@gated(Needs(grant=Grant.VIEW_REVENUE_REPORT))
@strawberry.type
class RevenueRow(BucketColumns):
    """What was sold in one bucket and currency."""


@gated(Needs(grant=Grant.VIEW_REVENUE_BY_PRODUCT_REPORT))
@strawberry.type
class ProductRevenueRow(BucketColumns):
    """What one product sold in one bucket and currency."""

    product: Product | None
    """The product; none in a period without sales."""


@gated(Needs(grant=Grant.VIEW_SALES_BY_ORIGIN_REPORT))
@strawberry.type
class OriginRow(BucketColumns):
    """What one origin sold in one bucket and currency."""

    src: str | None
    """The code of the source; none where there was none."""
    sck: str | None
    """The checkout's code of the source; none where there was none."""


@gated(Needs(grant=Grant.VIEW_PAYMENT_METHODS_REPORT))
@strawberry.type
class PaymentMethodRow(BucketColumns):
    """What was paid by one method, at once or in instalments, in one bucket and currency."""

    payment_method: PaymentMethod | None
    """The method; none where it is not known."""
    in_instalments: bool
    """Whether these sales are paid in more than one part."""


@gated(Needs(grant=Grant.VIEW_ANNUAL_REVENUE_SUMMARY_REPORT))
@strawberry.type
class MonthColumns(ReportColumns):
    """The columns of one month of a year."""

    month: int
    """The month, from 1."""


@gated(Needs(grant=Grant.VIEW_ANNUAL_REVENUE_SUMMARY_REPORT))
@strawberry.type
class AnnualRow:
    """What one calendar year sold in one currency."""

    year: int
    """The year."""
    group: GroupName | None = lead_only()
    """The person or team, where the report is split so; none for sales without one."""
    total: "AnnualTotal"
    """The whole year."""
    months: list[MonthColumns]
    """January to December."""


@gated(Needs(grant=Grant.VIEW_ANNUAL_REVENUE_SUMMARY_REPORT))
@strawberry.type
class AnnualTotal(ReportColumns):
    """The columns of a whole year."""


def _columns(found: Columns) -> dict[str, Any]:
    amounts = ("gross", "net", "refunded", "disputed", "charged_back")
    return {
        "currency": found.currency,
        "count": found.count,
        **{name: Money(minor=getattr(found, name), currency=found.currency) for name in amounts},
    }


def _group(found: Named | None) -> GroupName | None:
    return GroupName(name=found.name) if found is not None and found.name is not None else None


def _bucket(found: Bucket) -> dict[str, Any]:
    return {"from_": found.first, "to": found.end}


async def _products(viewer: Viewer, named: list[Named | None]) -> dict[str | None, Product]:
    """The products as far as the viewer may look into them: without VIEW_PRODUCTS, none."""
    ids = sorted({found.id for found in named if found is not None and found.id is not None})
    within = reach.products(viewer)
    if within.account_id is None or not ids:
        return {}
    return {product.row_id: product for product in await Rows(Product, within, one_of("r.id", ids))}  # type: ignore[attr-defined]


def _product(found: Named) -> Product | None:
    """A product by its name alone, which the report's own grant opens."""
    if found.id is None:
        return None
    product = object.__new__(Product)
    product.__dict__ = {"id": BINDINGS[Product].global_id(found.id), "row_id": found.id, "name": found.name}
    return product


def _grouping(by: ReportGroup | None) -> Grouping | None:
    return Grouping[by.name] if by is not None else None


_Report = Callable[[Viewer, Period, Every, Grouping | None], Awaitable[list[Any]]]


async def _rows(
    cls: type,
    report: _Report,
    viewer: Viewer,
    asked: tuple[PeriodInput, Every, ReportGroup | None],
    *own: str,
) -> Any:
    period, every, by = asked
    found = await report(viewer, Period(period.from_, period.to), every, _grouping(by))
    return [
        cls(
            **_columns(row.columns),
            **_bucket(row.bucket),
            group=_group(row.group),
            **{name: getattr(row, name) for name in own},
        )
        for row in found
    ]


@strawberry.type
class Reports:
    """The reports that you hold a grant for. Each adds up the sales within your statistics reach: all of the
    account for the owner and admins, the members of the teams led for a team lead, your own for a user."""

    viewer: strawberry.Private[Viewer]

    @needs(Grant.VIEW_REVENUE_REPORT)
    async def revenue(
        self, period: PeriodInput, every: Every = Every.MONTH, by: ReportGroup | None = None
    ) -> list[RevenueRow]:
        """How much was sold, over time: one row a bucket and currency, empty ones too.

        Args:
            period: The days that are looked at; at most 400 buckets.
            every: How they are cut into buckets.
            by: What rows are split by besides.
        """
        rows: list[RevenueRow] = await _rows(RevenueRow, revenue, self.viewer, (period, every, by))
        return rows

    @needs(Grant.VIEW_REVENUE_BY_PRODUCT_REPORT)
    async def revenue_by_product(
        self, period: PeriodInput, every: Every = Every.MONTH, by: ReportGroup | None = None
    ) -> list[ProductRevenueRow]:
        """How much each product sold, over time: one row a bucket, product and currency, empty ones too.

        Args:
            period: The days that are looked at; at most 400 buckets.
            every: How they are cut into buckets.
            by: What rows are split by besides.
        """
        rows: list[ProductRevenueRow] = await _rows(
            ProductRevenueRow, revenue_by_product, self.viewer, (period, every, by), "product"
        )
        named: list[Named | None] = [row.product for row in rows]  # type: ignore[misc]
        whole = await _products(self.viewer, named)
        for row, found in zip(rows, named, strict=True):
            row.product = whole.get(found.id) or _product(found) if found is not None else None
        return rows

    @needs(Grant.VIEW_SALES_BY_ORIGIN_REPORT)
    async def sales_by_origin(
        self, period: PeriodInput, every: Every = Every.MONTH, by: ReportGroup | None = None
    ) -> list[OriginRow]:
        """How much each origin sold, over time: one row a bucket, origin and currency, empty ones too.

        Args:
            period: The days that are looked at; at most 400 buckets.
            every: How they are cut into buckets.
            by: What rows are split by besides.
        """
        rows: list[OriginRow] = await _rows(
            OriginRow, sales_by_origin, self.viewer, (period, every, by), "src", "sck"
        )
        return rows

    @needs(Grant.VIEW_PAYMENT_METHODS_REPORT)
    async def payment_methods(
        self, period: PeriodInput, every: Every = Every.MONTH, by: ReportGroup | None = None
    ) -> list[PaymentMethodRow]:
        """How buyers paid, over time: one row a bucket, method and currency, empty ones too.

        Args:
            period: The days that are looked at; at most 400 buckets.
            every: How they are cut into buckets.
            by: What rows are split by besides.
        """
        rows: list[PaymentMethodRow] = await _rows(
            PaymentMethodRow,
            payment_methods,
            self.viewer,
            (period, every, by),
            "payment_method",
            "in_instalments",
        )
        return rows

    @needs(Grant.VIEW_ANNUAL_REVENUE_SUMMARY_REPORT)
    async def annual_summary(
        self, first_year: int, last_year: int | None = None, by: ReportGroup | None = None
    ) -> list[AnnualRow]:
        """What whole calendar years sold, month by month and in total: one row a year and currency.

        Args:
            first_year: The first year.
            last_year: The last year, counted in; the first one if it is left out.
            by: What rows are split by besides.
        """
        until = first_year if last_year is None else last_year
        found = await annual_summary(self.viewer, first_year, until, _grouping(by))
        return [_annual(row) for row in found]


def _annual(found: AnnualFound) -> AnnualRow:
    return AnnualRow(
        year=found.year,
        group=_group(found.group),
        total=AnnualTotal(**_columns(found.total)),
        months=[
            MonthColumns(**_columns(month), month=number) for number, month in enumerate(found.months, 1)
        ],
    )

"""Reports: what the sales within your statistics reach add up to."""

from collections.abc import Callable
from enum import Enum
from operator import attrgetter
from typing import Any

import strawberry
from msgspec import structs

from authz import reach
from authz.gates import AdminOnly, LeadOnly, Needs, admin_only, gated, lead_only, needs
from authz.grant import Grant
from authz.viewer import Viewer
from engine.rows.lists import BINDINGS, Rows, unread
from engine.rows.source import Computed, Embedded, sourced
from graph.collaborators.types import Person, TeamSummary
from graph.kit.money import Money
from graph.kit.period import PeriodInput
from graph.kit.scalars import Date
from graph.products.types import Product
from models.statement import one_of
from models.words import PaymentMethod
from reports.annual_summary import annual_summary
from reports.grouping import Grouping, Named
from reports.payment_methods import in_instalments, method_of, payment_methods
from reports.period import Every, Period
from reports.revenue import revenue
from reports.revenue_by_product import product_of, revenue_by_product
from reports.revenue_columns import Sum
from reports.sales_by_origin import sales_by_origin, sck_of, src_of

strawberry.enum(Every)


@strawberry.enum
class ReportGroup(Enum):
    """What a report can be split by besides its own rows."""

    MEMBER = strawberry.enum_value("MEMBER", directives=[LeadOnly()])
    """By the person that sales are credited to, even if that seat has ended."""
    TEAM = strawberry.enum_value("TEAM", directives=[AdminOnly()])
    """By the team that sales are credited to, even if it was deleted."""


@gated(LeadOnly())
@strawberry.type
class GroupName:
    """The person or the team that a report's row is about, also one that is there no more."""

    id: strawberry.ID
    """The id, which tells namesakes apart and is good for the filters of the list of sales by credit. It
    names a node until the seat has ended or the team was deleted."""
    name: str
    """The name."""


def _amount(name: str) -> Any:
    """An amount of a row's, in the row's currency."""
    return sourced(Embedded(names={"minor": name, "currency": "currency"}, of_object=True))


def _of(make: Callable[[Any], Any], name: str) -> Computed:
    """What is made of an attribute of a row's."""
    return Computed(make, (name,), of_object=True)


_GROUPED: dict[Grouping, type] = {Grouping.MEMBER: Person, Grouping.TEAM: TeamSummary}


def _group(found: Named | None) -> GroupName | None:
    if found is None or found.grouping is None or found.id is None or found.name is None:
        return None
    row_id = BINDINGS[_GROUPED[found.grouping]].global_id(found.id)
    return GroupName(id=strawberry.ID(row_id), name=found.name)


def _member(found: Named | None) -> GroupName | None:
    return _group(found) if found is not None and found.grouping is Grouping.MEMBER else None


def _team(found: Named | None) -> GroupName | None:
    return _group(found) if found is not None and found.grouping is Grouping.TEAM else None


@strawberry.type
class ReportColumns:
    """What sales of one currency add up to. Revenue counts sales that are APPROVED, COMPLETE or
    PARTIALLY_REFUNDED, by the day of their approval; what was lost before its approval stands on the day of
    its order. No amount of one currency is added to another's."""

    currency: str
    """The currency of every amount in the row, as an ISO 4217 code."""
    count: int
    """How many sales are revenue."""
    gross: Money = _amount("gross")
    """What these sales cost."""
    net: Money | None = sourced(
        Embedded(names={"minor": "known_net", "currency": "currency"}, present="known_net", of_object=True)
    )
    """What the producer is paid in this currency, for sales of whatever price. Null, not zero, where that is
    not known of every sale counted."""
    unknown_net: int
    """How many of the sales counted have no known net: import their commissions to fill it in."""
    refunded: Money = _amount("refunded")
    """What sales cost that were paid back; no part of revenue."""
    disputed: Money = _amount("disputed")
    """What sales cost that are in dispute; no part of revenue."""
    charged_back: Money = _amount("charged_back")
    """What sales cost that were charged back; no part of revenue."""


@strawberry.type
class BucketColumns(ReportColumns):
    """The columns of one bucket of the period."""

    from_: Date = sourced(_of(attrgetter("first"), "bucket"), name="from")
    """The bucket's first day, in the account's time zone."""
    to: Date = sourced(_of(attrgetter("end"), "bucket"))
    """The day after the bucket's last one."""
    group: GroupName | None = lead_only(_of(_group, "group"))
    """The person or team, where the report is split so; none for sales without one."""
    member: GroupName | None = lead_only(_of(_member, "group"))
    """The person, where the report is split by member; none for sales that count for no one."""
    team: GroupName | None = admin_only(_of(_team, "group"))
    """The team, where the report is split by team; none for sales that count for no team."""


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

    src: str | None = sourced(_of(src_of, "keys"))
    """The code of the source; none where there was none."""
    sck: str | None = sourced(_of(sck_of, "keys"))
    """The checkout's code of the source; none where there was none."""


@gated(Needs(grant=Grant.VIEW_PAYMENT_METHODS_REPORT))
@strawberry.type
class PaymentMethodRow(BucketColumns):
    """What was paid by one method, at once or in instalments, in one bucket and currency."""

    payment_method: PaymentMethod | None = sourced(_of(method_of, "keys"))
    """The method; none where it is not known."""
    in_instalments: bool = sourced(_of(in_instalments, "keys"))
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
    group: GroupName | None = lead_only(_of(_group, "group"))
    """The person or team, where the report is split so; none for sales without one."""
    member: GroupName | None = lead_only(_of(_member, "group"))
    """The person, where the report is split by member; none for sales that count for no one."""
    team: GroupName | None = admin_only(_of(_team, "group"))
    """The team, where the report is split by team; none for sales that count for no team."""
    total: "AnnualTotal"
    """The whole year."""
    months: list[MonthColumns]
    """January to December."""


@gated(Needs(grant=Grant.VIEW_ANNUAL_REVENUE_SUMMARY_REPORT))
@strawberry.type
class AnnualTotal(ReportColumns):
    """The columns of a whole year."""


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


class _OfProduct(Sum, frozen=True, kw_only=True):
    """A row with what may be told of its product."""

    product: Product | None


def _asked(asked: PeriodInput) -> Period:
    return Period(asked.from_, asked.to)


@strawberry.type
class Reports:
    """The reports that you hold a grant for. Each adds up the sales within your statistics reach: all of the
    account for the owner and admins, the members of the teams led for a team lead, your own for a user.

    A row can be opened: its bucket, currency and keys are filters of the list of sales."""

    viewer: strawberry.Private[Viewer]

    @needs(Grant.VIEW_REVENUE_REPORT)
    async def revenue(
        self, period: PeriodInput, every: Every = Every.MONTH, by: ReportGroup | None = None
    ) -> list[RevenueRow] | None:
        """How much was sold, over time: one row a bucket and currency, empty ones too.

        Args:
            period: The days that are looked at; at most 400 buckets.
            every: How they are cut into buckets.
            by: What rows are split by besides.
        """
        return unread(await revenue(self.viewer, _asked(period), every, _grouping(by)))

    @needs(Grant.VIEW_REVENUE_BY_PRODUCT_REPORT)
    async def revenue_by_product(
        self, period: PeriodInput, every: Every = Every.MONTH, by: ReportGroup | None = None
    ) -> list[ProductRevenueRow] | None:
        """How much each product sold, over time: one row a bucket, product and currency, empty ones too.

        Args:
            period: The days that are looked at; at most 400 buckets.
            every: How they are cut into buckets.
            by: What rows are split by besides.
        """
        rows = await revenue_by_product(self.viewer, _asked(period), every, _grouping(by))
        named = [product_of(row.keys) for row in rows]
        whole = await _products(self.viewer, named)
        products = [whole.get(one.id) or _product(one) if one is not None else None for one in named]
        return unread(
            [
                _OfProduct(**structs.asdict(row), product=product)
                for row, product in zip(rows, products, strict=True)
            ]
        )

    @needs(Grant.VIEW_SALES_BY_ORIGIN_REPORT)
    async def sales_by_origin(
        self, period: PeriodInput, every: Every = Every.MONTH, by: ReportGroup | None = None
    ) -> list[OriginRow] | None:
        """How much each origin sold, over time: one row a bucket, origin and currency, empty ones too.

        Args:
            period: The days that are looked at; at most 400 buckets.
            every: How they are cut into buckets.
            by: What rows are split by besides.
        """
        return unread(await sales_by_origin(self.viewer, _asked(period), every, _grouping(by)))

    @needs(Grant.VIEW_PAYMENT_METHODS_REPORT)
    async def payment_methods(
        self, period: PeriodInput, every: Every = Every.MONTH, by: ReportGroup | None = None
    ) -> list[PaymentMethodRow] | None:
        """How buyers paid, over time: one row a bucket, method and currency, empty ones too.

        Args:
            period: The days that are looked at; at most 400 buckets.
            every: How they are cut into buckets.
            by: What rows are split by besides.
        """
        return unread(await payment_methods(self.viewer, _asked(period), every, _grouping(by)))

    @needs(Grant.VIEW_ANNUAL_REVENUE_SUMMARY_REPORT)
    async def annual_summary(
        self, first_year: int, last_year: int | None = None, by: ReportGroup | None = None
    ) -> list[AnnualRow] | None:
        """What whole calendar years sold, month by month and in total: one row a year and currency.

        Args:
            first_year: The first year.
            last_year: The last year, counted in; the first one if it is left out.
            by: What rows are split by besides.
        """
        until = first_year if last_year is None else last_year
        return unread(await annual_summary(self.viewer, first_year, until, _grouping(by)))

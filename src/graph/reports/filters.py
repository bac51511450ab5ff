"""How the rows of a report are filtered and sorted: each key behind the grant of the report that has it."""

from collections.abc import Sequence
from enum import Enum
from typing import Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from authz.gates import Needs
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from graph.commerce.products.types import Offer, Product
from graph.kit.filters import Criterion, conditions, criterion, currency_code
from graph.kit.node import row_ids
from graph.kit.order import OrderDirection
from graph.kit.storable import storable
from models.statement import Statement, either, one_of
from models.vocabulary import PaymentMethod, PaymentRefusal
from reports.columns import Column, Total
from reports.declarations import REPORTS
from reports.expressions import capitals
from reports.report import Report
from reports.statement import EVERYTHING
from reports.sums import EVERY_ROW, Choice


def of_report(name: str) -> Needs:
    """The gate of a report."""
    return Needs(grant=REPORTS[name].grant)


def with_value(column: str, gate: Needs) -> Any:
    """Sales with a value in a column; null finds those without one."""

    def condition(chosen: Criterion) -> Statement:
        if chosen.value is None:
            return Statement(f"s.{column} IS NULL")
        return Statement(f"s.{column} = ?", (storable(chosen.value),))

    return criterion(condition, gate, default=strawberry.UNSET)


def of_product(chosen: Criterion) -> Statement:
    """Sales of a product."""
    return one_of("s.product_id", row_ids(Product, chosen.value))


def _of_offer(chosen: Criterion) -> Statement:
    if chosen.value is None:
        return Statement("s.offer_id IS NULL")
    return one_of("s.offer_id", row_ids(Offer, chosen.value))


def _among(column: str, values: Sequence[Enum | None]) -> Statement:
    """Sales with one of the values in a column; null among them finds those without one."""
    found = one_of(f"s.{column}", [value.value for value in values if value is not None])
    return either([found, Statement(f"s.{column} IS NULL")]) if None in values else found


def _paid_with(chosen: Criterion) -> Statement:
    return _among("payment_method", chosen.value)


def _refused_for(chosen: Criterion) -> Statement:
    return _among("refusal", chosen.value)


def _bought_with(chosen: Criterion) -> Statement:
    if chosen.value is None:
        return Statement("s.device IS NULL")
    return Statement(f"{capitals('s.device')} = {capitals('CAST(? AS TEXT)')}", (storable(chosen.value),))


def _shared_with(chosen: Criterion) -> Statement:
    return Statement(
        "EXISTS (SELECT 1 FROM commissions q WHERE q.account_id = s.account_id AND q.sale_id = s.id"
        " AND q.source = 'COPRODUCER' AND q.name = ?)",
        (storable(chosen.value),),
    )


@strawberry.input
class ReportFilter:
    """A filter for what a report adds up. Only sales that meet all given conditions count."""

    product: strawberry.ID | None = criterion(of_product, of_report("revenueByProduct"))
    """Sales of the product with this id."""
    offer: strawberry.ID | None = criterion(
        _of_offer, of_report("revenueByProductDetailed"), default=strawberry.UNSET
    )
    """Sales through the offer with this id. Null finds sales without an offer."""
    src: str | None = with_value("origin_src", of_report("salesByOrigin"))
    """Sales whose link had this source code, exactly as the marketplace sent it. Null finds sales without
    one."""
    sck: str | None = with_value("origin_sck", of_report("salesByOrigin"))
    """Sales whose link had this source code of the checkout, exactly as the marketplace sent it. Null finds
    sales without one."""
    checkout_origin: str | None = with_value("checkout_origin", of_report("salesByCheckoutOrigin"))
    """Sales through this checkout, as the marketplace names it. Null finds sales whose checkout is not
    known."""
    payment_method: list[PaymentMethod | None] | None = criterion(_paid_with, of_report("paymentMethods"))
    """Sales paid with one of these methods. Null in the list finds sales whose method is not known."""
    device: str | None = criterion(_bought_with, of_report("revenueByDevice"), default=strawberry.UNSET)
    """Sales bought with this kind of device, in upper or lower case, for example `MOBILE`. Null finds sales
    whose device is not known."""
    country: str | None = with_value("buyer_country", of_report("revenueByLocation"))
    """Sales to buyers in this country, as an ISO 3166 code in capitals, for example `BR`. Null finds sales
    whose country is not known. If you cannot see the buyers, everything about fewer than five of them is left
    out or part of the row of all others."""
    coproducer: str | None = criterion(_shared_with, of_report("coproductionRevenue"))
    """Sales of which a coproducer with this name has a share."""
    affiliate: str | None = with_value("affiliate_code", of_report("affiliatePayments"))
    """Sales brought by the affiliate with this code at the marketplace. Null finds sales without an
    affiliate's code."""
    refusal: list[PaymentRefusal | None] | None = criterion(_refused_for, of_report("cancellationReasons"))
    """Sales whose last refused payment has one of these reasons. Null in the list finds sales without a
    reason."""
    currency: str | None = None
    """Rows in this currency, as an ISO 4217 code, for example `BRL`."""


def order_of(report: Report) -> Any:
    """The input by which the rows of a report are sorted within each bucket."""
    name = report.row_name.removesuffix("Row")
    columns = {column.name.upper(): column.name for column in report.columns}
    values = {
        upper: strawberry.enum_value(column, description=f"By `{to_camel_case(column)}`.")
        for upper, column in columns.items()
    }
    enum: Any = Enum(f"{name}Column", values)  # type: ignore[misc]
    kind = strawberry.enum(enum, description=f"A column of `{report.name}`.")
    attributes = {
        "__annotations__": {"column": kind, "direction": OrderDirection},
        "column": strawberry.field(
            description="The column to sort by. An amount requires a filter by `currency`."
        ),
        "direction": strawberry.field(default=OrderDirection.DESC, description="The direction of the order."),
    }
    says = f"The sort order of the rows of `{report.name}`, within each bucket."
    return strawberry.input(type(f"{name}Order", (), attributes), description=says)


def choice(viewer: Viewer, report: Report, chosen: Any, order: Any, top: int | None = None) -> Choice:
    """Which rows of a report a request asks for."""
    currency = chosen.currency if chosen is not None else None
    code = currency_code(currency) if currency is not None else None
    column = None
    if order is not None:
        column = next((each for each in report.columns if each.name == order.column.value), None)
    if column is not None and _is_amount(column) and code is None:
        raise Refusal(ErrorCode.BAD_INPUT, "amount_needs_currency", ("filter", "currency"))
    if chosen is None and column is None and top is None:
        return EVERY_ROW
    by_place = getattr(chosen, "country", strawberry.UNSET) is not strawberry.UNSET
    return Choice(
        where=_where(viewer, chosen),
        currency=code,
        top=top,
        order=column,
        descending=order is not None and order.direction is OrderDirection.DESC,
        by_place=by_place,
    )


def _where(viewer: Viewer, chosen: Any) -> Statement:
    found = conditions(viewer, chosen)
    return EVERYTHING if found is None else Statement(" AND ") + found


def _is_amount(column: Column) -> bool:
    return column.money if isinstance(column, Total) else column.decimals == 0

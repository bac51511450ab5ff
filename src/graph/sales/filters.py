"""How a list of sales is filtered and sorted."""

from enum import Enum
from fractions import Fraction
from math import ceil, floor
from typing import Any

import strawberry

from authz import reach
from authz.gates import AdminOnly, LeadOnly, Needs, grant_bit
from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from engine.rows.lists import Rows
from graph.collaborators.types import Person, TeamSummary
from graph.kit.node import row_ids
from graph.kit.order import OrderDirection, sorted_by
from graph.kit.period import PeriodInput
from graph.kit.scalars import Decimal
from graph.kit.search import holds, holds_as_written, needle_of
from graph.products.types import Product
from graph.sales.types import Sale
from models.currency import exponent_of
from models.statement import Statement, all_of, either, one_of
from models.vocabulary import PaymentMethod, SaleStatus
from reports.keys import capitals
from reports.period import Period

_BY_PERIOD = Needs(grant=Grant.SEARCH_SALES_BY_PERIOD)
_BY_DEVICE = Needs(grant=Grant.VIEW_REVENUE_BY_DEVICE_REPORT)
_NO_METHOD = Statement("r.payment_method IS NULL")


@strawberry.input
class AmountRange:
    """A range of amounts, in major units of the filter's currency, for example `{atLeast: "10.00"}`. Both
    bounds are included."""

    at_least: Decimal | None = None
    """The smallest amount to include."""
    at_most: Decimal | None = None
    """The largest amount to include."""


@strawberry.input
class OriginFilter:
    """A filter by the tracking codes of the link that the buyer followed. A code that is omitted can have any
    value; null finds sales without that code."""

    src: str | None = strawberry.UNSET
    """The source code (`src`), exactly as the marketplace sent it."""
    sck: str | None = strawberry.UNSET
    """The checkout's source code (`sck`), exactly as the marketplace sent it."""


@strawberry.input
class SaleFilter:
    """A filter for sales. Only sales that meet all given conditions are listed.

    A report's row can be opened as a list: filter by the row's days of approval, its currency, the statuses
    that count as revenue (`APPROVED`, `COMPLETE`, `PARTIALLY_REFUNDED`) and what else the row is about
    (product, payment method, origin, device, person or team), within the reports' reach. The list has as
    many sales as the row counts if all of them are within your reach. It has fewer if your reports count
    sales that you can no longer see: for a team lead, sales of a former member that are now unassigned or
    assigned outside the teams that they lead; for a user, their own sales that are now assigned to someone
    else.
    """

    status: list[SaleStatus] | None = None
    """Sales with one of these statuses."""
    product: strawberry.ID | None = None
    """Sales of the product with this id."""
    period: PeriodInput | None = strawberry.field(default=None, directives=[_BY_PERIOD])
    """Sales that were ordered in this period."""
    approved: PeriodInput | None = strawberry.field(default=None, directives=[_BY_PERIOD])
    """Sales that were approved in this period, whenever they were ordered. Reports use this date. For
    example, `{from: "2026-06-01", to: "2026-07-01"}` finds the sales approved in June."""
    payment_method: list[PaymentMethod | None] | None = None
    """Sales paid with one of these methods. Null in the list finds sales whose method is not known."""
    in_installments: bool | None = None
    """True: sales paid in more than one installment. False: all other sales."""
    origin: OriginFilter | None = None
    """Sales whose buyer followed a link with these tracking codes."""
    device: str | None = strawberry.field(default=strawberry.UNSET, directives=[_BY_DEVICE])
    """Sales bought with this kind of device, in upper or lower case, for example `MOBILE`. Null finds sales
    whose device is not known."""
    assignee: strawberry.ID | None = None
    """Sales assigned to the person with this id."""
    unassigned: bool | None = None
    """True: sales that are not assigned to anyone. False: sales that are assigned to someone."""
    in_reports: bool | None = None
    """True: sales within your statistics reach, which your reports add up. False: all other sales that you
    can see, for example a colleague's sales in a team that shares its rows."""
    credited_to: strawberry.ID | None = strawberry.field(default=None, directives=[LeadOnly()])
    """Sales that reports credit to the person with this id, even if the person no longer works in the
    account. As in reports, a team lead finds only sales within their statistics reach."""
    uncredited: bool | None = strawberry.field(default=None, directives=[LeadOnly()])
    """True: sales that reports credit to no one; a team lead's reports contain none of them. False: sales
    that reports credit to someone within your statistics reach."""
    credited_team: strawberry.ID | None = strawberry.field(default=None, directives=[AdminOnly()])
    """Sales that reports credit to the team with this id, even if the team was deleted."""
    without_credited_team: bool | None = strawberry.field(default=None, directives=[AdminOnly()])
    """True: sales that reports credit to no team. False: sales that reports credit to a team."""
    currency: str | None = None
    """Sales priced in this currency, as an ISO 4217 code, for example `BRL`."""
    amount: AmountRange | None = None
    """Sales whose price is in this range; requires `currency`."""
    text: str | None = None
    """Sales whose reference, buyer name or product name contains this text; case and accents are ignored. If
    you can read the buyer's e-mail address, phone number or document, these are searched too."""


@strawberry.enum
class SaleOrderField(Enum):
    """A field by which sales can be sorted."""

    ORDERED_AT = strawberry.enum_value("ordered_at", directives=[_BY_PERIOD])
    """When the buyer placed the order."""
    AMOUNT = "price"
    """The price; requires a filter by `currency`."""


@strawberry.input
class SaleOrder:
    """The sort order of a list of sales."""

    field: SaleOrderField
    """The field to sort by."""
    direction: OrderDirection = OrderDirection.DESC
    """The direction of the order."""


def found_sales(viewer: Viewer, filter: SaleFilter | None, order: SaleOrder | None) -> Rows[Sale]:  # noqa: A002
    """The sales within reach that a filter leaves, in an order."""
    where = all_of(_conditions(viewer, filter)) if filter else None
    if order is not None and order.field is SaleOrderField.AMOUNT and not (filter and filter.currency):
        raise Refusal(ErrorCode.BAD_INPUT, "amount_needs_currency", ("filter", "currency"))
    by_amount = order is not None and order.field is SaleOrderField.AMOUNT
    currency = _code(filter.currency) if filter and filter.currency and by_amount else ""
    return Rows(Sale, reach.sales(viewer), where, (sorted_by(order, "ordered_at"),), cursor_scope=currency)


def _conditions(viewer: Viewer, criteria: SaleFilter) -> Any:
    if criteria.status is not None:
        yield one_of("r.status", [status.value for status in criteria.status])
    if criteria.product is not None:
        yield one_of("r.product_id", row_ids(Product, criteria.product))
    if criteria.period is not None:
        yield _within(viewer, "r.ordered_at", criteria.period, "period")
    if criteria.approved is not None:
        yield _within(viewer, "r.approved_at", criteria.approved, "approved")
    yield from _bought(criteria)
    if criteria.assignee is not None:
        yield one_of("r.assignee_id", row_ids(Person, criteria.assignee))
    if criteria.unassigned is not None:
        yield _none("r.assignee_id", criteria.unassigned)
    yield from _credited(viewer, criteria)
    if criteria.currency is not None:
        yield Statement("r.currency = ?", (_code(criteria.currency),))
    if criteria.amount is not None:
        yield from _priced_within(criteria.amount, criteria.currency)
    if criteria.text is not None:
        yield _holding(viewer, criteria.text)


def _bought(criteria: SaleFilter) -> Any:
    if criteria.payment_method is not None:
        known = [method.value for method in criteria.payment_method if method is not None]
        unknown = [_NO_METHOD] if None in criteria.payment_method else []
        yield either([one_of("r.payment_method", known), *unknown])
    if criteria.in_installments is not None:
        yield Statement(f"r.instalments {'>' if criteria.in_installments else '<='} 1")
    if criteria.origin is not None:
        yield from _from(criteria.origin)
    if criteria.device is not strawberry.UNSET:
        yield _bought_with(criteria.device)


def _credited(viewer: Viewer, criteria: SaleFilter) -> Any:
    if criteria.in_reports is not None:
        counted = Statement("(") + reach.counted_sales(viewer).where("r") + ")"
        yield counted if criteria.in_reports else counted + " IS NOT TRUE"
    conditions = []
    if criteria.credited_to is not None:
        conditions.append(one_of("r.credit_id", row_ids(Person, criteria.credited_to)))
    if criteria.uncredited is not None:
        conditions.append(_none("r.credit_id", criteria.uncredited))
    if criteria.credited_team is not None:
        conditions.append(one_of("r.credit_team_id", row_ids(TeamSummary, criteria.credited_team)))
    if criteria.without_credited_team is not None:
        conditions.append(_none("r.credit_team_id", criteria.without_credited_team))
    if conditions:
        # whom a sale is credited to is not shown of sales that a viewer may see but not add up
        yield reach.credited_sales(viewer).where("r")
    yield from conditions


def _from(origin: OriginFilter) -> Any:
    for column, code in (("r.origin_src", origin.src), ("r.origin_sck", origin.sck)):
        if code is None:
            yield _none(column, True)
        elif code is not strawberry.UNSET:
            yield Statement(f"{column} = ?", (code,))


def _bought_with(device: str | None) -> Statement:
    if device is None:
        return _none("r.device", True)
    return Statement(f"{capitals('r.device')} = {capitals('CAST(? AS TEXT)')}", (device,))


def _none(column: str, none: bool) -> Statement:
    """The rows whose column is null, or those in which it is not."""
    return Statement(f"{column} IS {'' if none else 'NOT '}NULL")


def _code(currency: str) -> str:
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
        raise Refusal(ErrorCode.BAD_INPUT, "no_currency", ("filter", "currency"))
    return currency.upper()


def _within(viewer: Viewer, column: str, period: PeriodInput, field: str) -> Statement:
    assert viewer.central is not None
    bucket = Period(period.from_, period.to, field).whole(viewer.central.timezone)
    return Statement(f"{column} >= ? AND {column} < ?", (bucket.start_ms, bucket.end_ms))


def _priced_within(amounts: AmountRange, currency: str | None) -> Any:
    if currency is None:
        raise Refusal(ErrorCode.BAD_INPUT, "amount_needs_currency", ("filter", "currency"))
    unit = 10 ** exponent_of(_code(currency))
    # a bound between two minor units admits what the exact comparison would
    for bound, sign, whole in ((amounts.at_least, ">=", ceil), (amounts.at_most, "<=", floor)):
        if bound is not None:
            minor = whole(Fraction(bound) * unit)
            if abs(minor) >= 2**63:
                raise Refusal(ErrorCode.BAD_INPUT, "amount_too_large", ("filter", "amount"))
            yield Statement(f"r.price {sign} ?", (minor,))


def _holding(viewer: Viewer, text: str) -> Statement:
    needle = needle_of(text)
    assert viewer.central is not None
    searched = [holds_as_written("r.reference", text), holds("r.buyer_folded", needle)]
    named = Statement("SELECT p.id FROM products p WHERE p.account_id = ? AND ", (viewer.central.account_id,))
    searched.append(Statement("r.product_id IN (") + named + holds("p.name_folded", needle) + ")")
    for column, grant in (
        ("r.buyer_email", Grant.CHANGE_BUYER_EMAIL),
        ("r.buyer_phone", Grant.ISSUE_PAYMENT_SLIPS),
        ("r.buyer_document", Grant.SEND_RECEIPTS),
    ):
        if viewer.mask & grant_bit(grant):
            searched.append(holds_as_written(column, text))
    return either(searched)

"""The list of customers: a report whose rows are people, a page at a time."""

import asyncio
from dataclasses import field
from enum import Enum
from typing import Any

import strawberry

from authz.gates import ON_RECORD, Needs, gated, needs
from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from engine.rows.connection import Edge, Page, PageInfo, Slice, cursor_purpose, requested_page, slice_of
from engine.rows.select import Order, sort_clause
from graph.kit.context import Info
from graph.kit.filters import conditions, criterion, currency_code, order_input
from graph.kit.money import Money
from graph.kit.order import OrderDirection
from graph.kit.period import PeriodInput
from graph.kit.row_reach import RowReach, row_reach
from graph.kit.scalars import DateTime
from graph.kit.search import needle_of
from graph.reports.filters import of_product, of_report, with_value
from models.masking import masked_email, masked_number
from models.statement import Statement
from models.text import pattern
from reports import customers
from reports.customers import Listed
from reports.declarations import REPORTS
from reports.period import Period
from reports.statement import EVERYTHING

CUSTOMERS = REPORTS["customers"]
_GATE = Needs(grant=CUSTOMERS.grant)
_MOST = 100


@gated(_GATE)
@strawberry.type
class Customer:
    """A row of `customers`: one buyer with sales in the period, as the newest of these sales describes them.

    Buyers are distinguished by e-mail address, else by document, else each sale is a buyer. If the account
    reveals personal data only on record (`Account.revealOnRecord`), collaborators see it masked. Contacts are
    null if the newest sale is not within your reach, though your reports count it.
    """

    name: str | None
    """The buyer's name."""
    country: str | None
    """The buyer's country as an ISO 3166 code, for example `BR`."""
    email: str | None = needs(Grant.CHANGE_BUYER_EMAIL)
    """The buyer's e-mail address."""
    email_masked: str | None = needs(Grant.SEARCH_SALES)
    """The first letters of the e-mail address and of its domain, for example `m…@e…`."""
    phone: str | None = needs(Grant.ISSUE_PAYMENT_SLIPS)
    """The buyer's phone number."""
    phone_masked: str | None = needs(Grant.SEARCH_SALES)
    """The last two digits of the phone number, for example `…42`."""
    document: str | None = needs(Grant.SEND_RECEIPTS)
    """The number of the buyer's identity or tax document."""
    purchases: int
    """The number of sales to the buyer that are revenue."""
    products: int
    """The number of different products among these."""
    subscriber: bool
    """Whether any of the sales belongs to a subscription."""
    spent: list[Money]
    """The total price of the sales that are revenue, for each currency in which there are any."""
    refunded: list[Money]
    """The total price of refunded sales, for each currency in which there are any."""
    first_at: DateTime
    """The time of the buyer's first sale in the period."""
    last_at: DateTime
    """The time of the buyer's last sale in the period."""


@gated(_GATE)
@strawberry.type
class CustomerTotal:
    """What all customers of a list bought in one currency."""

    currency: str
    """The currency, as an ISO 4217 code."""
    customers: int
    """The number of customers with sales in it."""
    purchases: int
    """The number of their sales that are revenue."""
    spent: Money
    """The total price of these sales."""
    refunded: Money
    """The total price of refunded sales."""


@strawberry.input
class CustomerFilter:
    """A filter for customers. Only customers that meet all given conditions are listed."""

    product: strawberry.ID | None = criterion(of_product, of_report("revenueByProduct"))
    """Customers of the product with this id; only its sales count."""
    country: str | None = with_value("buyer_country", of_report("revenueByLocation"))
    """Customers in this country, as an ISO 3166 code in capitals, for example `BR`. Null finds those whose
    country is not known."""
    at_least: int | None = None
    """Customers with at least so many purchases."""
    text: str | None = None
    """Customers whose name contains this text; case and accents are ignored."""
    currency: str | None = None
    """The currency of an order by `SPENT`, as an ISO 4217 code, for example `BRL`."""


@strawberry.enum
class CustomerOrderField(Enum):
    """A field by which customers can be sorted."""

    LAST_AT = "last_at"
    """When they last bought."""
    SPENT = "spent"
    """The total price of their purchases in a currency; requires `currency` in the filter."""
    PURCHASES = "purchases"
    """The number of their purchases."""
    NAME = "name"
    """Their names, without case and accents."""


CustomerOrder: Any = order_input(CustomerOrderField, "customers", OrderDirection.DESC)


@gated(_GATE)
@strawberry.type
class CustomerConnection:
    """One page of a list of customers."""

    viewer: strawberry.Private[Viewer]
    listed: strawberry.Private[Listed]
    requested: strawberry.Private[Page]
    order: strawberry.Private[tuple[Order, ...]]
    cut: strawberry.Private[Any]
    keys: strawberry.Private[tuple[str, ...]]
    after: strawberry.Private[Statement | None]
    locale: strawberry.Private[str]
    _read: strawberry.Private["asyncio.Future[Slice] | None"] = field(default=None, init=False)

    @strawberry.field
    async def nodes(self) -> list[Customer]:
        """The customers of the page."""
        covered = bool(self.viewer.mask & ON_RECORD)
        return [shown(row[0], covered=covered) for row in (await self._slice()).rows]

    @strawberry.field
    async def edges(self) -> list[Edge[Customer]]:
        """The customers of the page, each with a cursor."""
        page = await self._slice()
        covered = bool(self.viewer.mask & ON_RECORD)
        return [Edge(cursor=page.cursor(row), node=shown(row[0], covered=covered)) for row in page.rows]

    @strawberry.field
    async def page_info(self) -> PageInfo:
        """The position of the page in the list."""
        return (await self._slice()).page_info()

    @strawberry.field
    async def total_count(self) -> int:
        """The number of customers in the whole list. It is counted only if it is selected."""
        return await customers.count(self.viewer, self.listed)

    @strawberry.field
    async def totals(self) -> list[CustomerTotal]:
        """What all customers of the list bought, by currency. It is added up only if it is selected."""
        return [
            CustomerTotal(
                currency=total.currency,
                customers=total.customers,
                purchases=total.purchases,
                spent=Money(minor=total.spent, currency=total.currency),
                refunded=Money(minor=total.refunded, currency=total.currency),
            )
            for total in await customers.totals(self.viewer, self.listed)
        ]

    @strawberry.field
    async def reach(self) -> RowReach:
        """Whose sales the list is made of, and why: those that your reports count."""
        return await row_reach(self.viewer, self.listed.within(self.viewer), self.locale, "customers")

    async def _slice(self) -> Slice:
        """The page, read once for all fields that need it."""
        if self._read is None:
            self._read = asyncio.ensure_future(self._find())
        return await asyncio.shield(self._read)

    async def _find(self) -> Slice:
        order = sort_clause(self.order, reverse=self.requested.backward)
        limit = self.requested.size + 1
        rows = await customers.customers(self.viewer, self.listed, self.keys, order, self.after, limit)
        found: Slice = self.cut(rows, 1)
        return found


def shown(found: customers.Customer, *, covered: bool) -> Customer:
    """A customer as the API shows them; with `covered`, their contacts are masked."""
    return Customer(
        name=found.name,
        country=found.country,
        email=masked_email(found.email) if covered else found.email,
        email_masked=masked_email(found.email),
        phone=masked_number(found.phone) if covered else found.phone,
        phone_masked=masked_number(found.phone),
        document=masked_number(found.document) if covered else found.document,
        purchases=found.purchases,
        products=found.products,
        subscriber=found.subscriber,
        spent=[Money(minor=minor, currency=currency) for minor, currency in found.spent],
        refunded=[Money(minor=minor, currency=currency) for minor, currency in found.refunded],
        first_at=DateTime(found.first_at),
        last_at=DateTime(found.last_at),
    )


def customer_list(
    viewer: Viewer, info: Info, period: PeriodInput, chosen: CustomerFilter | None, order: Any, **paging: Any
) -> CustomerConnection:
    """A page of the customers with sales in a period."""
    assert viewer.central is not None
    requested = requested_page(**paging, most=_MOST)
    listed, sorted_by = listed_customers(viewer, period, chosen, order)
    purpose = cursor_purpose(viewer.central.account_id, "customers", listed.currency, "customers", sorted_by)
    cut, keys, after = slice_of(purpose, sorted_by, requested, info.context.seal)
    return CustomerConnection(
        viewer=viewer,
        listed=listed,
        requested=requested,
        order=sorted_by,
        cut=cut,
        keys=keys,
        after=after,
        locale=info.context.locale,
    )


def listed_customers(
    viewer: Viewer, period: PeriodInput, chosen: CustomerFilter | None, order: Any
) -> tuple[Listed, tuple[Order, ...]]:
    """Which customers arguments of the list mean, and in what order."""
    assert viewer.central is not None
    bucket = Period(period.from_, period.to).whole(viewer.central.timezone)
    currency = chosen.currency if chosen is not None else None
    if currency is None and order is not None and order.field is CustomerOrderField.SPENT:
        raise Refusal(ErrorCode.BAD_INPUT, "amount_needs_currency", ("filter", "currency"))
    where = conditions(viewer, chosen)
    text = chosen.text if chosen is not None else None
    listed = Listed(
        CUSTOMERS,
        bucket,
        EVERYTHING if where is None else Statement(" AND ") + where,
        at_least=(chosen.at_least or 0) if chosen is not None else 0,
        pattern=pattern(needle_of(text)) if text is not None else None,
        currency=currency_code(currency) if currency is not None else "",
    )
    column = CustomerOrderField.LAST_AT.value if order is None else order.field.value
    return listed, (Order(column, order is None or order.direction.value == "DESC"),)

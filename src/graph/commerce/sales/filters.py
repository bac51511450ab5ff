"""How a list of sales is filtered and sorted."""

from enum import Enum
from fractions import Fraction
from math import ceil, floor
from typing import Any

import strawberry

from authz import reach
from authz.gates import AdminOnly, LeadOnly, Needs
from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from graph.commerce.products.types import Offer, Product
from graph.commerce.sales.text_search import ids_with_text, with_text
from graph.commerce.sales.types import Sale
from graph.kit.filters import (
    Criterion,
    Indexed,
    absent,
    criterion,
    currency_code,
    equal,
    is_null,
    narrowed,
    order_input,
    search,
    within,
)
from graph.kit.money import MoneyInput
from graph.kit.order import OrderDirection
from graph.kit.period import PeriodInput
from graph.kit.scalars import Decimal
from graph.kit.storable import storable
from graph.membership.collaborators.types import Person, TeamSummary
from models.address import compared
from models.currency import exponent_of
from models.statement import NEVER, Statement, all_of
from models.vocabulary import CommissionSource, PaymentMethod, PaymentRefusal, SaleStatus, SoldAs
from reports.expressions import capitals

_BY_PERIOD = Needs(grant=Grant.SEARCH_SALES_BY_PERIOD)
_BY_DEVICE = Needs(grant=Grant.VIEW_REVENUE_BY_DEVICE_REPORT)
_BY_CHECKOUT = Needs(grant=Grant.VIEW_SALES_BY_CHECKOUT_ORIGIN_REPORT)
_BY_COUNTRY = Needs(grant=Grant.VIEW_REVENUE_BY_LOCATION_REPORT)
_BY_ADDRESS = Needs(grant=Grant.SEND_RECEIPTS)
_BY_AFFILIATE = Needs(grant=Grant.MANAGE_AFFILIATES)
_BY_COPRODUCER = Needs(grant=Grant.VIEW_COPRODUCTION_REVENUE_REPORT)
_BY_SHARE = Needs(grant=Grant.VIEW_COMMISSIONS_REPORT)
_BY_OWN_SHARE = Needs(grant=Grant.VIEW_SELF_BILLING_REPORT)


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


def _in_installments(chosen: Criterion) -> Statement:
    return Statement(f"r.instalments {'>' if chosen.value else '<='} 1")


def _with_coupon(chosen: Criterion) -> Statement:
    if chosen.value is None:
        return is_null("coupon", True)
    # an index has the sales with a coupon, which SQLite uses if the condition says so
    named = f"r.coupon IS NOT NULL AND {capitals('r.coupon')} = {capitals('CAST(? AS TEXT)')}"
    return Statement(named, (storable(chosen.value),))


def _in_funnel(chosen: Criterion) -> Statement:
    return Statement("r.in_funnel" if chosen.value else "NOT r.in_funnel")


def _from_origin(chosen: Criterion) -> Statement | None:
    codes = (("origin_src", chosen.value.src), ("origin_sck", chosen.value.sck))
    found = [
        is_null(column, True) if code is None else Statement(f"r.{column} = ?", (code,))
        for column, code in codes
        if code is not strawberry.UNSET
    ]
    return all_of(found)


def _bought_with(chosen: Criterion) -> Statement:
    if chosen.value is None:
        return is_null("device", True)
    return Statement(f"{capitals('r.device')} = {capitals('CAST(? AS TEXT)')}", (chosen.value,))


def _value(column: str, gate: Needs) -> Any:
    """Rows with a value in a column; null finds those without one."""

    def condition(chosen: Criterion) -> Statement:
        if chosen.value is None:
            return is_null(column, True)
        return Statement(f"r.{column} = ?", (storable(chosen.value),))

    return criterion(condition, gate, default=strawberry.UNSET)


def _place(column: str) -> Any:
    """Rows with a place in the buyer's address, however it is spelled; null finds those without one. Where an
    address is covered, its places are not."""

    def condition(chosen: Criterion) -> Statement:
        if chosen.value is None:
            return is_null(column, True)
        return Statement(f"r.{column} = ?", (compared(chosen.value) or "",))

    return criterion(condition, _BY_ADDRESS, default=strawberry.UNSET)


def _with_share(more: str, *values: object) -> Statement:
    return Statement(
        f"EXISTS (SELECT 1 FROM commissions q WHERE q.account_id = r.account_id AND q.sale_id = r.id{more})",
        values,
    )


def _shared_with(chosen: Criterion) -> Statement:
    if chosen.value is None:
        return _with_share(" AND q.source = 'COPRODUCER' AND q.name IS NULL")
    return _with_share(" AND q.source = 'COPRODUCER' AND q.name = ?", storable(chosen.value))


def _shared_by(chosen: Criterion) -> Statement:
    if chosen.value is None:
        return Statement("NOT ") + _with_share("")
    return _with_share(" AND q.source = ?", chosen.value.value)


def _own_share(chosen: Criterion) -> Statement:
    if chosen.value is None:
        return is_null("own_amount", True)
    currency = currency_code(chosen.value.currency, ("filter", "ownShare", "currency"))
    minor = Fraction(chosen.value.amount) * 10 ** exponent_of(currency)
    if minor.denominator != 1 or abs(minor) >= 2**63:
        return NEVER
    return Statement("r.own_amount = ? AND COALESCE(r.own_currency, r.currency) = ?", (int(minor), currency))


def _counted(chosen: Criterion) -> Statement:
    counted = Statement("(") + reach.counted_sales(chosen.viewer).where("r") + ")"
    return counted if chosen.value else counted + " IS NOT TRUE"


def _credited(field: Any) -> Any:
    """A field about credit, which is not shown of sales that a viewer can see but not add up."""
    return narrowed(field, lambda chosen: reach.credited_sales(chosen.viewer).where("r"))


def _currency(chosen: Criterion) -> Statement:
    return Statement("r.currency = ?", (currency_code(chosen.value),))


def _priced_within(chosen: Criterion) -> Statement | None:
    if chosen.filter.currency is None:
        raise Refusal(ErrorCode.BAD_INPUT, "amount_needs_currency", ("filter", "currency"))
    unit = 10 ** exponent_of(currency_code(chosen.filter.currency))
    found = []
    # a bound between two minor units admits what the exact comparison would
    for bound, sign, whole in ((chosen.value.at_least, ">=", ceil), (chosen.value.at_most, "<=", floor)):
        if bound is not None:
            minor = whole(Fraction(bound) * unit)
            if abs(minor) >= 2**63:
                raise Refusal(ErrorCode.BAD_INPUT, "amount_too_large", ("filter", "amount"))
            found.append(Statement(f"r.price {sign} ?", (minor,)))
    return all_of(found)


@strawberry.input
class SaleFilter:
    """A filter for sales. Only sales that meet all given conditions are listed.

    A report's row can be opened as a list: filter by the row's days of approval, its currency, the statuses
    that count as revenue (`APPROVED`, `COMPLETE`, `PARTIALLY_REFUNDED`), the account's role and what else the
    row is about (for example its product, payment method or person), within the reports' reach. A row of
    payments that failed is opened by the days on which the sales ended, and its attempts by the days of their
    orders. The list has as
    many sales as the row counts if all of them are within your reach. It has fewer if your reports count
    sales that you can no longer see: for a team lead, sales of a former member that are now unassigned or
    assigned outside the teams that they lead; for a user, their own sales that are now assigned to someone
    else.
    """

    status: list[SaleStatus] | None = equal("status", indexed=Indexed("status"))
    """Sales with one of these statuses."""
    sold_as: list[SoldAs] | None = equal("sold_as", indexed=Indexed("sold_as", usual=SoldAs.PRODUCER))
    """Sales in which the account has one of these roles."""
    product: strawberry.ID | None = equal("product_id", Product)
    """Sales of the product with this id."""
    offer: strawberry.ID | None = equal("offer_id", Offer)
    """Sales through the offer with this id."""
    coupon: str | None = criterion(_with_coupon, default=strawberry.UNSET)
    """Sales whose buyer used this coupon, in upper or lower case. Null finds sales without a coupon."""
    without_offer: bool | None = absent("offer_id")
    """True: sales through no offer. False: sales through any offer."""
    refusal: list[PaymentRefusal | None] | None = equal("refusal", indexed=Indexed("refusal"))
    """Sales whose last refused payment has one of these reasons. Null in the list finds sales without a
    reason."""
    in_funnel: bool | None = criterion(_in_funnel)
    """True: sales made in a sales funnel. False: all other sales."""
    period: PeriodInput | None = within("ordered_at", (_BY_PERIOD,))
    """Sales that were ordered in this period."""
    approved_period: PeriodInput | None = within("approved_at", (_BY_PERIOD,))
    """Sales that were approved in this period, whenever they were ordered. Reports use this date. For
    example, `{from: "2026-06-01", to: "2026-07-01"}` finds the sales approved in June."""
    refunded_period: PeriodInput | None = within("refunded_at", (_BY_PERIOD,))
    """Sales that were refunded in this period, whenever they were ordered."""
    ended_period: PeriodInput | None = within("ended_at", (_BY_PERIOD,))
    """Sales that ended in this period without ever being paid, whenever they were ordered."""
    payment_method: list[PaymentMethod | None] | None = equal("payment_method")
    """Sales paid with one of these methods. Null in the list finds sales whose method is not known."""
    in_installments: bool | None = criterion(_in_installments)
    """True: sales paid in more than one installment. False: all other sales."""
    origin: OriginFilter | None = criterion(_from_origin)
    """Sales whose buyer followed a link with these tracking codes."""
    device: str | None = criterion(_bought_with, _BY_DEVICE, default=strawberry.UNSET)
    """Sales bought with this kind of device, in upper or lower case, for example `MOBILE`. Null finds sales
    whose device is not known."""
    checkout_origin: str | None = _value("checkout_origin", _BY_CHECKOUT)
    """Sales through this checkout, as the marketplace names it. Null finds sales whose checkout is not
    known."""
    country: str | None = _value("buyer_country", _BY_COUNTRY)
    """Sales to buyers in this country, as an ISO 3166 code in capitals, for example `BR`. Null finds sales
    whose country is not known."""
    state: str | None = _place("buyer_state")
    """Sales to buyers whose address is in this state; case and accents are ignored. Null finds sales whose
    state is not known."""
    city: str | None = _place("buyer_city")
    """Sales to buyers whose address is in this city; case and accents are ignored. Null finds sales whose
    city is not known."""
    affiliate: str | None = _value("affiliate_code", _BY_AFFILIATE)
    """Sales brought by the affiliate with this code at the marketplace. Null finds sales without an
    affiliate's code."""
    coproducer: str | None = criterion(_shared_with, _BY_COPRODUCER, default=strawberry.UNSET)
    """Sales of which a coproducer with this name has a share. Null finds sales with a coproducer whose name
    is not known."""
    share: CommissionSource | None = criterion(_shared_by, _BY_SHARE, default=strawberry.UNSET)
    """Sales of which this recipient has a share. Null finds sales whose shares are not known."""
    own_share: MoneyInput | None = criterion(_own_share, _BY_OWN_SHARE, default=strawberry.UNSET)
    """Sales of which the account's own share is exactly this. Null finds sales whose own share is not
    known."""
    assignee: strawberry.ID | None = equal("assignee_id", Person)
    """Sales assigned to the person with this id."""
    unassigned: bool | None = absent("assignee_id")
    """True: sales that are not assigned to anyone. False: sales that are assigned to someone."""
    in_reports: bool | None = criterion(_counted)
    """True: sales within your statistics reach, which your reports add up. False: all other sales that you
    can see, for example a colleague's sales in a team that shares its rows."""
    credited_to: strawberry.ID | None = _credited(equal("credit_id", Person, gates=(LeadOnly(),)))
    """Sales that reports credit to the person with this id, even if the person no longer works in the
    account. As in reports, a team lead finds only sales within their statistics reach."""
    uncredited: bool | None = _credited(absent("credit_id", (LeadOnly(),)))
    """True: sales that reports credit to no one; a team lead's reports contain none of them. False: sales
    that reports credit to someone within your statistics reach."""
    credited_team: strawberry.ID | None = _credited(
        equal("credit_team_id", TeamSummary, gates=(AdminOnly(),))
    )
    """Sales that reports credit to the team with this id, even if the team was deleted."""
    without_credited_team: bool | None = _credited(absent("credit_team_id", (AdminOnly(),)))
    """True: sales that reports credit to no team. False: sales that reports credit to a team."""
    currency: str | None = criterion(_currency)
    """Sales priced in this currency, as an ISO 4217 code, for example `BRL`."""
    amount: AmountRange | None = criterion(_priced_within)
    """Sales whose price is in this range; requires `currency`."""
    text: str | None = criterion(with_text, ids=ids_with_text)
    """Sales whose product name contains this text, and sales with a buyer name or reference where each word
    of it begins a word; case, accents and punctuation are ignored. Words also begin after punctuation and
    between letters and digits: `lima` finds `Ana Lima`, and `123` the reference `HP123`. If you can read the
    buyer's e-mail address, phone number or document, these are searched too; a phone number is also found by
    its last four digits. Where the owner has personal data revealed on record only, an e-mail address is
    found by the whole of it, and a phone number or document is not found."""


@strawberry.enum
class SaleOrderField(Enum):
    """A field by which sales can be sorted."""

    ORDERED_AT = strawberry.enum_value("ordered_at", directives=[_BY_PERIOD])
    """When the buyer placed the order."""
    APPROVED_AT = strawberry.enum_value("approved_at", directives=[_BY_PERIOD])
    """When the payment was approved. Sales that were never approved are left out."""
    AMOUNT = "price"
    """The price; requires a filter by `currency`."""


def _priced_in(chosen: SaleFilter | None, order: Any) -> str:
    """The currency in which an order by amount compares prices, which it requires."""
    if order is None or order.field is not SaleOrderField.AMOUNT:
        return ""
    if chosen is None or not chosen.currency:
        raise Refusal(ErrorCode.BAD_INPUT, "amount_needs_currency", ("filter", "currency"))
    return currency_code(chosen.currency)


def _approved(_filter: SaleFilter | None, order: Any) -> Statement | None:
    """An order by approval has only the sales that were approved: a position in it is a time."""
    by_approval = order is not None and order.field is SaleOrderField.APPROVED_AT
    return is_null("approved_at", False) if by_approval else None


find_sales = search(
    Sale, SaleFilter, order=SaleOrderField.ORDERED_AT, also=_approved, cursor_scope=_priced_in
)
SaleOrder: Any = order_input(SaleOrderField, "sales", OrderDirection.DESC)

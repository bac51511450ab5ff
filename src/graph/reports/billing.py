"""Statements of what the account received: their heads in the rows of `selfBilling`, and their revisions."""

from operator import attrgetter
from typing import Any

import strawberry

from authz.gates import Needs, gated, needs
from authz.viewer import Viewer
from engine.rows.source import sourced
from graph.commerce.products.types import Product
from graph.kit.money import Money
from graph.kit.scalars import Date, DateTime
from graph.reports.columns import of_attribute
from graph.reports.keys import objects_of
from models.sales.billed_months import month_after
from models.vocabulary import SoldAs
from reports import billing
from reports.billing import SELF_BILLING
from reports.grouping import Named
from reports.keys import PRODUCT

_GATE = Needs(grant=SELF_BILLING.grant)


def _of_head(name: str) -> Any:
    value = attrgetter(name)
    return sourced(of_attribute(lambda head: None if head is None else value(head), "statement"))


@strawberry.type
class OnStatement:
    """A row that a statement was written about."""

    statement: str | None = _of_head("number")
    """The number of the month's statement in this currency, for example `SB-2026-06-BRL`. Null before it is
    written, for a part of a month, and unless your report adds up every sale of the account. A statement is
    what was known at a time; the amounts of the row are what is known now."""
    revision: int | None = _of_head("revision")
    """The number of the statement's newest revision, from 1. A statement is compared with the sales in the
    night after one of them has changed, and gets another revision if it differs."""
    revised_at: DateTime | None = _of_head("revised_at")
    """When this revision was written."""


@gated(_GATE)
@strawberry.type
class BillingStatement:
    """A revision of a statement: what the account received in a month and currency, as it was known then."""

    number: str
    """The number of the statement, for example `SB-2026-06-BRL`."""
    from_: Date = strawberry.field(name="from")
    """The first day of the month, in the account's time zone."""
    to: Date
    """The day after the month's last one."""
    currency: str
    """The currency of every amount, as an ISO 4217 code."""
    revision: int
    """The number of the revision, from 1."""
    revised_at: DateTime
    """When it was written."""
    count: int
    """The number of sales that were revenue."""
    unknown_amount: int
    """The number of these sales whose share was not known."""
    received: Money
    """The total of the account's own shares of these sales, as far as they were known."""
    reversed: Money
    """The total of its shares of sales that were refunded, in dispute or charged back."""


@gated(_GATE)
@strawberry.type
class BillingLine:
    """A line of a statement: the sales of a product of which the account received the same share."""

    sold_as: SoldAs
    """The account's role in these sales."""
    product: Product | None
    """The product."""
    unit: Money | None
    """The account's share of each of these sales. Null where it was not known, and in a statement of more
    than 20,000 lines, which has a single one for each role and product."""
    count: int
    """The number of these sales that were revenue."""
    unknown_amount: int
    """The number of these sales whose share was not known."""
    received: Money
    """The total of the shares of sales that were revenue."""
    reversed: Money
    """The total of the shares of sales that were refunded, in dispute or charged back."""


@strawberry.type
class Statements:
    """The statements of the account."""

    viewer: strawberry.Private[Viewer]

    @needs(SELF_BILLING.grant)
    async def statements(self, number: str) -> list[BillingStatement] | None:
        """The revisions of a statement of `selfBilling`, the newest first: what was known when. Empty if
        there is no such statement, and unless your report adds up every sale of the account.

        Args:
            number: The number of the statement, for example `SB-2026-06-BRL`.
        """
        return [_revision(found) for found in await billing.revisions(self.viewer, number)]

    @needs(SELF_BILLING.grant)
    async def statement_lines(self, number: str, revision: int) -> list[BillingLine] | None:
        """The lines of a revision of a statement, by role, product and share. Empty if there is no such
        revision.

        Args:
            number: The number of the statement, for example `SB-2026-06-BRL`.
            revision: The number of the revision.
        """
        currency, rows = await billing.lines(self.viewer, number, revision)
        products = [Named(str(row[1]), row[7]) for row in rows]
        objects = await objects_of(self.viewer, PRODUCT, products)
        return [_line(row, currency, product) for row, product in zip(rows, objects, strict=True)]


def _revision(found: billing.Revision) -> BillingStatement:
    return BillingStatement(
        number=found.number,
        from_=Date(found.month),
        to=Date(month_after(found.month)),
        currency=found.currency,
        revision=found.revision,
        revised_at=DateTime(found.revised_at),
        count=found.sales,
        unknown_amount=found.unknown,
        received=Money(minor=found.received, currency=found.currency),
        reversed=Money(minor=found.reversed, currency=found.currency),
    )


def _line(row: Any, currency: str, product: Any) -> BillingLine:
    sold_as, _, unit, sales, unknown, received, reversed_, _ = row
    return BillingLine(
        sold_as=SoldAs(sold_as),
        product=product,
        unit=None if unit is None else Money(minor=unit, currency=currency),
        count=sales,
        unknown_amount=unknown,
        received=Money(minor=received, currency=currency),
        reversed=Money(minor=reversed_, currency=currency),
    )

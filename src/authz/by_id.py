"""What `node(id:)` finds: what a viewer can list, and what rows within the viewer's reach refer to.

Sales, opportunities and subscriptions show their assignee, team, product and offer, and reports show products
and offers. So whoever sees such a row can look up their ids, with the fields that they have; nobody else can.
"""

import msgspec

from authz import reach
from authz.grant import Grant
from authz.reach import Reach
from authz.viewer import Viewer
from models.statement import NEVER, Statement, either
from models.vocabulary import SaleStatus

# the statuses of the sales that reports on revenue count
_REPORTED = (
    *(SaleStatus.APPROVED, SaleStatus.COMPLETE, SaleStatus.PARTIALLY_REFUNDED),
    *(SaleStatus.REFUNDED, SaleStatus.DISPUTE, SaleStatus.CHARGEBACK),
)
_IS_REPORTED = " AND t.status IN ('" + "', '".join(_REPORTED) + "')"
_SOLD_AS = _IS_REPORTED + " AND t.sold_as = '{}'"
_SHARED = (
    " AND (t.sold_as = 'COPRODUCER' OR (t.sold_as = 'PRODUCER' AND EXISTS (SELECT 1 FROM commissions c"
    " WHERE c.account_id = t.account_id AND c.sale_id = t.id AND c.source = 'COPRODUCER')))"
)
_TURNED = (
    " AND EXISTS (SELECT 1 FROM subscription_turns c"
    " WHERE c.account_id = t.account_id AND c.subscription_id = t.id)"
)
_CANCELED = " AND t.status = 'CANCELLED'"
_OVERDUE = " AND t.status = 'OVERDUE' AND t.subscription_id IS NOT NULL"

# each report whose rows have a product: of which rows
REPORTED_PRODUCTS = {
    Grant.VIEW_REVENUE_BY_PRODUCT_REPORT: ("sales", _SOLD_AS.format("PRODUCER")),
    Grant.VIEW_REVENUE_BY_PRODUCT_DETAILED_REPORT: ("sales", _SOLD_AS.format("PRODUCER")),
    Grant.VIEW_COPRODUCTION_REVENUE_REPORT: ("sales", _IS_REPORTED + _SHARED),
    Grant.VIEW_SELF_BILLING_REPORT: ("sales", _IS_REPORTED),
    Grant.VIEW_EARNINGS_AS_AFFILIATE_REPORT: ("sales", _SOLD_AS.format("AFFILIATE")),
    Grant.VIEW_SUBSCRIPTION_CANCELLATIONS_REPORT: ("subscriptions", _TURNED),
    Grant.VIEW_CANCELLED_SUBSCRIPTIONS_REPORT: ("subscriptions", _CANCELED),
    Grant.VIEW_CANCELLED_SUBSCRIPTIONS_REASONS_REPORT: ("subscriptions", _CANCELED),
    Grant.VIEW_OVERDUE_SUBSCRIPTIONS_REPORT: ("sales", _OVERDUE),
}


class Naming(msgspec.Struct, frozen=True):
    """Rows within a reach, the column in which they refer to others, and an additional condition."""

    within: Reach
    key: str
    besides: str = ""

    def names(self, alias: str) -> Statement:
        """The condition under which one of these rows refers to the row of an alias."""
        opening = f"EXISTS (SELECT 1 FROM {self.within.table} t WHERE t.{self.key} = {alias}.id AND "
        return Statement(opening) + self.within.where("t") + self.besides.format(alias=alias) + ")"


class Named(Reach, frozen=True, kw_only=True):
    """Rows of an account that are within reach, and those that rows in another reach refer to."""

    listed: Reach
    naming: tuple[Naming, ...]

    def where(self, alias: str) -> Statement:
        """The condition under which a row is in one of these reaches."""
        if self.account_id is None:
            return NEVER
        parts = [self.listed.where(alias), *(part.names(alias) for part in self.naming)]
        return Statement(f"{alias}.account_id = ?", (self.account_id,)) & either(parts)


def _named(viewer: Viewer, listed: Reach, *naming: Naming) -> Reach:
    if type(listed) is Reach and listed.account_id is not None and listed.values is None:
        return listed  # all rows of the account, whatever refers to them
    sound = tuple(part for part in naming if part.within.account_id is not None)
    within = viewer.account_id if listed.account_id is not None or sound else None
    return Named(listed.table, within, listed=listed, naming=sound)


def _assigned(viewer: Viewer) -> tuple[Reach, Reach, Reach]:
    """The rows that follow their assignee and that a viewer sees."""
    return (
        reach.sales(viewer),
        reach.rows(viewer, "opportunities", Grant.VIEW_PURCHASE_RECOVERY_REPORT),
        reach.rows(viewer, "subscriptions", Grant.MANAGE_SUBSCRIPTIONS),
    )


def people(viewer: Viewer) -> Reach:
    """The people that a viewer can list or assign sales to, and the assignees of the rows that they see."""
    named = (Naming(within, "assignee_id") for within in _assigned(viewer))
    return _named(viewer, reach.assignees(viewer), *named)


def teams(viewer: Viewer) -> Reach:
    """The teams that a viewer can list, and the teams of the rows that they see."""
    return _named(viewer, reach.teams(viewer), *(Naming(within, "team_id") for within in _assigned(viewer)))


def products(viewer: Viewer) -> Reach:
    """The products: all with the grant for them, otherwise those of visible rows and of reports."""
    reported = (
        Naming(reach.statistics(viewer, grant, table), "product_id", besides)
        for grant, (table, besides) in REPORTED_PRODUCTS.items()
    )
    visible = (Naming(within, "product_id") for within in _assigned(viewer))
    return _named(viewer, reach.products(viewer), *visible, *reported)


def offers(viewer: Viewer) -> Reach:
    """The offers: all with the grant for products, otherwise those of visible rows and of the report by
    offer."""
    of_product = " AND t.product_id = {alias}.product_id"  # an index finds these
    sales, opportunities, _ = _assigned(viewer)
    grant = Grant.VIEW_REVENUE_BY_PRODUCT_DETAILED_REPORT
    table, besides = REPORTED_PRODUCTS[grant]
    return _named(
        viewer,
        reach.offers(viewer),
        Naming(sales, "offer_id", of_product),
        Naming(opportunities, "offer_id", of_product),
        Naming(reach.statistics(viewer, grant, table), "offer_id", besides + of_product),
    )

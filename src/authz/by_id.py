"""What `node(id:)` finds: what a viewer can list, and what rows within the viewer's reach refer to.

A sale shows its assignee, team, product and offer, and a report shows its products. So whoever sees such a
row can look up their ids, with the fields that the viewer has; nobody else can.
"""

import msgspec

from authz import reach
from authz.grant import Grant
from authz.reach import Reach
from authz.viewer import Viewer
from models.statement import NEVER, Statement, either
from models.vocabulary import SaleStatus

# the statuses of the sales whose products a revenue report shows
_REPORTED = (
    *(SaleStatus.APPROVED, SaleStatus.COMPLETE, SaleStatus.PARTIALLY_REFUNDED),
    *(SaleStatus.REFUNDED, SaleStatus.DISPUTE, SaleStatus.CHARGEBACK),
)
_IS_REPORTED = " AND t.status IN ('" + "', '".join(_REPORTED) + "')"


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


def people(viewer: Viewer) -> Reach:
    """The people that a viewer can list or assign sales to, and the assignees of the sales that they see."""
    return _named(viewer, reach.assignees(viewer), Naming(reach.sales(viewer), "assignee_id"))


def teams(viewer: Viewer) -> Reach:
    """The teams that a viewer can list, and the teams of the sales that they see."""
    return _named(viewer, reach.teams(viewer), Naming(reach.sales(viewer), "team_id"))


def products(viewer: Viewer) -> Reach:
    """The products: all with the grant for them, otherwise those of visible sales and of the report by
    product."""
    reported = reach.statistics(viewer, Grant.VIEW_REVENUE_BY_PRODUCT_REPORT)
    return _named(
        viewer,
        reach.products(viewer),
        Naming(reach.sales(viewer), "product_id"),
        Naming(reported, "product_id", _IS_REPORTED),
    )


def offers(viewer: Viewer) -> Reach:
    """The offers: all with the grant for products, otherwise those of the sales that the viewer sees."""
    of_product = " AND t.product_id = {alias}.product_id"  # an index finds these
    return _named(viewer, reach.offers(viewer), Naming(reach.sales(viewer), "offer_id", of_product))

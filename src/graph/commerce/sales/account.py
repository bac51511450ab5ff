"""Sales, as part of `Account`."""

import strawberry

from authz import reach
from authz.gates import needs
from authz.grant import Grant
from engine.rows.lists import FirstRow, Rows, unread
from graph.commerce.sales.filters import find_sales
from graph.commerce.sales.types import Sale
from graph.kit.listed import listed
from graph.kit.noun import AccountPart
from graph.kit.row_reach import RowConnection
from models.statement import Statement


@strawberry.type
class SalesOfAccount(AccountPart):
    """The sales within reach."""

    sales: RowConnection[Sale] | None = listed(find_sales, needs(Grant.SEARCH_SALES), assigned=True)
    """The sales within your reach, newest first by default."""

    @needs(Grant.SEARCH_SALES)
    def sale(self, reference: str) -> Sale | None:
        """The sale with a given reference; null if there is none within your reach.

        Args:
            reference: The marketplace's transaction code, for example `HP0123456789`.
        """
        named = Statement("r.reference = ?", (reference,))
        return unread(FirstRow(Rows(Sale, reach.sales(self.viewer), named)))

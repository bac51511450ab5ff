"""Products, as part of `Account`."""

import strawberry

from authz import reach
from authz.gates import needs
from authz.grant import Grant
from engine.rows.connection import Connection
from engine.rows.lists import FirstRow, Rows, unread
from graph.commerce.products.filters import find_products
from graph.commerce.products.types import Product
from graph.kit.listed import listed
from graph.kit.noun import AccountPart
from models.statement import Statement


@strawberry.type
class ProductsOfAccount(AccountPart):
    """The products of the account."""

    products: Connection[Product] | None = listed(find_products, needs(Grant.VIEW_PRODUCTS))
    """The products that the account sells, by name; archived ones only if the filter names their status."""

    @needs(Grant.VIEW_PRODUCTS)
    def product(self, reference: str) -> Product | None:
        """The product with a given reference; null if there is none.

        Args:
            reference: The marketplace's number of the product, for example `123456`.
        """
        chosen = Statement("r.reference = ?", (reference,))
        return unread(FirstRow(Rows(Product, reach.products(self.viewer), chosen)))

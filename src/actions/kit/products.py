"""The products that an input names: each has to be one of the account's."""

from collections.abc import Sequence

from authz import reach
from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.statement import Statement, one_of


async def require_products(viewer: Viewer, gate: Grant, products: Sequence[str]) -> None:
    """Refuse products that a holder of the grant does not reach, by the first place in `productIds`."""
    if not products:
        return
    found = await database.read(
        Statement("SELECT r.id FROM products r WHERE ")
        + (one_of("r.id", sorted(set(products))) & reach.tool_rows(viewer, "products", gate).where("r"))
    )
    known = {str(row["id"]) for row in found}
    for number, product in enumerate(products):
        if product not in known:
            raise Refusal(ErrorCode.NOT_FOUND, "no_such_webhook_product", ("productIds", str(number)))

"""Receipts, as part of `Account`."""

import strawberry

from actions.commerce.receipts.details import read_receipt_details
from actions.commerce.receipts.receipt import find_receipt
from authz.gates import needs, owner_only
from authz.grant import Grant
from graph.commerce.receipts.types import Receipt, ReceiptDetails, shown_details, shown_receipt
from graph.kit.noun import AccountPart
from graph.kit.storable import storable


@strawberry.type
class ReceiptsOfAccount(AccountPart):
    """The receipts of sales within reach."""

    @needs(Grant.SEND_RECEIPTS)
    async def receipt(self, reference: str) -> Receipt | None:
        """The receipt of a sale that was paid; null for other sales, and if there is no such sale within your
        reach.

        A sale has one while it is approved, complete, disputed, or refunded in part or whole, but not after a
        chargeback. Sales that the account made as an affiliate or coproducer have none, because their seller
        issues the receipt. A grant to see the sale itself is not needed.

        Args:
            reference: The sale's reference, for example `HP0123456789`.
        """
        found = await find_receipt(self.viewer, storable(reference))
        if found is None or found.receipt is None:
            return None
        return shown_receipt(found.receipt.shown_to(self.viewer))

    @owner_only()
    async def receipt_details(self) -> ReceiptDetails:
        """What receipts show besides the sale."""
        return shown_details(await read_receipt_details(self.viewer))

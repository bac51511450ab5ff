"""The export of sales, and the address of its file."""

import strawberry

from authz.gates import AdminOnly, gated, needs
from authz.grant import Grant
from authz.viewer import Viewer
from graph.commerce.sales.filters import SaleFilter, SaleOrder
from graph.kit.export import ExportedList, ExportFormat, export_address

SALES = ExportedList(
    "sales",
    Grant.SEARCH_SALES,
    "SaleFilter",
    "SaleOrder",
    (
        *("reference", "status", "soldAs", "orderedAt", "approvedAt", "refundedAt", "warrantyUntil"),
        *("product.name", "product.reference", "offer.code", "offer.name"),
        *("price.amount", "price.currency", "fullPrice.amount", "fullPrice.currency"),
        *("net.amount", "net.currency", "payout.amount", "payout.currency"),
        *("refundedAmount.amount", "refundedAmount.currency", "vat.amount", "vat.currency"),
        *("coupon", "paymentMethod", "installments", "refusal", "refusalReason"),
        *("paymentSlip.status", "paymentSlip.expiresAt", "refundRequest.status"),
        *("buyer.name", "buyer.country", "buyer.email", "buyer.emailMasked"),
        *("buyer.phone", "buyer.phoneMasked", "buyer.document"),
        *("buyer.address.street", "buyer.address.number", "buyer.address.complement"),
        *("buyer.address.neighborhood", "buyer.address.city", "buyer.address.state"),
        *("buyer.address.zipCode", "buyer.address.country"),
        *("origin.src", "origin.sck", "origin.xcod", "checkoutOrigin", "device"),
        *("inFunnel", "orderBump", "parentReference", "affiliate.code", "affiliate.name"),
        *("subscription.code", "subscription.plan", "subscription.recurrence", "firstAccessAt"),
        *("assignee.name", "team.name"),
    ),
)


@gated(AdminOnly())
@strawberry.type
class AccountExport:
    """Lists of the account as files. Each field returns the address of a file, to be requested with the same
    credential and without a central in the header."""

    viewer: strawberry.Private[Viewer]

    @needs(Grant.SEARCH_SALES)
    def sales(
        self,
        filter: SaleFilter | None = None,  # noqa: A002 - the argument's name in the API
        order: SaleOrder | None = None,
        columns: list[str] | None = None,
        format: ExportFormat = ExportFormat.CSV,  # noqa: A002
    ) -> str:
        """The sales of your list as a table with a row for each sale. The file is read page by page, with
        your access at that time; the audit log shows the export.

        Args:
            filter: The conditions that the exported sales must meet.
            order: The order of the exported sales.
            columns: The fields to export, as paths such as `product.name`; all that exist for you by default.
            format: The format of the file.
        """
        return export_address(self.viewer, SALES, filter, order, columns, format)

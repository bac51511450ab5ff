"""The lists that can be exported, with the columns of their files."""

from actions.commerce.opportunities.found import GRANT as RECOVERY
from authz.grant import Grant
from graph.commerce.opportunities.filters import OpportunityOrderField, find_opportunities
from graph.commerce.products.filters import find_products
from graph.commerce.refunds.filters import find_refund_requests
from graph.commerce.sales.filters import find_sales
from graph.commerce.subscriptions.filters import find_subscriptions
from graph.kit.export import ExportedList


def _person(name: str) -> tuple[str, ...]:
    """The columns of a buyer, subscriber or contact."""
    parts = ("name", "country", "email", "emailMasked", "phone", "phoneMasked", "document")
    return tuple(f"{name}.{part}" for part in parts)


EXPORTED = (
    ExportedList(
        "sales",
        Grant.SEARCH_SALES,
        find_sales,
        "sale",
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
    ),
    ExportedList(
        "subscriptions",
        Grant.MANAGE_SUBSCRIPTIONS,
        find_subscriptions,
        "subscription",
        (
            *("code", "status", "product.name", "plan.name", "period", "price.amount", "price.currency"),
            *("trial", "silent", "startedAt", "nextChargeAt", "chargeDay"),
            *("recurrence", "paidRecurrences", "overdueRecurrences"),
            *("endedAt", "endedBy", "reason", "note"),
            *_person("subscriber"),
            *("assignee.name", "team.name"),
        ),
    ),
    ExportedList(
        "opportunities",
        RECOVERY,
        find_opportunities,
        "opportunity",
        (
            *("id", "title", "kind", "status", "step.name", "amount.amount", "amount.currency"),
            *("product.name", "offer.code"),
            *_person("contact"),
            *("origin.src", "origin.sck", "origin.xcod", "affiliate.code", "affiliate.name"),
            *("starred", "probability", "remindAt", "attempts", "openedAt", "touchedAt"),
            *("closedAt", "lostReason", "sale.reference", "wonBy.reference"),
            *("assignee.name", "team.name"),
        ),
        # by what changes meanwhile, rows would move past the page that is being read
        order=OpportunityOrderField.OPENED_AT,
    ),
    ExportedList(
        "refundRequests",
        Grant.REQUEST_REFUNDS,
        find_refund_requests,
        "refund request",
        (
            *("reference", "status", "reason", "note", "amount.amount", "amount.currency"),
            *("requestedAt", "requestedBy.name", "decidedBy.name", "refusalReason"),
            *("expiresAt", "closedAt"),
        ),
    ),
    ExportedList(
        "products",
        Grant.VIEW_PRODUCTS,
        find_products,
        "product",
        (
            *("reference", "name", "marketplaceName", "ucode", "status", "format", "warrantyDays"),
            *("accessUrl", "salesPageUrl", "supportEmail", "coproduced", "source"),
            *("changedAt", "changedBy.name"),
        ),
    ),
)

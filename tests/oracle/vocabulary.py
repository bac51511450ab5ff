"""The words of the specification: every grant, and what each field of the API needs before it exists."""

from oracle.fields import DECISION, PAGE, read
from oracle.recovery_fields import RECOVERY_FIELDS, RECOVERY_TYPES
from oracle.report_fields import REPORT_FIELDS, REPORT_TYPES

_GRANTS = """
    SEND_RECEIPTS RESEND_NOTIFICATIONS CHANGE_BUYER_EMAIL RESEND_PURCHASE_EMAILS SEARCH_SALES
    ISSUE_PAYMENT_SLIPS SEARCH_SALES_BY_PERIOD REQUEST_REFUNDS MANAGE_OFFERS MANAGE_PRODUCTS VIEW_PRODUCTS
    VIEW_PAYMENT_METHODS_REPORT VIEW_CUSTOMERS_REPORT VIEW_COMMISSIONS_REPORT VIEW_REVENUE_BY_DEVICE_REPORT
    VIEW_SELF_BILLING_REPORT VIEW_SUBSCRIPTION_CANCELLATIONS_REPORT VIEW_PROMOTED_PRODUCTS_PERFORMANCE_REPORT
    VIEW_AFFILIATE_PAYMENTS_REPORT VIEW_AFFILIATE_PERFORMANCE_REPORT VIEW_OVERDUE_SUBSCRIPTIONS_REPORT
    VIEW_CANCELLED_SUBSCRIPTIONS_REASONS_REPORT VIEW_PURCHASE_RECOVERY_REPORT
    VIEW_SALES_BY_CHECKOUT_ORIGIN_REPORT VIEW_REVENUE_BY_LOCATION_REPORT VIEW_EARNINGS_AS_AFFILIATE_REPORT
    VIEW_CAPTURED_LEADS_REPORT VIEW_CANCELLATION_REASON_REPORT VIEW_CANCELLED_SUBSCRIPTIONS_REPORT
    VIEW_REVENUE_BY_PRODUCT_DETAILED_REPORT VIEW_COPRODUCTION_REVENUE_REPORT VIEW_REVENUE_BY_PRODUCT_REPORT
    VIEW_SALES_BY_ORIGIN_REPORT VIEW_ANNUAL_REVENUE_SUMMARY_REPORT VIEW_REVENUE_REPORT VIEW_INVOICES_REPORT
    VIEW_AFFILIATE_LEADS_REPORT VIEW_AFFILIATE_PERFORMANCE MANAGE_AFFILIATES APPROVE_AFFILIATES
    MANAGE_SUBSCRIPTIONS MANAGE_AFFILIATION_REQUEST_FILTER MAKE_WITHDRAWAL MANAGE_CHECKOUT_SETTINGS
    MANAGE_LISTBOSS MANAGE_HOTMART_ASK MANAGE_INTEGRATIONS MANAGE_SOCIAL_DRM MANAGE_KAJABI
    ACCESS_COLLABORATORS_CENTER MANAGE_HOTLEADS MANAGE_ALTERNATIVE_PAGES MANAGE_PAYMENT_PAGE_APPEARANCE
    MANAGE_TRACKING_PIXEL MANAGE_SUBSCRIPTION_TOOLS MANAGE_PROMOTIONAL_MATERIAL
    MANAGE_DYNAMIC_ALTERNATIVE_PAGES MANAGE_LINKS VIEW_ANALYTICS MANAGE_SALES_FUNNEL
    MANAGE_CUSTOM_PAYMENT_PAGE MANAGE_BONUS_DELIVERY MANAGE_ENOTAS MANAGE_PRODUCT_PUBLIC_PROFILE
    MANAGE_SELLER_PUBLIC_PROFILE MANAGE_EXTENSIONS MANAGE_API_AND_NOTIFICATIONS MANAGE_API_CREDENTIALS
    VIEW_API_DOCUMENTATION ACCESS_DEVELOPERS_PORTAL
"""
GRANTS = tuple(_GRANTS.split())

CENTER = "ACCESS_COLLABORATORS_CENTER"
REFUNDS = "REQUEST_REFUNDS"
_RECOVERY, _SUBSCRIPTIONS = "VIEW_PURCHASE_RECOVERY_REPORT", "MANAGE_SUBSCRIPTIONS"
# what a whole type needs
TYPES = {
    "Sale": "SEARCH_SALES",
    "Buyer": "SEARCH_SALES",
    "Origin": "SEARCH_SALES",
    "SaleEvent": "SEARCH_SALES",
    "SaleAssignment": "SEARCH_SALES",
    "BuyerEmailChange": "CHANGE_BUYER_EMAIL",
    "BuyerAddress": "SEND_RECEIPTS",
    "SaleAffiliate": "MANAGE_AFFILIATES",
    "SaleDistribution": "SEARCH_SALES",
    "Commission": "VIEW_COMMISSIONS_REPORT",
    "Coproducer": "VIEW_COPRODUCTION_REVENUE_REPORT",
    "RefundRequest": REFUNDS,
    **dict.fromkeys(("Plan", "OfferPrice"), "VIEW_PRODUCTS"),
    **dict.fromkeys(("Receipt", "ReceiptSeller", "ReceiptBuyer"), "SEND_RECEIPTS"),
    "Profile": CENTER,
    "Collaborator": CENTER,
    "Invitation": CENTER,
    "TeamMember": "LEAD",
    "TeamMembership": "ADMIN",
    "CreditHolder": "LEAD",
    "AuditEntry": "ADMIN",
    "AuditChange": "ADMIN",
    **RECOVERY_TYPES,
    **REPORT_TYPES,
}


# what each field of a type needs besides, and what it leads to
FIELDS = {
    "Query": read(
        "viewer:Viewer@SIGNED_IN account:Account@IN_CENTRAL node:Node@SIGNED_IN nodes:Node@SIGNED_IN"
    ),
    "Node": read("id"),
    "Viewer": read("id email name locale centrals:Central"),
    "Central": read("id accountName logoUrl access role profile:CentralProfile grants joinedAt"),
    "CentralProfile": read("name"),
    "Account": read(
        f"""id name myRole timezone currency teamsOn@LEAD privacy@ADMIN kind@OWNER edition@ADMIN country@OWNER
        taxNumber@OWNER intakeUrl@OWNER sales:SaleConnection@SEARCH_SALES sale:Sale@SEARCH_SALES
        products:ProductConnection@VIEW_PRODUCTS product:Product@VIEW_PRODUCTS collaborators:CollaboratorConnection@{CENTER}
        invitations:InvitationConnection@{CENTER} profiles:Profile@{CENTER} teams:Team@LEAD people:PersonConnection@ADMIN
        refundRequests:RefundRequestConnection@{REFUNDS} receipt:Receipt@SEND_RECEIPTS
        assignees:PersonConnection@LEAD reports:Reports auditLog:AuditEntryConnection@ADMIN
        subscriptions:ProductSubscriptionConnection@{_SUBSCRIPTIONS} subscription:ProductSubscription@{_SUBSCRIPTIONS}
        opportunities:OpportunityConnection@{_RECOVERY} pipeline:OpportunityStep@{_RECOVERY}"""
    ),
    "SaleConnection": read(PAGE + "Sale"),
    "ProductConnection": read(PAGE + "Product"),
    "OfferPriceConnection": read(PAGE + "OfferPrice"),
    "CollaboratorConnection": read(PAGE + "Collaborator"),
    "InvitationConnection": read(PAGE + "Invitation"),
    "PersonConnection": read(PAGE + "Person"),
    "AuditEntryConnection": read(PAGE + "AuditEntry"),
    "RefundRequestConnection": read(PAGE + "RefundRequest"),
    "RefundRequest": read(
        """id reference status reason note amount:Money requestedAt requestedBy:ChangedBy decidedBy:ChangedBy
        refusalReason expiresAt closedAt"""
    ),
    "ChangedBy": read("name"),
    "Receipt": read(
        """number reference seller:ReceiptSeller buyer:ReceiptBuyer product offer price:Money fullPrice:Money
        installments paidAt refunded refundedAt refundedAmount:Money emailedAt"""
    ),
    "ReceiptSeller": read("name address taxNumber"),
    "ReceiptBuyer": read("name document address:BuyerAddress"),
    "PageInfo": read("hasNextPage hasPreviousPage"),
    "Money": read("amount currency"),
    "Sale": read(
        """id reference status product:Product offer:Offer price:Money fullPrice:Money
        net:Money@VIEW_COMMISSIONS_REPORT payout:Money@VIEW_COMMISSIONS_REPORT refundedAmount:Money vat:Money
        coupon refusal refusalReason inFunnel orderBump parentReference paymentMethod installments buyer:Buyer origin:Origin checkoutOrigin device
        affiliate:SaleAffiliate@MANAGE_AFFILIATES coproducers:Coproducer@VIEW_COPRODUCTION_REVENUE_REPORT
        commissions:Commission@VIEW_COMMISSIONS_REPORT subscription:SaleSubscription@MANAGE_SUBSCRIPTIONS
        orderedAt approvedAt refundedAt warrantyUntil assignee:Person team:Team history:SaleEvent
        soldAs firstAccessAt refundRequest:RefundRequest@REQUEST_REFUNDS"""
    ),
    "Buyer": read(
        """name country email@CHANGE_BUYER_EMAIL phone@ISSUE_PAYMENT_SLIPS document@SEND_RECEIPTS
        address:BuyerAddress@SEND_RECEIPTS"""
    ),
    "BuyerAddress": read("street number complement neighborhood city state zipCode country"),
    "Origin": read("src sck xcod"),
    "SaleAffiliate": read("code name"),
    "SaleDistribution": read(DECISION),
    "Commission": read("source name amount:Money converted:Money"),
    "Coproducer": read("name amount:Money"),
    "SaleEvent": read(
        "status happenedAt source change assignment:SaleAssignment@LEAD emailChange:BuyerEmailChange@CHANGE_BUYER_EMAIL distribution:SaleDistribution@LEAD changedBy@ADMIN"
    ),
    "SaleAssignment": read("assigneeName teamName"),
    "BuyerEmailChange": read("before after"),
    "Product": read(
        """id name reference@VIEW_PRODUCTS ucode@VIEW_PRODUCTS supportEmail@VIEW_PRODUCTS
        format@VIEW_PRODUCTS warrantyDays@VIEW_PRODUCTS coproduced@VIEW_PRODUCTS offers:Offer@VIEW_PRODUCTS
        status@VIEW_PRODUCTS source@VIEW_PRODUCTS plans:Plan@VIEW_PRODUCTS"""
    ),
    "Offer": read(
        """id code name price:Money@VIEW_PRODUCTS paymentMode@VIEW_PRODUCTS
        plan:PlanName@VIEW_PRODUCTS main@VIEW_PRODUCTS priceAt:Money@VIEW_PRODUCTS
        prices:OfferPriceConnection@VIEW_PRODUCTS"""
    ),
    "PlanName": read("name"),
    "Plan": read("code name period trialDays maxCharges offers:Offer"),
    "OfferPrice": read("price:Money from until source by:ChangedBy"),
    "Person": read("id name email@OWNER role@ADMIN teams:TeamMembership@ADMIN"),
    "TeamMembership": read("team:TeamSummary@ADMIN leads@ADMIN"),
    "TeamSummary": read("teamId name"),
    "Team": read("id name privacy@LEAD members:TeamMember@LEAD"),
    "TeamMember": read("person:Person@LEAD leads@LEAD"),
    "Profile": read("id name preset grants createdAt"),
    "Collaborator": read("id name email@OWNER role profile:Profile active joinedAt startsAt endsAt"),
    "Invitation": read("id name email role profile:Profile status createdAt expiresAt"),
    "AuditEntry": read(
        "id at userName act objectType objectId letBy refusal requestId address changes:AuditChange"
    ),
    "AuditChange": read("field before after count"),
    **RECOVERY_FIELDS,
    **REPORT_FIELDS,
}

# what input fields and enum values need: `SaleFilter.period`
WORDS = {
    "SaleFilter.period": "SEARCH_SALES_BY_PERIOD",
    "SaleFilter.approvedPeriod": "SEARCH_SALES_BY_PERIOD",
    "SaleFilter.refundedPeriod": "SEARCH_SALES_BY_PERIOD",
    "SaleFilter.device": "VIEW_REVENUE_BY_DEVICE_REPORT",
    "SaleFilter.creditedTo": "LEAD",
    "SaleFilter.uncredited": "LEAD",
    "SaleFilter.creditedTeam": "ADMIN",
    "SaleFilter.withoutCreditedTeam": "ADMIN",
    "SaleOrderField.ORDERED_AT": "SEARCH_SALES_BY_PERIOD",
    "SaleOrderField.APPROVED_AT": "SEARCH_SALES_BY_PERIOD",
    "ReportGroup.MEMBER": "LEAD",
    "ReportGroup.TEAM": "ADMIN",
}

# fields that exist and are not asked for: what they need
UNASKED = {
    **dict.fromkeys(("edges", "notices", "brandName", "logoUrl", "revealOnRecord"), ""),
    "calendarFeed": _RECOVERY,
    "credentials": "MANAGE_API_CREDENTIALS",
    "intake": "ADMIN",
    "balances": "MAKE_WITHDRAWAL",
    "payoutDestination": "MAKE_WITHDRAWAL",
    "ledger": "MAKE_WITHDRAWAL",
    "ledgerEntries": "ADMIN",
    "webhooks": "MANAGE_API_AND_NOTIFICATIONS",
    "deliveries": "MANAGE_API_AND_NOTIFICATIONS",
    "targets": "OWNER",
    "withdrawals": "MAKE_WITHDRAWAL",
}

# what one of the tools needs
TOOLS = {"MANAGE_INTEGRATIONS", "MANAGE_TRACKING_PIXEL", "MANAGE_SUBSCRIPTION_TOOLS", "ADMIN"}

NODES = {
    "sale": "Sale",
    "product": "Product",
    "offer": "Offer",
    "person": "Person",
    "collaborator": "Collaborator",
    "profile": "Profile",
    "team": "Team",
    "invitation": "Invitation",
    "entry": "AuditEntry",
    "refund": "RefundRequest",
    "subscription": "ProductSubscription",
    "subscriptionRequest": "SubscriptionRequest",
    "opportunity": "Opportunity",
}
PREFIXES = {kind: prefix for prefix, kind in NODES.items()}
TABLES = {
    "sale": "sales",
    "product": "products",
    "offer": "offers",
    "person": "collaborators",
    "collaborator": "collaborators",
    "profile": "profiles",
    "team": "teams",
    "invitation": "invitations",
    "entry": "audit_entries",
    "refund": "refund_requests",
    "subscription": "subscriptions",
    "subscriptionRequest": "subscription_requests",
    "opportunity": "opportunities",
}

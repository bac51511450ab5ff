"""The words of the specification: every grant, and what each field of the API needs before it exists."""

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
REPORTS = {
    "revenue": ("VIEW_REVENUE_REPORT", "RevenueRow"),
    "revenueByProduct": ("VIEW_REVENUE_BY_PRODUCT_REPORT", "ProductRevenueRow"),
    "revenueByProductDetailed": ("VIEW_REVENUE_BY_PRODUCT_DETAILED_REPORT", "RevenueByProductDetailedRow"),
    "salesByOrigin": ("VIEW_SALES_BY_ORIGIN_REPORT", "OriginRow"),
    "paymentMethods": ("VIEW_PAYMENT_METHODS_REPORT", "PaymentMethodRow"),
    "revenueByDevice": ("VIEW_REVENUE_BY_DEVICE_REPORT", "RevenueByDeviceRow"),
    "salesByCheckoutOrigin": ("VIEW_SALES_BY_CHECKOUT_ORIGIN_REPORT", "CheckoutOriginRow"),
    "revenueByLocation": ("VIEW_REVENUE_BY_LOCATION_REPORT", "RevenueByLocationRow"),
    "commissions": ("VIEW_COMMISSIONS_REPORT", "CommissionsRow"),
    "coproductionRevenue": ("VIEW_COPRODUCTION_REVENUE_REPORT", "CoproductionRevenueRow"),
    "selfBilling": ("VIEW_SELF_BILLING_REPORT", "SelfBillingRow"),
    "earningsAsAffiliate": ("VIEW_EARNINGS_AS_AFFILIATE_REPORT", "EarningsAsAffiliateRow"),
    "affiliatePayments": ("VIEW_AFFILIATE_PAYMENTS_REPORT", "AffiliatePaymentsRow"),
    "cancellationReasons": ("VIEW_CANCELLATION_REASON_REPORT", "CancellationReasonsRow"),
    "annualSummary": ("VIEW_ANNUAL_REVENUE_SUMMARY_REPORT", "AnnualRow"),
}
_ANNUAL = "VIEW_ANNUAL_REVENUE_SUMMARY_REPORT"

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
    **dict.fromkeys(
        (
            *(
                "SaleSubscription",
                "SubscriptionSummary",
                "ProductSubscription",
                "Subscriber",
                "SubscriptionRequest",
            ),
            *("SubscriptionReminderSent", "SubscriptionEvent", "SubscriptionAssignment"),
            *("SubscriptionRequestChange", "SubscriptionEmailSent", "SubscriptionEmailSkipped"),
        ),
        _SUBSCRIPTIONS,
    ),
    **dict.fromkeys(
        (
            *("Opportunity", "OpportunityStep", "OpportunityContact", "OpportunityOrigin"),
            *("OpportunityNote", "OpportunityEvent", "OpportunityStepChange", "OpportunityLoss"),
            *("OpportunityAssignment", "OpportunityDistribution"),
        ),
        _RECOVERY,
    ),
    "OpportunityAffiliate": "MANAGE_AFFILIATES",
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
    "AnnualTotal": _ANNUAL,
    "MonthColumns": _ANNUAL,
    **{row: grant for grant, row in REPORTS.values()},
}


def _read(text: str) -> dict[str, tuple[str, str]]:
    """`name`, `name:Type`, `name@GATE`, `name:Type@GATE`: for each name its gate and its type, if any."""
    found = {}
    for word in text.split():
        named, _, gate = word.partition("@")
        name, _, kind = named.partition(":")
        found[name] = (gate, kind)
    return found


_COLUMNS = "currency count unknownNet gross:Money net:Money refunded:Money disputed:Money chargedBack:Money "
_BUCKET = (
    _COLUMNS + "from to others group:CreditHolder@LEAD member:CreditHolder@LEAD team:CreditHolder@ADMIN "
)
_OF_SHARES = _BUCKET.removeprefix(_COLUMNS) + "currency count unknownAmount reversed:Money "
_PAGE = "pageInfo:PageInfo totalCount nodes:"
_CONTACT = "name country email@CHANGE_BUYER_EMAIL phone@ISSUE_PAYMENT_SLIPS document@SEND_RECEIPTS"
_DECISION = "rule method candidates load number dailyCap"

# what each field of a type needs besides, and what it leads to
FIELDS = {
    "Query": _read(
        "viewer:Viewer@SIGNED_IN account:Account@IN_CENTRAL node:Node@SIGNED_IN nodes:Node@SIGNED_IN"
    ),
    "Node": _read("id"),
    "Viewer": _read("id email name locale centrals:Central"),
    "Central": _read("id accountName logoUrl access role profile:CentralProfile grants joinedAt"),
    "CentralProfile": _read("name"),
    "Account": _read(
        f"""id name myRole timezone currency teamsOn@LEAD privacy@ADMIN kind@OWNER edition@ADMIN country@OWNER
        taxNumber@OWNER intakeUrl@OWNER sales:SaleConnection@SEARCH_SALES sale:Sale@SEARCH_SALES
        products:ProductConnection@VIEW_PRODUCTS product:Product@VIEW_PRODUCTS collaborators:CollaboratorConnection@{CENTER}
        invitations:InvitationConnection@{CENTER} profiles:Profile@{CENTER} teams:Team@LEAD people:PersonConnection@ADMIN
        refundRequests:RefundRequestConnection@{REFUNDS} receipt:Receipt@SEND_RECEIPTS
        assignees:PersonConnection@LEAD reports:Reports auditLog:AuditEntryConnection@ADMIN
        subscriptions:ProductSubscriptionConnection@{_SUBSCRIPTIONS} subscription:ProductSubscription@{_SUBSCRIPTIONS}
        opportunities:OpportunityConnection@{_RECOVERY} pipeline:OpportunityStep@{_RECOVERY}"""
    ),
    "SaleConnection": _read(_PAGE + "Sale"),
    "ProductSubscriptionConnection": _read(_PAGE + "ProductSubscription"),
    "OpportunityConnection": _read(_PAGE + "Opportunity"),
    "OpportunityNoteConnection": _read(_PAGE + "OpportunityNote"),
    "OpportunityEventConnection": _read(_PAGE + "OpportunityEvent"),
    "ProductConnection": _read(_PAGE + "Product"),
    "OfferPriceConnection": _read(_PAGE + "OfferPrice"),
    "CollaboratorConnection": _read(_PAGE + "Collaborator"),
    "InvitationConnection": _read(_PAGE + "Invitation"),
    "PersonConnection": _read(_PAGE + "Person"),
    "AuditEntryConnection": _read(_PAGE + "AuditEntry"),
    "RefundRequestConnection": _read(_PAGE + "RefundRequest"),
    "RefundRequest": _read(
        """id reference status reason note amount:Money requestedAt requestedBy:ChangedBy decidedBy:ChangedBy
        refusalReason expiresAt closedAt"""
    ),
    "ChangedBy": _read("name"),
    "Receipt": _read(
        """number reference seller:ReceiptSeller buyer:ReceiptBuyer product offer price:Money fullPrice:Money
        installments paidAt refunded refundedAt refundedAmount:Money emailedAt"""
    ),
    "ReceiptSeller": _read("name address taxNumber"),
    "ReceiptBuyer": _read("name document address:BuyerAddress"),
    "PageInfo": _read("hasNextPage hasPreviousPage"),
    "Money": _read("amount currency"),
    "Sale": _read(
        """id reference status product:Product offer:Offer price:Money fullPrice:Money
        net:Money@VIEW_COMMISSIONS_REPORT payout:Money@VIEW_COMMISSIONS_REPORT refundedAmount:Money vat:Money
        coupon refusal refusalReason inFunnel orderBump parentReference paymentMethod installments buyer:Buyer origin:Origin checkoutOrigin device
        affiliate:SaleAffiliate@MANAGE_AFFILIATES coproducers:Coproducer@VIEW_COPRODUCTION_REVENUE_REPORT
        commissions:Commission@VIEW_COMMISSIONS_REPORT subscription:SaleSubscription@MANAGE_SUBSCRIPTIONS
        orderedAt approvedAt refundedAt warrantyUntil assignee:Person team:Team history:SaleEvent
        soldAs firstAccessAt refundRequest:RefundRequest@REQUEST_REFUNDS"""
    ),
    "Buyer": _read(
        """name country email@CHANGE_BUYER_EMAIL phone@ISSUE_PAYMENT_SLIPS document@SEND_RECEIPTS
        address:BuyerAddress@SEND_RECEIPTS"""
    ),
    "BuyerAddress": _read("street number complement neighborhood city state zipCode country"),
    "Origin": _read("src sck xcod"),
    "SaleAffiliate": _read("code name"),
    "SaleSubscription": _read("code plan recurrence subscription:SubscriptionSummary"),
    "SubscriptionSummary": _read(
        "subscriptionId status nextChargeAt overdueRecurrences endedAt assignee:Person"
    ),
    "ProductSubscription": _read(
        """id code status endedBy product:Product plan:PlanName period price:Money trial silent startedAt
        nextChargeAt chargeDay recurrence paidRecurrences overdueRecurrences endedAt reason note
        subscriber:Subscriber assignee:Person team:Team requests:SubscriptionRequest
        reminders:SubscriptionReminderSent history:SubscriptionEvent payments:Sale@SEARCH_SALES"""
    ),
    "Subscriber": _read(_CONTACT),
    "SubscriptionRequest": _read(
        """id kind status reason note day effectiveFrom charge requestedAt requestedBy:ChangedBy expiresAt
        closedAt"""
    ),
    "SubscriptionReminderSent": _read("at about days by:ChangedBy"),
    "SubscriptionEvent": _read(
        """message happenedAt source change assignment:SubscriptionAssignment@LEAD
        request:SubscriptionRequestChange ruleEmail:SubscriptionEmailSent
        ruleEmailSkipped:SubscriptionEmailSkipped changedBy@ADMIN"""
    ),
    "SubscriptionAssignment": _read("assigneeName teamName"),
    "SubscriptionRequestChange": _read("kind status reason day"),
    "SubscriptionEmailSent": _read("about days"),
    "SubscriptionEmailSkipped": _read("about days"),
    "Opportunity": _read(
        """id title kind status step:OpportunityStep amount:Money product:Product offer:Offer
        contact:OpportunityContact origin:OpportunityOrigin affiliate:OpportunityAffiliate@MANAGE_AFFILIATES
        assignee:Person team:Team starred probability remindAt attempts openedAt touchedAt closedAt lostReason
        mergedIntoId sale:Sale@SEARCH_SALES wonBy:Sale@SEARCH_SALES notes:OpportunityNoteConnection
        history:OpportunityEventConnection version"""
    ),
    "OpportunityStep": _read("stepId name position open"),
    "OpportunityContact": _read(_CONTACT),
    "OpportunityOrigin": _read("src sck xcod"),
    "OpportunityAffiliate": _read("code name"),
    "OpportunityNote": _read("text at by:ChangedBy"),
    "OpportunityEvent": _read(
        """occurrence happenedAt source change stepChange:OpportunityStepChange loss:OpportunityLoss
        assignment:OpportunityAssignment@LEAD distribution:OpportunityDistribution@LEAD changedBy@ADMIN"""
    ),
    "OpportunityStepChange": _read("step"),
    "OpportunityLoss": _read("reason"),
    "OpportunityAssignment": _read("assigneeName teamName"),
    "OpportunityDistribution": _read(_DECISION),
    "SaleDistribution": _read(_DECISION),
    "Commission": _read("source name amount:Money converted:Money"),
    "Coproducer": _read("name amount:Money"),
    "SaleEvent": _read(
        "status happenedAt source change assignment:SaleAssignment@LEAD emailChange:BuyerEmailChange@CHANGE_BUYER_EMAIL distribution:SaleDistribution@LEAD changedBy@ADMIN"
    ),
    "SaleAssignment": _read("assigneeName teamName"),
    "BuyerEmailChange": _read("before after"),
    "Product": _read(
        """id name reference@VIEW_PRODUCTS ucode@VIEW_PRODUCTS supportEmail@VIEW_PRODUCTS
        format@VIEW_PRODUCTS warrantyDays@VIEW_PRODUCTS coproduced@VIEW_PRODUCTS offers:Offer@VIEW_PRODUCTS
        status@VIEW_PRODUCTS source@VIEW_PRODUCTS plans:Plan@VIEW_PRODUCTS"""
    ),
    "Offer": _read(
        """id code name price:Money@VIEW_PRODUCTS paymentMode@VIEW_PRODUCTS
        plan:PlanName@VIEW_PRODUCTS main@VIEW_PRODUCTS priceAt:Money@VIEW_PRODUCTS
        prices:OfferPriceConnection@VIEW_PRODUCTS"""
    ),
    "PlanName": _read("name"),
    "Plan": _read("code name period trialDays maxCharges offers:Offer"),
    "OfferPrice": _read("price:Money from until source by:ChangedBy"),
    "Person": _read("id name email@OWNER role@ADMIN teams:TeamMembership@ADMIN"),
    "TeamMembership": _read("team:TeamSummary@ADMIN leads@ADMIN"),
    "TeamSummary": _read("teamId name"),
    "Team": _read("id name privacy@LEAD members:TeamMember@LEAD"),
    "TeamMember": _read("person:Person@LEAD leads@LEAD"),
    "Profile": _read("id name preset grants createdAt"),
    "Collaborator": _read("id name email@OWNER role profile:Profile active joinedAt startsAt endsAt"),
    "Invitation": _read("id name email role profile:Profile status createdAt expiresAt"),
    "AuditEntry": _read(
        "id at userName act objectType objectId letBy refusal requestId address changes:AuditChange"
    ),
    "AuditChange": _read("field before after count"),
    "Reports": {name: (grant, row) for name, (grant, row) in REPORTS.items()},
    "CreditHolder": _read("nodeId name"),
    "RevenueRow": _read(_BUCKET),
    "ProductRevenueRow": _read(_BUCKET + "product:Product share average:Money"),
    "RevenueByProductDetailedRow": _read(
        _BUCKET
        + """product:Product offer:Offer average:Money lostRate fullGross:Money fee:Money affiliates:Money
        coproducers:Money addons:Money unknownShares"""
    ),
    "OriginRow": _read(_BUCKET + "src sck share"),
    "PaymentMethodRow": _read(_BUCKET + "paymentMethod inInstallments attempts approved approvalRate share"),
    "CheckoutOriginRow": _read(_BUCKET + "checkoutOrigin sck attempts approved approvalRate share"),
    "RevenueByLocationRow": _read(_BUCKET + "country state city buyers share"),
    "RevenueByDeviceRow": _read(_BUCKET + "device share average:Money"),
    "CommissionsRow": _read(_OF_SHARES + "source amount:Money share"),
    "CoproductionRevenueRow": _read(
        _OF_SHARES + "coproducer product:Product ours gross:Money amount:Money pending:Money released:Money"
    ),
    "SelfBillingRow": _read(
        _OF_SHARES + "soldAs product:Product unit:Money received:Money statement revision revisedAt"
    ),
    "EarningsAsAffiliateRow": _read(
        _OF_SHARES + "product:Product gross:Money earned:Money pending:Money released:Money"
    ),
    "AffiliatePaymentsRow": _read(
        _OF_SHARES.replace("unknownAmount ", "")
        + "affiliate:AffiliateName gross:Money amount:Money pending:Money released:Money"
    ),
    "AffiliateName": _read("code name"),
    "CancellationReasonsRow": _read(
        _BUCKET.removeprefix(_COLUMNS) + "currency refusal paymentMethod count value:Money share recovered"
    ),
    "AnnualRow": _read(
        "year group:CreditHolder@LEAD member:CreditHolder@LEAD team:CreditHolder@ADMIN total:AnnualTotal months:MonthColumns"
    ),
    "AnnualTotal": _read(_COLUMNS),
    "MonthColumns": _read(_COLUMNS + "month"),
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
    "edges": "",
    "intake": "ADMIN",
    "customers": "VIEW_CUSTOMERS_REPORT",
    "statements": "VIEW_SELF_BILLING_REPORT",
    "statementLines": "VIEW_SELF_BILLING_REPORT",
    "purchaseRecovery": "VIEW_PURCHASE_RECOVERY_REPORT",
    "subscriptionCancellations": "VIEW_SUBSCRIPTION_CANCELLATIONS_REPORT",
    "cancelledSubscriptions": "VIEW_CANCELLED_SUBSCRIPTIONS_REPORT",
    "cancelledSubscriptionsInDetail": "VIEW_CANCELLED_SUBSCRIPTIONS_REASONS_REPORT",
    "balances": "MAKE_WITHDRAWAL",
    "payoutDestination": "MAKE_WITHDRAWAL",
    "ledger": "MAKE_WITHDRAWAL",
    "ledgerEntries": "ADMIN",
    "withdrawals": "MAKE_WITHDRAWAL",
    "overdueSubscriptions": "VIEW_OVERDUE_SUBSCRIPTIONS_REPORT",
}

# what one of the tools needs
TOOLS = {"MANAGE_TRACKING_PIXEL", "MANAGE_SUBSCRIPTION_TOOLS", "ADMIN"}

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

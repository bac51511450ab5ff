"""The words of reports: what each needs, and the fields of their rows."""

from oracle.fields import BUCKET, COLUMNS, CONTACT, PAGE, read

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

# those on subscriptions and opportunities, which have questions of their own
OF_RECOVERY = {
    "purchaseRecovery": ("VIEW_PURCHASE_RECOVERY_REPORT", "PurchaseRecoveryRow"),
    "subscriptionCancellations": ("VIEW_SUBSCRIPTION_CANCELLATIONS_REPORT", "SubscriptionCancellationsRow"),
    "cancelledSubscriptions": ("VIEW_CANCELLED_SUBSCRIPTIONS_REPORT", "CancelledSubscriptionsRow"),
}

# reports whose rows are listed, and what reports have beside them: what each needs, and what it leads to
_CUSTOMERS, _BILLING = "VIEW_CUSTOMERS_REPORT", "VIEW_SELF_BILLING_REPORT"
_IN_DETAIL = "VIEW_CANCELLED_SUBSCRIPTIONS_REASONS_REPORT"
_OVERDUE = "VIEW_OVERDUE_SUBSCRIPTIONS_REPORT"
LISTS = {
    "customers": (_CUSTOMERS, "CustomerConnection"),
    "statements": (_BILLING, "BillingStatement"),
    "statementLines": (_BILLING, "BillingLine"),
    "cancelledSubscriptionsInDetail": (_IN_DETAIL, "CanceledSubscriptionConnection"),
    "overdueSubscriptions": (_OVERDUE, "OverdueChargeConnection"),
}

_ANNUAL = "VIEW_ANNUAL_REVENUE_SUMMARY_REPORT"
REPORT_TYPES = {
    "AnnualTotal": _ANNUAL,
    "MonthColumns": _ANNUAL,
    **dict.fromkeys(("Customer", "CustomerTotal"), _CUSTOMERS),
    **dict.fromkeys(("CanceledSubscription", "CancellationTotal"), _IN_DETAIL),
    **dict.fromkeys(("OverdueCharge", "OverdueTotal"), _OVERDUE),
    **{kind: grant for grant, kind in (REPORTS | OF_RECOVERY | LISTS).values()},
}
_OF_ROWS = BUCKET.removeprefix(COLUMNS)
_OF_SHARES = _OF_ROWS + "currency count unknownAmount reversed:Money "
REPORT_FIELDS = {
    "Reports": {name: (grant, kind) for name, (grant, kind) in (REPORTS | OF_RECOVERY | LISTS).items()},
    "CreditHolder": read("nodeId name"),
    "RevenueRow": read(BUCKET),
    "ProductRevenueRow": read(BUCKET + "product:Product share average:Money"),
    "RevenueByProductDetailedRow": read(
        BUCKET
        + """product:Product offer:Offer average:Money lostRate fullGross:Money fee:Money affiliates:Money
        coproducers:Money addons:Money unknownShares"""
    ),
    "OriginRow": read(BUCKET + "src sck share"),
    "PaymentMethodRow": read(BUCKET + "paymentMethod inInstallments attempts approved approvalRate share"),
    "CheckoutOriginRow": read(BUCKET + "checkoutOrigin sck attempts approved approvalRate share"),
    "RevenueByLocationRow": read(BUCKET + "country state city buyers share"),
    "RevenueByDeviceRow": read(BUCKET + "device share average:Money"),
    "CommissionsRow": read(_OF_SHARES + "source amount:Money share"),
    "CoproductionRevenueRow": read(
        _OF_SHARES + "coproducer product:Product ours gross:Money amount:Money pending:Money released:Money"
    ),
    "SelfBillingRow": read(
        _OF_SHARES + "soldAs product:Product unit:Money received:Money statement revision revisedAt"
    ),
    "EarningsAsAffiliateRow": read(
        _OF_SHARES + "product:Product gross:Money earned:Money pending:Money released:Money"
    ),
    "AffiliatePaymentsRow": read(
        _OF_SHARES.replace("unknownAmount ", "")
        + "affiliate:AffiliateName gross:Money amount:Money pending:Money released:Money"
    ),
    "AffiliateName": read("code name"),
    "CancellationReasonsRow": read(
        _OF_ROWS + "currency refusal paymentMethod count value:Money share recovered"
    ),
    "AnnualRow": read(
        "year group:CreditHolder@LEAD member:CreditHolder@LEAD team:CreditHolder@ADMIN total:AnnualTotal months:MonthColumns"
    ),
    "AnnualTotal": read(COLUMNS),
    "MonthColumns": read(COLUMNS + "month"),
    "PurchaseRecoveryRow": read(
        _OF_ROWS
        + "currency kind opened won lost open recoveryRate openedValue:Money recoveredValue:Money hoursToWin"
    ),
    "SubscriptionCancellationsRow": read(
        _OF_ROWS
        + """currency product:Product activeAtStart started reactivated canceled expired activeAtEnd churnRate
        recurring:Money lostRecurring:Money"""
    ),
    "CancelledSubscriptionsRow": read(
        _OF_ROWS
        + """currency product:Product plan endedBy canceled inFirstPeriod meanPayments meanDays
        lostRecurring:Money"""
    ),
    "CustomerConnection": read(PAGE + "Customer totals:CustomerTotal"),
    "Customer": read(
        CONTACT
        + """ emailMasked@SEARCH_SALES phoneMasked@SEARCH_SALES purchases products subscriber spent:Money
        refunded:Money firstAt lastAt"""
    ),
    "CustomerTotal": read("currency customers purchases spent:Money refunded:Money"),
    "BillingStatement": read(
        "number from to currency revision revisedAt count unknownAmount received:Money reversed:Money"
    ),
    "BillingLine": read(
        "soldAs product:Product unit:Money count unknownAmount received:Money reversed:Money"
    ),
    "CanceledSubscriptionConnection": read(PAGE + "CanceledSubscription totals:CancellationTotal"),
    "CanceledSubscription": read(
        """code product:Product plan startedAt endedAt endedBy reason payments received:Money
        lostRecurring:Money requestedBy:ChangedBy subscription:ProductSubscription"""
    ),
    "CancellationTotal": read("reason currency canceled lostRecurring:Money"),
    "OverdueChargeConnection": read(PAGE + "OverdueCharge totals:OverdueTotal"),
    "OverdueCharge": read(
        """code product:Product plan recurrence amount:Money dueAt daysLate late reminders
        subscription:ProductSubscription"""
    ),
    "OverdueTotal": read("late currency charges amount:Money"),
}

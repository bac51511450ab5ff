"""The reports. Each is a declaration without any SQL of its own."""

from authz.grant import Grant
from reports.columns import AVERAGE, BASE, SHARE
from reports.facts import PLACED, SALES, SOLD
from reports.keys import DEVICE, IN_PARTS, METHOD, PRODUCT, SCK, SRC
from reports.report import Kind, Report

_DECLARED = (
    Report(
        "revenue",
        Grant.VIEW_REVENUE_REPORT,
        asks="How much was sold?",
        facts=SALES,
        rows=SOLD,
        at=PLACED,
        columns=BASE,
    ),
    Report(
        "revenueByProduct",
        Grant.VIEW_REVENUE_BY_PRODUCT_REPORT,
        asks="How much did each product sell?",
        facts=SALES,
        rows=SOLD,
        at=PLACED,
        keys=(PRODUCT,),
        columns=BASE,
        row="ProductRevenueRow",
    ),
    Report(
        "salesByOrigin",
        Grant.VIEW_SALES_BY_ORIGIN_REPORT,
        asks="How much did each campaign sell?",
        facts=SALES,
        rows=SOLD,
        at=PLACED,
        keys=(SRC, SCK),
        columns=BASE,
        row="OriginRow",
    ),
    Report(
        "paymentMethods",
        Grant.VIEW_PAYMENT_METHODS_REPORT,
        asks="How did buyers pay?",
        facts=SALES,
        rows=SOLD,
        at=PLACED,
        keys=(METHOD, IN_PARTS),
        columns=BASE,
        row="PaymentMethodRow",
    ),
    Report(
        "revenueByDevice",
        Grant.VIEW_REVENUE_BY_DEVICE_REPORT,
        asks="What kinds of devices did buyers use?",
        facts=SALES,
        rows=SOLD,
        at=PLACED,
        keys=(DEVICE,),
        columns=(*BASE, SHARE, AVERAGE),
    ),
    Report(
        "annualSummary",
        Grant.VIEW_ANNUAL_REVENUE_SUMMARY_REPORT,
        asks="How much was sold in each calendar year?",
        facts=SALES,
        rows=SOLD,
        at=PLACED,
        columns=BASE,
        kind=Kind.YEARS,
        row="AnnualRow",
    ),
)

REPORTS = {report.name: report for report in _DECLARED}
"""Every report by the name of its field, in the order of the schema."""

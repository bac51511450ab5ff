"""The reports whose facts do not exist yet, declared as far as they are known. The API has none of them."""

from dataclasses import dataclass

from authz.grant import Grant
from reports.columns import (
    AMOUNT,
    APPROVED,
    ATTEMPTED,
    AVERAGE,
    EARNED,
    GROSS,
    GROSS_SHARED,
    LOST_RATE,
    Column,
)
from reports.facts import ORDERED, PLACED, PROMOTED, SOLD, Moment, Rows
from reports.keys import AFFILIATE, PRODUCT, Key
from reports.report import Kind


@dataclass(frozen=True, slots=True)
class Upcoming:
    """A report that waits for its facts, which `needs` names; with them, it becomes a `Report`.

    What exists is a word of the vocabulary; what comes with the facts is a name. Without a `kind`, the report
    has a shape of its own.
    """

    name: str
    grant: Grant
    asks: str
    needs: str
    rows: Rows | str
    at: Moment | str
    columns: tuple[Column | str, ...]
    keys: tuple[Key | str, ...] = ()
    kind: Kind | None = Kind.SUM


_INVOICING, _CLICKS, _LEADS = "invoicing", "links and clicks", "leads"

UPCOMING = (
    Upcoming(
        "invoices",
        Grant.VIEW_INVOICES_REPORT,
        asks="Which sales have an invoice?",
        needs=_INVOICING,
        rows="invoices",
        at="requested_or_issued",
        columns=("number", "reference", "status", "requested_at", "issued_at", AMOUNT, "link", "failure"),
        kind=Kind.LIST,
    ),
    Upcoming(
        "promotedProducts",
        Grant.VIEW_PROMOTED_PRODUCTS_PERFORMANCE_REPORT,
        asks="Which promotions pay?",
        needs=_CLICKS,
        rows=PROMOTED,
        at=PLACED,
        keys=(PRODUCT,),
        columns=("clicks", ATTEMPTED, APPROVED, "conversion_rate", GROSS_SHARED, EARNED, LOST_RATE),
    ),
    Upcoming(
        "affiliatePerformance",
        Grant.VIEW_AFFILIATE_PERFORMANCE_REPORT,
        asks="Which affiliates sell well?",
        needs=_CLICKS,
        rows=SOLD,
        at=PLACED,
        keys=(AFFILIATE,),
        columns=(
            *("clicks", "leads", ATTEMPTED, APPROVED, "conversion_rate", GROSS, AMOUNT, AVERAGE, LOST_RATE),
            "while_blocked",
        ),
    ),
    Upcoming(
        "affiliateDashboard",
        Grant.VIEW_AFFILIATE_PERFORMANCE,
        asks="How does this affiliate do now?",
        needs=_CLICKS,
        rows=SOLD,
        at=ORDERED,
        columns=(
            *("today", "yesterday", "last_7_days", "last_30_days", "this_month", "last_sale_at", "rank"),
            *("of", "open_opportunities", "best_links", "days"),
        ),
        kind=None,
    ),
    Upcoming(
        "affiliateLeads",
        Grant.VIEW_AFFILIATE_LEADS_REPORT,
        asks="Whose leads buy?",
        needs=_LEADS,
        rows="leads_of_affiliates",
        at="captured",
        keys=(AFFILIATE, "form"),
        columns=("leads", "converted", "conversion_rate", GROSS, "credited_elsewhere"),
    ),
    Upcoming(
        "capturedLeads",
        Grant.VIEW_CAPTURED_LEADS_REPORT,
        asks="Who left their address?",
        needs=_LEADS,
        rows="leads",
        at="captured",
        columns=(
            *("captured_at", "name", "email", "phone", "answers", "form", "product", "origin", "affiliate"),
            *("status", "sale", "assignee"),
        ),
        kind=Kind.LIST,
    ),
)
"""The names of their fields are taken, and their grants open nothing yet."""

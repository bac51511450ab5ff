"""What is asked again and again: each kind of statement a dozen times, by owner, lead and user.

PostgreSQL plans a prepared statement anew five times, then perhaps once and for all: the last five are
compared with the first five.
"""

import time
from collections.abc import Iterator
from statistics import median
from typing import Any

from bench.cases import LEAD, PAGE, PLAIN_PAGE, SALE, USER, VIEWER, Case
from bench.make_data import WHOLE, collaborator_id, reference, uid
from bench.measure import application, opened
from bench.wire import Wire
from models import database

TIMES, COMPARED = 12, 5
SLOWER = 1.3
ASKING = {"owner": "p0", "lead": LEAD, "user": USER}

_FOUND = """query Found($filter: SaleFilter, $order: SaleOrder) {
  account { sales(first: 20, filter: $filter, order: $order) { nodes { id reference status } } } }"""
_COUNTED = (
    "query Counted($filter: SaleFilter) { account { sales(first: 1, filter: $filter) { totalCount } } }"
)
_COLUMNS = "from to currency count gross { amount } net { amount }"
_REPORT = """query Report($period: PeriodInput!, $every: ReportInterval!, $by: ReportGroup) {
  account { reports { NAME(period: $period, every: $every BY) { COLUMNS MORE } } } }"""
_ANNUAL = """{ account { reports { annualSummary(firstYear: 2025) {
  year total { currency count } months { month count } } } } }"""
_BY = ", $by: ReportGroup"
_MONTH = {"from": "2026-04-01", "to": "2026-05-01"}
_QUARTER = {"from": "2026-02-01", "to": "2026-05-02"}
_YEAR = {"from": "2025-05-01", "to": "2026-05-01"}


def _report(name: str, more: str, *, split: bool = False) -> str:
    text = _REPORT.replace("NAME", name).replace("COLUMNS", _COLUMNS).replace("MORE", more)
    return text.replace("BY", ", by: $by") if split else text.replace("BY", "").replace(_BY, "")


def _filters() -> Iterator[tuple[str, dict[str, Any]]]:
    product = f"product_{uid(7, 3)}"
    person = f"person_{collaborator_id(5)}"
    yield "status", {"status": ["REFUNDED"]}
    yield "statuses", {"status": ["APPROVED", "COMPLETE"]}
    yield "no such status", {"status": ["CHARGEBACK"]}
    yield "product", {"product": product}
    yield "no such product", {"product": f"product_{uid(7, 999)}"}
    yield "period", {"period": _MONTH}
    yield "old period", {"period": {"from": "2024-08-01", "to": "2024-08-08"}}
    yield "method", {"paymentMethod": ["PIX"]}
    yield "assignee", {"assignee": person}
    yield "rare assignee", {"assignee": f"person_{collaborator_id(60)}"}
    yield "unassigned", {"unassigned": True}
    yield "approved", {"approvedPeriod": _MONTH, "status": ["APPROVED", "COMPLETE", "PARTIALLY_REFUNDED"]}
    yield "in reports", {"approvedPeriod": _QUARTER, "inReports": True}
    yield "origin", {"origin": {"src": None}}
    yield "amount", {"currency": "BRL", "amount": {"atLeast": "100", "atMost": "110"}}
    yield "no such amount", {"currency": "BRL", "amount": {"atLeast": "1", "atMost": "2"}}
    yield "no such currency", {"currency": "EUR"}
    yield "text", {"text": "buyer 77"}
    yield "reference", {"text": reference(7_777)}
    yield "no such text", {"text": "nobody at all"}
    yield "all at once", {"status": ["APPROVED"], "product": product, "period": _QUARTER, "text": "buyer"}


def _asked() -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield "viewer and centrals", VIEWER, {}
    yield "page", PAGE, {"first": 50}
    yield "plain page", PLAIN_PAGE, {"first": 50}
    yield "sale", SALE, {"reference": reference(WHOLE)}
    yield "node", "query N($id: ID!) { node(id: $id) { id } }", {"id": f"sale_{uid(9, 5)}"}
    yield "count", _COUNTED, {}
    for name, found in _filters():
        yield f"sales, {name}", _FOUND, {"filter": found}
        yield f"count, {name}", _COUNTED, {"filter": found}
    yield "sales, oldest first", _FOUND, {"order": {"field": "ORDERED_AT", "direction": "ASC"}}
    dearest: dict[str, Any] = {"order": {"field": "AMOUNT"}, "filter": {"currency": "BRL"}}
    yield "sales, dearest first", _FOUND, dearest
    yield (
        "sales, dearest of a product",
        _FOUND,
        dearest | {"filter": {"currency": "BRL", "product": f"product_{uid(7, 3)}"}},
    )
    for span, period, every in (
        ("month", _MONTH, "DAY"),
        ("quarter", _QUARTER, "DAY"),
        ("year", _YEAR, "MONTH"),
    ):
        asked: dict[str, Any] = {"period": period, "every": every}
        yield f"revenue, {span}", _report("revenue", ""), asked
        yield f"by product, {span}", _report("revenueByProduct", "product { id name }"), asked
        yield f"origin, {span}", _report("salesByOrigin", "src sck"), asked
        yield f"methods, {span}", _report("paymentMethods", "paymentMethod inInstallments"), asked
    yield (
        "by product, whole",
        _report("revenueByProduct", "product { id name }"),
        {"period": _YEAR, "every": "YEAR"},
    )
    yield (
        "by member",
        _report("revenue", "group { nodeId name }", split=True),
        {"period": _QUARTER, "every": "MONTH", "by": "MEMBER"},
    )
    yield "annual summary", _ANNUAL, {}


def repeated() -> Iterator[Case]:
    """Every kind of statement, by everyone."""
    for name, query, variables in _asked():
        for role, who in ASKING.items():
            # splitting is for leads, teams of people for admins
            if (role == "owner" or query != SALE) and (role != "user" or "$by" not in query):
                yield Case(f"{name}, {role}", who, query, "", variables)


async def dozen(url: str, wire: Wire, case: Case) -> tuple[float, float]:
    """Microseconds of CPU, of the server and its database: the median of the first requests and of the last.

    They follow connections made anew, so that nothing is prepared; the server knows the operation already.
    """
    async with opened(url) as bench:
        found = []
        for _ in range(TIMES):
            backend, own = bench.backends(), time.process_time_ns()
            status, body = await wire.call(case.graphql())
            found.append(time.process_time_ns() - own + bench.backends() - backend)
            if status != 200 or b'"errors":[{' in body:
                raise RuntimeError(f"{case.name}: {status} {body[:300]!r}")
    return median(found[:COMPARED]) / 1e3, median(found[-COMPARED:]) / 1e3


async def compare(url: str, only: str) -> None:
    """Print them; what got slower is marked."""
    print("| µs | first five | last five | last/first |\n| --- | ---: | ---: | ---: |", flush=True)
    cases = [case for case in repeated() if only in case.name]
    wire = Wire(application())
    async with database.connected(url):
        for case in cases:
            await wire.call(case.graphql())
    for case in cases:
        first, last = await dozen(url, wire, case)
        mark = " slower" if last > SLOWER * first else ""
        print(f"| {case.name} | {first:,.0f} | {last:,.0f} | {last / first:.2f}{mark} |", flush=True)

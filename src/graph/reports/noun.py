"""What `reports` adds to the API."""

from engine.cost import HEAVY
from graph.kit.noun import Noun
from graph.reports.account import ReportsOfAccount
from graph.reports.messages import WORDS
from reports.declarations import REPORTS
from reports.report import Kind

NOUN = Noun(
    account=ReportsOfAccount,
    messages=WORDS,
    lists={f"Reports.{name}": 100 for name, report in REPORTS.items() if report.kind is not Kind.LIST}
    | {"AnnualRow.months": 12},
    weights={f"Reports.{name}": HEAVY for name in REPORTS},
)

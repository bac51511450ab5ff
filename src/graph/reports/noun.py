"""What `reports` adds to the API."""

import strawberry

from engine.cost import HEAVY
from graph.kit.noun import Noun
from graph.reports.account import ReportsOfAccount
from graph.reports.messages import WORDS
from graph.reports.schedules import ScheduleMutations, SchedulesOfAccount
from reports.declarations import REPORTS
from reports.report import Kind


@strawberry.type
class ReportsAndSchedules(ReportsOfAccount, SchedulesOfAccount):
    """The reports, and those that are e-mailed."""


NOUN = Noun(
    account=ReportsAndSchedules,
    mutations=(ScheduleMutations,),
    messages=WORDS,
    lists={f"Reports.{name}": 100 for name, report in REPORTS.items() if report.kind is not Kind.LIST}
    | {"Customer.spent": 2, "Customer.refunded": 2}
    | {"CanceledSubscription.received": 2}
    | {"AnnualRow.months": 12, "Reports.statements": 20, "Reports.statementLines": 100},
    weights={f"Reports.{name}": HEAVY for name in REPORTS},
)

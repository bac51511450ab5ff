"""What reports add to the API."""

from graph.kit.noun import Noun
from graph.reports.account import ReportsOfAccount
from graph.reports.messages import WORDS

REPORTS = Noun(account=ReportsOfAccount, messages=WORDS)

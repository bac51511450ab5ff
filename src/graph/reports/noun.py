"""What `reports` adds to the API."""

from graph.kit.noun import Noun
from graph.reports.account import ReportsOfAccount
from graph.reports.messages import WORDS

NOUN = Noun(account=ReportsOfAccount, messages=WORDS)

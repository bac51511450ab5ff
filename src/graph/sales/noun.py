"""What sales add to the API."""

from graph.kit.noun import Noun
from graph.sales.account import SalesOfAccount
from graph.sales.messages import WORDS
from graph.sales.mutations import AssignmentMutations

SALES = Noun(account=SalesOfAccount, mutations=(AssignmentMutations,), messages=WORDS)

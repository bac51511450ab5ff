"""What `sales` adds to the API."""

from graph.kit.noun import Noun
from graph.sales.account import SalesOfAccount
from graph.sales.messages import WORDS
from graph.sales.mutations import AssignmentMutations

NOUN = Noun(account=SalesOfAccount, mutations=(AssignmentMutations,), messages=WORDS)

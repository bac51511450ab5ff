"""What `sales` adds to the API."""

from graph.kit.noun import Noun
from graph.sales.account import SalesOfAccount
from graph.sales.messages import WORDS
from graph.sales.mutations import SaleMutations

NOUN = Noun(account=SalesOfAccount, mutations=(SaleMutations,), messages=WORDS)

"""What `sales` adds to the API."""

from engine.cost import HEAVY
from graph.kit.noun import Noun
from graph.sales.account import SalesOfAccount
from graph.sales.live import SaleSubscriptions
from graph.sales.messages import WORDS
from graph.sales.mutations import SaleMutations

NOUN = Noun(
    account=SalesOfAccount,
    mutations=(SaleMutations,),
    subscription=SaleSubscriptions,
    messages=WORDS,
    lists={"Sale.coproducers": 5, "Sale.commissions": 5, "Sale.history": 10, "AssignSalesPayload.sales": 100},
    weights={"SaleFilter.text": HEAVY, "SaleConnection.totalCount": 500},
)

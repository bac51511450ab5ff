"""What `sales` adds to the API."""

from engine.cost import HEAVY
from graph.commerce.sales.account import SalesOfAccount
from graph.commerce.sales.issue_slip import SlipMutations
from graph.commerce.sales.live import SaleSubscriptions
from graph.commerce.sales.messages import WORDS
from graph.commerce.sales.mutations import SaleMutations
from graph.commerce.sales.notifications import NotificationMutations
from graph.commerce.sales.purchase_email import PurchaseEmailMutations
from graph.commerce.sales.reveal import RevealMutations
from graph.kit.noun import Noun

NOUN = Noun(
    account=SalesOfAccount,
    mutations=(SaleMutations, PurchaseEmailMutations, NotificationMutations, RevealMutations, SlipMutations),
    subscription=SaleSubscriptions,
    messages=WORDS,
    lists={
        "Sale.coproducers": 5,
        "Sale.commissions": 5,
        "Sale.history": 10,
        "Buyer.emailChanges": 3,
        "AssignSalesPayload.sales": 100,
    },
    weights={"SaleFilter.text": HEAVY, "SaleConnection.totalCount": 500},
)

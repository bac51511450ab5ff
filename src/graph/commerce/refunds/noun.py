"""What `refunds` adds to the API."""

from graph.commerce.refunds.account import RefundsOfAccount
from graph.commerce.refunds.messages import WORDS
from graph.commerce.refunds.mutations import RefundMutations
from graph.kit.noun import Noun

NOUN = Noun(
    account=RefundsOfAccount,
    mutations=(RefundMutations,),
    messages=WORDS,
    lists={
        "ApprovalRules.refundsAbove": 5,
        "ApprovalRules.refundsPerDayAbove": 5,
        "ApprovalRules.withdrawalsAbove": 5,
    },
)

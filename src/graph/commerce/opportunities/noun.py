"""What `opportunities` adds to the API."""

from engine.cost import HEAVY
from graph.commerce.opportunities.account import OpportunitiesOfAccount
from graph.commerce.opportunities.live import OpportunitySubscriptions
from graph.commerce.opportunities.messages import WORDS
from graph.commerce.opportunities.mutations import OpportunityMutations
from graph.commerce.opportunities.status_mutations import OpportunityStatusMutations
from graph.kit.noun import Noun

NOUN = Noun(
    account=OpportunitiesOfAccount,
    mutations=(OpportunityMutations, OpportunityStatusMutations),
    subscription=OpportunitySubscriptions,
    messages=WORDS,
    lists={"Account.pipeline": 12, "AssignOpportunitiesPayload.opportunities": 100},
    weights={
        "OpportunityFilter.text": HEAVY,
        "OpportunityConnection.totalCount": 500,
        "OpportunityStep.open": 20,
    },
)

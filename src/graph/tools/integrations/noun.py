"""What integrations add to the API."""

from graph.kit.noun import Noun
from graph.tools.integrations.messages import WORDS
from graph.tools.integrations.mutations import IntegrationMutations

NOUN = Noun(
    mutations=(IntegrationMutations,),
    messages=WORDS,
    lists={
        "Integration.events": 5,
        "Integration.productIds": 5,
        "Integration.fields": 10,
        "Integration.headerNames": 2,
        "IntegrationDelivery.attempts": 3,
    },
)

"""What `tools` adds to the API."""

from graph.kit.noun import Noun
from graph.tools.account import ToolsOfAccount
from graph.tools.messages import WORDS
from graph.tools.mutations import ToolMutations

NOUN = Noun(
    account=ToolsOfAccount,
    mutations=(ToolMutations,),
    messages=WORDS,
    lists={
        "TrackingPixels.pixels": 20,
        "ToolVersion.changes": 10,
        "SubscriptionRules.renewal": 3,
        "SubscriptionRules.overdue": 5,
        "SubscriptionSegments.plans": 10,
        "SubscriptionSegments.countries": 10,
        "SubscriptionSegments.methods": 10,
        "Tools.subscriptionEmailsDue": 60,
    },
    weights={"Tools.subscriptionEmailsDue": 200},
)

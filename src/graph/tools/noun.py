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
        "Distribution.people": 20,
        "Distribution.rules": 10,
        "DistributionRule.targets": 2,
        "DistributionRule.personIds": 20,
        "DistributionRule.productIds": 10,
        "DistributionRule.sources": 10,
        "DistributionRule.kinds": 6,
        "Tools.subscriptionEmailsDue": 60,
    },
    weights={"Tools.subscriptionEmailsDue": 200},
)

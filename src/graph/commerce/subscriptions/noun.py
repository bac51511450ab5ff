"""What `subscriptions` adds to the API."""

from engine.cost import HEAVY
from graph.commerce.subscriptions.account import SubscriptionsOfAccount
from graph.commerce.subscriptions.live import SubscriptionUpdates
from graph.commerce.subscriptions.messages import WORDS
from graph.commerce.subscriptions.mutations import SubscriptionMutations
from graph.kit.noun import Noun

NOUN = Noun(
    account=SubscriptionsOfAccount,
    mutations=(SubscriptionMutations,),
    subscription=SubscriptionUpdates,
    messages=WORDS,
    lists={
        "ProductSubscription.requests": 5,
        "ProductSubscription.reminders": 5,
        "ProductSubscription.history": 10,
        "ProductSubscription.payments": 12,
        "AssignSubscriptionsPayload.subscriptions": 100,
        "CancelSubscriptionsPayload.subscriptions": 100,
    },
    weights={"SubscriptionFilter.text": HEAVY},
)

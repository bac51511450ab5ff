"""What webhooks add to the API."""

from graph.developers.webhooks.account import WebhooksOfAccount
from graph.developers.webhooks.live import DeliverySubscriptions
from graph.developers.webhooks.messages import WORDS
from graph.developers.webhooks.mutations import WebhookMutations
from graph.kit.noun import Noun

NOUN = Noun(
    account=WebhooksOfAccount,
    mutations=(WebhookMutations,),
    subscription=DeliverySubscriptions,
    messages=WORDS,
    lists={"WebhookEndpoint.secrets": 2, "Delivery.attempts": 3},
)

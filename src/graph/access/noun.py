"""What `access` adds to the API."""

from graph.access.account import AccessOfAccount
from graph.access.live import AccessSubscriptions
from graph.access.messages import WORDS
from graph.kit.noun import Noun

NOUN = Noun(
    account=AccessOfAccount,
    subscription=AccessSubscriptions,
    messages=WORDS,
    lists={
        "AccessExplanation.reasons": 10,
        "AccessExplanation.suggestions": 10,
        "AccessSuggestion.changes": 5,
    },
)

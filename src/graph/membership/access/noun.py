"""What `access` adds to the API."""

from graph.kit.noun import Noun
from graph.membership.access.account import AccessOfAccount
from graph.membership.access.live import AccessSubscriptions
from graph.membership.access.messages import WORDS

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

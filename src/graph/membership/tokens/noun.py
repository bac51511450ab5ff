"""What `tokens` adds to the API."""

from graph.kit.noun import Noun
from graph.membership.tokens.account import TokensOfAccount
from graph.membership.tokens.messages import WORDS
from graph.membership.tokens.mutations import TokenMutations
from graph.membership.tokens.viewer import TokensOfViewer

NOUN = Noun(
    account=TokensOfAccount,
    viewer=TokensOfViewer,
    mutations=(TokenMutations,),
    messages=WORDS,
    lists={
        "Viewer.tokens": 20,
        "AccessToken.amountsADay": 5,
        "CollaboratorAccessToken.amountsADay": 5,
    },
)

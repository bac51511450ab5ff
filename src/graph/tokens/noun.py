"""What `tokens` adds to the API."""

from graph.kit.noun import Noun
from graph.tokens.account import TokensOfAccount
from graph.tokens.messages import WORDS
from graph.tokens.mutations import TokenMutations
from graph.tokens.viewer import TokensOfViewer

NOUN = Noun(
    account=TokensOfAccount,
    viewer=TokensOfViewer,
    mutations=(TokenMutations,),
    messages=WORDS,
    lists={"Viewer.tokens": 20},
)

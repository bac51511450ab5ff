"""What `sessions` adds to the API."""

from graph.identity.sessions.messages import WORDS
from graph.identity.sessions.mutations import SessionMutations
from graph.identity.sessions.viewer import SessionsOfViewer
from graph.kit.noun import Noun

NOUN = Noun(
    viewer=SessionsOfViewer,
    mutations=(SessionMutations,),
    messages=WORDS,
    lists={"Viewer.sessions": 20, "SecondFactorChallenge.methods": 3},
)

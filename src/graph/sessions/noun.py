"""What `sessions` adds to the API."""

from graph.kit.noun import Noun
from graph.sessions.messages import WORDS
from graph.sessions.mutations import SessionMutations
from graph.sessions.viewer import SessionsOfViewer

NOUN = Noun(
    viewer=SessionsOfViewer,
    mutations=(SessionMutations,),
    messages=WORDS,
    lists={"Viewer.sessions": 20, "SecondFactorChallenge.methods": 3},
)

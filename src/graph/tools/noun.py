"""What `tools` adds to the API."""

from graph.kit.noun import Noun
from graph.tools.account import ToolsOfAccount
from graph.tools.messages import WORDS
from graph.tools.mutations import ToolMutations

NOUN = Noun(
    account=ToolsOfAccount,
    mutations=(ToolMutations,),
    messages=WORDS,
    lists={"TrackingPixels.pixels": 20, "ToolVersion.changes": 10},
)

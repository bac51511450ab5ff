"""What targets add to the API."""

from graph.kit.noun import Noun
from graph.tools.targets.account import TargetsOfAccount
from graph.tools.targets.messages import WORDS
from graph.tools.targets.mutations import TargetMutations

NOUN = Noun(
    account=TargetsOfAccount, mutations=(TargetMutations,), messages=WORDS, lists={"Target.fields": 10}
)

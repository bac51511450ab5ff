"""What profiles add to the API."""

from graph.kit.noun import Noun
from graph.profiles.account import ProfilesOfAccount
from graph.profiles.messages import WORDS
from graph.profiles.mutations import ProfileMutations

PROFILES = Noun(account=ProfilesOfAccount, mutations=(ProfileMutations,), messages=WORDS)

"""What `profiles` adds to the API."""

from graph.kit.noun import Noun
from graph.profiles.account import ProfilesOfAccount
from graph.profiles.messages import WORDS
from graph.profiles.mutations import ProfileMutations
from graph.profiles.query import CatalogQuery

NOUN = Noun(query=CatalogQuery, account=ProfilesOfAccount, mutations=(ProfileMutations,), messages=WORDS)

"""What `profiles` adds to the API."""

from graph.kit.noun import Noun
from graph.profiles.account import ProfilesOfAccount
from graph.profiles.messages import WORDS
from graph.profiles.mutations import ProfileMutations
from graph.profiles.query import CatalogQuery

NOUN = Noun(
    query=CatalogQuery,
    account=ProfilesOfAccount,
    mutations=(ProfileMutations,),
    messages=WORDS,
    lists={
        "Account.profiles": 50,
        "Profile.holders": 100,
        "ProfileChanges.affected": 100,
        "Catalog.groups": 10,
        "Catalog.presets": 10,
        "CatalogGroup.grants": 10,
    },
)

"""What `profiles` adds to the API."""

from graph.kit.noun import Noun
from graph.membership.profiles.account import ProfilesOfAccount
from graph.membership.profiles.messages import WORDS
from graph.membership.profiles.mutations import ProfileMutations
from graph.membership.profiles.query import CatalogQuery

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

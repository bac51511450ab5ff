"""What `accounts` adds to the API."""

from graph.accounts.messages import WORDS
from graph.accounts.mutations import AccountMutations
from graph.accounts.owner_mutations import OwnerMutations
from graph.accounts.query import AccountQuery
from graph.accounts.settings import AccountSettings
from graph.kit.noun import Noun

NOUN = Noun(
    query=AccountQuery, account=AccountSettings, mutations=(AccountMutations, OwnerMutations), messages=WORDS
)

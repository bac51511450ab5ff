"""What API credentials add to the API."""

from graph.developers.credentials.account import CredentialsOfAccount
from graph.developers.credentials.messages import WORDS
from graph.developers.credentials.mutations import CredentialMutations
from graph.kit.noun import Noun

NOUN = Noun(account=CredentialsOfAccount, mutations=(CredentialMutations,), messages=WORDS)

"""What users add to the API."""

from graph.kit.noun import Noun
from graph.users.messages import WORDS
from graph.users.mutations import UserMutations
from graph.users.password import PasswordMutations

USERS = Noun(mutations=(UserMutations, PasswordMutations), messages=WORDS)

"""What `users` adds to the API."""

from graph.identity.users.messages import WORDS
from graph.identity.users.mutations import UserMutations
from graph.identity.users.password import PasswordMutations
from graph.kit.noun import Noun

NOUN = Noun(mutations=(UserMutations, PasswordMutations), messages=WORDS)

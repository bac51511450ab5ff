"""What `users` adds to the API."""

from graph.kit.noun import Noun
from graph.users.messages import WORDS
from graph.users.mutations import UserMutations
from graph.users.password import PasswordMutations

NOUN = Noun(mutations=(UserMutations, PasswordMutations), messages=WORDS)

"""What `collaborators` adds to the API."""

from graph.collaborators.account import CollaboratorsOfAccount
from graph.collaborators.messages import WORDS
from graph.collaborators.mutations import CollaboratorMutations
from graph.collaborators.removal import RemovalMutations
from graph.kit.noun import Noun

NOUN = Noun(
    account=CollaboratorsOfAccount,
    mutations=(CollaboratorMutations, RemovalMutations),
    messages=WORDS,
    lists={
        "Person.teams": 5,
        "Person.sourceCodes": 5,
        "Collaborator.teams": 5,
        "Collaborator.sourceCodes": 5,
    },
)

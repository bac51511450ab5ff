"""What `collaborators` adds to the API."""

from graph.kit.noun import Noun
from graph.membership.collaborators.account import CollaboratorsOfAccount
from graph.membership.collaborators.messages import WORDS
from graph.membership.collaborators.mutations import CollaboratorMutations
from graph.membership.collaborators.removal import RemovalMutations

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

"""What `invitations` adds to the API."""

from graph.invitations.acceptance import AcceptanceMutations
from graph.invitations.account import InvitationsOfAccount
from graph.invitations.messages import WORDS
from graph.invitations.mutations import InvitationMutations
from graph.invitations.query import InvitationQuery
from graph.invitations.viewer import InvitationsOfViewer
from graph.kit.noun import Noun

NOUN = Noun(
    query=InvitationQuery,
    account=InvitationsOfAccount,
    viewer=InvitationsOfViewer,
    mutations=(InvitationMutations, AcceptanceMutations),
    messages=WORDS,
    lists={"Viewer.invitations": 10},
)

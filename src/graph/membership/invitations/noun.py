"""What `invitations` adds to the API."""

from graph.kit.noun import Noun
from graph.membership.invitations.acceptance import AcceptanceMutations
from graph.membership.invitations.account import InvitationsOfAccount
from graph.membership.invitations.messages import WORDS
from graph.membership.invitations.mutations import InvitationMutations
from graph.membership.invitations.query import InvitationQuery
from graph.membership.invitations.viewer import InvitationsOfViewer

NOUN = Noun(
    query=InvitationQuery,
    account=InvitationsOfAccount,
    viewer=InvitationsOfViewer,
    mutations=(InvitationMutations, AcceptanceMutations),
    messages=WORDS,
    lists={"Viewer.invitations": 10},
)

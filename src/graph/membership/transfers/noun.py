"""What `transfers` adds to the API."""

from graph.kit.noun import Noun
from graph.membership.transfers.account import TransferOfAccount
from graph.membership.transfers.mutations import TransferMutations
from graph.membership.transfers.viewer import TransfersOfViewer

NOUN = Noun(
    account=TransferOfAccount,
    viewer=TransfersOfViewer,
    mutations=(TransferMutations,),
    lists={"Viewer.transferOffers": 5},
)

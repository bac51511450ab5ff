"""What `transfers` adds to the API."""

from graph.kit.noun import Noun
from graph.transfers.account import TransferOfAccount
from graph.transfers.mutations import TransferMutations
from graph.transfers.viewer import TransfersOfViewer

NOUN = Noun(
    account=TransferOfAccount,
    viewer=TransfersOfViewer,
    mutations=(TransferMutations,),
    lists={"Viewer.transferOffers": 5},
)

"""What transfers add to the API."""

from graph.kit.noun import Noun
from graph.transfers.account import TransferOfAccount
from graph.transfers.mutations import TransferMutations
from graph.transfers.viewer import TransfersOfViewer

TRANSFERS = Noun(account=TransferOfAccount, viewer=TransfersOfViewer, mutations=(TransferMutations,))

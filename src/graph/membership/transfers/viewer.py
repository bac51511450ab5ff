"""Accounts on offer, as part of `Viewer`."""

import strawberry

from authz.gates import in_session
from graph.kit.context import Info
from graph.kit.noun import ViewerPart
from graph.membership.transfers.offers import open_offers
from graph.membership.transfers.types import TransferOffer, shown_offer


@strawberry.type
class TransfersOfViewer(ViewerPart):
    """The accounts offered to the viewer."""

    @in_session()
    async def transfer_offers(self, info: Info) -> list[TransferOffer]:
        """The accounts that are offered to the user, the first to expire first."""
        return [shown_offer(offer) for offer in await open_offers(info.context.viewer)]

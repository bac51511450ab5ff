"""Handing the account over, as part of `Account`."""

import strawberry

from authz.gates import owner_only
from graph.kit.noun import AccountPart
from graph.transfers.types import AccountTransfer, standing_transfer


@strawberry.type
class TransferOfAccount(AccountPart):
    """The offer to hand the account over."""

    @owner_only()
    async def transfer(self) -> AccountTransfer | None:
        """The offer to hand it over, while one stands."""
        return await standing_transfer(self.viewer)

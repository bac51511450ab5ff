"""Handing the account over, as part of `Account`."""

import strawberry

from authz.gates import owner_only
from graph.kit.noun import AccountPart
from graph.membership.transfers.types import AccountTransfer, standing_transfer


@strawberry.type
class TransferOfAccount(AccountPart):
    """The transfer of the account."""

    @owner_only()
    async def transfer(self) -> AccountTransfer | None:
        """The pending offer to transfer the account; null if there is none."""
        return await standing_transfer(self.viewer)

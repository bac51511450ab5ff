"""The payload of mutations that change the account."""

import strawberry

from authz.identity import NoSuchCentral, as_now
from authz.refusal import Unauthenticated
from graph.accounts.types import Account, account_of
from graph.kit.context import Info
from graph.kit.payload import Payload


@strawberry.type
class AccountPayload(Payload):
    """The result of a mutation of the account."""

    @strawberry.field
    async def account(self, info: Info) -> Account | None:
        """The account as it is now; null if the mutation was refused."""
        if self.object_id is None:
            return None
        try:
            return account_of(await as_now(info.context.viewer))
        except (Unauthenticated, NoSuchCentral):
            return None  # it was carried out, and the caller's access has ended since

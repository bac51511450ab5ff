"""The account that a request selects, as part of `Query`."""

import strawberry

from authz.gates import GateViolation, in_central
from graph.accounts.types import Account, account_of
from graph.kit.context import Info


@strawberry.type
class AccountQuery:
    """The account, where everything about it begins."""

    @in_central()
    def account(self, info: Info) -> Account:
        """The account of the central that the request selects with the header `X-Central`."""
        found = account_of(info.context.viewer)
        if found is None:
            raise GateViolation("Query.account")
        return found

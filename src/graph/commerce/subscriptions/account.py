"""Subscriptions, as part of `Account`."""

import strawberry

from actions.commerce.subscriptions.found import subscriptions
from authz.gates import needs
from authz.grant import Grant
from engine.rows.lists import FirstRow, Rows, unread
from graph.commerce.subscriptions.filters import find_subscriptions
from graph.commerce.subscriptions.types import ProductSubscription
from graph.kit.listed import listed
from graph.kit.noun import AccountPart
from graph.kit.row_reach import RowConnection
from models.statement import Statement


@strawberry.type
class SubscriptionsOfAccount(AccountPart):
    """The subscriptions within reach."""

    subscriptions: RowConnection[ProductSubscription] | None = listed(
        find_subscriptions, needs(Grant.MANAGE_SUBSCRIPTIONS), assigned=True
    )
    """The subscriptions within your reach, those that started last first by default."""

    @needs(Grant.MANAGE_SUBSCRIPTIONS)
    def subscription(self, code: str) -> ProductSubscription | None:
        """The subscription with a given code; null if there is none within your reach.

        Args:
            code: The marketplace's code of the subscriber, for example `KOBB7XB2`.
        """
        named = Statement("r.code = ?", (code,))
        return unread(FirstRow(Rows(ProductSubscription, subscriptions(self.viewer), named)))

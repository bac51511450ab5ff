"""The e-mails that the subscription rules will send, as part of `Tools`."""

import strawberry

from actions.commerce.subscriptions.rules import TOOL, ahead, in_force
from actions.tools.save import newest
from authz.gates import Needs, gated, needs
from authz.grant import Grant
from graph.commerce.products.types import Product
from graph.kit.context import Info
from graph.kit.node import named
from graph.kit.scalars import Date
from models.tables.subscription import SubscriptionEmailKind

_RULES = Grant.MANAGE_SUBSCRIPTION_TOOLS
_MOST_DAYS = 30


@gated(Needs(grant=_RULES))
@strawberry.type
class SubscriptionEmailsDue:
    """How many e-mails of the subscription rules are due on a day."""

    day: Date
    """The day, in the account's time zone."""
    about: SubscriptionEmailKind
    """What the e-mails are about."""
    count: int
    """The number of e-mails, of all the account's subscriptions whoever they are assigned to."""


@strawberry.type
class EmailsAhead:
    """What the subscription rules will do."""

    @needs(_RULES)
    async def subscription_emails_due(
        self, info: Info, days: int = 7, product: strawberry.ID | None = None
    ) -> list[SubscriptionEmailsDue] | None:
        """How many e-mails the subscription rules send on each of the next days, as things stand now, by day.
        Later payments, ends and changes of the rules change it. Null if there is no such product.

        Args:
            days: The number of days, from 1 to 30. Other numbers count as the nearest of these.
            product: The id of a product that rules were saved for; null for all others.
        """
        viewer = info.context.viewer
        assert viewer.central is not None
        account_id = viewer.central.account_id
        scope_id = account_id if product is None else named(product, Product)
        if scope_id not in await newest(viewer, TOOL, [scope_id]):
            return None
        found = await in_force(account_id, scope_id)
        if found is None:
            return []
        return [
            SubscriptionEmailsDue(day=Date(due.day), about=due.kind, count=due.count)
            for due in await ahead(found, min(max(days, 1), _MOST_DAYS))
        ]

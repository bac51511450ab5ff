"""Webhooks and deliveries, as part of `Account`."""

import strawberry

from authz.gates import needs
from engine.rows.connection import Connection
from graph.developers.webhooks.filters import find_deliveries, find_webhooks
from graph.developers.webhooks.types import GATE, Delivery, WebhookEndpoint
from graph.kit.listed import listed
from graph.kit.noun import AccountPart


@strawberry.type
class WebhooksOfAccount(AccountPart):
    """The account's webhooks, and what they got."""

    webhooks: Connection[WebhookEndpoint] | None = listed(find_webhooks, needs(GATE))
    """The endpoints of the account, whoever is responsible for them, newest first."""
    deliveries: Connection[Delivery] | None = listed(find_deliveries, needs(GATE))
    """What was sent to the account's endpoints, or waits to be sent, newest first."""

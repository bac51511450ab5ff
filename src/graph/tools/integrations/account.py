"""Integrations and their deliveries, as part of `Account.tools`."""

import strawberry

from authz.gates import needs
from engine.rows.connection import Connection
from graph.kit.listed import listed
from graph.kit.noun import AccountPart
from graph.tools.integrations.filters import find_integration_deliveries, find_integrations
from graph.tools.integrations.types import GATE, Integration, IntegrationDelivery


@strawberry.type
class IntegrationsOfTools(AccountPart):
    """The account's integrations, and what they got."""

    integrations: Connection[Integration] | None = listed(find_integrations, needs(GATE))
    """The systems that get chosen fields of events, newest first."""
    integration_deliveries: Connection[IntegrationDelivery] | None = listed(
        find_integration_deliveries, needs(GATE)
    )
    """What was sent to the account's integrations, or waits to be sent, newest first."""

"""What is sent to an integration: the chosen fields, on the authority of whoever confirmed its target."""

from typing import Any

from actions.kit.vault import vault_of
from actions.tools.integrations.settings import chosen_in, opened_headers
from authz.gates import grant_bit
from authz.grant import Grant
from centrals.outgoing.message import Parcel
from centrals.outgoing.queue import Claimed
from graph.export.reader import AccessEnded, PersonReader
from graph.http.handler import GraphQLHandler
from graph.tools.integrations.message import Occasion, Shape, chosen_values
from models import database
from models.tables.target import IntegrationKind, TargetAuthority, TargetPurpose, TargetStatus

_BIT = grant_bit(Grant.MANAGE_INTEGRATIONS)


async def integration_parcel(handler: GraphQLHandler, delivery: Claimed) -> Parcel | None:
    """A message with all chosen fields of the event's object; None where one of them may not be sent.

    What was noted before the target was confirmed is not sent.
    """
    row = await _row(delivery)
    if row is None:
        return None
    reader = PersonReader(handler, row["email"], delivery.account_id)
    try:
        viewer = await reader.viewer()
    except AccessEnded:
        return None
    if viewer.central is None or viewer.central.closed or not viewer.mask & _BIT:
        return None
    shape = Shape(IntegrationKind(row["kind"]), tuple(chosen_in(row["chosen"])), row["template"])
    event = Occasion(delivery.event, delivery.object_id or "", delivery.happened_at)
    values = await chosen_values(handler.engine, reader.context(viewer), shape, event)
    if values is None or values.incomplete:
        return None
    vault = vault_of(handler.serving.secret_key, handler.serving.previous_keys)
    headers = {
        **opened_headers(vault, delivery.receiver_id, row["headers"]),
        "content-type": "application/json",
        "user-agent": "Centrals",
    }
    return Parcel(row["url"], headers, shape.body(values.named))


async def _row(delivery: Claimed) -> Any:
    """The integration with its target, and the address of the person on whose authority it is sent."""
    rows = await database.read(
        "SELECT i.kind, CAST(i.chosen AS TEXT) AS chosen, CAST(i.headers AS TEXT) AS headers, i.template,"
        " t.url, u.email FROM integrations i"
        " JOIN targets t ON t.account_id = i.account_id AND t.purpose = ? AND t.thing_id = i.id"
        " JOIN accounts a ON a.id = i.account_id"
        " JOIN users u ON u.id = CASE WHEN t.authority = ? THEN a.owner_id ELSE t.user_id END"
        " JOIN deliveries d ON d.account_id = i.account_id AND d.id = ?"
        " WHERE i.account_id = ? AND i.id = ? AND i.enabled AND t.status = ?"
        " AND t.confirmed_at <= d.created_at",
        (
            *(TargetPurpose.INTEGRATION.value, TargetAuthority.OWNER.value, delivery.id),
            *(delivery.account_id, delivery.receiver_id, TargetStatus.CONFIRMED.value),
        ),
    )
    return rows[0] if rows else None

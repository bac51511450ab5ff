"""What is sent of a delivery, by the kind of its receiver: read and judged as it is sent."""

from collections.abc import Awaitable, Callable

from actions.developers.webhooks.found import GATE
from actions.developers.webhooks.secret import secrets_in
from actions.kit.vault import vault_of
from centrals.outgoing.integration import integration_parcel
from centrals.outgoing.message import Parcel, occurred
from centrals.outgoing.queue import Claimed
from centrals.outgoing.signature import signed_headers
from graph.export.event import event_content
from graph.http.handler import GraphQLHandler
from models import database
from models.tables.delivery import ReceiverKind

Compose = Callable[[GraphQLHandler, Claimed], Awaitable[Parcel | None]]


async def compose(handler: GraphQLHandler, delivery: Claimed) -> Parcel | None:
    """What is sent of a delivery now; None for what may not be sent any more."""
    return await COMPOSERS[delivery.receiver_kind](handler, delivery)


async def _webhook(handler: GraphQLHandler, delivery: Claimed) -> Parcel | None:
    """A signed message that has what whoever is responsible for the endpoint holds and reaches."""
    rows = await database.read(
        "SELECT e.url, CAST(e.secrets AS TEXT) AS secrets, u.email FROM webhook_endpoints e"
        " JOIN users u ON u.id = e.user_id WHERE e.account_id = ? AND e.id = ? AND e.enabled AND NOT e.fell",
        (delivery.account_id, delivery.receiver_id),
    )
    if not rows:
        return None
    event = occurred(delivery)
    content = await event_content(handler, rows[0]["email"], GATE, event)
    if content is None:
        return None
    body = content.body(event)
    vault = vault_of(handler.serving.secret_key, handler.serving.previous_keys)
    secrets = [vault.open(delivery.receiver_id, found.ciphertext) for found in secrets_in(rows[0]["secrets"])]
    headers = {
        "content-type": "application/json",
        "user-agent": "Centrals",
        **signed_headers(delivery.event_id, database.now() // 1000, body, secrets),
    }
    return Parcel(rows[0]["url"], headers, body, content.reduced)


COMPOSERS: dict[ReceiverKind, Compose] = {
    ReceiverKind.WEBHOOK: _webhook,
    ReceiverKind.INTEGRATION: integration_parcel,
}
"""The function that composes messages, by the kind of receiver."""

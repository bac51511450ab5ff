"""The integrations of the demo: a chat and a members area at the sink, with what they got in 20 days."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from actions.kit.call import Call
from actions.kit.vault import vault_of
from actions.tools.integrations.integration import create_integration
from actions.tools.integrations.settings import Chosen, Header, IntegrationSettings
from centrals.demo.chance import DAY, END, Chance
from centrals.outgoing.sink import SINK_URL
from models import database
from models.integration_fields import IntegrationField
from models.outgoing.note import DELIVERY_COLUMNS, new_event_id
from models.outgoing_events import EventType
from models.tables.delivery import DeliveryStatus, ReceiverKind
from models.tables.target import IntegrationKind

_SINCE = END - 20 * DAY
_EVENTS = 120
_CHAT = {"product": IntegrationField.SALE_PRODUCT, "price": IntegrationField.SALE_PRICE}
_AREA = {"email": IntegrationField.BUYER_EMAIL, "name": IntegrationField.BUYER_NAME}

At = Callable[[str, int], Awaitable[Call]]


async def add_integrations(account_id: str, at: At, owner: str, secret_key: bytes) -> None:
    """Two integrations on the owner's authority, and the deliveries of the newest approved sales to each."""
    vault, found = vault_of(secret_key), []
    for settings in (
        _settings("Sales chat", IntegrationKind.CHAT, _CHAT, "Sold: {product} for {price}"),
        _settings("Members area", IntegrationKind.MEMBERS_AREA, _AREA),
    ):
        call = await at(owner, _SINCE)
        found.append(await create_integration(call, vault, settings, allow_private=True))
    rows = await database.read(
        "SELECT e.sale_id, s.reference, e.happened_at FROM sale_events e"
        " JOIN sales s ON s.account_id = e.account_id AND s.id = e.sale_id"
        " WHERE e.account_id = ? AND e.status = 'APPROVED' AND e.happened_at >= ? AND e.happened_at <= ?"
        f" ORDER BY e.happened_at DESC, e.id LIMIT {_EVENTS}",
        (account_id, _SINCE, END),
        named=False,
    )
    chance, sent = Chance("integrations"), []
    for sale_id, reference, happened_at in rows:
        event_id = new_event_id()
        for integration_id in found:
            attempt = {"at": happened_at, "status": 200, "duration_ms": chance.number(20, 400), "error": None}
            sent.append(
                (
                    *(database.new_id(), account_id, ReceiverKind.INTEGRATION.value, integration_id),
                    *(EventType.SALE_APPROVED.value, event_id, str(sale_id), reference, happened_at),
                    *(happened_at, DeliveryStatus.SENT.value, False, False, 1, None),
                    msgspec.json.encode([attempt]).decode(),
                )
            )
    await database.insert_many("deliveries", DELIVERY_COLUMNS, sent)
    await database.write(
        "UPDATE integrations SET last_delivery_at = ? WHERE account_id = ?",
        (max(row[2] for row in rows), account_id),
    )


def _settings(
    name: str, kind: IntegrationKind, fields: Mapping[str, IntegrationField], template: str = ""
) -> IntegrationSettings:
    return IntegrationSettings(
        name=name,
        kind=kind,
        url=SINK_URL,
        events=[EventType.SALE_APPROVED],
        products=(),
        chosen=[Chosen(shown, field) for shown, field in fields.items()],
        template=template,
        headers=[Header("X-Source", "centrals")],
    )

"""The webhooks of the demo: two endpoints at a sink in the server itself, with what they got in 60 days."""

from collections.abc import Awaitable, Callable

import msgspec

from actions.developers.webhooks.endpoint import EndpointSettings, create_webhook
from actions.kit.call import Call
from actions.kit.vault import vault_of
from centrals.demo.chance import DAY, END, Chance
from centrals.demo.people import FAR
from centrals.outgoing.sink import SINK_URL
from models import database
from models.outgoing.note import DELIVERY_COLUMNS, new_event_id
from models.outgoing_events import type_of_status
from models.tables.delivery import DeliveryStatus, ReceiverKind
from models.vocabulary import SaleStatus

_SINCE = END - 200 * DAY
_EVENTS = 1_500
_FAILED, _GIVEN_UP = 40, 2

At = Callable[[str, int], Awaitable[Call]]


async def add_webhooks(account_id: str, at: At, owner: str, secret_key: bytes) -> None:
    """Two endpoints that the owner is responsible for, and the deliveries of the newest events to each."""
    vault, endpoints = vault_of(secret_key), []
    for description in ("Warehouse", "Course platform"):
        settings = EndpointSettings(SINK_URL, description, (), ())
        call = await at(owner, _SINCE)
        endpoint_id, _ = await create_webhook(call, vault, settings, allow_private=True)
        endpoints.append(endpoint_id)
    rows = await database.read(
        "SELECT e.sale_id, s.reference, e.status, e.happened_at FROM sale_events e"
        " JOIN sales s ON s.account_id = e.account_id AND s.id = e.sale_id"
        " WHERE e.account_id = ? AND e.status IS NOT NULL AND e.happened_at >= ? AND e.happened_at <= ?"
        f" ORDER BY e.happened_at DESC, e.id LIMIT {_EVENTS}",
        (account_id, _SINCE, END),
        named=False,
    )
    chance, found = Chance("deliveries"), []
    for number, (sale_id, reference, status, happened_at) in enumerate(rows):
        event = type_of_status(SaleStatus(status)), new_event_id()
        for place, endpoint_id in enumerate(endpoints):
            state = _state(number * len(endpoints) + place)
            sent = (database.new_id(), account_id, ReceiverKind.WEBHOOK.value, endpoint_id)
            of = (event[0].value, event[1], str(sale_id), reference, happened_at, happened_at)
            found.append((*sent, *of, *_outcome(state, happened_at, chance)))
    await database.insert_many("deliveries", DELIVERY_COLUMNS, found)
    last = max(row[3] for row in rows)
    await database.write(
        "UPDATE webhook_endpoints SET last_delivery_at = ? WHERE account_id = ?", (last, account_id)
    )


def _state(number: int) -> DeliveryStatus:
    """Of the newest deliveries some wait for another try, and older ones were given up."""
    if number < _FAILED:
        return DeliveryStatus.FAILED
    return DeliveryStatus.GIVEN_UP if number < _FAILED + _GIVEN_UP else DeliveryStatus.SENT


def _outcome(state: DeliveryStatus, at: int, chance: Chance) -> tuple[object, ...]:
    tries = {DeliveryStatus.SENT: 1, DeliveryStatus.FAILED: 2, DeliveryStatus.GIVEN_UP: 10}[state]
    answer = 200 if state is DeliveryStatus.SENT else 503
    attempts = [
        {"at": at + number * DAY // 2, "status": answer, "duration_ms": chance.number(20, 400), "error": None}
        for number in range(tries)
    ]
    next_at = FAR if state is DeliveryStatus.FAILED else None  # so that they stay as they are
    return state.value, False, False, tries, next_at, msgspec.json.encode(attempts).decode()

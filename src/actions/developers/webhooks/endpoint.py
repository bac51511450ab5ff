"""Endpoints of webhooks: created, edited, disabled, enabled and deleted, and their secrets replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from actions.developers.webhooks.found import GATE, OBJECT, found_endpoint, give_up_waiting, taken_over, write
from actions.developers.webhooks.secret import new_secret, secrets_in, stored, stored_text
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.outside import require_outside
from actions.kit.products import require_products
from actions.kit.vault import Vault
from actions.kit.version import conflict
from authz import reach
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.outgoing_events import EventType
from models.statement import Statement
from models.tables.delivery import DisabledReason

MOST_ENDPOINTS = 20
MOST_PRODUCTS = 100
LONGEST_DESCRIPTION = 200
MOST_HOURS = 72
_HOUR_MS = 3_600_000
_ADDRESS = (ErrorCode.BAD_URL, ErrorCode.PRIVATE_ADDRESS, ErrorCode.BAD_INPUT, ErrorCode.NOT_FOUND)

CREATE_WEBHOOK = Mutation(
    "createWebhook",
    GATE,
    OBJECT,
    codes=(*_ADDRESS, ErrorCode.TOO_MANY),
    replays=True,
    changes_access=False,
    while_closed=False,
)
EDIT_WEBHOOK = Mutation(
    "editWebhook",
    GATE,
    OBJECT,
    codes=(*_ADDRESS, ErrorCode.VERSION_CONFLICT),
    replays=True,
    changes_access=False,
    while_closed=False,
)
SET_WEBHOOK_ENABLED = Mutation(
    "setWebhookEnabled",
    GATE,
    OBJECT,
    codes=(ErrorCode.NOT_FOUND,),
    replays=True,
    changes_access=False,
    while_closed=True,
)
ROTATE_WEBHOOK_SECRET = Mutation(
    "rotateWebhookSecret",
    GATE,
    OBJECT,
    codes=(ErrorCode.NOT_FOUND, ErrorCode.BAD_INPUT),
    replays=True,
    changes_access=False,
    while_closed=False,
)
DELETE_WEBHOOK = Mutation(
    "deleteWebhook",
    GATE,
    OBJECT,
    codes=(ErrorCode.NOT_FOUND,),
    replays=True,
    changes_access=False,
    while_closed=True,
)


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """Where an endpoint is, and which events it gets."""

    url: str
    description: str
    events: Sequence[EventType]
    products: Sequence[str]


async def create_webhook(
    call: Call, vault: Vault, settings: EndpointSettings, *, allow_private: bool
) -> tuple[str, str | None]:
    """Create an endpoint. Returns its id and its secret, which a repeated call does not get again."""
    new_id, secret = database.new_id(), new_secret()
    async with CREATE_WEBHOOK.refusals_logged(call):
        await require_outside(settings.url, allow_private=allow_private)

    async def work(viewer: Viewer) -> Done:
        within = reach.webhooks(viewer)
        columns = await _checked(viewer, settings)
        found = await database.read(
            Statement("SELECT COUNT(*) AS n FROM webhook_endpoints r WHERE ") + within.where("r")
        )
        if found[0]["n"] >= MOST_ENDPOINTS:
            raise Refusal(ErrorCode.TOO_MANY, "too_many_webhooks", most=MOST_ENDPOINTS)
        row = {
            "id": new_id,
            "account_id": within.account_id,
            "user_id": viewer.user_id,
            "user_name": viewer.name,
            "enabled": True,
            "created_at": database.now(),
            "secrets": stored_text([stored(vault, new_id, secret)]),
            "version": 1,
            "fell": False,
            **columns,
        }
        await database.insert("webhook_endpoints", row)
        return Done(new_id, _changes(None, settings))

    found = await CREATE_WEBHOOK.perform(call, work)
    return found, secret if found == new_id else None


async def edit_webhook(
    call: Call, endpoint_id: str, expected: int, settings: EndpointSettings, *, allow_private: bool
) -> str:
    """Replace the settings of an endpoint in the version that the caller has read, and take it over."""
    async with EDIT_WEBHOOK.refusals_logged(call, endpoint_id):
        await require_outside(settings.url, allow_private=allow_private)

    async def work(viewer: Viewer) -> Done:
        columns = await _checked(viewer, settings)
        endpoint = await found_endpoint(viewer, endpoint_id)
        if endpoint["version"] != expected:
            raise conflict()
        taken = await taken_over(viewer, endpoint)
        await write(viewer, endpoint_id, **columns)
        return Done(endpoint_id, (*_changes(endpoint, settings), *taken))

    return await EDIT_WEBHOOK.perform(call, work, endpoint_id)


async def _checked(viewer: Viewer, settings: EndpointSettings) -> dict[str, Any]:
    """The columns of settings."""
    description = settings.description.strip()
    if len(description) > LONGEST_DESCRIPTION:
        words = {"most": LONGEST_DESCRIPTION}
        raise Refusal(ErrorCode.BAD_INPUT, "webhook_description", ("description",), **words)
    products = sorted(set(settings.products))
    if len(products) > MOST_PRODUCTS:
        raise Refusal(ErrorCode.BAD_INPUT, "webhook_products", ("productIds",), most=MOST_PRODUCTS)
    await require_products(viewer, GATE, settings.products)
    events = [event.value for event in EventType if event in settings.events]
    return {
        "url": settings.url,
        "description": description,
        "events": msgspec.json.encode(events).decode(),
        "products": msgspec.json.encode(products).decode(),
    }


def _changes(before: Any, settings: EndpointSettings) -> tuple[Change, ...]:
    values = {
        "url": settings.url,
        "description": settings.description.strip(),
        "events": ", ".join(event.value for event in EventType if event in settings.events),
    }
    former = {
        name: None
        if before is None
        else ", ".join(_decoded(before["events"]))
        if name == "events"
        else before[name]
        for name in values
    }
    return tuple(
        Change(f"WebhookEndpoint.{name}", former[name], value)
        for name, value in values.items()
        if value != (former[name] or "")
    )


def _decoded(value: Any) -> list[str]:
    found: list[str] = msgspec.json.decode(value) if isinstance(value, str | bytes) else value
    return found


async def set_webhook_enabled(call: Call, endpoint_id: str, *, enabled: bool) -> str:
    """Disable an endpoint, which gives up what it has not taken yet, or enable it and take it over."""

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        endpoint = await found_endpoint(viewer, endpoint_id)
        taken: tuple[Change, ...] = ()
        if enabled:
            taken = await taken_over(viewer, endpoint)
            await write(viewer, endpoint_id, enabled=True, disabled_reason=None, failing_since=None)
        elif endpoint["enabled"]:
            reason = DisabledReason.BY_HAND.value
            await write(viewer, endpoint_id, enabled=False, disabled_reason=reason)
            await give_up_waiting(viewer.central.account_id, endpoint_id)
        before = bool(endpoint["enabled"])
        change = () if before == enabled else (Change("WebhookEndpoint.enabled", before, enabled),)
        return Done(endpoint_id, (*change, *taken))

    return await SET_WEBHOOK_ENABLED.perform(call, work, endpoint_id)


async def rotate_webhook_secret(call: Call, vault: Vault, endpoint_id: str, hours: int) -> str | None:
    """Replace the secret of an endpoint. The former one signs as well for some hours. Returns the new one,
    once."""
    secret, rotated = new_secret(), False

    async def work(viewer: Viewer) -> Done:
        nonlocal rotated
        if not 0 <= hours <= MOST_HOURS:
            raise Refusal(ErrorCode.BAD_INPUT, "keep_old_hours", ("keepOldHours",), most=MOST_HOURS)
        endpoint = await found_endpoint(viewer, endpoint_id)
        taken = await taken_over(viewer, endpoint)
        former = secrets_in(endpoint["secrets"])[0]
        former_one = msgspec.structs.replace(former, until=database.now() + hours * _HOUR_MS)
        found = [stored(vault, endpoint_id, secret), *([former_one] if hours else [])]
        await write(viewer, endpoint_id, secrets=stored_text(found))
        rotated = True
        return Done(endpoint_id, (Change("WebhookEndpoint.secrets", None, "changed"), *taken))

    await ROTATE_WEBHOOK_SECRET.perform(call, work, endpoint_id)
    return secret if rotated else None


async def delete_webhook(call: Call, endpoint_id: str) -> str:
    """Delete an endpoint with its deliveries."""

    async def work(viewer: Viewer) -> Done:
        endpoint = await found_endpoint(viewer, endpoint_id)
        await database.write(
            "DELETE FROM deliveries WHERE account_id = ? AND receiver_id = ?",
            (endpoint["account_id"], endpoint_id),
        )
        await database.write(
            Statement("DELETE FROM webhook_endpoints AS r WHERE r.id = ? AND ", (endpoint_id,))
            + reach.webhooks(viewer).where("r")
        )
        return Done(endpoint_id, (Change("WebhookEndpoint.url", endpoint["url"], None),))

    return await DELETE_WEBHOOK.perform(call, work, endpoint_id)

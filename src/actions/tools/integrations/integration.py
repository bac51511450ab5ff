"""Integrations: created, edited, enabled, disabled and deleted."""

from collections.abc import Sequence
from typing import Any

import msgspec

from actions.developers.webhooks.found import give_up_waiting
from actions.kit.call import Call
from actions.kit.log import Change
from actions.kit.mutation import Done, Mutation
from actions.kit.naming import checked_name
from actions.kit.outside import require_outside
from actions.kit.products import require_products
from actions.kit.vault import Vault
from actions.kit.version import advance, conflict
from actions.tools.integrations.settings import (
    LONGEST_NAME,
    IntegrationSettings,
    StoredHeader,
    chosen_in,
    headers_in,
    problems_of,
)
from actions.tools.targets.target import Destination, drop_target, settle_target, stored_list
from authz import reach
from authz.grant import Grant
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models import database
from models.outgoing_events import EventType
from models.statement import Statement
from models.tables.delivery import DisabledReason
from models.tables.target import TargetPurpose

GATE = Grant.MANAGE_INTEGRATIONS
OBJECT = "Integration"
_ADDRESS = (ErrorCode.BAD_URL, ErrorCode.PRIVATE_ADDRESS, ErrorCode.BAD_INPUT, ErrorCode.NOT_FOUND)
_SAVED = (*_ADDRESS, ErrorCode.TOO_MANY)

CREATE_INTEGRATION = Mutation(
    "createIntegration",
    GATE,
    OBJECT,
    codes=_SAVED,
    replays=True,
    changes_access=False,
    while_closed=False,
)
EDIT_INTEGRATION = Mutation(
    "editIntegration",
    GATE,
    OBJECT,
    codes=(*_SAVED, ErrorCode.VERSION_CONFLICT),
    replays=True,
    changes_access=False,
    while_closed=False,
)
SET_INTEGRATION_ENABLED = Mutation(
    "setIntegrationEnabled",
    GATE,
    OBJECT,
    codes=(ErrorCode.NOT_FOUND,),
    replays=True,
    changes_access=False,
    while_closed=True,
)
DELETE_INTEGRATION = Mutation(
    "deleteIntegration",
    GATE,
    OBJECT,
    codes=(ErrorCode.NOT_FOUND,),
    replays=True,
    changes_access=False,
    while_closed=True,
)


async def create_integration(
    call: Call, vault: Vault, settings: IntegrationSettings, *, allow_private: bool
) -> str:
    """Create an integration, which takes events from now on. Returns its id."""
    new_id = database.new_id()
    async with CREATE_INTEGRATION.refusals_logged(call):
        _require_sound(settings, ())
        await require_outside(settings.url, allow_private=allow_private)

    async def work(viewer: Viewer) -> Done:
        assert viewer.central is not None
        row = {
            "id": new_id,
            "account_id": viewer.central.account_id,
            "enabled": True,
            "created_at": database.now(),
            "version": 1,
            **_columns(viewer, vault, new_id, settings, ()),
        }
        await require_products(viewer, GATE, settings.products)
        await database.insert("integrations", row)
        await _settle(viewer, new_id, settings)
        return Done(new_id, _changes(None, settings))

    return await CREATE_INTEGRATION.perform(call, work)


async def edit_integration(
    call: Call,
    vault: Vault,
    integration_id: str,
    expected: int,
    settings: IntegrationSettings,
    *,
    allow_private: bool,
) -> str:
    """Replace the settings of an integration in the version that the caller has read."""
    async with EDIT_INTEGRATION.refusals_logged(call, integration_id):
        await require_outside(settings.url, allow_private=allow_private)

    async def work(viewer: Viewer) -> Done:
        await require_products(viewer, GATE, settings.products)
        found = await found_integration(viewer, integration_id)
        if found["version"] != expected:
            raise conflict()
        # values stay with their address: nobody can have them sent to another one
        headers = headers_in(found["headers"]) if found["url"] == settings.url else []
        _require_sound(settings, headers)
        columns = _columns(viewer, vault, integration_id, settings, headers)
        await _write(viewer, integration_id, **columns)
        await _settle(viewer, integration_id, settings)
        return Done(integration_id, _changes(found, settings))

    return await EDIT_INTEGRATION.perform(call, work, integration_id)


async def found_integration(viewer: Viewer, integration_id: str) -> Any:
    """An integration with its target's address. The account is locked, so it stays as it is."""
    rows = await database.read(
        Statement(
            "SELECT r.id, r.account_id, r.name, r.kind, r.enabled, r.template, r.version, t.url,"
            " CAST(r.events AS TEXT) AS events, CAST(r.products AS TEXT) AS products,"
            " CAST(r.chosen AS TEXT) AS chosen, CAST(r.headers AS TEXT) AS headers FROM integrations r"
            " LEFT JOIN targets t ON t.account_id = r.account_id AND t.purpose = ? AND t.thing_id = r.id"
            " WHERE r.id = ? AND ",
            (TargetPurpose.INTEGRATION.value, integration_id),
        )
        + reach.integrations(viewer).where("r")
    )
    if not rows:
        raise Refusal(ErrorCode.NOT_FOUND, "no_such_integration", ("id",))
    return rows[0]


def _require_sound(settings: IntegrationSettings, headers: Sequence[StoredHeader]) -> None:
    known = frozenset(header.name.lower() for header in headers)
    problems = problems_of(settings, known)
    if problems:
        first, *others = problems
        first.others = tuple(others)
        raise first


def _columns(
    viewer: Viewer,
    vault: Vault,
    integration_id: str,
    settings: IntegrationSettings,
    headers: Sequence[StoredHeader],
) -> dict[str, Any]:
    """The columns of settings."""
    former = {header.name.lower(): header.encrypted for header in headers}
    encrypted = [
        StoredHeader(
            header.name,
            former[header.name.lower()] if header.value is None else vault.seal(integration_id, header.value),
        )
        for header in settings.headers
    ]
    stored = {
        "events": [event.value for event in _events(settings)],
        "products": sorted(set(settings.products)),
        "chosen": settings.chosen,
        "headers": encrypted,
    }
    return {
        "name": checked_name(settings.name, LONGEST_NAME),
        "kind": settings.kind.value,
        "template": settings.template,
        "changed_at": database.now(),
        "changed_by": viewer.name,
        **{name: msgspec.json.encode(value).decode() for name, value in stored.items()},
    }


def _events(settings: IntegrationSettings) -> list[EventType]:
    return [event for event in EventType if event in settings.events]


async def _settle(viewer: Viewer, integration_id: str, settings: IntegrationSettings) -> None:
    destination = Destination(
        TargetPurpose.INTEGRATION,
        integration_id,
        settings.name.strip(),
        settings.url,
        [chosen.field.value for chosen in settings.chosen],
        GATE,
    )
    await settle_target(viewer, destination)


async def _write(viewer: Viewer, integration_id: str, **columns: Any) -> None:
    """Write columns of an integration as its next version."""
    settings, within = ", ".join(f"{name} = ?" for name in columns), reach.integrations(viewer)
    await database.write(
        Statement(
            f"UPDATE integrations AS r SET {settings} WHERE r.id = ? AND ",
            (*columns.values(), integration_id),
        )
        + within.where("r")
    )
    await advance(within, integration_id)


def _changes(before: Any, settings: IntegrationSettings) -> tuple[Change, ...]:
    """What is logged: of headers only that they changed."""
    after = {
        "name": settings.name.strip(),
        "kind": settings.kind.value,
        "url": settings.url,
        "events": ", ".join(event.value for event in _events(settings)),
        "fields": ", ".join(f"{chosen.name}: {chosen.field.name}" for chosen in settings.chosen),
        "template": settings.template,
    }
    former: dict[str, Any] = dict.fromkeys(after)
    names: list[str] = []
    if before is not None:
        names = [header.name for header in headers_in(before["headers"])]
        chosen = chosen_in(before["chosen"])
        former = {name: before[name] for name in ("name", "kind", "url", "template")} | {
            "events": ", ".join(stored_list(before["events"])),
            "fields": ", ".join(f"{item.name}: {item.field.name}" for item in chosen),
        }
    found = [
        Change(f"{OBJECT}.{name}", former[name], value)
        for name, value in after.items()
        if value != (former[name] or "")
    ]
    if names != [header.name for header in settings.headers] or any(
        header.value is not None for header in settings.headers
    ):
        found.append(Change(f"{OBJECT}.headerNames", None, "changed"))
    return tuple(found)


async def set_integration_enabled(call: Call, integration_id: str, *, enabled: bool) -> str:
    """Disable an integration, which gives up what was not taken yet, or enable it."""

    async def work(viewer: Viewer) -> Done:
        found = await found_integration(viewer, integration_id)
        if bool(found["enabled"]) == enabled:
            return Done(integration_id)
        reason = None if enabled else DisabledReason.BY_HAND.value
        await _write(viewer, integration_id, enabled=enabled, disabled_reason=reason, failing_since=None)
        if not enabled:
            await give_up_waiting(str(found["account_id"]), integration_id)
        return Done(integration_id, (Change(f"{OBJECT}.enabled", not enabled, enabled),))

    return await SET_INTEGRATION_ENABLED.perform(call, work, integration_id)


async def delete_integration(call: Call, integration_id: str) -> str:
    """Delete an integration with its target and its deliveries."""

    async def work(viewer: Viewer) -> Done:
        found = await found_integration(viewer, integration_id)
        account_id = str(found["account_id"])
        await database.write(
            "DELETE FROM deliveries WHERE account_id = ? AND receiver_id = ?", (account_id, integration_id)
        )
        await drop_target(account_id, TargetPurpose.INTEGRATION, integration_id)
        await database.write(
            Statement("DELETE FROM integrations AS r WHERE r.id = ? AND ", (integration_id,))
            + reach.integrations(viewer).where("r")
        )
        return Done(integration_id, (Change(f"{OBJECT}.name", found["name"], None),))

    return await DELETE_INTEGRATION.perform(call, work, integration_id)

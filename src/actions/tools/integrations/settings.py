"""The settings of an integration, and what is wrong with them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from actions.kit.vault import Vault
from authz.refusal import ErrorCode, Refusal
from models.integration_fields import OF_A_PERSON, SENT_KINDS, IntegrationField
from models.outgoing_events import OUTGOING, EventType
from models.tables.target import IntegrationKind

LONGEST_NAME = 100
LONGEST_TEMPLATE = 300
LONGEST_VALUE = 1_000
MOST_FIELDS = 40
MOST_HEADERS = 3
MOST_PRODUCTS = 100
_AS = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,59}")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,60}")
_PLACE = re.compile(r"\{([A-Za-z0-9_.-]{1,60})\}")
_RESERVED = frozenset(
    {
        *("host", "content-length", "content-type", "transfer-encoding", "connection", "user-agent"),
        *("upgrade", "te", "trailer", "expect", "keep-alive", "proxy-connection", "proxy-authorization"),
    }
)
_KINDS = frozenset(kind.type_name for kind in SENT_KINDS)


class Chosen(msgspec.Struct, frozen=True):
    """A field that is sent, and its name in the message."""

    name: str
    field: IntegrationField


class StoredHeader(msgspec.Struct, frozen=True):
    """A header as it is stored."""

    name: str
    encrypted: str


@dataclass(frozen=True, slots=True)
class Header:
    """A header of every message. Without a value, it is the one that the integration has already."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class IntegrationSettings:
    """Where an integration sends, when, and what."""

    name: str
    kind: IntegrationKind
    url: str
    events: Sequence[EventType]
    products: Sequence[str]
    chosen: Sequence[Chosen]
    template: str
    headers: Sequence[Header]


def chosen_in(stored: Any) -> list[Chosen]:
    """The fields that an integration sends."""
    content = stored if isinstance(stored, str | bytes) else msgspec.json.encode(stored)
    return msgspec.json.decode(content, type=list[Chosen])


def headers_in(stored: Any) -> list[StoredHeader]:
    """The headers of an integration, whose values are encrypted."""
    content = stored if isinstance(stored, str | bytes) else msgspec.json.encode(stored)
    return msgspec.json.decode(content, type=list[StoredHeader])


def opened_headers(vault: Vault, integration_id: str, stored: Any) -> dict[str, str]:
    """The headers of an integration with their values."""
    return {header.name: vault.open(integration_id, header.encrypted) for header in headers_in(stored)}


def filled(template: str, values: dict[str, Any]) -> str:
    """A text with the values of its places. What there is none of is empty."""
    return _PLACE.sub(lambda place: _shown(values.get(place[1])), template)


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def problems_of(settings: IntegrationSettings, known_headers: frozenset[str]) -> list[Refusal]:
    """All that is wrong with settings."""
    return [*_of_events(settings), *_of_fields(settings), *_of_headers(settings, known_headers)]


def _bad(message: str, *field: str, **words: object) -> Refusal:
    return Refusal(ErrorCode.BAD_INPUT, message, field, **words)


def _of_events(settings: IntegrationSettings) -> Iterator[Refusal]:
    if not settings.events:
        yield _bad("integration_events", "events")
    for place, event in enumerate(settings.events):
        kind = OUTGOING[event].object
        if kind is None or kind.type_name not in _KINDS:
            yield _bad("integration_event", "events", str(place))
        elif not any(chosen.field.is_of(kind) for chosen in settings.chosen):
            yield _bad("integration_event_fields", "events", str(place))
    if len(settings.products) > MOST_PRODUCTS:
        yield _bad("webhook_products", "productIds", most=MOST_PRODUCTS)


def _of_fields(settings: IntegrationSettings) -> Iterator[Refusal]:
    if not 1 <= len(settings.chosen) <= MOST_FIELDS:
        yield _bad("integration_fields", "fields", most=MOST_FIELDS)
    names = set()
    for place, chosen in enumerate(settings.chosen):
        if not _AS.fullmatch(chosen.name):
            yield _bad("integration_field_name", "fields", str(place), "as")
        elif chosen.name in names:
            yield _bad("integration_field_twice", "fields", str(place), "as")
        names.add(chosen.name)
    if settings.kind is IntegrationKind.MEMBERS_AREA and not OF_A_PERSON & {
        chosen.field for chosen in settings.chosen
    }:
        yield _bad("integration_person", "fields")
    yield from _of_template(settings, names)


def _of_template(settings: IntegrationSettings, names: set[str]) -> Iterator[Refusal]:
    if settings.kind is not IntegrationKind.CHAT:
        if settings.template:
            yield _bad("integration_no_template", "template")
        return
    if not 1 <= len(settings.template) <= LONGEST_TEMPLATE:
        yield _bad("integration_template", "template", most=LONGEST_TEMPLATE)
    missing = sorted(set(_PLACE.findall(settings.template)) - names)
    if missing:
        yield _bad("integration_place", "template", names=", ".join(missing))


def _of_headers(settings: IntegrationSettings, known: frozenset[str]) -> Iterator[Refusal]:
    if len(settings.headers) > MOST_HEADERS:
        yield _bad("integration_headers", "headers", most=MOST_HEADERS)
    names = set()
    for place, header in enumerate(settings.headers):
        name, at = header.name.lower(), ("headers", str(place))
        if not _HEADER.fullmatch(name) or name in _RESERVED or name in names:
            yield _bad("integration_header_name", *at, "name")
        elif not (name in known if header.value is None else _is_value(header.value)):
            yield _bad("integration_header_value", *at, "value", most=LONGEST_VALUE)
        names.add(name)


def _is_value(value: str) -> bool:
    return 1 <= len(value) <= LONGEST_VALUE and value.isascii() and value.isprintable()

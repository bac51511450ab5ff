"""Hotmart's webhooks 2.0: one message, one event."""

from typing import Any

from intake.events.event import Event
from intake.hotmart.facts import purchase_facts
from intake.hotmart.notices import NOTICES
from intake.hotmart.spelling import PURCHASE_KINDS, UNDOING_KINDS, status_of
from intake.values.fields import Fields
from intake.values.reading import Malformed, Tree, moment_at, name_at, text_at, tree_at
from models.vocabulary import EventSource, SaleStatus

LONGEST_KEY = 100

_BESIDE = ("product", "buyer", "producer", "affiliates", "commissions", "subscription")
_BEFORE = frozenset(
    {
        *(SaleStatus.STARTED, SaleStatus.WAITING_PAYMENT, SaleStatus.PROCESSING, SaleStatus.UNDER_ANALYSIS),
        *(SaleStatus.PRE_ORDER, SaleStatus.APPROVED, SaleStatus.COMPLETE),
    }
)


def webhook_event(message: Any) -> Event:
    """The event of a decoded message. A message that is not about a sale is read only as far as its name."""
    if type(message) is not dict:
        raise Malformed("The message is not an object.")
    key = name_at(message, "id", LONGEST_KEY)
    if key is None:
        raise Malformed("id is missing.")
    if key.startswith(("rest:", "malformed:")):
        raise Malformed("id starts as the project's own keys do.")
    kind = text_at(message, "event", 60)
    if kind is None:
        raise Malformed("event is missing.")
    if kind not in PURCHASE_KINDS:
        at = _creation_moment(message)
        reading = NOTICES.get(kind)
        doubts: list[str] = []
        notice = reading(Fields(message, "", doubts).at("data")) if reading and at is not None else None
        return Event(key, kind, EventSource.WEBHOOK, at, doubts=tuple(doubts), notice=notice)
    return _purchase(message, key, kind)


def _purchase(message: Tree, key: str, kind: str) -> Event:
    happened_at = _moment(message)
    if happened_at is None:
        raise Malformed("creation_date is missing.")
    data = tree_at(message, "data")
    purchase = tree_at(data, "purchase")
    reference = name_at(purchase, "transaction", 64)
    if reference is None:
        raise Malformed("purchase.transaction is missing.")
    doubts: list[str] = []
    status = _status(purchase, kind, doubts)
    if beside := {name: message[name] for name in _BESIDE if name in message and data.get(name) is None}:
        data = data | beside  # some tools put these next to `data`
    facts = purchase_facts(Fields(data, "", doubts), status)
    return Event(key, kind, EventSource.WEBHOOK, happened_at, reference, facts, tuple(doubts))


def _status(purchase: Tree, kind: str, doubts: list[str]) -> SaleStatus:
    """The message's status. That a sale was undone takes precedence over an earlier status sent with it."""
    word = text_at(purchase, "status", 60)
    if word is None:
        return PURCHASE_KINDS[kind]
    status = status_of(word)
    if status is None:
        raise Malformed("purchase.status is not a status that is known.")
    if kind in UNDOING_KINDS and status in _BEFORE:
        doubts.append("purchase.status is older than the event; the event's counts.")
        return PURCHASE_KINDS[kind]
    return status


def _moment(message: Tree) -> int | None:
    moment = moment_at(message, "creation_date")
    return moment_at(message, "creationDate") if moment is None else moment


def _creation_moment(message: Tree) -> int | None:
    try:
        return _moment(message)
    except Malformed:
        return None  # a message that is only stored is not refused for its date

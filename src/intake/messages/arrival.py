"""An arriving message: the part of it that is stored, and the event that it was read as."""

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec

from intake.events.event import Event
from intake.hotmart.postback import REASON, is_postback
from intake.hotmart.send_test import is_test
from intake.messages.secret import Secrets
from intake.messages.wrapper import Recognizes, unwrapped
from intake.values.reading import Malformed, encoded
from models.vocabulary import IntakeOutcome

_LONGEST_REASON = 500
_LONGEST_KIND = 60
_LONGEST_REFERENCE = 64

Understands = Callable[[Any], Event]


class Arrival(msgspec.Struct, frozen=True):
    """A message without its secret, with its event or with the reason why it has none."""

    key: str
    payload: str
    outcome: IntakeOutcome
    event: Event | None = None
    reason: str | None = None
    kind: str | None = None
    reference: str | None = None
    doubts: tuple[str, ...] = ()
    as_of: int | None = None
    """When the page that contained it was read, for messages that are snapshots."""


class TooManyMessages(Exception):
    """A document with more messages than are read of it."""


def arrivals_of(
    document: Any,
    secrets: Secrets,
    understands: Understands,
    recognizes: Recognizes,
    most: int | None = None,
) -> list[Arrival]:
    """The messages in a decoded document: the document itself, or what it wraps.

    Raises `TooManyMessages` before any is read.
    """
    secrets.forget()
    if recognizes(document):
        return [arrival_of(document, secrets, understands)]
    try:
        secrets.note(document)
    except Malformed as fault:
        return [_too_deep(document, secrets, fault)]
    inside = unwrapped(document, lambda tree: recognizes(tree) or is_postback(tree))
    if most is not None and len(inside) > most:
        raise TooManyMessages
    return [arrival_of(tree, secrets, understands) for tree in inside]


def arrival_of(tree: Any, secrets: Secrets, understands: Understands) -> Arrival:
    """A decoded message. The secret is removed before anything else looks at it."""
    try:
        tree, payload = secrets.stripped(tree)
    except Malformed as fault:
        return _too_deep(tree, secrets, fault)
    if is_test(tree):
        return _tested(tree, payload, understands)
    if is_postback(tree):
        return _refused(payload, Malformed(REASON), tree)
    try:
        event = understands(tree)
    except Malformed as fault:
        return _refused(payload, fault, tree)
    outcome = IntakeOutcome.OTHER if event.facts is None else IntakeOutcome.SALE
    return Arrival(
        event.key,
        payload,
        outcome,
        event,
        kind=event.kind,
        reference=event.reference,
        doubts=event.doubts,
    )


def malformed(body: bytes, secrets: Secrets, fault: Malformed) -> Arrival:
    """An unreadable message.

    Its key is the digest of the stored content, so that a repeated message is the same.
    """
    secrets.forget()
    return _refused(secrets.scrubbed(body), fault)


def _tested(tree: Any, payload: str, understands: Understands) -> Arrival:
    """A test message from the marketplace.

    It is stored separately and never becomes a sale, whatever it says.
    """
    kind, reference = _glimpse(tree)
    try:
        event = understands(tree)
    except Malformed:
        return Arrival(_digest_key(payload), payload, IntakeOutcome.TEST, kind=kind, reference=reference)
    event = msgspec.structs.replace(event, facts=None, notice=None)
    return Arrival(event.key, payload, IntakeOutcome.TEST, event, kind=kind, reference=reference)


def _refused(payload: str, fault: Malformed, tree: Any = None) -> Arrival:
    kind, reference = _glimpse(tree)
    return Arrival(
        _digest_key(payload),
        payload,
        IntakeOutcome.MALFORMED,
        reason=str(fault)[:_LONGEST_REASON],
        kind=kind,
        reference=reference,
    )


def _too_deep(tree: Any, secrets: Secrets, fault: Malformed) -> Arrival:
    try:
        return _refused(secrets.scrubbed(encoded(tree).encode()), fault)
    except RecursionError:
        return _refused("", fault)


def _digest_key(payload: str) -> str:
    return f"malformed:{hashlib.sha256(payload.encode()).hexdigest()}"


def _glimpse(tree: Any) -> tuple[str | None, str | None]:
    """The kind and the reference that a message claims to have, so that it can be found."""
    if type(tree) is not dict:
        return None, None
    data = tree.get("data", tree)
    purchase = data.get("purchase") if type(data) is dict else None
    reference = purchase.get("transaction") if type(purchase) is dict else None
    return _short(tree.get("event"), _LONGEST_KIND), _short(reference, _LONGEST_REFERENCE)


def _short(value: Any, limit: int) -> str | None:
    fits = type(value) is str and 0 < len(value) <= limit and value.isprintable()
    return value if fits else None

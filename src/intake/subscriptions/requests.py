"""What messages do to people's requests: the state of a request is a fold, too.

A message closes a request if it says that the marketplace did what was requested, or that something else left
nothing to do: after the request, or before it and still true then. So it makes no difference when the message
arrives. What people or time did earlier takes precedence.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from intake.subscriptions.points import Point
from intake.subscriptions.sources import Said
from models import database
from models.tables.subscription import (
    ENDED,
    CancellationReason,
    EndedBy,
    SubscriptionRequestKind,
    SubscriptionRequestStatus,
    SubscriptionStatus,
)

_DONE, _OVERTAKEN = SubscriptionRequestStatus.DONE, SubscriptionRequestStatus.OVERTAKEN
Closing = tuple[SubscriptionRequestStatus, int]


class OwnRequest(msgspec.Struct, frozen=True):
    """A stored request: what people and time made of it, and what is stored of messages."""

    id: str
    kind: SubscriptionRequestKind
    requested_at: int
    day: int | None
    reason: CancellationReason | None
    note: str | None
    own_status: SubscriptionRequestStatus
    own_closed_at: int | None
    status: SubscriptionRequestStatus
    closed_at: int | None

    def was_open(self, at: int) -> bool:
        """Whether it was made by then and no one had closed it."""
        return self.requested_at <= at and (self.own_closed_at is None or self.own_closed_at > at)


class Cancellation(msgspec.Struct, frozen=True):
    """Who canceled the subscription and why, and the request that it was."""

    ended_by: EndedBy | None = None
    reason: CancellationReason | None = None
    note: str | None = None
    request_id: str | None = None


def cancellation_of(
    status: SubscriptionStatus,
    ended_at: int | None,
    ended_by: EndedBy | None,
    requests: Iterable[OwnRequest],
) -> Cancellation:
    """The cancellation of a subscription: as messages say, or else by the request that was open then."""
    if status is not SubscriptionStatus.CANCELLED or ended_at is None:
        return Cancellation()
    found = [
        request
        for request in requests
        if request.kind is SubscriptionRequestKind.CANCEL and request.was_open(ended_at)
    ]
    if not found or ended_by not in (None, EndedBy.SELLER):
        return Cancellation(ended_by or EndedBy.UNKNOWN, CancellationReason.UNKNOWN)
    newest = max(found, key=lambda request: (request.requested_at, request.id))
    return Cancellation(EndedBy.SELLER, newest.reason, newest.note, newest.id)


def closing(request: OwnRequest, points: Sequence[Point], said: Iterable[Said]) -> Closing | None:
    """How and when messages closed a request."""
    if request.kind is SubscriptionRequestKind.CANCEL:
        return _canceled(request.requested_at, points)
    if request.kind is SubscriptionRequestKind.REACTIVATE:
        return _reactivated(request.requested_at, points)
    return _moved(request, points, said)


def _canceled(requested_at: int, points: Sequence[Point]) -> Closing | None:
    ended: Point | None = None
    for point in points:
        if point.since <= requested_at:
            ended = (ended or point) if point.status in ENDED else None
        elif ended is not None:
            break
        elif point.status in ENDED:
            by_us = point.status is SubscriptionStatus.CANCELLED and point.ended_by in (None, EndedBy.SELLER)
            return (_DONE if by_us else _OVERTAKEN), point.since
    return None if ended is None else (_OVERTAKEN, ended.since)


def _reactivated(requested_at: int, points: Sequence[Point]) -> Closing | None:
    live: Point | None = None
    for point in points:
        if point.since <= requested_at:
            live = (live or point) if point.status not in ENDED else None
        elif live is not None:
            break
        elif point.status not in ENDED:
            return _DONE, point.since
    return None if live is None else (_OVERTAKEN, live.since)


def _moved(request: OwnRequest, points: Sequence[Point], said: Iterable[Said]) -> Closing | None:
    """A change of the charge day, after which the day is the requested one or another; or an end."""
    found: list[tuple[int, bool, SubscriptionRequestStatus]] = []
    before: tuple[int, int] | None = None
    for message in sorted(said, key=lambda message: (message.happened_at, message.key)):
        if (day := message.facts.charge_day) is None:
            continue
        if message.happened_at <= request.requested_at:
            before = message.happened_at, day
        else:
            found.append((message.happened_at, False, _DONE if day == request.day else _OVERTAKEN))
            break
    if before is not None and before[1] == request.day:
        return _OVERTAKEN, before[0]
    found += [
        (point.since, True, _OVERTAKEN)
        for point in points
        if point.status in ENDED and point.since > request.requested_at
    ]
    if not found:
        return None
    at, _, status = min(found)
    return status, at


def settled(request: OwnRequest, found: Closing | None) -> tuple[SubscriptionRequestStatus, int | None]:
    """The status of a request and when it was closed, given how messages closed it."""
    own = request.own_status, request.own_closed_at
    if found is None or (own[1] is not None and own[1] <= found[1]):
        return own
    return found


async def write_requests(
    account_id: str, requests: Iterable[tuple[OwnRequest, SubscriptionRequestStatus, int | None]]
) -> None:
    """Write the states of requests that changed."""
    changed: list[tuple[Any, ...]] = [
        (status.value, closed_at, account_id, request.id)
        for request, status, closed_at in requests
        if (status, closed_at) != (request.status, request.closed_at)
    ]
    await database.write_later(
        "UPDATE subscription_requests SET status = ?, closed_at = ? WHERE account_id = ? AND id = ?", changed
    )

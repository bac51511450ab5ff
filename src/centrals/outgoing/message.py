"""A message that is ready to be sent, and the event that it is about."""

from collections.abc import Mapping

import msgspec

from centrals.outgoing.queue import Claimed
from graph.export.event import Occurred


class Parcel(msgspec.Struct, frozen=True):
    """A message that is ready to be sent."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    reduced: bool = False


def occurred(delivery: Claimed) -> Occurred:
    """The event of a delivery."""
    return Occurred(delivery.event, delivery.account_id, delivery.object_id, delivery.happened_at)

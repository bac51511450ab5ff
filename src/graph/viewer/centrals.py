"""How centrals are searched and sorted. They are few, so it is done here, alike on every database."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from authz.centrals import EnterableCentral, enterable_centrals
from authz.viewer import Viewer
from models.collation import sort_key
from models.text import folded


class CentralOrder(StrEnum):
    """The sort order of a list of centrals."""

    OWN = "OWN"
    """The user's own order. Centrals without a position follow: own accounts first, then the others, by
    name."""
    NAME = "NAME"
    """By the displayed name; case and accents are ignored."""
    LAST_ENTERED = "LAST_ENTERED"
    """The central that was entered last comes first. Centrals that were never entered follow, by name."""


def _by_name(central: EnterableCentral) -> tuple[Any, ...]:
    return (sort_key(central.account_name), central.account_id)


def _by_visit(central: EnterableCentral) -> tuple[Any, ...]:
    return (-(central.entered_at or 0), *_by_name(central))


_SORTED: dict[CentralOrder, Callable[[EnterableCentral], tuple[Any, ...]]] = {
    CentralOrder.NAME: _by_name,
    CentralOrder.LAST_ENTERED: _by_visit,
}


async def centrals(
    viewer: Viewer, search: str | None = None, order: CentralOrder = CentralOrder.OWN
) -> list[EnterableCentral]:
    """The centrals that the user may enter whose displayed name contains a text, in an order."""
    found = await enterable_centrals(viewer)
    text = folded(search or "").strip()
    if text:
        found = [central for central in found if text in folded(central.account_name)]
    return found if order is CentralOrder.OWN else sorted(found, key=_SORTED[order])

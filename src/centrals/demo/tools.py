"""The settings of the demo's tools, so that the fields behind their grants have values."""

from collections.abc import Iterator
from typing import Any

import msgspec

from actions.tools.tracking_pixels import PixelEvent, PixelPlatform, TrackingPixel, TrackingPixels
from centrals.demo.chance import DAY, END, Chance

VERSION_COLUMNS = (
    "id", "account_id", "tool", "scope_id", "version", "settings", "changes", "changed_at", "changed_by",
)  # fmt: skip
_META = TrackingPixel(platform=PixelPlatform.META, pixel_id="102030405060708")
_GOOGLE = TrackingPixel(
    platform=PixelPlatform.GOOGLE_ADS, pixel_id="AW-1020304050", label="sale", events=[PixelEvent.SALE]
)
_VERSIONS: tuple[list[TrackingPixel], ...] = ([], [_META], [_META, _GOOGLE])


def tool_versions(account_id: str, product_id: str, editor: str | None) -> Iterator[tuple[Any, ...]]:
    """Two versions of a product's tracking pixels, a week apart."""
    chance = Chance(f"{product_id}, tools")
    for number in (1, 2):
        at = END - (5 - number) * 7 * DAY
        before, after = _VERSIONS[number - 1], _VERSIONS[number]
        change = {
            "field": "TrackingPixels.pixels",
            "before": msgspec.to_builtins(before),
            "after": msgspec.to_builtins(after),
        }
        yield (
            chance.id(at), account_id, "trackingPixels", product_id, number,
            msgspec.json.encode(TrackingPixels(pixels=after)).decode(),
            msgspec.json.encode([change]).decode(), at, editor,
        )  # fmt: skip

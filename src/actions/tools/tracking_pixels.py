"""Tracking pixels, which report events on a product's pages to ad platforms."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, field

from actions.tools.settings import MoneyAmount, Problem, Scope, Settings, tool
from authz.gates import grant_bit
from authz.grant import Grant
from authz.viewer import Viewer


class PixelPlatform(StrEnum):
    """An ad platform."""

    META = "META"
    """Facebook and Instagram. A pixel's id has 15 or 16 digits."""
    GOOGLE_ADS = "GOOGLE_ADS"
    """Google Ads. A pixel's id is `AW-` followed by 6 to 12 digits; a conversion also has a label."""
    GOOGLE_ANALYTICS = "GOOGLE_ANALYTICS"
    """Google Analytics. A pixel's id is `G-` followed by 6 to 12 capital letters or digits."""
    TIKTOK = "TIKTOK"
    """TikTok. A pixel's id has 20 letters and digits."""
    PINTEREST = "PINTEREST"
    """Pinterest. A pixel's id has 13 digits."""


class PixelEvent(StrEnum):
    """A kind of event that is reported to ad platforms."""

    VIEW = "VIEW"
    """A visit to the product's page."""
    LEAD = "LEAD"
    """An e-mail address left in a form."""
    CHECKOUT = "CHECKOUT"
    """The start of a checkout."""
    SALE = "SALE"
    """A purchase."""


class PixelValue(StrEnum):
    """The value that is reported for a purchase."""

    NONE = "NONE"
    """No value is reported."""
    PRICE = "PRICE"
    """The sale's price."""
    NET = "NET"
    """What the producer is paid. Saving it needs the grant VIEW_COMMISSIONS_REPORT."""
    FIXED = "FIXED"
    """The same amount for every purchase: the one in `fixed`."""


class PixelPayments(StrEnum):
    """Which purchases are reported."""

    ALL = "ALL"
    """Every purchase."""
    AT_ONCE = "AT_ONCE"
    """Purchases paid at once: by card, wallet or PayPal."""
    LATER = "LATER"
    """Purchases paid later: by payment slip, Pix, cash or bank transfer."""


_IDS = {
    PixelPlatform.META: r"\d{15,16}",
    PixelPlatform.GOOGLE_ADS: r"AW-\d{6,12}",
    PixelPlatform.GOOGLE_ANALYTICS: r"G-[A-Z0-9]{6,12}",
    PixelPlatform.TIKTOK: r"[A-Za-z0-9]{20}",
    PixelPlatform.PINTEREST: r"\d{13}",
}


class TrackingPixel(Settings, frozen=True):
    """A pixel of an ad platform on a product's pages."""

    platform: PixelPlatform
    """The ad platform."""
    pixel_id: str
    """The pixel's id at the platform, for example `AW-123456789` at Google Ads."""
    label: Annotated[str, Meta(max_length=60)] | None = None
    """The label of the conversion, which Google Ads needs for purchases."""
    events: Annotated[list[PixelEvent], Meta(min_length=1)] = field(default_factory=lambda: list(PixelEvent))
    """The kinds of events that are reported to the platform."""
    value: PixelValue = PixelValue.PRICE
    """The value that is reported for a purchase."""
    fixed: MoneyAmount | None = None
    """The amount that is reported for every purchase. Required if `value` is FIXED; otherwise null."""
    payments: PixelPayments = PixelPayments.ALL
    """Which purchases are reported."""

    def problems(self, viewer: Viewer) -> Iterator[Problem]:
        """Check the id's format, the amount of the value FIXED, and the grant for reporting earnings."""
        if not re.fullmatch(_IDS[self.platform], self.pixel_id, re.ASCII):
            yield Problem(("pixel_id",), "pixel_id", {"platform": self.platform.value})
        if (self.fixed is not None) != (self.value is PixelValue.FIXED):
            yield Problem(("fixed",), "pixel_fixed")
        if self.value is PixelValue.NET and not viewer.mask & grant_bit(Grant.VIEW_COMMISSIONS_REPORT):
            yield Problem(("value",), "pixel_net", missing=Grant.VIEW_COMMISSIONS_REPORT)


@tool(Grant.MANAGE_TRACKING_PIXEL, Scope.PRODUCT)
class TrackingPixels(Settings, frozen=True):
    """The tracking pixels of a product: the ad platforms that receive visits, leads and purchases."""

    pixels: Annotated[list[TrackingPixel], Meta(max_length=10)]
    """The pixels, at most 10."""

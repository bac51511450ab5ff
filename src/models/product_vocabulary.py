"""The stored vocabularies of products and offers: every enumerated value that their rows can contain."""

from enum import IntFlag, StrEnum


class ProductStatus(StrEnum):
    """Whether a product is on sale."""

    DRAFT = "DRAFT"
    """Not on sale yet."""
    ACTIVE = "ACTIVE"
    """On sale."""
    PAUSED = "PAUSED"
    """Not on sale for now."""
    ARCHIVED = "ARCHIVED"
    """No longer on sale. Lists show it only if they are filtered for it."""


class ProductFormat(StrEnum):
    """What buyers of a product receive."""

    COURSE = "COURSE"
    """An online course."""
    SUBSCRIPTION = "SUBSCRIPTION"
    """A subscription to a club or community."""
    EBOOK = "EBOOK"
    """An e-book or another document."""
    SOFTWARE = "SOFTWARE"
    """Software."""
    AUDIO = "AUDIO"
    """Music, an audiobook or other audio."""
    VIDEO = "VIDEO"
    """Videos."""
    TEMPLATE = "TEMPLATE"
    """Templates, images or source code."""
    EVENT = "EVENT"
    """An event or a ticket."""
    SERVICE = "SERVICE"
    """A service, such as coaching."""
    OTHER = "OTHER"
    """Something else."""


class Source(StrEnum):
    """Where a record comes from."""

    MARKETPLACE = "MARKETPLACE"
    """From the marketplace's messages."""
    HAND = "HAND"
    """A person created it, and no message is about it yet."""
    BOTH = "BOTH"
    """A person created it, and the marketplace's messages are about it too."""


class ByHand(IntFlag):
    """The values of a product that people set. They are above what the marketplace says."""

    NAME = 1
    STATUS = 2
    FORMAT = 4
    WARRANTY_DAYS = 8
    SUPPORT_EMAIL = 16
    MAIN_OFFER = 32


class OfferStatus(StrEnum):
    """Whether an offer can be bought."""

    ACTIVE = "ACTIVE"
    """It can be bought."""
    ARCHIVED = "ARCHIVED"
    """It can no longer be bought."""


class PaymentMode(StrEnum):
    """How an offer is paid for."""

    SINGLE = "SINGLE"
    """One payment, which can be split by the card's issuer."""
    INSTALLMENTS = "INSTALLMENTS"
    """Several payments for one purchase."""
    SUBSCRIPTION = "SUBSCRIPTION"
    """A payment in each period of a subscription."""


class PlanPeriod(StrEnum):
    """How often a subscription is paid."""

    WEEKLY = "WEEKLY"
    """Every week."""
    MONTHLY = "MONTHLY"
    """Every month."""
    BIMONTHLY = "BIMONTHLY"
    """Every two months."""
    QUARTERLY = "QUARTERLY"
    """Every three months."""
    BIANNUAL = "BIANNUAL"
    """Twice a year."""
    ANNUAL = "ANNUAL"
    """Once a year."""

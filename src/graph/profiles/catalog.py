"""The catalog: what a profile can open, in the words of a language."""

from enum import StrEnum

import strawberry

from authz import catalog
from authz.grant import Grant


class TextDirection(StrEnum):
    """Which way a language is written."""

    LTR = "LTR"
    """From left to right."""
    RTL = "RTL"
    """From right to left."""


class GrantKind(StrEnum):
    """What a grant lets one do."""

    READ = "READ"
    """See something."""
    WRITE = "WRITE"
    """Do or change something."""


class Sensitivity(StrEnum):
    """How much care a grant deserves."""

    NORMAL = "NORMAL"
    """As most."""
    PII = "PII"
    """It shows data of people."""
    HIGH = "HIGH"
    """It moves money, changes what others rely on, or lets people in."""


class Preset(StrEnum):
    """A set of grants to start from."""

    SUPPORT = "SUPPORT"
    """For those who help buyers."""
    TECHNICAL = "TECHNICAL"
    """For those who set up products and tools."""
    FINANCIAL = "FINANCIAL"
    """For those who look after money."""
    AFFILIATE_MANAGER = "AFFILIATE_MANAGER"
    """For those who look after affiliates."""


for _enum in (TextDirection, GrantKind, Sensitivity, Preset):
    strawberry.enum(_enum)


@strawberry.type
class CatalogGrant:
    """One grant, as a person reads it."""

    grant: Grant
    """The grant's key."""
    label: str
    """Its label."""
    kind: GrantKind
    """Whether it reads or writes."""
    sensitivity: Sensitivity
    """How much care it deserves."""


@strawberry.type
class CatalogGroup:
    """Grants that belong together."""

    key: str
    """The group's key."""
    label: str
    """Its label."""
    grants: list[CatalogGrant]
    """Its grants."""


@strawberry.type
class CatalogPreset:
    """A set of grants that can be copied into an account as its own profile."""

    preset: Preset
    """The preset's key."""
    label: str
    """Its label."""
    grants: list[Grant]
    """What it opens."""


@strawberry.type
class Catalog:
    """What there is to grant: the same for every account."""

    locale: str
    """The language of the labels."""
    direction: TextDirection
    """Which way that language is written."""
    groups: list[CatalogGroup]
    """All grants, in groups."""
    presets: list[CatalogPreset]
    """Sets of grants to start a profile from."""


def catalog_in(locale: str) -> Catalog:
    """The catalog in a language; in English where the language is unknown."""
    locale = locale if locale in catalog.LOCALES else "en"
    return Catalog(
        locale=locale,
        direction=TextDirection.RTL if locale == "ar" else TextDirection.LTR,
        groups=[_group(key, grants, locale) for key, grants in catalog.groups().items()],
        presets=[
            CatalogPreset(preset=Preset(key), label=preset.labels[locale], grants=list(preset.grants))
            for key, preset in catalog.presets().items()
        ],
    )


def _group(key: str, grants: tuple[Grant, ...], locale: str) -> CatalogGroup:
    return CatalogGroup(
        key=key,
        label=catalog.label(key, locale),
        grants=[
            CatalogGrant(
                grant=grant,
                label=catalog.label(grant.value, locale),
                kind=GrantKind(catalog.traits(grant)["kind"]),
                sensitivity=Sensitivity(catalog.traits(grant)["sensitivity"]),
            )
            for grant in grants
        ],
    )

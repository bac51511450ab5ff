"""The catalog: what a profile can open, in the words of a language."""

from enum import StrEnum

import strawberry

from authz import catalog
from authz.grant import Grant


class TextDirection(StrEnum):
    """The direction in which a language is written."""

    LTR = "LTR"
    """Left to right."""
    RTL = "RTL"
    """Right to left."""


class GrantKind(StrEnum):
    """Whether a grant lets someone read or write."""

    READ = "READ"
    """The grant lets someone see something."""
    WRITE = "WRITE"
    """The grant lets someone do or change something."""


class Sensitivity(StrEnum):
    """How sensitive a grant is."""

    NORMAL = "NORMAL"
    """An ordinary grant."""
    PII = "PII"
    """A grant that shows personal data."""
    HIGH = "HIGH"
    """A grant that moves money, changes what others rely on, or lets people into the account."""


class Preset(StrEnum):
    """A set of grants from which a profile can be copied."""

    SUPPORT = "SUPPORT"
    """For people who help buyers."""
    TECHNICAL = "TECHNICAL"
    """For people who set up products and tools."""
    FINANCIAL = "FINANCIAL"
    """For people who manage money."""
    AFFILIATE_MANAGER = "AFFILIATE_MANAGER"
    """For people who manage affiliates."""


for _enum in (TextDirection, GrantKind, Sensitivity, Preset):
    strawberry.enum(_enum)


@strawberry.type
class CatalogGrant:
    """A grant with its label and traits."""

    grant: Grant
    """The grant."""
    label: str
    """The grant's label in the catalog's language, for example "Search sales"."""
    kind: GrantKind
    """Whether the grant lets someone read or write."""
    sensitivity: Sensitivity
    """How sensitive the grant is."""


@strawberry.type
class CatalogGroup:
    """A group of related grants."""

    key: str
    """The group's key, in capitals."""
    label: str
    """The group's label in the catalog's language."""
    grants: list[CatalogGrant]
    """The grants of the group."""


@strawberry.type
class CatalogPreset:
    """A set of grants that can be copied into an account as a profile."""

    preset: Preset
    """The preset."""
    label: str
    """The preset's label in the catalog's language."""
    grants: list[Grant]
    """The grants of the preset."""


@strawberry.type
class Catalog:
    """All grants and presets, with labels in one language. It is the same for every account."""

    locale: str
    """The language of the labels, for example `en`."""
    direction: TextDirection
    """The direction in which that language is written."""
    groups: list[CatalogGroup]
    """All grants, in ten groups."""
    presets: list[CatalogPreset]
    """The presets from which a profile can be copied."""


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

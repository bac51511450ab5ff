"""Labels and presets of the grants: data, in five languages."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from authz.grant import Grant

LOCALES = ("en", "es", "fr", "ar", "pt")


@dataclass(frozen=True, slots=True)
class Preset:
    """A set of grants that can be copied into an account as its own profile."""

    key: str
    labels: dict[str, str]
    grants: tuple[Grant, ...]


@cache
def _data() -> dict[str, Any]:
    content = files("authz").joinpath("catalog.json").read_bytes()
    data: dict[str, Any] = msgspec.json.decode(content)
    return data


@cache
def groups() -> dict[str, tuple[Grant, ...]]:
    """The catalog's ten groups and the grants of each, in order."""
    return {
        group["key"]: tuple(Grant(entry["key"]) for entry in group["grants"]) for group in _data()["groups"]
    }


@cache
def _labels() -> dict[str, dict[str, str]]:
    return {
        entry["key"]: entry["labels"] for group in _data()["groups"] for entry in [group, *group["grants"]]
    }


def label(key: str, locale: str) -> str:
    """The label of a grant or group in a language, or in English if the language is unknown."""
    labels = _labels()[key]
    return labels.get(locale, labels["en"])


@cache
def presets() -> dict[str, Preset]:
    """The four presets, by key."""
    return {
        preset["key"]: Preset(preset["key"], preset["labels"], tuple(Grant(key) for key in preset["grants"]))
        for preset in _data()["presets"]
    }


@cache
def _traits() -> dict[str, dict[str, str]]:
    return {
        entry["key"]: {"kind": entry["kind"], "sensitivity": entry["sensitivity"]}
        for group in _data()["groups"]
        for entry in group["grants"]
    }


def traits(grant: Grant) -> dict[str, str]:
    """Whether a grant reads or writes (`kind`), and how sensitive it is (`sensitivity`)."""
    return _traits()[grant.value]

"""How the API's roots are composed: each noun adds its part, without changes to another noun's files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import strawberry

from authz.viewer import Viewer
from graph.kit.export import ExportedList
from graph.kit.messages import Translations, add_messages

_COMPOSED: dict[str, type] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """What one noun adds to the API: fields of each root, as Strawberry types, and its messages.

    A part of `Account` or `Viewer` derives from `AccountPart` or `ViewerPart`. `graph.nouns` lists the nouns.

    `lists` has the assumed length of each list without pages, by its coordinate, as `Team.members`; `weights`
    has what costs more than a field, as `Reports.revenue` or `SaleFilter.text`. `exports` are the lists that
    can be exported as files.
    """

    query: type | None = None
    account: type | None = None
    viewer: type | None = None
    mutations: tuple[type, ...] = ()
    subscription: type | None = None
    messages: Mapping[str, Translations] = field(default_factory=dict)
    lists: Mapping[str, int] = field(default_factory=dict)
    weights: Mapping[str, int] = field(default_factory=dict)
    exports: tuple[ExportedList, ...] = ()


@strawberry.type
class AccountPart:
    """Fields of the account that the request selects."""

    viewer: strawberry.Private[Viewer]


@strawberry.type
class ViewerPart:
    """Fields of the viewer."""


def compose(name: str, parts: Iterable[type | None], description: str) -> Any:
    """One Strawberry type with the fields of all parts, in their order. None if no noun has a part."""
    bases = tuple(part for part in parts if part is not None)
    if not bases:
        return None
    cls: type = strawberry.type(type(name, bases, {"__doc__": description}))
    _COMPOSED[name] = cls
    return cls


def composed(name: str) -> Any:
    """A root that was composed, for what makes one of it."""
    return _COMPOSED[name]


def add_noun_messages(nouns: Iterable[Noun]) -> None:
    """Add the messages of every noun."""
    for noun in nouns:
        add_messages(noun.messages)

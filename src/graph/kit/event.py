"""What the API shows of events that people and time cause, generated from a history's declarations."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum, StrEnum
from functools import cache, partial, reduce
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec
import strawberry

from actions.kit.event import Event, EventFacts, History, events_of, marks_of
from authz.gates import ON_RECORD, Needs, Standing, admin_only, behind, gated
from authz.grant import Grant
from engine.rows.source import Computed, Covered, computed, sourced
from graph.kit.describe import attribute_docstrings, docstring
from models.person_change import Author
from models.vocabulary import OWN_SOURCES, EventSource

T = TypeVar("T")
_Stored = str | bytes | dict[str, object]


class _By(msgspec.Struct, frozen=True):
    """Who caused an event. Nobody if it is no longer known."""

    by: Author | None = None


def shows(history: History) -> Callable[[type[T]], type[T]]:
    """Give a type of events, below `@strawberry.type`, the fields of what people and time cause.

    They are `change`, a field for the facts of each event that shows some, and `changedBy`.
    """

    def declare(cls: type[T]) -> type[T]:
        kinds = _enumeration(history)

        def change(source: str, kind: str) -> Any:
            return kinds(kind) if source in OWN_SOURCES else None

        words = "The kind of change that happened here; null for a message from the marketplace."
        _add(cls, "change", kinds, computed(change, "source", "kind", description=words))
        for declared in events_of(history):
            if parts_of(declared.facts):
                _add(cls, declared.field, facts_type(declared), _facts_field(declared))
        words = "The name of the person who made the change; null for any other event, or if it is not known."
        author = admin_only(Computed(_author, ("source", "facts")), description=words)
        _add(cls, "changed_by", str, author)
        return cls

    return declare


def _add(cls: type, name: str, kind: Any, field: Any) -> None:
    cls.__annotations__[name] = kind | None
    setattr(cls, name, field)


def _enumeration(history: History) -> Any:
    """The kinds of events that people and time cause in a history."""
    words = {declared.kind: docstring(declared.facts) for declared in events_of(history)}
    make: Any = StrEnum
    kinds = make(history.enum, {kind: kind for kind in words})
    strawberry.enum(kinds, description="A kind of change that happened here, by a person or in time.")
    for value in kinds.__strawberry_definition__.values:
        value.description = words[value.name]
    return kinds


def _facts_field(declared: Event) -> Any:
    words = f"{docstring(declared.facts).removesuffix('.')}; null for any other event."
    read = Computed(_reader(declared), ("source", "kind", "facts"))
    covers = {name: part.cover for name, part in parts_of(declared.facts).items() if part.cover}
    source = Covered(read, ON_RECORD, partial(_covered, covers)) if covers else read
    if declared.gate is None:
        return sourced(source, description=words)
    return behind(declared.gate, source, description=words)


def _covered(covers: Mapping[str, Callable[[Any], Any]], facts: Any) -> Any:
    if facts is None:
        return None
    return replace(facts, **{name: cover(getattr(facts, name)) for name, cover in covers.items()})


class Part(msgspec.Struct, frozen=True):
    """A fact that the API shows: its place in the facts, its type and its description."""

    path: tuple[str, ...]
    hint: Any
    words: str
    gate: Grant | Standing | None
    cover: Callable[[Any], Any] | None = None

    def value(self, facts: Any) -> Any:
        """Its value."""
        return reduce(getattr, self.path, facts)


@cache
def parts_of(cls: type[EventFacts]) -> dict[str, Part]:
    """The facts that the API shows, by their names there."""
    words, found = attribute_docstrings(cls), {}
    for name, (hint, _, shown) in marks_of(cls).items():
        if shown is None:
            continue
        if not shown.of:
            found[shown.name or name] = Part((name,), hint, words[name], shown.gate, shown.cover)
            continue
        inner_words, inner_hints = attribute_docstrings(hint), get_type_hints(hint)
        for inner in shown.of:
            found[inner] = Part((name, inner), inner_hints[inner], inner_words[inner], shown.gate)
    return found


@cache
def facts_type(declared: Event) -> Any:
    """The API's type of an event's facts, behind the event's grant or else the history's."""
    attributes: dict[str, Any] = {"__annotations__": {}}
    for name, part in parts_of(declared.facts).items():
        attributes["__annotations__"][name] = _shown_type(part.hint)
        make = strawberry.field if part.gate is None else partial(behind, part.gate)
        attributes[name] = make(description=part.words)
    built = strawberry.type(
        type(declared.facts.__name__, (), attributes), description=docstring(declared.facts)
    )
    grant = declared.gate if isinstance(declared.gate, Grant) else declared.history.grant
    return gated(Needs(grant=grant))(built)


def _shown_type(hint: Any) -> Any:
    """The API's type of a fact: text, a number, a boolean or an enum."""
    kind, optional = hint, False
    if isinstance(hint, UnionType):
        (kind,) = (alternative for alternative in get_args(hint) if alternative is not NoneType)
        optional = True
    if issubclass(kind, Enum):
        kind = strawberry.enum(kind)
    elif kind not in (str, int, bool):
        raise TypeError(f"The API cannot show a fact of the type {hint!r}.")
    return kind | None if optional else kind


def _reader(declared: Event) -> Callable[[str, str, _Stored], Any]:
    parts, shown = parts_of(declared.facts), facts_type(declared)

    def read(source: str, kind: str, facts: _Stored) -> Any:
        if source not in OWN_SOURCES or kind != declared.kind:
            return None
        found = _decoded(facts, declared.facts)
        return shown(**{name: part.value(found) for name, part in parts.items()})

    return read


def _author(source: str, facts: _Stored) -> str | None:
    author = _decoded(facts, _By).by if source == EventSource.PERSON else None
    return None if author is None else author.name


def _decoded(facts: _Stored, kind: type[Any]) -> Any:
    return msgspec.convert(facts, kind) if isinstance(facts, dict) else msgspec.json.decode(facts, type=kind)

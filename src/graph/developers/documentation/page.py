"""The documentation as pages: one of everything that a schema has, and one for each of its types."""

from collections.abc import Sequence
from importlib.resources import files
from typing import Any, NamedTuple
from urllib.parse import urlencode

from graphql import (
    GraphQLNamedType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    is_introspection_type,
    is_specified_scalar_type,
)
from jinja2 import Environment, StrictUndefined

from engine.scope.gates import members
from graph.developers.documentation.changelog import Entry
from graph.developers.documentation.codes import codes
from graph.developers.documentation.events import Event
from graph.developers.documentation.examples import valid_examples

DOCS_PATH = "/developers/docs"
SDL_PATH = "/developers/schema.graphql"
_environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
_TEMPLATE = _environment.from_string(
    files("graph.developers.documentation").joinpath("page.html").read_text("utf-8")
)
_KINDS = {"EnumType": "Values", "InputObjectType": "Input fields"}


class _Section(NamedTuple):
    """Names under a heading; those of fields lead to the type that owns them."""

    title: str
    anchor: str
    names: list[str]
    owner: str | None = None


class Pages:
    """The pages for one schema, in one central."""

    def __init__(self, schema: GraphQLSchema, central: str) -> None:
        self._schema = schema
        self._central = central

    def _address(self, name: str | None = None, anchor: str | None = None) -> str:
        below = f"/{name}" if name else ""
        return f"{_at(DOCS_PATH + below, self._central)}{f'#{anchor}' if anchor else ''}"

    def overview(self, changes: Sequence[Entry], events: Sequence[Event]) -> str:
        """The page of everything."""
        return _TEMPLATE.render(
            title="API documentation",
            address=self._address,
            description=self._schema.description or "",
            sdl=_at(SDL_PATH, self._central),
            sections=self._sections(),
            examples=valid_examples(self._schema),
            events=events,
            codes=codes(self._schema),
            changes=changes,
        )

    def _sections(self) -> list[_Section]:
        kinds = self._schema.type_map
        roots = {"Account": "The account", "Mutation": "Mutations", "Subscription": "Subscriptions"}
        found = [
            _Section(title, name, sorted(members(kinds[name])), name)
            for name, title in roots.items()
            if name in kinds
        ]
        names = sorted(name for name, kind in kinds.items() if _has_page(kind))
        return [*found, _Section("Types", "types", names)]

    def of_type(self, name: str) -> str | None:
        """The page of a type; None if the schema has none of this name."""
        kind = self._schema.type_map.get(name)
        if kind is None or not _has_page(kind):
            return None
        shown = {
            "description": kind.description or "",
            "heading": next((word for part, word in _KINDS.items() if part in type(kind).__name__), "Fields"),
            "fields": [_field(key, member) for key, member in members(kind).items()],
            "possible": [part.name for part in kind.types] if isinstance(kind, GraphQLUnionType) else [],
        }
        return _TEMPLATE.render(title=name, address=self._address, kind=shown)


def choice(centrals: Sequence[tuple[str, str]]) -> str:
    """The page on which someone chooses among their centrals, each with its id and name."""
    shown = [{"address": _at(DOCS_PATH, central), "name": name} for central, name in centrals]
    return _TEMPLATE.render(title="API documentation", address=lambda: DOCS_PATH, centrals=shown)


def _at(path: str, central: str) -> str:
    return f"{path}?{urlencode({'central': central})}"


def _has_page(kind: GraphQLNamedType) -> bool:
    return not is_introspection_type(kind) and not is_specified_scalar_type(kind)


def _field(name: str, member: Any) -> dict[str, Any]:
    """A field, input field or value as the page shows it."""
    kind = getattr(member, "type", None)
    named = get_named_type(kind) if kind is not None else None
    return {
        "name": name,
        "signature": name if kind is None else f"{name}: {kind}",
        "links": [named.name] if named is not None and _has_page(named) else [],
        "description": member.description or "",
        "deprecated": member.deprecation_reason or "",
        "arguments": [
            {"signature": f"{key}: {argument.type}", "description": argument.description or ""}
            for key, argument in getattr(member, "args", {}).items()
        ],
    }

"""The documentation of the API, for what its reader has."""

import asyncio

import strawberry

from authz.gates import Needs, gated
from authz.grant import Grant
from graph.developers.documentation.changelog import visible_entries
from graph.developers.documentation.codes import codes
from graph.developers.documentation.events import visible_events
from graph.developers.documentation.examples import valid_examples
from graph.kit.context import Info
from graph.kit.sdl import sdl_of

_GATE = Needs(grant=Grant.VIEW_API_DOCUMENTATION)


@gated(_GATE)
@strawberry.type
class ApiExample:
    """A document that your schema can answer."""

    name: str
    """The name of its operation, for example `NewestSales`."""
    document: str
    """The document."""
    variables: str
    """Variables for it, as JSON; `{}` if it has none."""


@gated(_GATE)
@strawberry.type
class ApiChange:
    """A change of the software that concerns you."""

    version: str
    """The version that it came with, for example `0.1.0`."""
    section: str
    """The section of the changelog, for example `Who sees what`."""
    text: str
    """What changed, in Markdown."""


@gated(_GATE)
@strawberry.type
class ApiCode:
    """A code of an error."""

    code: str
    """The code, for example `NOT_FOUND`."""
    of_request: bool
    """True for a code of errors outside payloads, in `extensions.code`; false for one in the `errors` of a
    payload."""
    meaning: str
    """What it means."""


@gated(_GATE)
@strawberry.type
class ApiEvent:
    """An event that goes out to other systems, about an object that your schema has."""

    type: str
    """Its name in messages: of what it is about, a dot, and what happened to it."""
    description: str
    """What happened."""
    gate: str | None
    """The grant that opens its object; null if another rule does."""
    example_message: str
    """A message about it, as JSON: with the fields that you have, as on your behalf."""


@gated(_GATE)
@strawberry.type
class ApiDocumentation:
    """The documentation of the API. It names only what your schema has."""

    @strawberry.field
    async def sdl(self, info: Info) -> str:
        """Your schema in the schema definition language, for code generators."""
        return await sdl_of(info.schema)

    @strawberry.field
    async def examples(self, info: Info) -> list[ApiExample]:
        """Documents that your schema can answer, by name; at most 100."""
        found = await asyncio.to_thread(valid_examples, info.schema._schema)
        return [
            ApiExample(name=example.name, document=example.text, variables=example.variables)
            for example in found
        ]

    @strawberry.field
    async def events(self, info: Info) -> list[ApiEvent]:
        """The events that go out to other systems, of objects that your schema has; at most 100."""
        whole = info.context.whole._schema
        found = await asyncio.to_thread(visible_events, info.schema._schema, whole)
        return [
            ApiEvent(
                type=event.type.wire,
                description=event.description,
                gate=event.gate,
                example_message=event.example,
            )
            for event in found
        ]

    @strawberry.field
    async def changelog(self, info: Info) -> list[ApiChange]:
        """What changed, newest version first; at most 1,000 entries. Entries about something that you lack
        are left out."""
        context = info.context
        found = await asyncio.to_thread(
            visible_entries, info.schema._schema, context.whole, context.viewer.mask
        )
        return [ApiChange(version=entry.version, section=entry.section, text=entry.text) for entry in found]

    @strawberry.field
    def codes(self, info: Info) -> list[ApiCode]:
        """The codes of errors; at most 200."""
        return [
            ApiCode(code=code.code, of_request=code.of_request, meaning=code.meaning)
            for code in codes(info.schema._schema)
        ]

"""The changelog of the software, as far as its reader has what an entry is about."""

import textwrap
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import strawberry
from graphql import GraphQLSchema

from graph.developers.documentation.vocabulary import names_only


@dataclass(frozen=True, slots=True)
class Entry:
    """One change: the version that it came with, the section that it stands in, and what it says."""

    version: str
    section: str
    text: str


@cache
def entries() -> tuple[Entry, ...]:
    """All changes, newest first."""
    text = files("graph.developers.documentation").joinpath("changelog.md").read_text("utf-8")
    found: list[Entry] = []
    version = section = ""
    lines: list[str] = []

    def end() -> None:
        if lines:
            found.append(Entry(version, section, textwrap.dedent(" ".join(lines)).strip()))
            lines.clear()

    for line in text.splitlines():
        if line.startswith("## "):
            end()
            version, section = line[3:].strip(), ""
        elif line.startswith("### "):
            end()
            section = line[4:].strip()
        elif line.startswith("- "):
            end()
            lines.append(line[2:].strip())
        elif lines and line.strip():
            lines.append(line.strip())
        elif not line.strip():
            end()
    end()
    return tuple(found)


def visible_entries(schema: GraphQLSchema, whole: strawberry.Schema, mask: int) -> list[Entry]:
    """The changes that name nothing which a viewer lacks."""
    return [entry for entry in entries() if names_only(entry.text, schema, whole, mask)]

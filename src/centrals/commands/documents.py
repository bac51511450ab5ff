"""The command `centrals documents`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
from graphql import DocumentNode, GraphQLError, parse, validate

from centrals.commands.output import result, with_json
from centrals.commands.terminal import with_database

_SHOWN = 80


_FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)


@click.group()
def documents() -> None:
    """Manage trusted documents, which clients name instead of sending them."""


@documents.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@with_json
def add(files: tuple[Path, ...], as_json: bool) -> None:
    """Trust the documents in FILES.

    A file is a manifest in JSON, as Relay's compiler, GraphQL Code Generator's client preset or Apollo's
    tools write it, or a document (.graphql), whose id is its SHA-256. A document replaces the one
    with the same id.
    """
    from actions.documents.store import trust

    found: dict[str, str] = {}
    for file in files:
        found |= read_documents(file)
    with_database(lambda: trust(found))
    result(as_json, f"{len(found)} documents are trusted.", {"added": sorted(found)})


@documents.command(name="list")
@with_json
def list_(as_json: bool) -> None:
    """List the trusted documents."""
    from actions.documents.store import trusted_documents

    found = with_database(trusted_documents)
    lines = [f"{document.name}  {' '.join(document.text.split())[:_SHOWN]}" for document in found]
    rows = [{"id": document.name, "document": document.text} for document in found]
    result(as_json, "\n".join(lines) or "No document is trusted.", {"documents": rows})


@documents.command()
@click.argument("ids", nargs=-1, required=True)
@with_json
def remove(ids: tuple[str, ...], as_json: bool) -> None:
    """Stop trusting documents. Running servers notice within 30 seconds."""
    from actions.documents.store import distrust

    removed = with_database(lambda: distrust(list(ids)))
    result(as_json, f"{removed} documents were removed.", {"removed": removed})


def read_documents(file: Path) -> dict[str, str]:
    """The documents of a file by their ids, each valid on the full schema."""
    from actions.documents.store import LONGEST_NAME, digest_of

    try:
        text = file.read_text()
        found = (
            dict(_of_manifest(msgspec.json.decode(text)))
            if file.suffix == ".json"
            else {digest_of(text): text}
        )
    except (OSError, UnicodeDecodeError, msgspec.DecodeError, _UnknownManifest) as error:
        raise click.ClickException(f"{file} is neither a manifest that is known nor a document.") from error
    for name, document in found.items():
        if not 0 < len(name) <= LONGEST_NAME:
            raise click.ClickException(f"{file}: an id has 1 to {LONGEST_NAME} characters, not {len(name)}.")
        _require_valid(file, name, document)
    return found


class _UnknownManifest(Exception):
    """A JSON file is not a manifest of documents."""


def _of_manifest(manifest: Any) -> Iterator[tuple[str, str]]:
    """The ids and texts of a manifest of Relay, of the client preset, or of Apollo for web, iOS or Kotlin."""
    if not isinstance(manifest, dict):
        raise _UnknownManifest
    operations = manifest.get("operations")
    if isinstance(operations, list):
        entries = [(entry.get("id"), entry.get("body")) for entry in operations if isinstance(entry, dict)]
    else:
        entries = [
            (name, value.get("source") if isinstance(value, dict) else value)
            for name, value in manifest.items()
        ]
    for name, text in entries:
        if not isinstance(name, str) or not isinstance(text, str):
            raise _UnknownManifest
        yield name, text


def _require_valid(file: Path, name: str, text: str) -> None:
    from graph.schema import full_schema

    try:
        document: DocumentNode = parse(text, no_location=False)
    except GraphQLError as error:
        raise click.ClickException(f"{file}: {name}: {error.message}") from error
    errors = validate(full_schema()._schema, document)
    if errors:
        raise click.ClickException(f"{file}: {name}: {errors[0].message}")

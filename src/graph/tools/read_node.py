"""A node read by an ordinary query, with the fields that the viewer holds: gates and reach hold as ever."""

from typing import Any

import msgspec

from engine.document import RejectedOperation
from engine.execute import Engine
from graph.kit.context import Context


async def read_node(engine: Engine, context: Context, document: str, object_id: str) -> dict[str, Any] | None:
    """The fields that a document selects of a node, as far as the viewer holds them.

    None if they do not reach it.
    """
    variables = {"id": object_id}
    prepared = engine.prepare(document, None, context.viewer.mask, variables)
    if isinstance(prepared, RejectedOperation):
        raise TypeError(prepared.errors[0].message)
    result = await engine.run(prepared, variables, context)
    if result.errors:
        raise result.errors[0]
    found = msgspec.json.decode(msgspec.json.encode(result.data))["node"]
    if found is None:
        return None
    return {name: value for name, value in found.items() if name != "__typename"}


def node_document(type_name: str, fields: dict[str, Any]) -> str:
    """A query of the fields of a node, each left out for whoever does not hold it."""
    return (
        "query OutgoingEvent($id: ID!) { node(id: $id) {"
        f" ... on {type_name} @whenGranted {{ {_selected(fields)} }} }} }}"
    )


def _selected(fields: dict[str, Any]) -> str:
    return " ".join(f"{name} @whenGranted{_below(example)}" for name, example in fields.items())


def _below(example: Any) -> str:
    below = example[0] if isinstance(example, list) else example
    return f" {{ {_selected(below)} }}" if isinstance(below, dict) else ""

"""The response paths that `@whenGranted` left out of an operation."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

from engine.document import operation_named

Path = tuple[str, ...]


def absent_paths(
    written: DocumentNode, prepared: DocumentNode, name: str | None, variables: Mapping[str, Any] | None
) -> list[list[str]]:
    """The shortest response paths of a document as written that the prepared document does not have.

    Positions in lists are left out. What `@skip` and `@include` remove is not listed.
    """
    left = set(_paths(prepared, name, variables or {}))
    found: dict[Path, None] = {}
    for path in _paths(written, name, variables or {}):
        if path not in left and path[:-1] not in found and (len(path) == 1 or path[:-1] in left):
            found[path] = None
    return [list(path) for path in found]


def _paths(document: DocumentNode, name: str | None, values: Mapping[str, Any]) -> Iterator[Path]:
    """The response paths of an operation, each after the one above it."""
    operation = operation_named(document, name)
    if operation is None:
        return
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    switches = _defaults(operation) | {name: value for name, value in values.items() if value is not None}

    def walk(selection_set: SelectionSetNode | None, above: Path) -> Iterator[Path]:
        for node in selection_set.selections if selection_set else ():
            if not _is_selected(node, switches):
                continue
            if isinstance(node, FieldNode):
                path = (*above, (node.alias or node.name).value)
                yield path
                yield from walk(node.selection_set, path)
            elif isinstance(node, FragmentSpreadNode):
                definition = fragments.get(node.name.value)
                yield from walk(definition.selection_set if definition else None, above)
            else:
                yield from walk(node.selection_set, above)  # type: ignore[attr-defined]

    yield from walk(operation.selection_set, ())


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    return {
        node.variable.name.value: node.default_value.value
        for node in operation.variable_definitions or ()
        if isinstance(node.default_value, BooleanValueNode)
    }


def _is_selected(node: Any, switches: Mapping[str, Any]) -> bool:
    for directive in node.directives or ():
        kind = directive.name.value
        for argument in directive.arguments if kind in ("skip", "include") else ():
            value: Any = argument.value
            if isinstance(value, VariableNode):
                value = switches.get(value.name.value)
            elif isinstance(value, BooleanValueNode):
                value = value.value
            if value is (kind == "skip"):
                return False
    return True

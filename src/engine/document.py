"""Documents: parsing them, selecting the operation to run, and rejecting them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

from engine.limits import Limits, TooComplex


class RequestErrorCode(Enum):
    """Why an operation was rejected before it ran."""

    SYNTAX = "GRAPHQL_PARSE_FAILED"
    VALIDATION = "GRAPHQL_VALIDATION_FAILED"
    OPERATION = "BAD_REQUEST"
    COMPLEXITY = "QUERY_TOO_COMPLEX"


@dataclass(frozen=True, slots=True)
class RejectedOperation:
    """An operation that was rejected before it ran: the code, the errors, and the limits it broke."""

    code: RequestErrorCode
    errors: tuple[GraphQLError, ...]
    allowed: dict[str, int] = field(default_factory=dict)


def parse_document(text: str, limits: Limits) -> DocumentNode | RejectedOperation:
    """The syntax tree of a document, or its rejection."""
    try:
        return parse(text, max_tokens=limits.tokens, no_location=False)
    except GraphQLSyntaxError as error:
        if error.message.endswith("tokens. Parsing aborted."):
            return RejectedOperation(RequestErrorCode.COMPLEXITY, (error,), {"tokens": limits.tokens})
        if error.message.endswith("nested too deeply. Parsing aborted."):
            return RejectedOperation(RequestErrorCode.COMPLEXITY, (error,), {"depth": limits.depth})
        return RejectedOperation(RequestErrorCode.SYNTAX, (error,))
    except RecursionError:
        return nested_too_deeply()


def nested_too_deeply() -> RejectedOperation:
    """The rejection of a document that is nested too deeply to be examined."""
    return RejectedOperation(
        RequestErrorCode.COMPLEXITY, (GraphQLError("The document is nested too deeply."),)
    )


def too_complex(error: TooComplex) -> RejectedOperation:
    """The rejection of an operation that exceeds a limit."""
    return RejectedOperation(
        RequestErrorCode.COMPLEXITY, (GraphQLError(str(error)),), {error.what: error.allowed}
    )


def root_fields(document: DocumentNode, operation_name: str | None) -> Iterator[str]:
    """The names of the fields at the root of the operation to run, including those in fragments."""
    operation = operation_named(document, operation_name)
    waiting: list[SelectionSetNode] = [operation.selection_set] if operation is not None else []
    fragments = {
        definition.name.value: definition.selection_set
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                yield node.name.value
            elif isinstance(node, InlineFragmentNode):
                waiting.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value in fragments:
                waiting.append(fragments.pop(node.name.value))  # each once


def operation_named(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """The operation of a document to run. None if that is unclear."""
    operations = [
        definition for definition in document.definitions if isinstance(definition, OperationDefinitionNode)
    ]
    if name is None:
        return operations[0] if len(operations) == 1 else None
    named = [definition for definition in operations if definition.name and definition.name.value == name]
    return named[0] if len(named) == 1 else None

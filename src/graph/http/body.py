"""Reading the body or the URL of a request: one operation, or several."""

import re
from typing import Any

import msgspec
from starlette.datastructures import QueryParams

from actions.documents.store import LONGEST_NAME, digest_of
from graph.http.documents import DocumentName
from graph.kit.messages import shortened
from models.json_size import most_values

MOST_OPERATIONS = 10
MOST_VALUES = 10_000
"""The most values of the JSON that a request sends, counted with the commas and brackets of its texts."""
_SHA256 = re.compile("[0-9a-f]{64}")
_BOM = b"\xef\xbb\xbf"
_TYPES = {
    "query": (str, "a text"),
    "operationName": (str, "a text"),
    "documentId": (str, "a text"),
    "doc_id": (str, "a text"),
    "variables": (dict, "an object"),
    "extensions": (dict, "an object"),
}


class Body(msgspec.Struct):
    """One operation, as GraphQL over HTTP sends it. `doc_id` is Relay's name for `documentId`."""

    query: str | None = None
    operationName: str | None = None  # noqa: N815
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None
    documentId: str | None = None  # noqa: N815
    doc_id: str | None = None

    @property
    def names_document(self) -> bool:
        """Whether there is a query, or the name of a document."""
        named = (self.query, self.documentId, self.doc_id, (self.extensions or {}).get("persistedQuery"))
        return any(name is not None for name in named)

    def asks_for(self, extension: str) -> bool:
        """Whether the request asks for an extension of the response."""
        return self.extensions is not None and self.extensions.get(extension) is True


class BadRequest(Exception):
    """A request that GraphQL over HTTP does not allow: its status and the reason."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = shortened(message)
        self.headers = headers


def read_body(content: bytes) -> Body | list[Body]:
    """The operation of a body, or the operations of a batch; raises `BadRequest` with what is wrong."""
    require_few_values(content)
    try:
        return msgspec.json.decode(content, type=Body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return _read_slowly(content)


def require_few_values(content: bytes) -> None:
    """Refuse JSON of so many values that reading them would keep others waiting; raises `BadRequest`."""
    if most_values(content) > MOST_VALUES:
        raise BadRequest(400, f"The JSON has more than {MOST_VALUES:,} commas and opening brackets.")


def _read_slowly(content: bytes) -> Body | list[Body]:
    """Read all other bodies: batches, and invalid bodies, each with its own error message."""
    if not content.strip():
        raise BadRequest(400, "The body is empty. Send a JSON object with a query.")
    if content.startswith(_BOM):
        raise BadRequest(400, "The body starts with a byte order mark. Send JSON without one.")
    try:
        content.decode()
        parsed = msgspec.json.decode(content)
    except UnicodeDecodeError as error:
        raise BadRequest(400, "The body is not UTF-8.") from error
    except RecursionError as error:
        raise BadRequest(400, "The JSON of the body is nested too deeply.") from error
    except msgspec.MsgspecError as error:
        raise BadRequest(400, "The body is not valid JSON.") from error
    if isinstance(parsed, list):
        return _batch(parsed)
    return _body(parsed, "The body")


def _batch(parsed: list[Any]) -> list[Body]:
    if not parsed:
        raise BadRequest(400, "The batch is empty.")
    if len(parsed) > MOST_OPERATIONS:
        raise BadRequest(
            400, f"The batch has {len(parsed):,} operations; at most {MOST_OPERATIONS} are allowed."
        )
    return [
        _body(operation, f"Operation {number} of the batch") for number, operation in enumerate(parsed, 1)
    ]


def _body(parsed: Any, what: str) -> Body:
    if not isinstance(parsed, dict):
        raise BadRequest(400, f"{what} is not a JSON object.")
    for name, (kind, described) in _TYPES.items():
        value = parsed.get(name)
        if value is not None and not isinstance(value, kind):
            raise BadRequest(400, f"The member {name} must be {described}.")
    return msgspec.convert(parsed, Body)


def body_of_query(parameters: QueryParams) -> Body:
    """The operation in the parameters of a URL."""
    return Body(
        parameters.get("query"),
        parameters.get("operationName") or None,
        _object_in(parameters, "variables"),
        _object_in(parameters, "extensions"),
        parameters.get("documentId") or None,
        parameters.get("doc_id") or None,
    )


def _object_in(parameters: QueryParams, name: str) -> dict[str, Any] | None:
    text = parameters.get(name)
    if not text:
        return None
    content = text.encode("utf-8", "surrogatepass")
    require_few_values(content)
    try:
        found: dict[str, Any] | None = msgspec.json.decode(content, type=dict[str, Any] | None)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise BadRequest(400, f"The parameter {name} is not a JSON object.") from error
    return found


def document_of(body: Body) -> tuple[str, DocumentName | None]:
    """The text that a request sends, and how it names its document; raises `BadRequest`."""
    text = body.query or ""
    name = body.documentId if body.documentId is not None else body.doc_id
    if name is not None:
        if body.query:
            raise BadRequest(400, "Send either a query or a documentId, not both.")
        if not name or len(name) > LONGEST_NAME:
            raise BadRequest(400, f"A documentId has 1 to {LONGEST_NAME} characters.")
        return "", DocumentName(name=name)
    digest = _persisted(body.extensions)
    if digest is None:
        if body.query is None:
            raise BadRequest(400, "The request has neither a query nor a documentId.")
        return text, None
    if text and digest_of(text) != digest:
        raise BadRequest(400, "provided sha does not match query")  # the code that Apollo's clients expect
    return text, DocumentName(digest=digest)


def _persisted(extensions: dict[str, Any] | None) -> str | None:
    """The SHA-256 that automatic persisted queries send."""
    persisted = (extensions or {}).get("persistedQuery")
    if persisted is None:
        return None
    if not isinstance(persisted, dict) or persisted.get("version") != 1:
        raise BadRequest(400, "extensions.persistedQuery must be an object with the version 1.")
    digest = persisted.get("sha256Hash")
    if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
        raise BadRequest(
            400, "extensions.persistedQuery.sha256Hash must be a SHA-256 in lowercase hexadecimal."
        )
    return digest

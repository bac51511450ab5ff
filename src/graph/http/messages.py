"""The messages of graphql-transport-ws, and the codes that a connection is closed with."""

from enum import IntEnum
from typing import Any

import msgspec

from graph.http.body import BadRequest, Body, require_few_values
from graph.http.response import encoded

SUBPROTOCOL = "graphql-transport-ws"
LONGEST_ID = 128


class CloseCode(IntEnum):
    """Why the server closes a connection. Each code has the reason that the client receives."""

    INVALID_MESSAGE = 4400, "Invalid message"
    UNAUTHORIZED = 4401, "Unauthorized"
    FORBIDDEN = 4403, "Forbidden"
    SUBPROTOCOL = 4406, "Subprotocol not acceptable"
    INIT_TIMEOUT = 4408, "Connection initialisation timeout"
    DUPLICATE_ID = 4409, "Subscriber already exists"
    TOO_MANY_INITS = 4429, "Too many initialisation requests"
    TRY_LATER = 1013, "Too many connections"
    INTERNAL = 4500, "Internal server error"

    def __new__(cls, code: int, reason: str) -> "CloseCode":
        """A code with its reason."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.reason = reason
        return member

    reason: str


class Violation(Exception):
    """A message that the protocol does not allow, and the code that the connection is closed with."""

    def __init__(self, code: CloseCode, reason: str | None = None) -> None:
        super().__init__(code.name)
        self.code = code
        self.reason = reason or code.reason


class Incoming(msgspec.Struct):
    """A message from a client."""

    type: str
    id: str | None = None
    payload: Any = None


_incoming = msgspec.json.Decoder(Incoming)


def read_message(event: Any) -> Incoming:
    """The message in a frame; raises `Violation`."""
    text = event.get("text")
    if text is None:
        raise Violation(CloseCode.INVALID_MESSAGE, "Send messages as text")
    try:
        content = text.encode()
        require_few_values(content)
        return _incoming.decode(content)
    except BadRequest as error:
        raise Violation(CloseCode.INVALID_MESSAGE, error.message) from error
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Violation(CloseCode.INVALID_MESSAGE) from error


def read_subscribe(message: Incoming) -> tuple[str, Body]:
    """The id and the operation of a `subscribe` message; raises `Violation`."""
    try:
        subscribe = msgspec.convert(message.payload, Body)
    except msgspec.MsgspecError as error:
        raise Violation(CloseCode.INVALID_MESSAGE) from error
    if not subscribe.names_document:
        raise Violation(CloseCode.INVALID_MESSAGE)
    return read_id(message), subscribe


def read_id(message: Incoming) -> str:
    """The id of a message that needs one; raises `Violation`."""
    if not message.id or len(message.id) > LONGEST_ID:
        raise Violation(CloseCode.INVALID_MESSAGE, f"An id has 1 to {LONGEST_ID} characters")
    return message.id


def named_values(payload: Any) -> dict[str, str]:
    """The texts in the payload of `connection_init`, by their names in lower case; raises `Violation`."""
    if payload is None:
        return {}
    if not isinstance(payload, dict):
        raise Violation(CloseCode.INVALID_MESSAGE)
    return {name.lower(): value for name, value in payload.items() if isinstance(value, str)}


def outgoing(kind: str, message_id: str | None = None, payload: Any = None) -> str:
    """A message to a client."""
    message: dict[str, Any] = {"type": kind}
    if message_id is not None:
        message["id"] = message_id
    if payload is not None:
        message["payload"] = payload
    return encoded(message).decode()


def next_message(message_id: str, payload: bytes) -> str:
    """A result, whose payload is JSON already."""
    return outgoing("next", message_id, msgspec.Raw(payload))

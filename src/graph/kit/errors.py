"""Errors: the codes of refusals, and their messages in the caller's language."""

from enum import StrEnum

import strawberry
from strawberry.schema_directive import Location

from authz.refusal import ErrorCode, Refusal
from graph.kit.context import Context
from graph.kit.messages import message

strawberry.enum(ErrorCode)


class RequestError(StrEnum):
    """`extensions.code` of an error outside payloads."""

    BAD_INPUT = "BAD_INPUT"
    """A variable or an argument is not valid."""
    BAD_REQUEST = "BAD_REQUEST"
    """The request cannot be read. The message says why."""
    CURSOR_EXPIRED = "CURSOR_EXPIRED"
    """The cursor is too old. Read the list from its start."""
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    """The document is not GraphQL."""
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    """Your schema lacks something that the document names."""
    INTERNAL = "INTERNAL"
    """Something failed on the server. The response has the id of the request."""
    NOT_FOUND = "NOT_FOUND"
    """The central does not exist, or you may not enter it. The answer does not reveal which."""
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    """No document is stored under the hash or id. Send its text."""
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    """The operation costs more than is allowed."""
    RATE_LIMITED = "RATE_LIMITED"
    """There were too many requests. `Retry-After` says when to try again."""
    RESPONSE_TOO_LARGE = "RESPONSE_TOO_LARGE"
    """The response has more bytes than are allowed. Ask for less."""
    TIMEOUT = "TIMEOUT"
    """The operation took too long."""
    UNAUTHENTICATED = "UNAUTHENTICATED"
    """The credential is bad, expired or revoked."""
    UNTRUSTED_DOCUMENT = "UNTRUSTED_DOCUMENT"
    """Only trusted documents are answered."""
    UNAVAILABLE = "UNAVAILABLE"
    """The database is not available now. Try again."""


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="errors",
    description="The codes that a mutation can be refused with, in the `errors` of its payload.",
)
class Errors:
    """What a mutation can be refused with."""

    codes: list[ErrorCode]


@strawberry.type
class UserError:
    """Why a mutation was refused."""

    code: ErrorCode
    """The reason as a code for programs, which never changes."""
    message: str
    """The reason as a sentence in your language, for people."""
    field: list[str] | None
    """The path of the input field that the error is about; null if it is not about one."""


def user_error(refusal: Refusal, context: Context) -> UserError:
    """A refusal as a payload shows it."""
    return UserError(
        code=refusal.code,
        message=message(refusal.message, context.locale, **refusal.words),
        field=list(refusal.field) if refusal.field else None,
    )

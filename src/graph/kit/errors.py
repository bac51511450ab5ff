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
    BAD_REQUEST = "BAD_REQUEST"
    CURSOR_EXPIRED = "CURSOR_EXPIRED"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    INTERNAL = "INTERNAL"
    NOT_FOUND = "NOT_FOUND"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    RATE_LIMITED = "RATE_LIMITED"
    RESPONSE_TOO_LARGE = "RESPONSE_TOO_LARGE"
    TIMEOUT = "TIMEOUT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    UNTRUSTED_DOCUMENT = "UNTRUSTED_DOCUMENT"
    UNAVAILABLE = "UNAVAILABLE"


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

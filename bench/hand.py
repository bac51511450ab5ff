"""Handlers written by hand: the same authentication, SQL, driver and bytes, and no GraphQL.

Each takes the texts of its statements from what the product was seen to send, so that both send the same.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from authz.identity import question
from bench.hand_acts import assigned, signed_in
from bench.hand_rows import centrals, page, plain_page, report, sale
from bench.hand_text import page_as_text
from models.statement import numbered
from telemetry.request import OperationRecord, current_request
from telemetry.request import request_id as current_request_id


def logged(record: OperationRecord) -> None:
    """Let the middleware write the line of an operation, as it does for the product."""
    request = current_request.get()
    assert request is not None
    request.operations.append(record)


@dataclass
class Who:
    """Who asks. `values` are the assignees whose rows are shown; None shows all."""

    user_id: str
    name: str
    email: str
    locale: str
    account_id: str | None
    timezone: str | None
    grants: frozenset[str]
    values: list[str] | None
    counted: list[str] | None
    session_id: str


@dataclass
class Asks:
    """What a handler works with: the reader's `fetch`, its statements, who asks, and what was posted."""

    fetch: Callable[[str, Sequence[Any]], Awaitable[Sequence[Any]]]
    texts: list[str]
    who: Who | None
    body: dict[str, Any]
    postgres: bool
    kept: bytes
    token: str | None
    account_id: str | None
    request_id: str
    address: str | None


Handler = Callable[[Asks], Awaitable[Any]]


async def _introspection(asks: Asks) -> Any:
    return msgspec.Raw(asks.kept)


HANDLERS: dict[str, Handler] = {
    "centrals": centrals,
    "page": page,
    "plain_page": plain_page,
    "page_as_text": page_as_text,
    "sale": sale,
    "report": report,
    "introspection": _introspection,
    "assign": assigned,
    "sign_in": signed_in,
}


IDENTIFY = {page_as_text}
"""The handlers whose own statement finds who asks."""


def _seated(rows: Sequence[Any]) -> Who:
    """Whose rows someone sees, while teams are on."""
    first = rows[0]
    own: set[str] = set()
    counted: set[str] = set()
    everyone = first["role"] == "ADMIN"
    if not everyone and first["collaborator_id"] is not None:
        own.add(first["collaborator_id"])
        counted.add(first["collaborator_id"])
        leads = first["role"] == "TEAM_LEAD"
        for row in rows:
            if row["leads"] and leads:
                own.add(row["member_id"])
                counted.add(row["member_id"])
            elif row["team_privacy"] == "SHARED":
                own.add(row["member_id"])
    grants = first["grants"]
    return Who(
        user_id=first["user_id"],
        name=first["name"],
        email=first["email"],
        locale=first["locale"],
        account_id=first["account_id"],
        timezone=first["timezone"],
        grants=frozenset(msgspec.json.decode(grants)) if grants else frozenset(),
        values=None if everyone else sorted(own),
        counted=None if everyone else sorted(counted),
        session_id=first["session_id"],
    )


def endpoint(
    handler: Handler, fetch: Any, texts: list[str], *, postgres: bool, kept: bytes
) -> Callable[[Request], Awaitable[Response]]:
    """A handler as Starlette calls it, with the headers and the line of the log that the product has."""

    async def answer(request: Request) -> Response:
        started = time.perf_counter()
        request_id = current_request_id()
        headers = request.headers
        body = msgspec.json.decode(await request.body())
        who = presented = account = None
        header = headers.get("authorization")
        if header is not None:
            account = headers.get("x-central", "central_00000000-0000-0000-0000-000000000000")[8:]
            presented = header[7:]
            if handler not in IDENTIFY:
                statement = question(presented, account)
                assert statement is not None
                text = numbered(statement.text) if postgres else statement.text
                rows = await fetch(text, statement.params)
                if not rows:
                    return Response(status_code=401)
                who = _seated(rows)
        address = request.client.host if request.client else None
        asks = Asks(fetch, texts, who, body, postgres, kept, presented, account, request_id, address)
        content = msgspec.json.encode({"data": await handler(asks)})
        logged(
            OperationRecord(
                user_id=who.user_id if who else None,
                account_id=who.account_id if who else None,
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )
        )
        return Response(
            content,
            media_type="application/graphql-response+json; charset=utf-8",
            headers={
                "cache-control": "no-store",
                "x-content-type-options": "nosniff",
                "vary": "Accept, Authorization, Cookie, X-Central",
            },
        )

    return answer

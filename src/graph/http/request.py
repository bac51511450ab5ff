"""Requests for an operation, as transports read them."""

from typing import Any

import msgspec


class GraphQLRequest(msgspec.Struct):
    """A request for one operation, as a transport read it."""

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    token: str | None = None
    token_in_cookie: bool = False
    refresh_cookie: str | None = None
    device_cookie: str | None = None
    central: str | None = None
    locale: str = "en"
    address: str | None = None
    agent: str = ""
    read_only: bool = False
    shows_cost: bool = False
    shows_absent: bool = False
    streams: bool = False
    """Whether its transport can answer with more than one response."""

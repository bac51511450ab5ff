"""Requests for an operation, as transports read them."""

from typing import Any

import msgspec

from graph.http.admission import Batch
from graph.http.documents import DocumentName


class GraphQLRequest(msgspec.Struct):
    """A request for one operation, as a transport read it."""

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    document: DocumentName | None = None
    token: str | None = None
    token_in_cookie: bool = False
    refresh_cookie: str | None = None
    device_cookie: str | None = None
    challenge_cookie: str | None = None
    central: str | None = None
    locale: str = "en"
    address: str | None = None
    agent: str = ""
    read_only: bool = False
    shows_cost: bool = False
    shows_absent: bool = False
    streams: bool = False
    """Whether its transport can answer with more than one response."""
    cross_site: bool = False
    """Whether a page of another site sends it."""
    batch: Batch | None = None
    trusted: str | None = None
    """The name of the trusted document that it asked for."""
    withheld: bool = False
    """Whether the document is one whose text the client need not know."""

    @property
    def lacks_text(self) -> bool:
        """Whether the document is still to be found by its name."""
        return not self.query and self.document is not None

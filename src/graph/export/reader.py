"""Who reads an export, and the ordinary queries that read it: every gate and rule of reach holds."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from graphql import GraphQLError

from actions.kit.rates import network_of
from authz.identity import NoSuchCentral, person_in
from authz.refusal import Unauthenticated
from authz.viewer import Viewer
from engine.cost import HEAVY
from engine.document import RejectedOperation
from graph.export.formats import Pages
from graph.http.body import BadRequest
from graph.http.handler import GraphQLHandler
from graph.http.request import GraphQLRequest
from graph.http.response import error_entry
from graph.kit.context import Context
from graph.kit.errors import RequestError
from models import database
from telemetry.request import request_id


class AccessEnded(Exception):
    """The viewer lost access during an export, which is then cut short."""


class ReadFault(BadRequest):
    """Rows could not be read, for a reason that only the log shows."""

    def __init__(self) -> None:
        super().__init__(500, "Something went wrong on our side.")


def _nothing(_count: int) -> None:
    pass


class Reader(ABC):
    """Who exports: each page is read with their access at that time."""

    def __init__(self, handler: GraphQLHandler, note: Callable[[int], None] = _nothing) -> None:
        """`note` gets the number of rows found so far, where all are found before the first is sent."""
        self.handler = handler
        self.note = note

    @abstractmethod
    async def viewer(self) -> Viewer:
        """The viewer now. Raises `AccessEnded` if they can no longer export."""

    @abstractmethod
    def context(self, viewer: Viewer) -> Context:
        """What the resolvers get."""

    def charge(self, _viewer: Viewer, _cost: int) -> None:  # noqa: B027 - by default, nothing is limited
        """Charge the client for work beside operations; raises `TooMuch`."""

    @asynccontextmanager
    async def turn(self, _viewer: Viewer, _cost: int) -> AsyncIterator[None]:
        """A slot for an operation, within the limits of its client."""
        yield


class RequestReader(Reader):
    """The request for an export, whose credential is judged again for each page."""

    def __init__(self, handler: GraphQLHandler, request: GraphQLRequest, bit: int) -> None:
        super().__init__(handler)
        self.request = request
        self._bit = bit

    async def viewer(self) -> Viewer:
        """The viewer now, with the gate of the export."""
        try:
            viewer = await self.handler.viewer(self.request)
        except (Unauthenticated, NoSuchCentral) as over:
            raise AccessEnded from over
        if not viewer.mask & self._bit:
            raise AccessEnded
        return viewer

    def context(self, viewer: Viewer) -> Context:
        """What the resolvers of any request get."""
        return self.handler.context(self.request, viewer, request_id())

    def charge(self, viewer: Viewer, cost: int) -> None:
        """Charge the client's budget, which their operations share; raises `TooMuch`."""
        self.handler.admission.charge(viewer.user_id or network_of(self.request.address), cost)

    @asynccontextmanager
    async def turn(self, viewer: Viewer, cost: int) -> AsyncIterator[None]:
        """A slot beside the same client's other operations, charged to their budget; raises `TooMuch`."""
        self.charge(viewer, cost)
        if cost < HEAVY:
            yield
            return
        network = network_of(self.request.address)
        async with self.handler.admission.turn(viewer.user_id, network):
            yield


class PersonReader(Reader):
    """A person without a credential: for the command line, and for e-mails that the clock sends."""

    def __init__(
        self, handler: GraphQLHandler, email: str, account_id: str, note: Callable[[int], None] = _nothing
    ) -> None:
        super().__init__(handler, note)
        self._email = email
        self._account_id = account_id

    async def viewer(self) -> Viewer:
        """The viewer that the person would be now in the account."""
        try:
            return await person_in(self._email, self._account_id)
        except (Unauthenticated, NoSuchCentral) as over:
            raise AccessEnded from over

    def context(self, viewer: Viewer) -> Context:
        """What the resolvers of a request by this person would get."""
        return self.handler.context(GraphQLRequest(""), viewer, database.new_id())


async def read_account(reader: Reader, viewer: Viewer, document: str, variables: dict[str, Any]) -> Any:
    """The account that an ordinary query returns. Raises `BadRequest` for what the API refuses."""
    engine = reader.handler.engine
    prepared = engine.prepare(document, None, viewer.mask, variables)
    if isinstance(prepared, RejectedOperation):
        raise BadRequest(400, prepared.errors[0].message)
    context = reader.context(viewer)
    result = await engine.run(prepared, variables, context)
    if result.errors:
        raise _as_raised(result.errors[0], context, before=result.never_ran)
    return msgspec.json.decode(msgspec.json.encode(result.data))["account"]


def _as_raised(error: GraphQLError, context: Context, *, before: bool) -> Exception:
    """What an export ends with, without the message of an internal error."""
    cause = error.original_error
    if isinstance(cause, database.TooSlow | database.Outage):
        return cause
    entry = error_entry(error, context, before=before)
    if entry["extensions"]["code"] == RequestError.INTERNAL.value:
        return ReadFault()
    return BadRequest(400, entry["message"])


def cost_of(reader: Reader, viewer: Viewer, document: str, variables: dict[str, Any]) -> int:
    """What a query costs its client."""
    prepared = reader.handler.engine.prepare(document, None, viewer.mask, variables)
    return 0 if isinstance(prepared, RejectedOperation) else prepared.cost.value(variables)


async def started(pages: Pages) -> Pages:
    """The same pages, of which the first was read already: its errors are no broken download.

    What the API refuses after it, it refuses because the access has changed.
    """
    first = await anext(pages)

    async def all_pages() -> AsyncIterator[Any]:
        yield first
        try:
            async for page in pages:
                yield page
        except ReadFault:
            raise
        except BadRequest as refused:
            raise AccessEnded from refused

    return all_pages()


def selection(columns: Iterable[str]) -> str:
    """The fields of some paths, as a document selects them."""
    tree: dict[str, Any] = {}
    for column in columns:
        level = tree
        for name in column.split("."):
            level = level.setdefault(name, {})
    return _written(tree)


def _written(tree: dict[str, Any]) -> str:
    return " ".join(f"{name} {{ {_written(below)} }}" if below else name for name, below in tree.items())


def value_at(node: Any, column: str) -> Any:
    """The value at the path of a column."""
    for name in column.split("."):
        if node is None:
            return None
        node = node[name]
    return node

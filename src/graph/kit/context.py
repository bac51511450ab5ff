"""What a request carries to its resolvers."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import msgspec
import strawberry
from msgspec.structs import replace

from actions.kit.call import Call
from authz.viewer import Viewer
from engine.execute import Engine
from engine.rows.children import ChildLoaders
from engine.rows.cursor import Seal
from engine.rows.source import Children, Counted, Lookup, Pages, field_class
from graph.kit.following import Following


@dataclass(frozen=True, slots=True)
class Serving:
    """How this server responds, according to its settings."""

    secret_key: bytes = field(repr=False)
    chain_key: bytes = field(repr=False)
    public_url: str
    previous_keys: tuple[bytes, ...] = field(default=(), repr=False)
    previous_chain_keys: tuple[bytes, ...] = field(default=(), repr=False)
    secure_cookies: bool = False
    allowed_origins: tuple[str, ...] = ()
    request_seconds: float = 20.0
    body_bytes: int = 256 * 1024
    response_bytes: int = 16_000_000
    cost_per_operation: int = 60_000
    cost_per_minute: int = 3_000_000
    introspection: bool = True
    suggestions: bool = True
    get_queries: bool = True
    batches: bool = True
    graphiql: bool = True
    trusted_documents: bool = False
    show_access: bool = False
    provider_name: str | None = None
    allow_natural_persons: bool = False
    allow_private_targets: bool = False


class Context(msgspec.Struct):
    """One request: the viewer, the client's address, and what is returned besides the data."""

    viewer: Viewer
    serving: Serving
    seal: Seal
    whole: strawberry.Schema  # the viewer can see a part of it
    engine: Engine
    request_id: str
    locale: str
    address: str | None = None
    agent: str = ""
    refresh_cookie: str | None = None
    device_cookie: str | None = None
    cross_site: bool = False
    challenge_cookie: str | None = None
    retry_after: int | None = None
    cookies: list[tuple[str, str, int]] = []
    following: Following | None = None
    _loaders: ChildLoaders | None = None
    _call: Call | None = None

    @property
    def call(self) -> Call:
        """The call of the current mutation. Mutations are executed one after the other."""
        assert self._call is not None, "declare the field with graph.kit.mutation.mutation"
        return self._call

    def begin_call(self, key: str | None, digest: str = "", earlier: tuple[str, ...] = ()) -> None:
        """Begin the call of a mutation. With an idempotency key, the call has the digests of its input."""
        caller = (self.viewer, self.request_id, self.address, self.serving.chain_key)
        self._call = Call(*caller, key, digest, earlier)

    def each(self) -> "Iterator[Context]":
        """The same for each event alone; once, without any, if there is none."""
        following = self.following
        assert following is not None
        for number in range(max(1, len(following.events))):
            part = copy(self)
            part.following = replace(following, events=following.events[number : number + 1])
            part._loaders = None
            yield part

    def children(self, source: Children, info: "Info") -> Any:
        """The loader for a list field's level."""
        return self._level.loader(source, field_class(info))

    def counts(self, source: Counted) -> Any:
        """The loader for a level's counts."""
        return self._level.counter(source)

    def lookup(self, source: Lookup, row_id: str, arguments: dict[str, Any]) -> Any:
        """A value of a row, read together with those of the rows beside it."""
        return self._level.lookup(source, arguments).load(row_id)

    def pages(self, source: Pages, cls: type, parent: str, arguments: dict[str, Any]) -> Any:
        """The connection below a row, read together with those of the rows beside it."""
        return self._level.connection(source, cls, parent, self.seal, arguments)

    async def below(self, source: Children, cls: type, row_id: str) -> Any:
        """The children of a row, read together with those of the rows beside it."""
        return await self._level.loader(source, cls).load(row_id)

    @property
    def _level(self) -> ChildLoaders:
        if self._loaders is None:
            self._loaders = ChildLoaders(self.viewer)
        return self._loaders


Info = strawberry.Info[Context, None]

__all__ = ["Context", "Info", "Serving"]

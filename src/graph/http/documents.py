"""Finding the text of the document that a request names."""

import time
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Protocol

from actions.documents import store
from authz.viewer import SIGNED_OUT, Viewer
from engine.cache import WeightedCache
from engine.scope.schema import Scopes

CACHE_BYTES = 16_000_000
SECONDS = 30.0
"""The seconds for which a process caches a trusted document, and thus still accepts it after its removal."""
SHA256 = "sha256:"


@dataclass(frozen=True, slots=True)
class DocumentName:
    """How a request names its document.

    `name` is the `documentId` of a trusted one. `digest` is the SHA-256 of automatic persisted queries. If
    the request also has the text, it is stored.
    """

    name: str | None = None
    digest: str | None = None


class NamesDocument(Protocol):
    """The part of a request that identifies its document: the text, or its name.

    The text of a trusted document is `withheld` from clients that send its name.
    """

    query: str
    document: DocumentName | None
    trusted: str | None
    withheld: bool

    @property
    def lacks_text(self) -> bool:
        """Whether the text still has to be looked up."""
        ...


class UnknownDocument(Exception):
    """A request names a document that is not stored."""


class UntrustedDocument(Exception):
    """A request sends a document where only trusted ones are allowed."""


class Documents:
    """The documents of this process. The most recently used are in memory, and all are in the database."""

    def __init__(self, scopes: Scopes, *, trusted_only: bool = False) -> None:
        self.trusted_only = trusted_only
        self._scopes = scopes
        self._registrar = store.Registrar()
        self._texts: WeightedCache[tuple[str, str], str] = WeightedCache(CACHE_BYTES)
        self._trusted: WeightedCache[str, tuple[float, str]] = WeightedCache(CACHE_BYTES)
        self._fingerprint = _fingerprint(scopes)

    async def find(self, request: NamesDocument) -> None:
        """Find the trusted document that a request names. It is the same for every viewer.

        Raises `UnknownDocument`, or `UntrustedDocument` for a text that is not allowed.
        """
        named = request.document
        if named is not None and named.name is not None:
            request.trusted = named.name
            _found(request, await self.trusted(named.name), withheld=True)
        elif self.trusted_only and not request.lacks_text and not await self.is_trusted(request.query):
            raise UntrustedDocument

    async def find_by_digest(self, request: NamesDocument, viewer: Viewer = SIGNED_OUT) -> None:
        """Find the document whose digest a request sends instead of its text. Raises `UnknownDocument`."""
        if request.document is None or request.document.digest is None or not request.lacks_text:
            return
        digest = request.document.digest
        text = None if self.trusted_only else await self.automatic(digest, viewer)
        if text is not None:
            _found(request, text, withheld=False)
        else:
            _found(request, await self.trusted(digest), withheld=True)

    async def trusted(self, name: str) -> str | None:
        """The text of a trusted document. `sha256:…` also finds one whose name is the digest alone."""
        found = self._trusted.lookup(name)
        if found is not None and found[0] > time.monotonic() - SECONDS:
            return found[1]
        text = await store.trusted_text(name)
        if text is None and name.startswith(SHA256):
            text = await store.trusted_text(name.removeprefix(SHA256))
        if text is not None:
            self._trusted.store(name, (time.monotonic(), text), 4 * len(text))
        return text

    async def is_trusted(self, text: str) -> bool:
        """Whether the text of a request is that of a trusted document."""
        digest = store.digest_of(text)
        found = self._trusted.lookup(f"={digest}")
        if found is not None and found[0] > time.monotonic() - SECONDS:
            return True
        trusted = await store.is_trusted(digest)
        if trusted:
            self._trusted.store(f"={digest}", (time.monotonic(), ""), 0)
        return trusted

    async def automatic(self, digest: str, viewer: Viewer = SIGNED_OUT) -> str | None:
        """The text that a viewer with the same schema sent with a digest."""
        scope = self._scope(viewer)
        text = self._texts.lookup((digest, scope))
        if text is None:
            text = await store.automatic_text(digest, scope, signed_in=viewer.user_id is not None)
            if text is not None:
                self._remember(digest, scope, text)
        return text

    def remembers(self, request: NamesDocument, viewer: Viewer) -> bool:
        """Whether a request's document is in memory. If it is, the request gets its text."""
        if request.document is None or request.document.digest is None:
            return True
        text = self._texts.lookup((request.document.digest, self._scope(viewer)))
        if text is None or self.trusted_only:
            return False
        if request.lacks_text:
            _found(request, text, withheld=False)
        return True

    async def register(self, request: NamesDocument, viewer: Viewer) -> None:
        """Store a document that was sent with its digest and that is valid for a viewer."""
        named = request.document
        if named is None or named.digest is None or self.trusted_only:
            return
        scope = self._scope(viewer)
        if self._texts.lookup((named.digest, scope)) is None:
            signed_in = viewer.user_id is not None
            await self._registrar.register(named.digest, request.query, scope, signed_in=signed_in)
            self._remember(named.digest, scope, request.query)

    def _remember(self, digest: str, scope: str, text: str) -> None:
        self._texts.store((digest, scope), text, 4 * len(text))

    def _scope(self, viewer: Viewer) -> str:
        return f"{self._fingerprint}:{self._scopes.key(viewer.mask):x}"


def require_allowed(trusted: str | None, viewer: Viewer) -> None:
    """Refuse all but the trusted documents that a token is narrowed to. Raises `UntrustedDocument`."""
    if viewer.documents is not None and trusted not in viewer.documents:
        raise UntrustedDocument


def _found(request: NamesDocument, text: str | None, *, withheld: bool) -> None:
    if text is None:
        raise UnknownDocument
    request.query, request.document, request.withheld = text, None, withheld


def _fingerprint(scopes: Scopes) -> str:
    """A digest of what each bit of a mask opens. Another version of the schema can use other bits."""
    gates: Any = (scopes.gates.types, scopes.gates.members, scopes.gates.arguments)
    parts = [f"{key}={bit}" for named in gates for key, bit in sorted(named.items())]
    return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()

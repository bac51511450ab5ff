"""The relying party of passkeys: this server, with the domain and origins that browsers know."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The domain that passkeys are bound to, and the pages that may use them."""

    id: str
    name: str
    origins: tuple[str, ...]


@lru_cache(maxsize=8)
def relying_party(public_url: str, allowed_origins: tuple[str, ...] = ()) -> RelyingParty:
    """The relying party of a server's public address."""
    parts = urlsplit(public_url)
    return RelyingParty(
        parts.hostname or "", "Centrals", (f"{parts.scheme}://{parts.netloc}", *allowed_origins)
    )

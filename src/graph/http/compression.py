"""Compressed responses: gzip always, Zstandard and Brotli where their packages are installed."""

import asyncio
import zlib
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from importlib import import_module
from typing import Any

from engine.cache import WeightedCache
from graph.http.headers import LONGEST_LIST

LEAST_BYTES = 1024
"""The length in bytes from which on responses are compressed."""
_THREAD_BYTES = 128 * 1024  # longer content is compressed in a thread
_REPEATED_BYTES = 8_000_000
_GZIP = 16 + zlib.MAX_WBITS

Compress = Callable[[bytes], bytes]


def _gzip(content: bytes) -> bytes:
    compressor = zlib.compressobj(5, wbits=_GZIP)
    return compressor.compress(content) + compressor.flush()


def _package(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None


def _codings() -> dict[str, Compress]:
    """The content codings, the best first."""
    found: dict[str, Compress] = {}
    if (zstandard := _package("zstandard")) is not None:
        found["zstd"] = lambda content: zstandard.ZstdCompressor(level=3).compress(content)
    if (brotli := _package("brotli")) is not None:
        found["br"] = lambda content: brotli.compress(content, quality=4)
    return {**found, "gzip": _gzip}


CODINGS = _codings()


def coding_of(accept: bytes) -> str | None:
    """The best coding that an Accept-Encoding header allows. None means uncompressed."""
    return _coding_of(accept[:LONGEST_LIST])


@lru_cache(maxsize=256)
def _coding_of(accept: bytes) -> str | None:
    weights: dict[str, float] = {}
    for part in accept.decode("latin-1").lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weights[name] = _weight(parameters)
    other = weights.get("*", 0.0)
    allowed = {name: weights.get(name, other) for name in CODINGS}
    best = max(allowed, key=lambda name: allowed[name])  # the first of equals
    return best if allowed[best] > 0 and allowed[best] >= weights.get("identity", 0.0) else None


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


async def compressed(coding: str, content: bytes) -> bytes:
    """The content, compressed in a coding."""
    compress = CODINGS[coding]
    if len(content) < _THREAD_BYTES:
        return compress(content)
    return await asyncio.to_thread(compress, content)


class RepeatedContents:
    """Contents that are sent again and again, each compressed once: introspections, which are long."""

    def __init__(self) -> None:
        self._found: WeightedCache[tuple[str, bytes], bytes] = WeightedCache(_REPEATED_BYTES)

    async def compressed(self, coding: str, content: bytes) -> bytes:
        """The content, compressed in a coding now or before."""
        key = coding, blake2b(content, digest_size=16).digest()
        found = self._found.lookup(key)
        if found is None:
            found = await compressed(coding, content)
            self._found.store(key, found, len(found))
        return found

"""Cursors: the position of a row in an order, with a MAC so that only this server can write them."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import msgspec

_SEAL_BYTES = 12


class BadCursor(Exception):
    """A cursor that this server did not write for this list and order."""


class Seal:
    """Writes cursors with a key, and reads those that were written with it or with a previous one."""

    def __init__(self, key: bytes, previous: Sequence[bytes] = ()) -> None:
        self._key, *self._previous = (
            blake2b(one, person=b"cursor", digest_size=32).digest() for one in (key, *previous)
        )

    def write(self, purpose: str, values: tuple[Any, ...]) -> str:
        """A cursor for the values that a row is sorted by, valid for one purpose only."""
        content = msgspec.msgpack.encode(values)
        return _text(_seal(self._key, purpose, content) + content)

    def read(self, purpose: str, cursor: str, length: int) -> tuple[Any, ...]:
        """The values of a cursor; raises `BadCursor` if it was not written for the purpose."""
        try:
            raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        except ValueError as error:
            raise BadCursor from error
        if _text(raw) != cursor:  # base64 can spell the same bytes in other ways
            raise BadCursor
        seal, content = raw[:_SEAL_BYTES], raw[_SEAL_BYTES:]
        keys = (self._key, *self._previous)
        if not any(hmac.compare_digest(seal, _seal(key, purpose, content)) for key in keys):
            raise BadCursor
        values = tuple(msgspec.msgpack.decode(content))
        if len(values) != length:
            raise BadCursor
        return values


def _seal(key: bytes, purpose: str, content: bytes) -> bytes:
    return blake2b(purpose.encode() + b"\0" + content, key=key, digest_size=_SEAL_BYTES).digest()


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")

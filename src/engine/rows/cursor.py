"""Cursors: the position of a row in an order, with a MAC so that only this server can write them."""

import hmac
from base64 import urlsafe_b64decode
from binascii import b2a_base64
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

import msgspec

_SEAL_BYTES = 12
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_encode = msgspec.msgpack.Encoder().encode


class BadCursor(Exception):
    """A cursor that this server did not write for this list and order."""


class Seal:
    """Writes cursors with a key, and reads those that were written with it or with a previous one."""

    def __init__(self, key: bytes, previous: Sequence[bytes] = ()) -> None:
        self._key, *self._previous = (
            blake2b(secret, person=b"cursor", digest_size=32).digest() for secret in (key, *previous)
        )

    def write(self, purpose: str, values: tuple[Any, ...]) -> str:
        """A cursor for the values that a row is sorted by, valid for one purpose only."""
        return self.write_all(purpose, [values])[0]

    def write_all(self, purpose: str, rows: Iterable[tuple[Any, ...]]) -> list[str]:
        """The cursors of several rows: what they share is hashed once."""
        shared = _hash(self._key, purpose)
        cursors = []
        for values in rows:
            content = _encode(values)
            own = shared.copy()
            own.update(content)
            cursors.append(_text(own.digest() + content))
        return cursors

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


def _hash(key: bytes, purpose: str) -> blake2b:
    return blake2b(purpose.encode() + b"\0", key=key, digest_size=_SEAL_BYTES)


def _seal(key: bytes, purpose: str, content: bytes) -> bytes:
    own = _hash(key, purpose)
    own.update(content)
    return own.digest()


def _text(raw: bytes) -> str:
    # as base64.urlsafe_b64encode does, without its checks
    return b2a_base64(raw, newline=False).translate(_URL_SAFE).decode().rstrip("=")

"""Rows that wait in a file until a client takes them."""

import tempfile
import weakref
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")
_SIZE_BYTES = 4


class Spool(Generic[T]):
    """The rows of a long statement, in a file without a name: a slow client holds neither a connection nor
    the database's view of that time, and no process has all of its rows in memory."""

    def __init__(self, kind: type[T]) -> None:
        self.count = 0
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open until its rows are sent
        weakref.finalize(self, self._file.close)
        self._decoder = msgspec.msgpack.Decoder(list[kind])  # type: ignore[valid-type]

    async def fill(self, parts: AsyncIterator[Sequence[T]], progress: Callable[[int], None]) -> None:
        """Write all parts, and report the number of rows after each."""
        encoder = msgspec.msgpack.Encoder()
        async for rows in parts:
            written = encoder.encode(rows)
            self._file.write(len(written).to_bytes(_SIZE_BYTES))
            self._file.write(written)
            self.count += len(rows)
            progress(self.count)

    def parts(self) -> Iterator[list[T]]:
        """The rows, in the parts in which they came. The file is gone after the last."""
        with self._file as file:
            file.seek(0)
            while size := file.read(_SIZE_BYTES):
                yield self._decoder.decode(file.read(int.from_bytes(size)))

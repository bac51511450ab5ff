"""The files that an import reads: folders expanded, compression removed, every text as UTF-8."""

import codecs
import gzip
import io
import shutil
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import msgspec

from intake.values.reading import Malformed
from models import database

CHUNK = 65_536
LARGEST_WORKBOOK = 64 * 1_048_576
_STANDARD_INPUT = Path("-")
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Source(msgspec.Struct, frozen=True):
    """One file to import. Without a path, it is the content of standard input."""

    name: str
    size: int
    modified_at: int
    """When the file was last changed, in milliseconds since 1970. A report or page is true as of then."""
    open: Callable[[], IO[bytes]]


class Content(msgspec.Struct, frozen=True):
    """An open file: either a workbook, or chunks of decompressed text without byte order marks."""

    position: Callable[[], int]
    """The number of bytes of the file that were read so far."""
    workbook: IO[bytes] | None = None
    chunks: Iterator[bytes] = iter(())


def sources(paths: Iterable[Path | str]) -> list[Source]:
    """The files that the paths name. A folder stands for every file in it, in the order of their names."""
    return [source for path in paths for source in _sources(Path(path))]


def _sources(path: Path) -> Iterator[Source]:
    if path == _STANDARD_INPUT:
        yield _standard_input()
    elif path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file() and not _hidden(file.relative_to(path)):
                yield _file(file)
    else:
        yield _file(path)


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _file(path: Path) -> Source:
    state = path.stat()
    return Source(str(path), state.st_size, int(state.st_mtime * 1000), lambda: path.open("rb"))


def _standard_input() -> Source:
    """A pipe is first copied to a file, because a workbook is not read from start to end."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - it ends with the source
    shutil.copyfileobj(sys.stdin.buffer, copy)
    size = copy.tell()

    def rewound() -> IO[bytes]:
        copy.seek(0)
        return copy

    return Source("-", size, database.now(), rewound)


@contextmanager
def content(source: Source) -> Iterator[Content]:
    """The content of a file while it is open. Raises `Malformed` if nothing here can read it."""
    with closing(source.open()) as file:
        yield _content(file, file.tell)


def _content(file: IO[bytes], position: Callable[[], int]) -> Content:
    head = _head(file)
    if head.startswith(_GZIP):
        inner = gzip.GzipFile(fileobj=file)
        inner_head = next(_raw_chunks(inner), b"")
        inner.seek(0)
        if inner_head.startswith(_ZIP):
            return Content(position, workbook=_copy(inner))
        return Content(position, chunks=_text(_raw_chunks(inner)))
    if head.startswith(_ZIP):
        return Content(position, workbook=file)
    if head.startswith(_OLD_EXCEL):
        raise Malformed("The file is in Excel's old format: save it as XLSX or CSV.")
    return Content(position, chunks=_text(_raw_chunks(file)))


def _head(file: IO[bytes]) -> bytes:
    head = file.read(8)
    file.seek(0)
    return head


def _copy(stream: gzip.GzipFile) -> IO[bytes]:
    copy = io.BytesIO()
    for chunk in _raw_chunks(stream):
        if copy.write(chunk) and copy.tell() > LARGEST_WORKBOOK:
            raise Malformed("The workbook is too large.")
    copy.seek(0)
    return copy


def _raw_chunks(stream: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    while True:
        try:
            chunk = stream.read(CHUNK)
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise Malformed("The compressed file is damaged or ends before its end.") from None
        if not chunk:
            return
        yield chunk


def _text(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks as UTF-8 without a byte order mark. Bytes in no Unicode encoding stay as they are."""
    head = next(chunks, b"")
    while len(head) < 4 and (more := next(chunks, b"")):
        head += more
    encoding, length = _encoding(head)
    head = head[length:]
    if encoding == "utf-8":
        yield head
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for chunk in _chain(head, chunks):
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", final=True).encode()


def _chain(head: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from chunks


def _encoding(head: bytes) -> tuple[str, int]:
    """The encoding of a text and the length of its mark. Without a mark, NUL bytes beside letters decide."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    if len(head) >= 4 and head[1] == 0 and head[0]:
        return "utf-16-le", 0
    if len(head) >= 4 and head[0] == 0 and head[1]:
        return "utf-16-be", 0
    return "utf-8", 0


def lines(chunks: Iterable[bytes], longest: int) -> Iterator[bytes]:
    """Each line with its end. A line that is too long comes in pieces."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        *whole, rest = rest.splitlines(keepends=True) or [b""]
        if rest.endswith(b"\n"):
            whole.append(rest)
            rest = b""
        yield from whole
        if len(rest) > longest:
            yield rest
            rest = b""
    if rest:
        yield rest


def after(head: Sequence[bytes], chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The chunks from their start again, after some were looked at."""
    yield from head
    yield from chunks

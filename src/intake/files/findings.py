"""The content of a file: messages, items of the sales history and rows of sales reports, one by one."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from intake.files import report
from intake.files.documents import Unread, documents
from intake.files.sources import Content, Source, after, content, lines
from intake.files.workbook import workbook_rows
from intake.hotmart.postback import form_fields, is_postback
from intake.values.reading import Malformed

_LONGEST_ROW = 1_048_576


class Finding(msgspec.Struct, frozen=True):
    """One item of a file, a decoded value or `Unread`, with its position."""

    place: str
    value: Any
    read: int
    """The number of bytes of the file that were read so far."""


def findings(source: Source, zone: ZoneInfo) -> Iterator[Finding]:
    """Everything in a file. What cannot be read is one of the findings."""
    try:
        with content(source) as found:
            for place, value in _values(found, zone):
                yield Finding(place, value, found.position())
    except Malformed as fault:
        yield _unread(source, fault)
    except OSError as error:
        yield _unread(source, Malformed(f"The file cannot be read: {error.strerror or error}."))


def _unread(source: Source, fault: Malformed) -> Finding:
    return Finding("the file", Unread(source.name.encode("utf-8", "replace"), fault), source.size)


def _values(found: Content, zone: ZoneInfo) -> Iterator[tuple[str, Any]]:
    if found.workbook is not None:
        cells = workbook_rows(found.workbook)
        header = report.header_of(next(cells, ()))
        if header is None:
            raise Malformed("The workbook's first row is not the header of a sales report.")
        yield from _rows(report.items(header, cells, zone))
        return
    start, chunks = _start(found.chunks)
    first = _first_line(start)
    if is_postback(form := form_fields(first)):
        yield "item 1", form
    elif first[:1] not in (b"{", b"[") and (table := report.csv_header(_text(first))):
        header, delimiter = table
        texts = map(_text, lines(after([start], chunks), _LONGEST_ROW))
        rows = report.csv_rows(texts, delimiter)
        next(rows, None)
        yield from _rows(report.items(header, rows, zone))
    else:
        for number, value in enumerate(documents(after([start], chunks)), 1):
            yield f"item {number}", value


def _rows(items: Iterator[tuple[int, Any]]) -> Iterator[tuple[str, Any]]:
    for number, value in items:
        yield f"row {number}", value


def _start(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Enough of the text to recognize its format, without leading whitespace, and the rest of it."""
    start = b""
    for chunk in chunks:
        start = (start + chunk).lstrip()
        if start:
            break
    return start, chunks


def _first_line(start: bytes) -> bytes:
    return start.splitlines()[0] if start else b""


def _text(line: bytes) -> str:
    """A line of a report, in UTF-8 or in Windows' Western encoding."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")

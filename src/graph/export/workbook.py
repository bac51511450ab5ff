"""Workbooks of any length, sent while their rows are read: the parts of a zip archive, in constant memory."""

import asyncio
import io
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

LARGEST_SHEET = 1_048_575
"""The most rows that a sheet has below its header. More rows continue on another sheet."""
LARGEST_PART = 2_000_000_000
"""The most bytes of a sheet before compression. From 2 GiB on, it would need an archive that not all read."""
_SHEETS = "xl/worksheets/"
_LONGEST_TEXT = 32_767
_ROWS_AT_ONCE = 100
_COMPRESSION = 3  # twice as fast as the usual level, for a file that is a third larger
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Cells = Sequence[Any]


class _Outlet:
    """A file that cannot seek, from which each byte is taken once."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def write(self, content: bytes) -> int:
        """Keep the bytes until they are taken."""
        self._buffer += content
        return len(content)

    def flush(self) -> None:
        """Do nothing, since no bytes wait elsewhere."""

    def close(self) -> None:
        """Do nothing, so that an archive that is left behind can end."""

    def take(self) -> bytes:
        """The bytes since the last time."""
        content = bytes(self._buffer)
        self._buffer.clear()
        return content


async def workbook(
    columns: Cells, pages: AsyncIterator[Sequence[Cells]], text: Callable[[Any], str]
) -> AsyncIterator[bytes]:
    """The bytes of a workbook. Numbers and booleans are cells of their kind, and all else is `text` of it."""
    outlet = _Outlet()
    empty = (await asyncio.to_thread(_parts, 1))[f"{_SHEETS}sheet1.xml"]
    above, end, below = empty.partition(b"</sheetData>")
    header = _row(columns, text)
    with ZipFile(outlet, "w", ZIP_DEFLATED, compresslevel=_COMPRESSION) as archive:
        number = 0
        async with aclosing(_chunks(pages)) as chunks:
            chunk = await anext(chunks, None)
            while chunk is not None or not number:
                number += 1
                with archive.open(f"{_SHEETS}sheet{number}.xml", "w") as sheet:
                    size, count = sheet.write(above + header), 0
                    while chunk is not None and count + len(chunk) <= LARGEST_SHEET and size < LARGEST_PART:
                        size += sheet.write(b"".join(_row(row, text) for row in chunk))
                        count += len(chunk)
                        yield outlet.take()
                        chunk = await anext(chunks, None)
                    sheet.write(end + below)
        for name, content in (await asyncio.to_thread(_parts, number)).items():
            if not name.startswith(_SHEETS):
                archive.writestr(name, content)
    yield outlet.take()


async def _chunks(pages: AsyncIterator[Sequence[Cells]]) -> AsyncGenerator[Sequence[Cells], None]:
    """The rows, as few at once as take no longer to write than several queries."""
    async for rows in pages:
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            await asyncio.sleep(0)
            yield rows[start : start + _ROWS_AT_ONCE]


def _parts(sheets: int) -> dict[str, bytes]:
    """The parts of a workbook with some empty sheets, whose first row does not scroll."""
    # only an export of a workbook waits for this library
    from openpyxl import Workbook

    book, file = Workbook(write_only=True), io.BytesIO()
    for _ in range(sheets):
        book.create_sheet().freeze_panes = "A2"
    book.save(file)
    with ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _row(values: Cells, text: Callable[[Any], str]) -> bytes:
    return f"<row>{''.join([_cell(value, text) for value in values])}</row>".encode()


def _cell(value: Any, text: Callable[[Any], str]) -> str:
    if isinstance(value, bool):
        return f'<c t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float | Decimal):
        return f"<c><v>{value}</v></c>"
    content = escape(_NOT_IN_XML.sub("", text(value))[:_LONGEST_TEXT])
    return f'<c t="inlineStr"><is><t xml:space="preserve">{content}</t></is></c>' if content else "<c/>"

"""The tables that are exported, and their formats: text as it is read, and workbooks of constant memory."""

import asyncio
import csv
import io
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from actions.kit.log import Change
from reports.report import Report

Row = Mapping[str, Any]
Pages = AsyncIterator[Sequence[Row]]

# characters that start a formula in a spreadsheet; the wide ones do so in some languages
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?").fullmatch
_CHUNK = 1 << 16
_ROWS_AT_ONCE = 100
LARGEST_SHEET = 1_048_575
"""The most rows that a workbook's sheet has below its header."""


class Heading(NamedTuple):
    """What a report's chart says above its rows, and how it is drawn."""

    report: Report
    locale: str
    account: str
    first: str
    end: str
    measure: str | None = None
    """The column that is drawn; by default, the first amount."""
    theme: str = "auto"
    split: bool = False
    """Whether its rows are split by member or team."""


class Table(NamedTuple):
    """A table to export: the name of its file, its columns, its pages, and what the log shows of it."""

    name: str
    columns: tuple[str, ...]
    pages: Pages
    changes: tuple[Change, ...] = ()
    heading: Heading | None = None
    """Of a report that becomes a chart."""


class Format(NamedTuple):
    """A file format: its media type, the ending of file names, and the bytes of a table's pages."""

    media_type: str
    ending: str
    content: Callable[[Table], AsyncIterator[bytes]]
    headers: Mapping[str, str] = {}
    """What its responses say besides."""
    inline: bool = False
    """Whether a browser shows it rather than saves it."""


def cell(value: Any) -> str:
    """The text of a cell, escaped so that no spreadsheet reads it as a formula. A negative number is none."""
    if value is None:
        return ""
    text = msgspec.json.encode(value).decode() if isinstance(value, list | dict | bool) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not _NEGATIVE(text) else text


def _csv_lines(rows: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([[cell(value) for value in row] for row in rows])
    return text.getvalue().encode()


async def _csv(table: Table) -> AsyncIterator[bytes]:
    yield "\ufeff".encode() + _csv_lines(
        [table.columns]
    )  # without the mark, spreadsheets guess another encoding
    async for rows in table.pages:
        yield _csv_lines([tuple(row.values()) for row in rows])


async def _json_lines(table: Table) -> AsyncIterator[bytes]:
    async for rows in table.pages:
        yield b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


async def _workbook(table: Table) -> AsyncIterator[bytes]:
    """A workbook, written to a file row by row. Its first bytes follow its last row."""
    # only an export of a workbook waits for this library
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append(list(table.columns))
    with tempfile.TemporaryFile() as file:
        try:
            async for rows in table.pages:
                for number, row in enumerate(rows):
                    if number % _ROWS_AT_ONCE == 0:
                        await asyncio.sleep(0)  # a hundred rows take as long as several queries
                    sheet.append([_typed(name, value) for name, value in row.items()])
        finally:
            await asyncio.to_thread(book.save, file)  # it also removes the library's own file
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def _typed(name: str, value: Any) -> Any:
    """A cell of a workbook: an amount or another number as a number, and everything else as text."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, int | float):
        return value
    if value is not None and name.endswith(".amount"):
        return Decimal(value)
    return ILLEGAL_CHARACTERS_RE.sub("", cell(value)) or None


CSV = Format("text/csv; charset=utf-8", "csv", _csv)
JSON_LINES = Format("application/jsonl; charset=utf-8", "jsonl", _json_lines)
WORKBOOK = Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", _workbook)
FORMATS = {each.ending: each for each in (CSV, JSON_LINES, WORKBOOK)}

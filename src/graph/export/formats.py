"""The tables that are exported, and their formats, which are written while rows are read."""

import csv
import io
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from actions.kit.log import Change
from graph.export.workbook import workbook
from reports.report import Report

Row = Mapping[str, Any]
Pages = AsyncIterator[Sequence[Row]]

# characters that start a formula in a spreadsheet; the wide ones do so in some languages
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?").fullmatch


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


def _workbook(table: Table) -> AsyncIterator[bytes]:
    return workbook(table.columns, _cells(table), cell)


async def _cells(table: Table) -> AsyncIterator[list[list[Any]]]:
    """The pages of a workbook, in which amounts are numbers."""
    async for rows in table.pages:
        yield [[_typed(name, value) for name, value in row.items()] for row in rows]


def _typed(name: str, value: Any) -> Any:
    return Decimal(value) if value is not None and name.endswith(".amount") else value


CSV = Format("text/csv; charset=utf-8", "csv", _csv)
JSON_LINES = Format("application/jsonl; charset=utf-8", "jsonl", _json_lines)
WORKBOOK = Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", _workbook)
FORMATS = {each.ending: each for each in (CSV, JSON_LINES, WORKBOOK)}

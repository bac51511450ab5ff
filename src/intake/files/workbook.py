"""The rows of a workbook's first sheet, read one by one, within safe limits."""

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError

from intake.values.reading import Malformed

LARGEST = 512 * 1_048_576
LARGEST_WORDS = 64 * 1_048_576
MOST_PARTS = 1_000
MOST_ROWS = 1_048_576
MOST_COLUMNS = 300
_TOO_LARGE = "The workbook is too large: export it as CSV, or in parts."
_DAMAGES = (KeyError, ValueError, TypeError, AttributeError, EOFError, OSError, zlib.error)


def workbook_rows(file: IO[bytes]) -> Iterator[tuple[Any, ...]]:
    """The rows of the first sheet, the header first. Raises `Malformed` if there is none, or too many."""
    _check_size(file)
    for number, row in enumerate(_rows(file)):
        if number == MOST_ROWS:
            raise Malformed(_TOO_LARGE)
        yield row


def _rows(file: IO[bytes]) -> Iterator[tuple[Any, ...]]:
    # only an import of a workbook waits for this library
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets[:1]:
                # a row can have any number, and the library fills what is missing before it
                width = min(sheet.max_column or MOST_COLUMNS, MOST_COLUMNS)
                yield from sheet.iter_rows(max_col=width, values_only=True)
    except (InvalidFileException, zipfile.BadZipFile, DefusedXmlException, ParseError, *_DAMAGES):
        raise Malformed("The workbook cannot be read.") from None


def _check_size(file: IO[bytes]) -> None:
    """Refuse an archive that is not a workbook, or that grows too large when it is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise Malformed("The archive is damaged.") from None
    if not any(part.filename.startswith("xl/") for part in parts):
        raise Malformed("The archive holds no workbook: unpack it, and import what is in it.")
    words = sum(part.file_size for part in parts if "worksheets" not in part.filename)
    if len(parts) > MOST_PARTS or words > LARGEST_WORDS or sum(part.file_size for part in parts) > LARGEST:
        raise Malformed(_TOO_LARGE)

"""Hotmart's sales reports, old and new, as CSV or XLSX: each row as an item of the sales history."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from intake.files.documents import Unread
from intake.files.report_cells import Custom, amount, custom_of, moment
from intake.files.report_words import (
    COLUMNS,
    COUNTRIES,
    CURRENCY,
    METHODS,
    NEEDED,
    NONE,
    ROLES,
    STATUSES,
    plain,
)
from intake.values.reading import LONGEST_STORED, Malformed, Tree, encoded

_SAMPLE = 500
_FEWEST = 3
_LONGEST_LINE = LONGEST_STORED
_DELIMITERS = ";,\t|"
_AMOUNTS = (
    *(
        "price",
        "product_price",
        "full_price",
        "total_price",
        "original_price",
        "gross",
        "net",
        "producer_net",
    ),
    *("affiliate_share", "coproducer_share", "fee", "streaming_fee", "other_fees"),
)
_ADDRESS = {
    "street": "address",
    "number": "number",
    "complement": "complement",
    "neighborhood": "neighborhood",
    "city": "city",
    "state": "state",
    "zipcode": "zipcode",
    "country": "country",
}

Row = Sequence[Any]


class Header(msgspec.Struct, frozen=True):
    """The column of each cell in a row. If several columns have one name, the first counts."""

    cells: dict[str, int]
    currencies: tuple[int, ...]
    """The older report's columns with currencies, each of which comes before the amounts it applies to."""
    titles: tuple[str, ...]

    def missing(self) -> str | None:
        """Why the file cannot be read: the required columns that it lacks."""
        missing = [words for name, words in NEEDED.items() if name not in self.cells]
        return f"The report has no column {' and no column '.join(missing)}." if missing else None


def header_of(titles: Row) -> Header | None:
    """The header in a row, or None if the row does not look like the header of a sales report."""
    words = [plain(str(title or "")) for title in titles]
    cells: dict[str, int] = {}
    for number, word in enumerate(words):
        if (name := COLUMNS.get(word)) is not None:
            cells.setdefault(name, number)
    if len(cells) < _FEWEST:
        return None
    currencies = tuple(number for number, word in enumerate(words) if word in CURRENCY)
    return Header(cells, currencies, tuple(str(title or "") for title in titles))


def csv_header(line: str) -> tuple[Header, str] | None:
    """The header in a line, and the delimiter that makes it one."""
    best: tuple[Header, str] | None = None
    for delimiter in _DELIMITERS:
        try:
            titles = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue
        header = header_of(titles)
        if header and (best is None or len(header.cells) > len(best[0].cells)):
            best = header, delimiter
    return best


def csv_rows(texts: Iterator[str], delimiter: str) -> Iterator[Row | Unread]:
    """The rows below the header. Lines that are not rows are reported and left out."""
    reader = csv.reader(texts, delimiter=delimiter)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Unread(b"", Malformed(f"The row cannot be read: {error}."))


def items(header: Header, rows: Iterable[Row | Unread], zone: ZoneInfo) -> Iterator[tuple[int, Any]]:
    """The rows as items of the sales history, numbered as in a spreadsheet."""
    if reason := header.missing():
        yield 1, Unread(encoded(list(header.titles)).encode(), Malformed(reason))
        return
    rows = iter(rows)
    sample = list(islice(rows, _SAMPLE))
    custom = _custom(header, [row for row in sample if not isinstance(row, Unread)], zone)
    for number, row in enumerate(chain(sample, rows), 2):
        if isinstance(row, Unread):
            yield number, row
        elif any(_has_value(cell) for cell in row):
            try:
                yield number, _item(_Cells(header, row, custom))
            except Malformed as fault:
                yield number, Unread(encoded([_plain_cell(cell) for cell in row]).encode(), fault)


def _custom(header: Header, rows: Sequence[Row], zone: ZoneInfo) -> Custom:
    def cells(names: Iterable[str]) -> Iterator[Any]:
        numbers = [header.cells[name] for name in names if name in header.cells]
        return (row[number] for row in rows for number in numbers if number < len(row))

    return custom_of(cells(_AMOUNTS), cells(("order_date", "approved_date")), zone)


def _has_value(cell: Any) -> bool:
    return cell is not None and not (type(cell) is str and cell.strip().casefold() in NONE)


def _plain_cell(cell: Any) -> Any:
    """A cell as a value that JSON can contain."""
    return cell if cell is None or type(cell) in (str, int, bool) else str(cell)


class _Cells:
    """A row's cells by the names of their columns."""

    def __init__(self, header: Header, row: Row, custom: Custom) -> None:
        self._header = header
        self._row = row
        self._custom = custom

    def raw(self, name: str) -> Any:
        number = self._header.cells.get(name)
        return self._at(number) if number is not None else None

    def text(self, name: str) -> str | None:
        """A cell as text. A code that a spreadsheet stores as a number becomes its digits."""
        cell = self.raw(name)
        if cell is None:
            return None
        if type(cell) is float and cell.is_integer():
            cell = int(cell)
        return str(cell).strip()

    def word(self, name: str, words: dict[str, str]) -> str | None:
        """A cell in the marketplace's own term. An unknown one stays as it is."""
        text = self.text(name)
        return None if text is None else words.get(plain(text), text)

    def money(self, name: str, currency: str | None) -> Tree | None:
        cell = self.raw(name)
        if cell is None:
            return None
        return {
            "value": amount(cell, currency or "", self._custom, self.title(name)),
            "currency_code": currency,
        }

    def moment(self, name: str) -> int | None:
        cell = self.raw(name)
        return None if cell is None else moment(cell, self._custom, self.title(name))

    def title(self, name: str) -> str:
        return self._header.titles[self._header.cells[name]]

    def currency_before(self, name: str) -> str | None:
        """The nearest currency before a column of the older report."""
        number = self._header.cells.get(name, -1)
        before = [at for at in self._header.currencies if at < number]
        cell = self._at(before[-1]) if before else None
        return None if cell is None else str(cell).strip().upper()

    def original(self) -> Tree:
        """The whole row, under its headers as written. Columns with equal headers each stay."""
        tree: Tree = {}
        for number, title in enumerate(self._header.titles):
            cell = self._at(number)
            if cell is not None and title:
                key = title if title not in tree else f"{title} ({number + 1})"
                tree[key] = _plain_cell(cell)
        return tree

    def _at(self, number: int) -> Any:
        cell = self._row[number] if number < len(self._row) else None
        return cell if _has_value(cell) else None


def _item(cells: _Cells) -> Tree:
    """An item in the format of the REST sales history, so that one reader serves both."""
    item = {
        "product": {"id": cells.text("product_code"), "name": cells.text("product_name")},
        "buyer": _buyer(cells),
        "producer": {"name": cells.text("producer")},
        "affiliates": _affiliates(cells),
        "commissions": _commissions(cells),
        "purchase": {
            "transaction": cells.text("transaction"),
            "status": cells.word("status", STATUSES),
            "order_date": cells.moment("order_date"),
            "approved_date": cells.moment("approved_date"),
            "recurrency_number": cells.text("recurrence"),
            "subscriber_code": cells.text("subscriber"),
            "checkout_origin": cells.text("checkout_origin"),
            "tracking": {"source": cells.text("src"), "source_sck": cells.text("sck")},
            "offer": _offer(cells),
            "payment": {
                "type": cells.word("method", METHODS),
                "installments_number": cells.text("installments"),
                "refusal_reason": cells.text("refusal"),
            },
            "order_bump": _order_bump(cells),
            **_prices(cells),
        },
    }
    return {**_without_empty(item), "report": cells.original()}


def _without_empty(tree: Tree) -> Tree:
    found: Tree = {}
    for key, value in tree.items():
        cleaned = _without_empty(value) if type(value) is dict else value
        if cleaned is not None and cleaned not in ({}, []):
            found[key] = cleaned
    return found


def _offer(cells: _Cells) -> Tree:
    return {
        "code": cells.text("offer_code"),
        "name": cells.text("offer_name"),
        "coupon_code": cells.text("coupon"),
    }


def _buyer(cells: _Cells) -> Tree:
    address: Tree = {key: cells.text(name) for name, key in _ADDRESS.items()}
    code = COUNTRIES.get(plain(address["country"] or ""))
    return {
        "name": cells.text("name"),
        "email": cells.text("email"),
        "document": cells.text("document"),
        "checkout_phone_code": cells.text("area_code"),
        "checkout_phone": cells.text("phone"),
        "address": {**address, "country_iso": code},
    }


def _affiliates(cells: _Cells) -> list[Tree]:
    """The affiliate of the sale. Sales without an affiliate can have the code alone."""
    name = cells.text("affiliate_name")
    return [{"name": name, "affiliate_code": cells.text("affiliate_code")}] if name else []


def _order_bump(cells: _Cells) -> Tree:
    parent = cells.text("parent")
    if parent is None or "bump" not in (cells.text("tool") or "").casefold():
        return {}
    return {"is_order_bump": True, "parent_purchase_transaction": parent}


def _prices(cells: _Cells) -> Tree:
    """The amounts that the newer report has in the purchase's currency, and the older one in several."""
    currency = cells.text("purchase_currency")
    price = cells.money("price", currency)
    if price is not None:
        return {"price": price, "full_price": cells.money("full_price", currency)}
    price = cells.money("product_price", cells.currency_before("product_price"))
    if price is None:
        return {"price": cells.money("gross", cells.text("payout_currency"))}
    original = cells.currency_before("original_price") if cells.raw("original_price") is not None else None
    full = cells.money("total_price", original or price["currency_code"])
    return {"price": price, "full_price": full}


def _commissions(cells: _Cells) -> list[Tree]:
    """The recipients and their shares. A share of zero belongs to no one."""
    payout = cells.text("payout_currency")
    shares = [
        ("PRODUCER", cells.money("producer_net", payout)),
        ("AFFILIATE", cells.money("affiliate_share", payout)),
        ("COPRODUCER", cells.money("coproducer_share", payout)),
        ("MARKETPLACE", _fees(cells)),
    ]
    if shares[0][1] is None:
        role = cells.word("role", ROLES) or "PRODUCER"
        shares = [share for share in shares if share[0] != role]
        shares.insert(0, (role, cells.money("net", payout)))
    return [
        {"source": source, "value": money["value"], "currency_value": money["currency_code"]}
        for source, money in shares
        if money is not None and money["value"]
    ]


def _fees(cells: _Cells) -> Tree | None:
    currency = cells.text("fee_currency") or cells.text("payout_currency")
    fees = [cells.money(name, currency) for name in ("fee", "streaming_fee", "other_fees")]
    tree = [fee["value"] for fee in fees if fee is not None]
    return {"value": sum(tree, Decimal()), "currency_code": currency} if tree else None

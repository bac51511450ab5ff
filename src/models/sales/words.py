"""The words by which sales are found: stored beside each sale, and indexed on both databases.

A text is found in a field if each of its words begins a word of it. Words are compared folded and without
punctuation, and begin after a space, after punctuation, and where letters, digits and ideographs meet: the
address `ana.lima7@example.com` begins with `ana`, `lima`, `7`, `example` and `com`. References, phones and
documents are each one word, whatever stands between their parts.

Stored words begin with the end of their account's id and the letter of their field, so that an index has the
words of each account and of each field apart: a field that a viewer cannot read is not searched.
"""

import re
import unicodedata
from collections.abc import Awaitable, Callable, Iterable, Sequence
from enum import StrEnum
from itertools import groupby, islice
from typing import Any

from models import database
from models.statement import Statement
from models.text import folded

LONGEST_WORD = 100
_MOST_WORDS = 16
_MOST_BEGINNINGS = 8  # of one word
_ENDS_OF_PHONES = (11, 10, 9, 8, 4)
"""A phone is also found without the codes of its country and area, and by its last four digits."""
_BATCH = 500
_FEW = 500
"""A word is rare if it begins fewer words of sales than this."""
_AFTER_ALL = "\U0010ffff"
_TERMS = "SELECT 1 FROM sale_words_index_terms WHERE term >= ? AND term < ?"
_PARTS = re.compile(r"[a-z]+|[0-9]+")
_COLUMNS = ("reference", "buyer_folded", "buyer_email", "buyer_phone", "buyer_document")
ADDED = "INSERT INTO sale_words (account_id, sale_id, words) VALUES (?, ?, ?)"
"""Stores the words of a new sale: its account, its id, and `words_of` it."""
STORED = (
    f"{ADDED} ON CONFLICT (account_id, sale_id) DO UPDATE SET words = excluded.words"
    " WHERE sale_words.words <> excluded.words"
)
"""Stores the words of a sale, new or known."""


class SaleField(StrEnum):
    """A field of sales that is searched, as stored words have it."""

    REFERENCE = "r"
    NAME = "n"
    EMAIL = "e"
    PHONE = "p"
    DOCUMENT = "d"


_REFERENCE, _NAME, _EMAIL, _PHONE, _DOCUMENT = (field.value for field in SaleField)
_CODES = (SaleField.REFERENCE, SaleField.PHONE, SaleField.DOCUMENT)


def words_of(
    account_id: str,
    reference: str,
    name: str | None,
    email: str | None,
    phone: str | None,
    document: str | None,
) -> str:
    """The words of a sale, of which the name is folded already, as one text."""
    mark = account_id[-4:]
    found = _beginnings(mark + _REFERENCE, [folded(reference).replace(" ", "")])
    if name:
        found += _beginnings(mark + _NAME, name.split())
    if email:
        found += _beginnings(mark + _EMAIL, folded(email).split())
    if phone:
        number = "".join(_parts(folded(phone).replace(" ", "")))
        ends = [number[-length:] for length in _ENDS_OF_PHONES if len(number) > length]
        found += _beginnings(mark + _PHONE, [number, *ends])
    if document:
        found += _beginnings(mark + _DOCUMENT, [folded(document).replace(" ", "")])
    return " ".join(dict.fromkeys(found))


def _beginnings(mark: str, words: Sequence[str]) -> list[str]:
    """The words that begin in some words, each behind a mark."""
    found = []
    for word in words[:_MOST_WORDS]:
        parts = _parts(word)
        rest = "".join(parts)
        for part in parts[:_MOST_BEGINNINGS]:
            found.append(mark + rest[:LONGEST_WORD])
            rest = rest[len(part) :]
    return found


def _parts(word: str) -> list[str]:
    """The parts of a folded word, each of which can be the beginning of what is searched."""
    if word.isascii():
        return _PARTS.findall(word)
    kinds = groupby(enumerate(word), key=_kind)
    return ["".join(character for _, character in part) for kind, part in kinds if kind]


def _kind(placed: tuple[int, str]) -> str:
    """What stands beside each other in one part: letters, or digits, or a single sign. Empty for the rest."""
    place, character = placed
    category = unicodedata.category(character)
    if category[0] == "S" and character.isascii():
        return ""
    if category[0] == "S" or unicodedata.east_asian_width(character) in "WF":
        return str(place)
    return {"L": "letters", "M": "letters", "N": "digits"}.get(category[0], "")


def searched_words(text: str, field: SaleField) -> tuple[str, ...]:
    """The words of a search text, each of which must begin a word of a field."""
    plain = folded(text)
    words = [plain.replace(" ", "")] if field in _CODES else plain.split()
    return tuple(dict.fromkeys(filter(None, ("".join(_parts(word)) for word in words))))


class Search:
    """What a text finds in some fields of an account's sales."""

    def __init__(self, account_id: str, text: str, fields: Iterable[SaleField]) -> None:
        wanted = [(field, searched_words(text, field)) for field in fields]
        mark = account_id[-4:]
        self._account_id = account_id
        self._wanted = [[f"{mark}{field}{word}" for word in words] for field, words in wanted if words]

    @property
    def condition(self) -> Statement:
        """The condition that a sale `r` has the words: without an index, for sales that are read anyway."""
        stored = "sale_words w WHERE w.account_id = r.account_id AND w.sale_id = r.id"
        return Statement("(SELECT ") + self._has_words + f" FROM {stored})"

    @property
    def _has_words(self) -> Statement:
        """The condition that stored words `w` have them."""
        each = " AND ".join
        place = "INSTR" if database.dialect() == "sqlite" else "STRPOS"
        texts = [each([f"{place}(' ' || w.words, ?) > 0"] * len(words)) for words in self._wanted]
        params = tuple(f" {word}" for words in self._wanted for word in words)
        return Statement(f"({' OR '.join(texts) or '1 = 0'})", params)

    @property
    def indexed(self) -> Statement:
        """The ids of the sales that have the words, by their index."""
        if not self._wanted:
            return Statement("SELECT w.sale_id FROM sale_words w WHERE 1 = 0")
        if database.dialect() == "sqlite":
            return self._by_a_rare_word()
        each = [" & ".join(f"'{word}':*" for word in words) for words in self._wanted]
        return Statement(
            "SELECT w.sale_id FROM sale_words w"
            " WHERE array_to_tsvector(string_to_array(w.words, ' ')) @@ CAST(CAST(? AS text) AS tsquery)"
            " AND w.account_id = ?",
            (" | ".join(f"({words})" for words in each), self._account_id),
        )

    def _by_a_rare_word(self) -> Statement:
        """The ids by SQLite's index, which reads all sales of each word, however rare another one is.

        So it is searched for one word of a field that few sales have, if there is one, and what it finds
        is compared with the others.
        """
        texts, params = zip(*(_match(words) for words in self._wanted), strict=True)
        found = Statement(
            "SELECT w.sale_id FROM sale_words_index CROSS JOIN sale_words w"
            " ON w.id = sale_words_index.rowid WHERE sale_words_index MATCH "
            + " || ' OR ' || ".join(texts)
            + " AND w.account_id = ?",
            (*(param for each in params for param in each), self._account_id),
        )
        if all(len(words) == 1 for words in self._wanted):
            return found
        return found & self._has_words


def _match(words: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
    """The expression of what the index is searched for in one field, with its values."""
    every = "({})".format(" AND ".join(f'"{word}"*' for word in words))
    if len(words) == 1:
        return "?", (every,)
    rare = f"WHEN (SELECT COUNT(*) FROM ({_TERMS} LIMIT {_FEW})) < {_FEW} THEN ?"
    values = [value for word in words for value in (word, word + _AFTER_ALL, f'"{word}"*')]
    return f"(CASE {' '.join([rare] * len(words))} ELSE ? END)", (*values, every)


async def add_words(account_id: str, sales: Sequence[tuple[str, Sequence[Any]]]) -> None:
    """Store the words of new sales: ids, and the values of the searched columns."""
    await database.write_later(ADDED, _rows(account_id, sales))


async def store_words(account_id: str, sales: Sequence[tuple[str, Sequence[Any]]]) -> None:
    """Store the words of sales, new or known: ids, and the values of the searched columns."""
    await database.write_later(STORED, _rows(account_id, sales))


def _rows(account_id: str, sales: Sequence[tuple[str, Sequence[Any]]]) -> list[tuple[str, str, str]]:
    return [(account_id, sale_id, words_of(account_id, *values)) for sale_id, values in sales]


async def restore_words(account_id: str, sale_ids: Sequence[str]) -> None:
    """Bring the words of sales up to date that were changed as they are stored."""
    ids = iter(sale_ids)
    while batch := list(islice(ids, _BATCH)):
        marks = ", ".join("?" * len(batch))
        rows = await database.read(
            f"SELECT id, {', '.join(_COLUMNS)} FROM sales WHERE account_id = ? AND id IN ({marks})",
            (account_id, *batch),
        )
        await store_words(
            account_id, [(str(row["id"]), tuple(row[name] for name in _COLUMNS)) for row in rows]
        )


async def fill_words(run: Callable[[str, Sequence[Any]], Awaitable[Any]], mark: Callable[[int], str]) -> None:
    """Store the words of all sales, for a migration."""
    last = "00000000-0000-0000-0000-000000000000"
    columns = f"id, account_id, {', '.join(_COLUMNS)}"
    part = f"SELECT {columns} FROM sales WHERE id > {mark(1)} ORDER BY id LIMIT {_BATCH}"
    while rows := await run(part, [last]):
        stored: list[str] = []
        for row in rows:
            account_id = str(row["account_id"])
            stored += [account_id, str(row["id"]), words_of(account_id, *(row[name] for name in _COLUMNS))]
        marks = (
            f"({mark(place)}, {mark(place + 1)}, {mark(place + 2)})" for place in range(1, len(stored), 3)
        )
        await run(f"INSERT INTO sale_words (account_id, sale_id, words) VALUES {', '.join(marks)}", stored)
        last = str(rows[-1]["id"])

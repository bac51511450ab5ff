"""Searching for text: the conditions that all lists with a search share."""

from authz.refusal import ErrorCode, Refusal
from models import text
from models.statement import Statement
from models.text import UnfitText

LONGEST_TEXT = 100
_FIELD = ("filter", "text")


def needle_of(searched: str, field: tuple[str, ...] = _FIELD) -> str:
    """A search text, normalized. Refuses a text that is too long or has nothing to search for."""
    try:
        return text.needle(searched, LONGEST_TEXT)
    except UnfitText as fault:
        key = "text_length" if fault.rule == "length" else "nothing_to_search"
        raise Refusal(ErrorCode.BAD_INPUT, key, field, most=LONGEST_TEXT) from fault


def holds(column: str, needle: str) -> Statement:
    """The rows whose column, which is stored folded, contains a search text."""
    return Statement(f"{column} LIKE ? ESCAPE '\\'", (text.pattern(needle),))


def is_as_written(column: str, searched: str) -> Statement:
    """The rows whose column, an address or a code, is a search text, ignoring case."""
    return Statement(f"LOWER({column}) = ?", (text.lowered(searched).strip(),))


def holds_as_written(column: str, searched: str) -> Statement:
    """The rows whose column, an address or a code, contains a search text, ignoring case."""
    return Statement(f"LOWER({column}) LIKE ? ESCAPE '\\'", (text.pattern(text.lowered(searched)),))

"""What a searched text finds: the conditions that every list with a search shares."""

from authz.refusal import ErrorCode, Refusal
from models import text
from models.statement import Statement
from models.text import UnfitText

LONGEST_TEXT = 100
_FIELD = ("filter", "text")


def needle_of(searched: str, field: tuple[str, ...] = _FIELD) -> str:
    """A searched text as it is looked for; refuses one that is too long, and one of nothing."""
    try:
        return text.needle(searched, LONGEST_TEXT)
    except UnfitText as fault:
        key = "text_length" if fault.rule == "length" else "nothing_to_search"
        raise Refusal(ErrorCode.BAD_INPUT, key, field, most=LONGEST_TEXT) from fault


def holds(column: str, needle: str) -> Statement:
    """The rows whose column, which is stored folded, holds a searched text."""
    return Statement(f"{column} LIKE ? ESCAPE '\\'", (text.pattern(needle),))


def holds_as_written(column: str, searched: str) -> Statement:
    """The rows whose column, an address or a code, holds a searched text, whatever its case."""
    return Statement(f"LOWER({column}) LIKE ? ESCAPE '\\'", (text.pattern(text.lowered(searched)),))

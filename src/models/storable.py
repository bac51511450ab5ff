"""Text that every database can store."""


class Unstorable(ValueError):
    """A text that no database column can store: it contains NUL or half a surrogate pair."""


def check_storable(text: str) -> None:
    """Refuse, for both databases, what one of them cannot store."""
    if "\0" in text:
        raise Unstorable
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Unstorable from error

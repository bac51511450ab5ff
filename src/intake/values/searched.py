"""Names in the form that is searched."""

from models.text import folded

_LONGEST = 600


def searched(name: str | None) -> str | None:
    """A name as it is searched, cut to its column, because folding can lengthen a text."""
    return None if name is None else folded(name)[:_LONGEST]

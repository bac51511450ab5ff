"""Text as it is searched: without case and accents, the same on both databases."""

import unicodedata


def folded(text: str) -> str:
    """The text case-folded and without combining marks: `São João` becomes `sao joao`."""
    if text.isascii():
        return text.replace("\0", "").lower()
    apart = unicodedata.normalize("NFKD", text.replace("\0", ""))
    plain = "".join(character for character in apart if not unicodedata.combining(character))
    return plain.casefold().encode("utf-8", "replace").decode("utf-8")

"""How an e-mail is declared: its texts in five languages, and where its button leads.

Whoever posts the e-mail provides the data that the texts name in braces. A link that ends in `=` also takes a
token, which appears nowhere else.
"""

from collections.abc import Collection
from string import Formatter

import msgspec

HOST = "host"
"""A name that every text can use: the server's."""
DOCUMENT_TEXT, DOCUMENT_HTML = "document_text", "document_html"
"""The data with a document. Its HTML is inserted as it is: whoever posts it has escaped what is in it."""
DOCUMENT_CHART = "document_chart"
"""The data with a PNG picture, as bytes, that the document's HTML shows as `cid:chart`."""
UNSUBSCRIBE = "unsubscribe"
"""The data with the path that ends such e-mails, for mail programs."""


class Text(msgspec.Struct, frozen=True):
    """An e-mail in one language."""

    subject: str
    paragraphs: tuple[str, ...]
    button: str | None = None

    @property
    def names(self) -> frozenset[str]:
        """The names in the text, except the server."""
        texts = (self.subject, *self.paragraphs, self.button or "")
        return frozenset[str]().union(*map(_names, texts)) - {HOST}

    def paragraphs_with(self, known: Collection[str]) -> list[str]:
        """The paragraphs all of whose names are known."""
        return [paragraph for paragraph in self.paragraphs if _names(paragraph) <= set(known)]


def _names(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


class Email(msgspec.Struct, frozen=True):
    """A kind of e-mail. To an unverified address, it contains no text of the person who caused it."""

    kind: str
    """The name that the outbox stores."""
    en: Text
    es: Text
    fr: Text
    ar: Text
    pt: Text
    link: str | None = None
    """Where the button leads, below the server's address."""
    outside: str | None = None
    """The name of the data with the https address that the button leads to instead; without it, no button."""
    below: str | None = None
    """The name of the data with the path below the server's address that the button leads to instead."""
    optional: frozenset[str] = frozenset()
    """The data that can be missing. A paragraph that names missing data is left out."""
    document: bool = False
    """Whether its data has a document that comes after the paragraphs, as text and as HTML."""

    def text(self, locale: str) -> Text:
        """The text in a language; in English where the language is unknown."""
        return {"es": self.es, "fr": self.fr, "ar": self.ar, "pt": self.pt}.get(locale, self.en)

    @property
    def takes_token(self) -> bool:
        """Whether its link ends with a token."""
        return self.link is not None and self.link.endswith("=")

    @property
    def data(self) -> frozenset[str]:
        """The names of the data that its texts can use."""
        return self.en.names | ({"token"} if self.takes_token else set())

    @property
    def required(self) -> frozenset[str]:
        """The names of the data that it needs."""
        return (self.data - self.optional) | ({DOCUMENT_TEXT, DOCUMENT_HTML} if self.document else set())

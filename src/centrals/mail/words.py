"""What e-mails say: for each kind a subject, paragraphs, and a button where there is a link.

`{name}`, `{account}` and their kin are the data that `actions.kit.outbox` asks for. Languages in the order of
the catalog: English, Spanish, French, Arabic, Portuguese.
"""

from dataclasses import dataclass

from centrals.mail import words_ar, words_en, words_es, words_fr, words_pt


@dataclass(frozen=True, slots=True)
class Words:
    """One e-mail in one language."""

    subject: str
    paragraphs: tuple[str, ...]
    button: str | None = None


_TEXTS = {
    "en": words_en.TEXTS,
    "es": words_es.TEXTS,
    "fr": words_fr.TEXTS,
    "ar": words_ar.TEXTS,
    "pt": words_pt.TEXTS,
}
FOOTERS = {
    "en": words_en.FOOTER,
    "es": words_es.FOOTER,
    "fr": words_fr.FOOTER,
    "ar": words_ar.FOOTER,
    "pt": words_pt.FOOTER,
}
WORDS: dict[str, dict[str, Words]] = {
    locale: {kind: Words(*one) for kind, one in texts.items()} for locale, texts in _TEXTS.items()
}

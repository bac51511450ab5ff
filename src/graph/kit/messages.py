"""The messages of refusals in five languages, which the nouns declare."""

from collections.abc import Mapping

from authz.catalog import LOCALES
from graph.kit import act_messages, reach_messages, state_messages, text_messages

Translations = tuple[str, str, str, str, str]  # in the order of LOCALES
_FIRST, _LAST = 400, 200

_MESSAGES: dict[str, Translations] = {
    **act_messages.WORDS,
    **reach_messages.WORDS,
    **state_messages.WORDS,
    **text_messages.WORDS,
}


def add_messages(messages: Mapping[str, Translations]) -> None:
    """Add a noun's messages. It is an error if another noun has the same key with another message."""
    for key, translations in messages.items():
        if _MESSAGES.setdefault(key, translations) != translations:
            raise ValueError(f"Two messages are called {key!r}.")


def message(key: str, locale: str, **words: object) -> str:
    """A message in a language, or in English if the language is unknown."""
    texts = dict(zip(LOCALES, _MESSAGES[key], strict=True))
    return shortened(texts.get(locale, texts["en"]).format(**words))


def shortened(text: str) -> str:
    """A message without the middle of a long one, which repeats what the client sent."""
    return text if len(text) <= _FIRST + _LAST else f"{text[:_FIRST]} … {text[-_LAST:]}"


def known_messages() -> set[str]:
    """The keys of all messages."""
    return set(_MESSAGES)

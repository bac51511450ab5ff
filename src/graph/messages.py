"""What a refusal says, in the five languages."""

from authz.catalogue import LOCALES
from graph.words import (
    account,
    act,
    audit,
    explain,
    invitation,
    profile,
    report,
    sale,
    seat,
    session,
    team,
    text,
    token,
    user,
)

_MESSAGES: dict[str, tuple[str, str, str, str, str]] = {
    **account.WORDS,
    **act.WORDS,
    **audit.WORDS,
    **explain.WORDS,
    **invitation.WORDS,
    **report.WORDS,
    **sale.WORDS,
    **profile.WORDS,
    **seat.WORDS,
    **session.WORDS,
    **team.WORDS,
    **text.WORDS,
    **token.WORDS,
    **user.WORDS,
}


def message(key: str, locale: str, **words: object) -> str:
    """A message in a language; English where the language is unknown."""
    texts = dict(zip(LOCALES, _MESSAGES[key], strict=True))
    return texts.get(locale, texts["en"]).format(**words)


def known_messages() -> set[str]:
    """The keys that have words."""
    return set(_MESSAGES)

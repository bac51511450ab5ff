"""What a refusal says, in the five languages."""

from authz.catalog import LOCALES
from graph.access import messages as access
from graph.accounts import messages as accounts
from graph.audit import messages as audit
from graph.collaborators import messages as collaborators
from graph.invitations import messages as invitations
from graph.kit import act_messages, text_messages
from graph.profiles import messages as profiles
from graph.reports import messages as reports
from graph.sales import messages as sales
from graph.sessions import messages as sessions
from graph.teams import messages as teams
from graph.tokens import messages as tokens
from graph.users import messages as users

_MESSAGES: dict[str, tuple[str, str, str, str, str]] = {
    **act_messages.WORDS,
    **text_messages.WORDS,
    **access.WORDS,
    **accounts.WORDS,
    **audit.WORDS,
    **collaborators.WORDS,
    **invitations.WORDS,
    **profiles.WORDS,
    **reports.WORDS,
    **sales.WORDS,
    **sessions.WORDS,
    **teams.WORDS,
    **tokens.WORDS,
    **users.WORDS,
}


def message(key: str, locale: str, **words: object) -> str:
    """A message in a language; English where the language is unknown."""
    texts = dict(zip(LOCALES, _MESSAGES[key], strict=True))
    return texts.get(locale, texts["en"]).format(**words)


def known_messages() -> set[str]:
    """The keys that have words."""
    return set(_MESSAGES)
